"""A step with many cards that was begun in the record and lost by the engine is finished.

An update is durable only when its workflow task is: killed between the commit of the event
and the end of that task, the engine knows nothing of what the timeline says has begun.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.card_lots import TemporalLots
from activities.records import PostgresRecord
from domain.case import Actor, CaseChange, CaseEvent, CaseKind
from domain.lots.custody import SlipChange
from domain.lots.lot import BULK, Lot, Step
from domain.parties import Role
from store import cases
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of
from tests.lots import work
from tests.stack import Stack, eventually
from workflows.batches import kept_of
from workflows.keeping import change_of
from workflows.messages import Batch, Recording, WantedCards

CLERK = Actor(account_id="a-clerk", role=Role.CLERK)
OFFICIAL = Actor(account_id="an-official", role=Role.OFFICIAL)


def begun_and_lost(
    stack: Stack,
    lot_id: str,
    step: Step,
    *,
    by: Actor = CLERK,
    reason: str | None = None,
    reminded: bool = True,
    **fields: Any,
) -> Batch:
    """Record a step as the lot's course does, of which that course then knows nothing."""
    with scope(stack.engine, "ota") as connection:
        file = cases.one_case(connection, lot_id)
    batch_id = f"{lot_id}-lost"
    handed_over = step is Step.HAND_OVER
    batch = Batch(
        batch_id=batch_id,
        step=BULK[step],
        by=by,
        card_ids=ready(stack, file, step, fields.get("slip_id")),
        reason=reason,
        fields=fields | ({"slip_id": batch_id} if handed_over else {}),
    )
    count = len(batch.card_ids)
    recording = Recording(
        case=file.ref,
        key="act/lost",
        event=CaseEvent(
            action=step,
            at=datetime.now(UTC),
            actor=by,
            reason=reason,
            detail={"cards": count, "batch": batch_id},
        ),
        change=accepted(file, batch),
        slip=_slip(batch, lot_id) if handed_over else None,
        after=file.last_seq,
        reminded=reminded,
    )
    assert not PostgresRecord(stack.engine, stack.keys).record(recording).ahead
    return batch


def ready(stack: Stack, file: CaseFile, step: Step, slip_id: str | None) -> tuple[str, ...]:
    """Return the cards that a step is for."""
    wanted = WantedCards(lot=file.ref, step=BULK[step], slip_id=slip_id)
    return TemporalLots(stack.engine, stack.temporal).find_cards(wanted).card_ids


def accepted(file: CaseFile, batch: Batch) -> CaseChange:
    """Return the lot with one step accepted, as its course records it."""
    lot = value_of(file)
    assert isinstance(lot, Lot)
    change = change_of(lot, None)
    return replace(change, state=change.state | kept_of([batch]))


def _slip(batch: Batch, lot_id: str) -> SlipChange:
    quantity = len(batch.card_ids)
    return SlipChange(slip_id=batch.batch_id, lot_id=lot_id, quantity=quantity)


async def ended(stack: Stack, lot_id: str, batch: Batch) -> dict[str, Any]:
    """Return how the lost step ended, once it has."""

    async def ends() -> list[dict[str, Any]]:
        found = await work.ends(stack, lot_id)
        return [end["detail"] for end in found if end["detail"]["batch"] == batch.batch_id]

    (end,) = await eventually(ends)
    return end


@pytest.fixture
async def lot(stack: Stack) -> str:
    """A lot of three cards, of which nothing was done yet."""
    answer = await work.take_over(stack, work.small_lot(3, seed=5))
    return str(answer["case_id"])


async def has_begun(stack: Stack, lot_id: str) -> None:
    """Wait until the course of the lot runs."""
    await stack.fast_forward(CaseKind.LOT, lot_id, timedelta(seconds=1))


async def test_a_lost_step_is_worked_off_though_nobody_asks_again(
    stack: Stack, lot: str
) -> None:
    """
    The timeline would say for ever that it has begun; whoever comes late is answered.
    """
    clerk = stack.as_(Role.CLERK)
    async with stack.staffed():
        await has_begun(stack, lot)
        batch = begun_and_lost(stack, lot, Step.RECORD_PRE_ISSUE_SETUP, terminal="T-07")
        end = await ended(stack, lot, batch)
        again = await clerk.act(lot, "record_pre_issue_setup", key="lost", terminal="T-07")
    lines = [await clerk.timeline(card) for card in batch.card_ids]

    assert (3, 3, 0) == (len(lines), end["cards"], end["refused"])
    for line in lines:
        (taken,) = [e for e in line if e["action"] == Step.RECORD_PRE_ISSUE_SETUP]
        assert ("a-clerk", "T-07") == (taken["actor"], taken["detail"]["terminal"])
    assert (200, 3) == (again.status_code, again.json()["accepted"])
    assert 1 == len(await work.ends(stack, lot))


async def test_a_lost_hand_over_gets_its_papers_and_can_be_received(
    stack: Stack, lot: str
) -> None:
    """
    Its slip lies open in the record, and no card knows of it.
    """
    async with stack.staffed():
        first = await work.hand_over(stack, lot)
        await stack.as_(Role.OFFICIAL).act(
            lot, "refuse_receipt", slip_id=first, reason="1枚足りない"
        )
        await work.settled(stack, lot)
        batch = begun_and_lost(stack, lot, Step.HAND_OVER)
        end = await ended(stack, lot, batch)
        slip = await work.open_slip(stack, lot)
        received = await work.bulk(stack, lot, work.COUNTED, slip_id=slip, count=3)
        await work.closed(stack, lot)
    kept = work.documents(stack, await stack.as_(Role.CLERK).case(lot))

    assert (3, batch.batch_id) == (end["cards"], slip)
    assert (3, 0) == (received["cards"], received["refused"])
    assert len(kept["notice_list"]) == 2


async def test_a_lost_refusal_reaches_the_cards_with_its_reason(stack: Stack, lot: str) -> None:
    """
    The reason is sealed with the event alone; each card's record must name it.
    """
    async with stack.staffed():
        slip = await work.hand_over(stack, lot)
        batch = begun_and_lost(
            stack, lot, Step.REFUSE_RECEIPT, by=OFFICIAL, reason="封が開いている", slip_id=slip
        )
        end = await ended(stack, lot, batch)
    slips = await stack.as_(Role.OFFICIAL).get(f"/api/v1/cases/{lot}/slips")
    lines = [await stack.as_(Role.CLERK).timeline(card) for card in batch.card_ids]

    assert 3 == end["cards"]
    assert {("refuse_receipt", "封が開いている")} == {
        (line[-1]["action"], line[-1]["reason"]) for line in lines
    }
    assert ["refuse_receipt"] == [each["outcome"] for each in slips.json()["items"]]


async def test_a_course_that_is_not_reminded_goes_on_at_its_next_alarm(
    stack: Stack, lot: str
) -> None:
    """
    The control: without the reminder it is lost indeed, until something else is recorded.
    """
    async with stack.staffed():
        await has_begun(stack, lot)
        batch = begun_and_lost(stack, lot, Step.RECORD_PRE_ISSUE_SETUP, reminded=False)
        await stack.relay().hand_over()
        idle = await work.ends(stack, lot)
        await stack.fast_forward(CaseKind.LOT, lot, timedelta(days=400))
        end = await ended(stack, lot, batch)

    assert [] == idle
    assert 3 == end["cards"]
