"""A delivered lot on its way, as clerk and official take it there."""

from datetime import date

import pytest

from domain.lots.matching import MatchResult
from domain.parties import Role
from ops.make_lot import LotPlan, make_lot
from tests.stack import Stack, eventually

FAULTS = {
    MatchResult.NAME_VARIANT: 1,
    MatchResult.MOVED_OUT: 1,
    MatchResult.CARD_MISSING: 1,
}


@pytest.mark.req("OTA-17")
async def test_of_100_rows_the_three_planted_mismatches_wait_and_the_others_move_on(
    stack: Stack,
) -> None:
    """
    A mismatch waits for a named person; it must not hold up anybody else's card.
    """
    clerk = stack.as_(Role.CLERK)
    lot = make_lot(LotPlan(rows=100, faults=FAULTS, delivered=date(2026, 11, 9)))

    taken = await clerk.take_over(lot.files)
    answer = taken.json()

    assert 201 == taken.status_code, answer
    assert lot.expected == {row["ref"]: row["result"] for row in answer["rows"]}

    async with stack.staffed():
        accepted = await clerk.act(answer["case_id"], "record_pre_issue_setup", terminal="T-01")
        moved = await eventually(
            lambda: clerk.stages(answer["case_id"]), lambda found: found["preset"] == 97
        )

    assert 97 == accepted.json()["accepted"]
    assert {"preset": 97, "undecided": 3} == moved
