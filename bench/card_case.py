"""A card from its opening to the receipt, against the same shape with nothing in it.

    python -m bench.card_case [--quick]

Here: what record, custody, keys and rules cost beside the workflow engine itself. Both ways
run on the same server, take turns, and have the same number of updates, local activities,
timers and signals; the bare one starts directly and has no codec. The product's cases are
opened in one transaction, as a lot is, and started by its relay. Printing is not counted
here (``bench.notices``): the notice is given.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from api.access.door import now_in_tokyo
from api.deps import new_case_id
from api.lots.lot_intake import DUE_RULE
from bench.bare_worker import QUEUE
from bench.figures import Figure
from bench.installation import CITY, SIGNED_ON, Installation, program
from bench.running import run_alone
from bench.shapes import Turn, drive, figures, take_turn
from domain.case import Actor, CaseChange, CaseEvent, CaseKind, CaseRef
from domain.contract import deadline as contract_deadline
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import NotComputable
from domain.lots import card as cards
from domain.lots.card import Route, Step
from domain.lots.custody import Holder, ItemKind, Movement, item_id
from domain.lots.lot import Lot
from domain.lots.matching import MatchResult
from domain.parties import Role
from store import opening
from store.cases import month_of
from store.opening import NewCase
from store.scope import scope
from workflows.messages import Act, CaseView, OpenCard, OpenLot
from workflows.names import workflow_id

RATIO_AT_LEAST = 0.6

_CLERK = Actor(account_id="bench-clerk", role=Role.CLERK)
_OFFICIAL = Actor(account_id="bench-official", role=Role.OFFICIAL)
_SLIP = {"slip_id": "bench-slip"}
STEPS: Sequence[Act] = (
    Act(action=Step.RECORD_PRE_ISSUE_SETUP, by=_CLERK, fields={"terminal": "T-01"}),
    Act(action=Step.MAKE_NOTICE, by=_CLERK, fields={"document": "bench-notice"}),
    Act(action=Step.SEAL, by=_CLERK),
    Act(action=Step.HAND_OVER, by=_CLERK, fields=dict(_SLIP)),
    Act(action=Step.ACKNOWLEDGE_RECEIPT, by=_OFFICIAL, fields={"count": 1, **_SLIP}),
)
"""What is asked of every card, in order."""


def measure(made: Installation, *, quick: bool = False) -> list[Figure]:
    """Return the figures of both ways."""
    count, pairs = (8, 1) if quick else (120, 7)
    with program(made, "bare", "-m", "bench.bare_worker") as bare_pid:
        return asyncio.run(_measure(made, bare_pid, count, pairs))


async def _measure(made: Installation, bare_pid: int, count: int, pairs: int) -> list[Figure]:
    sealed = await made.temporal()
    plain = await Client.connect(str(made.chosen.temporal_address))
    pids = {**made.pids, "bare worker": bare_pid}

    async def product() -> Turn:
        return await take_turn(made, pids, count, lambda: _product(made, sealed, count))

    async def bare() -> Turn:
        return await take_turn(made, pids, count, lambda: _bare(plain, count))

    await product()
    await bare()
    turns = [(await product(), await bare()) for _ in range(pairs)]
    return figures(turns, "card case", at_least=RATIO_AT_LEAST)


async def _product(made: Installation, client: Client, count: int) -> list[float]:
    now = now_in_tokyo()
    lot_id = new_case_id(now)
    card_ids = [new_case_id(now) for _ in range(count)]
    await asyncio.to_thread(_open, made, lot_id, card_ids, now)
    handles = [
        client.get_workflow_handle(workflow_id(CITY, CaseKind.CARD, card_id))
        for card_id in card_ids
    ]

    async def step(handle: WorkflowHandle[Any, Any], act: Act) -> None:
        while True:
            try:
                await handle.execute_update("act", act, result_type=CaseView)
                return
            except RPCError as error:
                # The relay has not come to it yet.
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                await asyncio.sleep(0.02)

    took = await drive(handles, STEPS, step)
    lot = client.get_workflow_handle(workflow_id(CITY, CaseKind.LOT, lot_id))
    await lot.result()
    return took


async def _bare(client: Client, count: int) -> list[float]:
    lot_id = f"bare/lot/{new_case_id(now_in_tokyo())}"
    lot = await client.start_workflow("BareLot", count, id=lot_id, task_queue=QUEUE)
    handles = [
        client.get_workflow_handle(f"bare/card/{new_case_id(now_in_tokyo())}")
        for _ in range(count)
    ]
    begun: set[str] = set()

    async def step(handle: WorkflowHandle[Any, Any], act: Act) -> None:
        if handle.id not in begun:
            begun.add(handle.id)
            await client.start_workflow(
                "BareCard", args=[lot_id, len(STEPS)], id=handle.id, task_queue=QUEUE
            )
        await handle.execute_update("act", str(act.action))

    took = await drive(handles, STEPS, step)
    await lot.result()
    return took


def _open(made: Installation, lot_id: str, card_ids: Sequence[str], now: datetime) -> None:
    loaded = made.parts.book.current(CITY)
    deadline = contract_deadline(loaded.contract.activated(SIGNED_ON), DUE_RULE, now.date(), [])
    assert not isinstance(deadline, NotComputable)

    def ref(case_id: str, parent_id: str | None) -> CaseRef:
        return CaseRef(
            case_id=case_id,
            municipality=CITY,
            contract=loaded.contract.slug,
            contract_version=loaded.version,
            opened_on=month_of(now),
            parent_id=parent_id,
        )

    lot = _new_lot(ref(lot_id, None), len(card_ids), deadline, now)
    new = [_new_card(ref(card_id, lot_id), deadline, now) for card_id in card_ids]
    with scope(made.parts.engine, CITY) as connection:
        opening.open_cases(connection, made.parts.keys, CITY, [lot, *new], recorded_at=now)


def _new_lot(case: CaseRef, count: int, deadline: Deadline, now: datetime) -> NewCase:
    value = Lot(case_id=case.case_id, cards=count, listed=count, announced=count)
    return NewCase(
        case=case,
        kind=CaseKind.LOT,
        change=_change(value, deadline),
        event=CaseEvent(action="lot_taken_over", at=now, actor=_CLERK),
        start=to_jsonable_python(OpenLot(case=case, lot=value, deadline=deadline)),
    )


def _new_card(case: CaseRef, deadline: Deadline, now: datetime) -> NewCase:
    value = cards.begin(case.case_id, MatchResult.MATCH, Route.PICKUP_NOTICE)
    taken = Movement(
        item_id=item_id(case.case_id, ItemKind.CARD),
        kind=ItemKind.CARD,
        source=Holder.OUTSIDE,
        target=Holder.PROVIDER,
    )
    return NewCase(
        case=case,
        kind=CaseKind.CARD,
        change=_change(value, deadline),
        event=CaseEvent(action="card_matched", at=now, actor=_CLERK),
        start=to_jsonable_python(OpenCard(case=case, card=value, deadline=deadline)),
        person={"name": "測定 花子", "kana": "ソクテイ ハナコ", "address": "見本市見本町1-1"},
        movements=(taken,),
    )


def _change(value: Lot | cards.Card, deadline: Deadline) -> CaseChange:
    return CaseChange(
        stage=value.stage,
        state={"value": asdict(value), "open_handoffs": []},
        closed=False,
        owner=value.owner,
        deadline=deadline,
    )


if __name__ == "__main__":
    run_alone(measure)
