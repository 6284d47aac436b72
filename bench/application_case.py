"""An application from its visit to the card, against the same shape with nothing in it.

    python -m bench.application_case [--quick]

Here: what two courses that begin, tell and outlive each other cost beside the workflow engine
itself: a visit begins an application, which is read, given its photo and sent, lets the visit
end, and ends when the card is there. Both ways have the same number of updates, local
activities, timers and signals; they take turns. Looking at photos is not counted here
(``bench.photos``): the verdict is given.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from api.access.door import now_in_tokyo
from api.deps import new_case_id
from bench.bare_worker import QUEUE
from bench.figures import Figure
from bench.installation import CITY, Installation, program
from bench.running import run_alone
from bench.shapes import Turn, drive, figures, take_turn
from domain.applications.application import Application, begin
from domain.applications.application_parts import AppliedFor
from domain.case import Actor, CaseChange, CaseEvent, CaseKind, CaseRef
from domain.parties import Role
from domain.photos.photo_words import Verdict
from domain.procedures.visit import Visit
from store import opening
from store.cases import month_of
from store.opening import NewCase
from store.scope import scope
from workflows.messages import Act, CaseView, OpenVisit
from workflows.names import workflow_id

RATIO_AT_LEAST = 0.5

_OPERATOR = Actor(account_id="bench-operator", role=Role.OPERATOR)
_ADD, _CLOSE = "add_application", "close_visit"
_OF_VISIT = frozenset({_ADD, _CLOSE})
_PHOTO = {"document": "bench-photo", "verdict": str(Verdict.LIKELY_FINE)}


def steps(application: Application) -> Sequence[Act]:
    """Return what is asked of every visit and its application, in order."""
    return (
        Act(action=_ADD, by=_OPERATOR, application=application),
        Act(action="read_form_id", by=_OPERATOR, fields={"form_id_read": True}),
        Act(action="accept_photo", by=_OPERATOR, fields=dict(_PHOTO)),
        Act(action="record_submission", by=_OPERATOR, fields={"receipt": "R-1"}),
        Act(action=_CLOSE, by=_OPERATOR, fields={"result": "served"}),
        Act(action="record_card_arrival", by=_OPERATOR),
    )


def measure(made: Installation, *, quick: bool = False) -> list[Figure]:
    """Return the figures of both ways."""
    count, pairs = (6, 1) if quick else (80, 5)
    with program(made, "bare", "-m", "bench.bare_worker") as bare_pid:
        return asyncio.run(_measure(made, bare_pid, count, pairs))


async def _measure(made: Installation, bare_pid: int, count: int, pairs: int) -> list[Figure]:
    sealed = await made.temporal()
    plain = await Client.connect(str(made.chosen.temporal_address))
    pids = {**made.pids, "bare worker": bare_pid}
    line = made.parts.book.current(CITY).contract.applications[0]
    acts = steps(begin(line, AppliedFor.NEW, Role.OPERATOR))

    async def product() -> Turn:
        return await take_turn(made, pids, count, lambda: _product(made, sealed, acts, count))

    async def bare() -> Turn:
        return await take_turn(made, pids, count, lambda: _bare(plain, acts, count))

    await product()
    await bare()
    turns = [(await product(), await bare()) for _ in range(pairs)]
    return figures(turns, "application case", at_least=RATIO_AT_LEAST)


async def _product(
    made: Installation, client: Client, acts: Sequence[Act], count: int
) -> list[float]:
    now = now_in_tokyo()
    visits = [new_case_id(now) for _ in range(count)]
    await asyncio.to_thread(_open, made, visits, now)
    handles = [
        client.get_workflow_handle(workflow_id(CITY, CaseKind.VISIT, each)) for each in visits
    ]
    applications: dict[str, WorkflowHandle[Any, Any]] = {}

    async def step(visit: WorkflowHandle[Any, Any], act: Act) -> None:
        whose = visit if act.action in _OF_VISIT else applications[visit.id]
        view = await _asked(whose, act)
        if view.opened is not None:
            opened = workflow_id(CITY, CaseKind.APPLICATION, view.opened)
            applications[visit.id] = client.get_workflow_handle(opened)
        if view.closed and whose is not visit:
            await whose.result()

    return await drive(handles, acts, step)


async def _asked(handle: WorkflowHandle[Any, Any], act: Act) -> CaseView:
    """Ask until the course has begun, and until the visit has heard of its application."""
    while True:
        try:
            view: CaseView = await handle.execute_update("act", act, result_type=CaseView)
            return view
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
        except WorkflowUpdateFailedError:
            if act.action != _CLOSE:
                raise
        await asyncio.sleep(0.02)


async def _bare(client: Client, acts: Sequence[Act], count: int) -> list[float]:
    def name(kind: str) -> str:
        return f"bare/{kind}/{new_case_id(now_in_tokyo())}"

    handles = [client.get_workflow_handle(name("visit")) for _ in range(count)]
    applications: dict[str, WorkflowHandle[Any, Any]] = {}

    async def step(visit: WorkflowHandle[Any, Any], act: Act) -> None:
        if act.action == _ADD:
            await client.start_workflow("BareVisit", id=visit.id, task_queue=QUEUE)
            await visit.execute_update("act", act.action)
            applications[visit.id] = await client.start_workflow(
                "BareApplication", visit.id, id=name("application"), task_queue=QUEUE
            )
            return
        whose = visit if act.action in _OF_VISIT else applications[visit.id]
        await whose.execute_update("act", act.action)
        if act is acts[-1]:
            await whose.result()

    return await drive(handles, acts, step)


def _open(made: Installation, visits: Sequence[str], now: datetime) -> None:
    loaded = made.parts.book.current(CITY)
    new = []
    for case_id in visits:
        case = CaseRef(
            case_id=case_id,
            municipality=CITY,
            contract=loaded.contract.slug,
            contract_version=loaded.version,
            opened_on=month_of(now),
        )
        value = Visit(
            case_id=case_id, procedure="application_support", received_by=Role.OPERATOR
        )
        change = CaseChange(
            stage=value.stage,
            state={"value": asdict(value), "open_handoffs": []},
            closed=False,
            owner=value.owner,
        )
        event = CaseEvent(action="visitor_received", at=now, actor=_OPERATOR)
        start = to_jsonable_python(OpenVisit(case=case, visit=value))
        new.append(
            NewCase(case=case, kind=CaseKind.VISIT, change=change, event=event, start=start)
        )
    with scope(made.parts.engine, CITY) as connection:
        opening.open_cases(connection, made.parts.keys, CITY, new, recorded_at=now)


if __name__ == "__main__":
    run_alone(measure)
