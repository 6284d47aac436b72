"""The course of a lot: steps with many cards, one batch after the other, to the end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

from domain.errors import MissingGlyph, NoticeUnset
from domain.lots.custody import Holder, ItemKind
from tests.builders import (
    CLERK,
    OFFICIAL,
    OPERATOR,
    SITE_MANAGER,
    a_lot,
)
from tests.stack import eventually
from tests.workflows.office import Course, Office, refusal
from workflows.batches import NOTICES_AT_ONCE
from workflows.messages import CardSettled

ENDED = "batch_finished"


async def settled(lot: Course, *card_ids: str) -> None:
    """Let cards say that they are done."""
    for card_id in card_ids:
        await lot.signal("card_settled", CardSettled(card_id=card_id))


def ends(office: Office) -> list[dict[str, Any]]:
    """Return how the steps of the lot ended."""
    events = (each.event for each in office.record.recorded["lot-1"])
    return [dict(event.detail) for event in events if event.action == ENDED]


async def handed_over(office: Office, lot: Course) -> str:
    """Hand everything over on a slip and return its id."""
    await lot.act("hand_over", CLERK, key="slip")
    await office.record.until("lot-1", ENDED)
    slip = office.record.recorded["lot-1"][0].slip
    assert slip is not None
    office.lots.slips[slip.slip_id] = len(office.lots.ready)
    return slip.slip_id


async def test_a_lot_ends_when_its_last_card_is_settled(office: Office) -> None:
    """
    Hearing of one card twice is not hearing of two.
    """
    lot = await office.lot(a_lot(cards=2))

    await settled(lot, "card-1", "card-1")
    halfway = await lot.view()
    await settled(lot, "card-2")

    assert ("in_progress", "done") == (halfway.stage, (await lot.ended()).stage)
    assert ["lot_completed"] == lot.actions


@pytest.mark.req("OTA-16")
async def test_a_lot_with_a_discrepancy_waits_for_an_explanation(office: Office) -> None:
    """
    All cards are settled, but one that was announced never came.
    """
    lot = await office.lot(a_lot(cards=1, announced=2))
    await settled(lot, "card-1")

    silent = await refusal(lot.act("settle_discrepancy", SITE_MANAGER))
    by_clerk = await refusal(lot.act("settle_discrepancy", CLERK, "数え間違い"))
    waiting = await lot.view()
    await lot.act("settle_discrepancy", SITE_MANAGER, "市と確認、1枚は次回納品")

    assert ["ReasonMissing", "NotYourDuty"] == [silent, by_clerk]
    assert ("discrepancy", "done") == (waiting.stage, (await lot.ended()).stage)
    assert ["settle_discrepancy", "lot_completed"] == lot.actions
    assert -1 == office.record.recorded["lot-1"][0].event.detail["difference"]


async def test_a_lot_waits_for_its_hand_off(office: Office) -> None:
    """
    Its last card may be settled while an official still looks into the count.
    """
    lot = await office.lot(a_lot(cards=1))
    await lot.act("offer_handoff", CLERK, "数の確認", section="citizens")
    handoff = await office.offered()
    await settled(lot, "card-1")

    waiting = await lot.view()
    await handoff.act("accept_handoff", OFFICIAL)
    await handoff.act("complete_handoff", OFFICIAL)

    assert not waiting.closed
    assert "done" == (await lot.ended()).stage


async def test_batches_are_worked_off_one_after_the_other(office: Office) -> None:
    """
    What was asked first is done first, and the second does not ask for the same cards.
    """
    office.lots.ready = ("card-1", "card-2")
    office.lots.may_advance.clear()
    lot = await office.lot()

    first = await lot.act("record_pre_issue_setup", CLERK, terminal="T-01")
    nothing = await refusal(lot.act("seal", CLERK))
    office.lots.ready = ("card-1", "card-2", "card-3")
    second = await lot.act("seal", CLERK)
    await eventually(_asked(office), lambda asked: asked == 1)
    office.lots.may_advance.set()
    await office.record.until("lot-1", ENDED, times=2)

    assert (2, "NothingToDo", 1) == (first.accepted, nothing, second.accepted)
    asked = [(each.batch.step, each.batch.card_ids) for each in office.lots.advanced]
    assert [
        ("record_pre_issue_setup", ("card-1", "card-2")),
        ("seal", ("card-3",)),
    ] == asked
    assert "T-01" == office.lots.advanced[0].batch.fields["terminal"]
    assert [2, 1] == [end["cards"] for end in ends(office)]


async def test_a_step_is_asked_only_of_the_cards_and_the_way_named(office: Office) -> None:
    """
    A person may choose; what they chose reaches those who look for the cards.
    """
    office.lots.ready = ("card-1", "card-2")
    lot = await office.lot()

    taken = await lot.act("seal", CLERK, cards="card-2", route="pickup_notice")

    assert 1 == taken.accepted
    (wanted,) = office.lots.wanted
    assert (("card-2",), "pickup_notice") == (wanted.card_ids, wanted.route)


async def test_cards_that_refuse_stop_no_others(office: Office) -> None:
    """
    The end of the step says how many went on and how many did not.
    """
    office.lots.ready = ("card-1", "card-2", "card-3")
    office.lots.refuses = {"card-2": "WrongStage"}
    lot = await office.lot(a_lot(cards=3))

    await lot.act("seal", CLERK)
    await office.record.until("lot-1", ENDED)

    (end,) = ends(office)
    assert (2, 1) == (end["cards"], end["refused"])


async def test_notices_are_made_in_chunks_and_bound_into_one_file(office: Office) -> None:
    """
    A document for thousands would need the memory of thousands.
    """
    cards = tuple(f"card-{n}" for n in range(NOTICES_AT_ONCE + 1))
    office.lots.ready = cards
    office.notices.refuses = {"card-3": "MissingGlyph"}
    lot = await office.lot(a_lot(cards=len(cards)))

    await lot.act("make_notice", CLERK)
    await office.record.until("lot-1", ENDED)

    assert [(1, NOTICES_AT_ONCE), (2, 1)] == [
        (each.part, len(each.card_ids)) for each in office.notices.made
    ]
    (bound,) = office.notices.bound
    assert (2, set(cards) - {"card-3"}) == (bound.parts, set(bound.card_ids))
    (end,) = ends(office)
    assert (NOTICES_AT_ONCE, 1) == (end["cards"], end["refused"])
    assert "card-1-notice-1" == office.lots.advanced[0].documents["card-1"]


@pytest.mark.parametrize("refuses", ["refuses_to_make", "refuses_to_print"])
async def test_paper_that_cannot_be_printed_stops_neither_lot_nor_next_step(
    office: Office, refuses: str
) -> None:
    """
    A refusal is final; the batches behind it must not wait for it for ever.
    """
    office.lots.ready = ("card-1",)
    fault = MissingGlyph("U+2B740") if refuses == "refuses_to_print" else NoticeUnset("x")
    setattr(office.notices, refuses, fault)
    lot = await office.lot()

    await lot.act("make_notice", CLERK)
    await office.record.until("lot-1", ENDED)
    await lot.act("seal", CLERK)
    await office.record.until("lot-1", ENDED, times=2)

    first, second = ends(office)
    made = 0 if refuses == "refuses_to_make" else 1
    assert (made, 1 - made, 1) == (first["cards"], first["refused"], second["cards"])
    assert ("MissingGlyph" if made else None) == first.get("paper_refused")


async def test_a_receipt_is_refused_while_its_slip_is_being_made(office: Office) -> None:
    """
    The official would count what is still being put together.
    """
    office.lots.ready = ("card-1", "card-2")
    office.lots.may_advance.clear()
    lot = await office.lot()

    await lot.act("hand_over", CLERK, key="slip")
    slip = office.record.recorded["lot-1"][0].slip
    assert slip is not None
    office.lots.slips[slip.slip_id] = 2
    early = await refusal(
        lot.act("acknowledge_receipt", OFFICIAL, slip_id=slip.slip_id, count=2)
    )
    office.lots.may_advance.set()
    await office.record.until("lot-1", ENDED)
    taken = await lot.act("acknowledge_receipt", OFFICIAL, slip_id=slip.slip_id, count=2)

    assert ("WrongStage", 2) == (early, taken.accepted)


async def test_a_slip_is_received_whole_with_its_count(office: Office) -> None:
    """
    Another count, another slip, no count, no official: each is refused.
    """
    office.lots.ready = ("card-1", "card-2")
    lot = await office.lot()
    slip = await handed_over(office, lot)

    by_us = await refusal(lot.act("acknowledge_receipt", CLERK, slip_id=slip, count=2))
    other = await refusal(lot.act("acknowledge_receipt", OFFICIAL, slip_id="?", count=2))
    wrong = await refusal(lot.act("acknowledge_receipt", OFFICIAL, slip_id=slip, count=3))
    unsaid = await refusal(lot.act("acknowledge_receipt", OFFICIAL, slip_id=slip))
    await lot.act("acknowledge_receipt", OFFICIAL, slip_id=slip, count=2)
    await office.record.until("lot-1", ENDED, times=2)

    assert ["NotYourDuty", "SlipUnknown", "CountDiffers", "FieldMissing"] == [
        by_us,
        other,
        wrong,
        unsaid,
    ]
    last = office.record.recorded["lot-1"][-1].slip
    assert last is not None
    assert (slip, 2, "acknowledge_receipt") == (last.slip_id, last.quantity, last.settled)


async def test_a_refused_slip_says_why(office: Office) -> None:
    """
    The cards go back with the official's reason, each in its own record.
    """
    office.lots.ready = ("card-1", "card-2")
    lot = await office.lot()
    slip = await handed_over(office, lot)

    silent = await refusal(lot.act("refuse_receipt", OFFICIAL, slip_id=slip))
    await lot.act("refuse_receipt", OFFICIAL, "1枚足りない", slip_id=slip)
    await office.record.until("lot-1", ENDED, times=2)

    batch = office.lots.advanced[-1].batch
    assert ("ReasonMissing", "1枚足りない", slip) == (
        silent,
        batch.reason,
        batch.fields["slip_id"],
    )


async def test_a_slip_on_which_no_card_went_is_void(office: Office) -> None:
    """
    An official must not be asked to acknowledge an empty sheet.
    """
    office.lots.ready = ("card-1",)
    office.lots.refuses = {"card-1": "ItemElsewhere"}
    lot = await office.lot(a_lot(cards=1))

    await handed_over(office, lot)

    last = office.record.recorded["lot-1"][-1].slip
    assert last is not None
    assert (0, "void") == (last.quantity, last.settled)
    assert [] == office.notices.printed


async def test_a_card_that_settles_while_the_lot_is_recording_is_not_forgotten(
    office: Office,
) -> None:
    """
    The lot is replaced by what was recorded, and that was worked out before the card.
    """
    short = timedelta(seconds=2)
    lot = await office.lot(a_lot(cards=1, announced=2), task_timeout=short)
    office.record.may_record.clear()

    settling = asyncio.create_task(lot.act("settle_discrepancy", SITE_MANAGER, "確認済み"))
    await asyncio.to_thread(office.record.asked.wait, 10)
    await settled(lot, "card-1")
    # The engine lets the lot hear of it once the attempt outlasts a workflow task.
    await eventually(lambda: _heard_signal(lot))
    office.record.may_record.set()
    await settling

    assert "done" == (await lot.ended()).stage


async def test_a_lot_waits_for_papers_that_are_under_way(office: Office) -> None:
    """
    A bundle is printed before it is given away, counted, and somewhere all the time.
    """
    lot = await office.lot(a_lot(cards=1))
    await lot.act("register_documents", CLERK, application=2, proxy=1)
    await settled(lot, "card-1")
    waiting = await lot.view()

    by_us = await refusal(lot.act("acknowledge_documents", CLERK, bundle=1, count=3))
    wrong = await refusal(lot.act("acknowledge_documents", OFFICIAL, bundle=1, count=2))
    await lot.act("acknowledge_documents", OFFICIAL, bundle=1, count=3)

    assert ["NotYourDuty", "CountDiffers"] == [by_us, wrong]
    assert (False, "done") == (waiting.closed, (await lot.ended()).stage)
    assert [3] == [papers.bundle.total for papers in office.notices.papers]
    assert [
        ("lot-1/documents/1", Holder.OUTSIDE, Holder.HAND_OVER),
        ("lot-1/documents/1", Holder.HAND_OVER, Holder.CITY),
    ] == office.paths_of("lot-1", ItemKind.DOCUMENTS)


async def test_roles_are_refused_by_the_lot_as_well(office: Office) -> None:
    """
    The screen is not the only way in.
    """
    office.lots.ready = ("card-1",)
    lot = await office.lot()

    assert "NotYourDuty" == await refusal(lot.act("seal", OPERATOR))
    assert "NotYourDuty" == await refusal(lot.act("hand_over", OFFICIAL))
    assert "ActionUnknown" == await refusal(lot.act("decide_mismatch", CLERK, "x"))
    assert 0 == await lot.updates_in_history()


async def test_a_fault_in_the_work_of_a_lot_does_not_go_unseen(office: Office) -> None:
    """
    The work runs beside the lot; if it died quietly, the lot would wait for ever.
    """
    office.lots.ready = ("card-1",)
    office.lots.breaks = ApplicationError("out of order", type="Bug", non_retryable=True)
    lot = await office.lot(a_lot(cards=1))

    await lot.act("seal", CLERK)

    with pytest.raises(WorkflowFailureError):
        await lot.ended()


def _asked(office: Office) -> Callable[[], Awaitable[int]]:
    async def look() -> int:
        return len(office.lots.advanced)

    return look


async def _heard_signal(lot: Course) -> bool:
    kinds = [event.event_type async for event in lot.handle.fetch_history_events()]
    signalled = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    if signalled not in kinds:
        return False
    return EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED in kinds[kinds.index(signalled) :]
