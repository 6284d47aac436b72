"""A visit at the counter, from reception to its end."""

import pytest

from tests.builders import OFFICIAL, OPERATOR
from tests.workflows.office import Office, refusal


@pytest.mark.parametrize(
    ("result", "stage"), [("served", "done"), ("referred", "done"), ("left", "left")]
)
async def test_a_visit_ends_with_its_result(office: Office, result: str, stage: str) -> None:
    """
    Every way in which a visit can end is counted, so each is recorded as itself.
    """
    visit = await office.visit()

    closed = await visit.act("close_visit", OPERATOR, result=result)

    assert (stage, True) == (closed.stage, (await visit.ended()).closed)
    (event,) = (each.event for each in office.record.recorded["visit-1"])
    assert result == event.detail["result"]


async def test_a_visit_is_not_closed_by_the_city_nor_with_an_unknown_result(
    office: Office,
) -> None:
    """
    A refusal leaves the visit as it was; so does a mistake of a program.
    """
    visit = await office.visit()

    by_city = await refusal(visit.act("close_visit", OFFICIAL, result="served"))
    nonsense = await refusal(visit.act("close_visit", OPERATOR, result="vanished"))
    missing = await refusal(visit.act("close_visit", OPERATOR))
    foreign = await refusal(visit.act("suspend_deadline", OFFICIAL, "待ち"))

    assert ["NotYourDuty", None, None, "WrongStage"] == [by_city, nonsense, missing, foreign]
    assert ("serving", []) == ((await visit.view()).stage, visit.actions)
