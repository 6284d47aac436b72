"""A lot whose history grew long goes on in a new run, and nobody notices."""

from datetime import timedelta

import pytest
from temporalio import workflow

from domain.parties import Role
from tests.builders import CLERK, OFFICIAL, SITE_MANAGER, a_deadline, a_lot, at, today
from tests.stack import eventually
from tests.workflows.office import Course, Office
from workflows.messages import Act, CardSettled, CaseView

SHORT = 60
"""Events after which a history counts as long here; in production it is thousands."""


@pytest.fixture(autouse=True)
def _histories_are_soon_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def soon(info: workflow.Info) -> bool:
        return info.get_current_history_length() > SHORT

    monkeypatch.setattr(workflow.Info, "is_continue_as_new_suggested", soon)


async def run_of(lot: Course) -> str:
    """Return which run of the lot is the present one."""
    return str((await lot.handle.describe()).run_id)


async def grown(lot: Course) -> None:
    """Let the history grow until the lot goes on in a new run."""
    before = await run_of(lot)
    for _ in range(SHORT):
        await lot.signal("card_settled", CardSettled(card_id="card-1"))
    await eventually(lambda: run_of(lot), lambda run: run != before)


async def test_a_breached_lot_stays_breached_and_rings_nothing_again(office: Office) -> None:
    """
    The deadline, how far it rang, and who was told, all go along.
    """
    lot = await office.lot(a_lot(cards=2), a_deadline(today() - timedelta(days=20)))
    await office.record.until("lot-1", "escalated", times=3)
    rung = list(lot.rung)

    await grown(lot)
    await lot.act("offer_handoff", CLERK, "数の確認", section="citizens")

    shown = office.record.shown["lot-1"]
    assert ("deadline_breached", Role.OFFICIAL) == (shown.stuck, shown.escalated_to)
    assert rung == lot.rung


async def test_alarms_still_to_come_ring_in_the_new_run(office: Office) -> None:
    """
    An extended deadline is carried as it was extended.
    """
    until = today() + timedelta(days=3)
    lot = await office.lot(a_lot(cards=2), a_deadline(today() - timedelta(days=12)))
    await lot.act("extend_deadline", OFFICIAL, "協議済み", until=str(until))

    await grown(lot)
    await lot.reach(at(until + timedelta(days=1), "00:00"))
    await office.record.until("lot-1", "deadline_breached")

    assert at(until + timedelta(days=1), "00:00") in [moment for _, moment, _ in lot.rung]


async def test_settled_cards_and_open_hand_offs_are_carried_over(office: Office) -> None:
    """
    The lot ends exactly when it would have ended in one run.
    """
    lot = await office.lot(a_lot(cards=2))
    await lot.act("offer_handoff", CLERK, "数の確認", section="citizens")
    handoff = await office.offered()

    await grown(lot)
    await lot.signal("card_settled", CardSettled(card_id="card-2"))
    waiting = await lot.view()
    await handoff.act("accept_handoff", OFFICIAL)
    await handoff.act("complete_handoff", OFFICIAL)

    assert not waiting.closed
    assert "done" == (await lot.ended()).stage
    assert ["offer_handoff", "handoff_ended", "lot_completed"] == lot.actions


async def test_a_step_asked_for_again_in_the_new_run_is_the_same_step(office: Office) -> None:
    """
    The engine knows repeated updates of one run only; a second slip would be printed.
    """
    office.lots.ready = ("card-1",)
    lot = await office.lot(a_lot(cards=2))
    first = await lot.act("seal", CLERK, key="key-1")
    await office.record.until("lot-1", "batch_finished")

    await grown(lot)
    again = await lot.act("seal", CLERK, key="key-1")
    other = await lot.act("seal", CLERK, key="key-2")
    await office.record.until("lot-1", "batch_finished", times=2)

    assert first == again
    assert first == other
    assert ["key-1", "key-2"] == [
        each.batch.batch_id.removeprefix("lot-1-") for each in office.lots.advanced
    ]


async def test_what_a_key_first_came_with_is_known_in_the_new_run(office: Office) -> None:
    """
    Whoever sends something else with it is not told that it is done.
    """
    office.lots.ready = ("card-1",)
    lot = await office.lot(a_lot(cards=2))

    async def ask(digest: str) -> CaseView:
        act = Act(action="seal", by=CLERK, digest=digest)
        view: CaseView = await lot.handle.execute_update(
            "act", act, id="key-1", result_type=CaseView
        )
        return view

    first = await ask("of the first")
    await office.record.until("lot-1", "batch_finished")
    await grown(lot)
    again = await ask("of another")

    assert ("seal", "of the first") == (first.action, first.digest)
    assert first == again


async def test_work_under_way_is_finished_before_the_new_run(office: Office) -> None:
    """
    A batch that was being worked on in two runs would be worked on twice.
    """
    office.lots.ready = ("card-1",)
    office.lots.may_advance.clear()
    lot = await office.lot(a_lot(cards=2, announced=3))
    await lot.act("seal", CLERK)
    before = await run_of(lot)
    for _ in range(SHORT):
        await lot.signal("card_settled", CardSettled(card_id="card-1"))
    await lot.act("settle_discrepancy", SITE_MANAGER, "確認済み")

    during = await run_of(lot)
    office.lots.may_advance.set()
    await eventually(lambda: run_of(lot), lambda run: run != before)

    assert before == during
    assert (1, 1) == (len(office.lots.advanced), lot.actions.count("batch_finished"))
