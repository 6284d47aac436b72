"""Records of the city as courses: who may, what is late, and the case that waits."""

from dataclasses import replace
from datetime import timedelta

from domain.case import CaseKind
from domain.citywork.city_record import CityRecord
from tests.builders import CLERK, OFFICIAL, OPERATOR, a_case, an_acceptance, at, today
from tests.citywork.at_hand import some_cards
from tests.workflows.office import Course, Office, refusal, refusals
from workflows.city_messages import OpenCityRecord


async def brought(office: Office) -> Course:
    """Start the cards of a day, due to be accounted for at ten."""
    day = today() + timedelta(days=1)
    message = OpenCityRecord(
        case=replace(a_case("record-1"), municipality=office.city),
        record=some_cards(),
        deadline=an_acceptance(at(day, "10:00")),
    )
    return await office.start("CityRecord", CaseKind.CITY_RECORD, message)


async def test_cards_that_nobody_accounts_for_are_stuck(office: Office) -> None:
    """
    Neither party takes the other's step; what is missing is explained.
    """
    course = await brought(office)
    theirs = await refusals(
        [
            course.act("receive_cards", OFFICIAL, count=3),
            course.act("account_cards", CLERK, delivered=3),
            course.act("receive_cards", CLERK, count=2),
        ]
    )
    await course.act("receive_cards", CLERK, count=3)
    await course.act("return_cards", CLERK, count=2)
    await course.reach(at(today() + timedelta(days=1), "10:31"))
    await office.record.until("record-1", "deadline_breached")
    stuck = office.record.shown["record-1"].stuck
    silent = await refusal(course.act("account_cards", OFFICIAL, delivered=0, missing=1))
    await course.act("account_cards", OFFICIAL, "探している", delivered=0, missing=1)
    await course.ended()

    assert ["NotYourDuty", "NotYourDuty", "CountDiffers"] == theirs
    assert ("deadline_breached", "ReasonMissing") == (stuck, silent)
    assert 1 == office.value("record-1", CityRecord).missing


async def test_a_case_waits_for_a_letter_and_goes_on_as_it_was(office: Office) -> None:
    """
    The answer, or a letter made void, lets it close; nothing else of it changes.
    """
    visit = await office.visit()
    sent = await visit.act(
        "send_letter", OFFICIAL, "前の記録", about="別の市", reply_due=str(today())
    )
    message = office.record.opened[-1].start
    letter = await office.start("CityRecord", CaseKind.CITY_RECORD, message)
    early = await refusal(visit.act("close_visit", OPERATOR, result="served"))
    nested = await refusal(
        letter.act("send_letter", OFFICIAL, "照会", about="別の市", reply_due=str(today()))
    )
    await letter.act("record_reply", OFFICIAL)
    await letter.ended()
    await office.record.until("visit-1", "handoff_ended")
    closed = await visit.act("close_visit", OPERATOR, result="served")

    assert letter.case_id == sent.opened
    assert ["HandoffOpen", "WrongStage"] == [early, nested]
    assert "done" == closed.stage
    assert "前の記録" == office.record.opened[-1].event.reason
