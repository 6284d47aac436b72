"""What lists and pages show can be lost: it is told again by the record."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from domain.case import CaseKind
from domain.parties import Role
from domain.records.rebuilt import LAST_STAGES
from ops import rebuild
from ops.rebuild import drifts, write
from store.engine import build_engine
from tests.lots import work
from tests.stack import Stack
from tests.visits_at_hand import add_line, open_visit, rows, tamper

SHOWN = (
    "SELECT case_id, stage, opened_at, closed_at, owner, stuck, escalated_to FROM case_file"
    " ORDER BY case_id"
)
HELD = "SELECT item_id, holder FROM custody_item ORDER BY item_id"


@pytest.fixture
def owner(stack: Stack) -> Iterator[Engine]:
    engine = build_engine(stack.database.owner_url)
    yield engine
    engine.dispose()


async def a_days_work(stack: Stack) -> None:
    """Take a lot to the city, with a visit and a hand-off beside it."""
    lot = await work.take_over(stack, work.small_lot(3))
    visit = open_visit(stack.engine, stack.keys)
    clerk = stack.as_(Role.CLERK)
    async with stack.staffed():
        await work.bulk(stack, lot["case_id"], "record_pre_issue_setup", terminal="T-01")
        await work.bulk(stack, lot["case_id"], "make_notice", route="pickup_notice")
        await work.bulk(stack, lot["case_id"], "seal", route="pickup_notice")
        await work.bulk(stack, lot["case_id"], "hand_over", route="pickup_notice")
        offered = await clerk.act(
            visit.case_id, "offer_handoff", section="住民係", reason="本人確認"
        )
        taken = await stack.as_(Role.OFFICIAL).act(offered.json()["opened"], "accept_handoff")
        assert 200 == taken.status_code, taken.text
        other = open_visit(stack.engine, stack.keys)
        await work.settled(stack, lot["case_id"])
        await clerk.act(other.case_id, "close_visit", result="left")


def test_every_kind_of_case_has_an_end() -> None:
    """
    A kind that is missing here would never be told as closed.
    """
    assert set(CaseKind) == set(LAST_STAGES)


async def test_the_record_tells_what_lists_show_and_again_what_was_lost(
    stack: Stack, owner: Engine
) -> None:
    """
    Whatever the kind of case: a difference that is none would be written over what is right.
    """
    await a_days_work(stack)
    kinds = {row[0] for row in rows(owner, "SELECT DISTINCT kind FROM case_file")}
    nothing = list(drifts(stack.engine, "ota"))
    shown, held = rows(owner, SHOWN), rows(owner, HELD)
    tamper(
        owner,
        "UPDATE case_file SET stage = 'lost', opened_at = now(), closed_at = NULL,"
        " stuck = 'lost', owner = 'lost' WHERE closed_at IS NOT NULL",
    )
    tamper(owner, "UPDATE case_file SET stage = 'lost' WHERE stage = 'handed_over'")
    tamper(owner, "UPDATE custody_item SET holder = 'outside'")

    found = list(drifts(stack.engine, "ota"))
    changed = write(stack.engine, "ota", found)

    assert ([], {"lot", "card", "visit", "handoff"}) == (nothing, kinds)
    assert (len(found), True) == (changed, len(found) > 5)
    assert (shown, held) == (rows(owner, SHOWN), rows(owner, HELD))
    assert [] == list(drifts(stack.engine, "ota"))


async def test_a_case_that_moves_meanwhile_and_a_broken_record_are_left_alone(
    stack: Stack, owner: Engine
) -> None:
    """
    Old news must not overwrite new, and a forged record must not become the truth.
    """
    moving = open_visit(stack.engine, stack.keys)
    forged = open_visit(stack.engine, stack.keys)
    tamper(owner, "UPDATE case_file SET opened_at = now()")
    tamper(
        owner, "UPDATE case_event SET actor = 'nobody' WHERE case_id = :id", id=forged.case_id
    )

    found = list(drifts(stack.engine, "ota"))
    add_line(stack.engine, stack.keys, moving, key="meanwhile")

    assert [(moving.case_id, "opened_at")] == [(each.thing, each.column) for each in found]
    assert 0 == write(stack.engine, "ota", found)


async def test_the_command_changes_nothing_unless_told_to(
    stack: Stack,
    owner: Engine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    Whoever looks first sees what would be changed.
    """
    monkeypatch.setenv("DATABASE_URL", stack.database.app_url)
    ref = open_visit(stack.engine, stack.keys)
    tamper(owner, "UPDATE case_file SET closed_at = opened_at")

    codes = [rebuild.main(["ota"]), rebuild.main(["ota", "--write"]), rebuild.main(["ota"])]
    told = capsys.readouterr().out

    assert [1, 0, 0] == codes
    assert 2 == told.count(f"ota {ref.case_id} closed_at: ")
    assert "ota: 1 differences, 1 put right" in told
