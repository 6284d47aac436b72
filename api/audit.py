"""What auditors ask: histories, replays, the integrity of the record, who read what.

What a history is made of stands in ``store.histories``, how a course is run again is put
in by the server (``Desk.replay``), what is compared stands in ``domain.records.replay``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from temporalio.client import WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from api.access.auth import require_action, route_of
from api.access.door import Person
from api.audit_views import (
    AccessBody,
    AccessPage,
    BreakBody,
    DifferenceBody,
    EventBody,
    HistoryBody,
    ReplayBody,
    RunBody,
    StepBody,
    VerifiedBody,
)
from api.deps import AccessedCase, Desk, TheDesk
from domain.errors import FieldMissing, HistoryErased, HistoryGone
from domain.parties import Action, allowed
from domain.records.audit import RecordedEvent
from domain.records.replay import Decided, Replayed, differences
from store import access, archive, histories, integrity
from store.cases import CaseFile
from store.histories import ReadableEvent
from store.keys import KeyGone
from store.scope import scope
from store.values import value_of
from workflows.names import workflow_id

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])

_LONGEST_PAGE = 200

Reader = Annotated[Person, Depends(require_action(Action.READ_AUDIT))]
Replayer = Annotated[Person, Depends(require_action(Action.REPLAY))]
AccessReader = Annotated[Person, Depends(require_action(Action.SEE_ACCESS_LOG))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A history with what is known of it; ``kept`` is ``None`` while it is the engine's."""

    run_id: str
    history: WorkflowHistory
    kept: archive.ArchivedRun | None


@router.get("/cases/{case_id}/history", summary="Show the history of a case")
async def show_history(
    file: AccessedCase,
    person: Reader,
    desk: TheDesk,
    request: Request,
    purpose: Annotated[str, Query(min_length=2, max_length=200)] = "監査",
) -> HistoryBody:
    """Return every event; what it carries only to roles that may see the person.

    Reasons may name somebody, so that showing them is recorded like any other reading.
    """
    erased = await run_in_threadpool(_erased, desk, file)
    shown = allowed(person.role, Action.SEE_PERSON, value_of(file).standing)
    if shown:
        await run_in_threadpool(_record_reading, desk, person, file, purpose, request)
    runs = await _runs(desk, file)
    codec = desk.temporal.data_converter.payload_codec
    return HistoryBody(
        case_id=file.ref.case_id,
        case_number=file.case_number,
        erased=erased,
        payloads_shown=shown,
        runs=[
            _run_body(file, run, await histories.readable(run.history, codec, opened=shown))
            for run in runs
        ],
    )


@router.post("/cases/{case_id}/replay", summary="Run a case again with the code of today")
async def replay_case(
    file: AccessedCase,
    person: Replayer,
    desk: TheDesk,
    step: Annotated[int | None, Body(embed=True, ge=1)] = None,
) -> ReplayBody:
    """Return whether today's code decides every step as it was recorded.

    Raises:
        HistoryErased: The key of the case was deleted.
        HistoryGone: There is no history.
        FieldMissing: There is no step of that number.
    """
    if await run_in_threadpool(_erased, desk, file):
        raise HistoryErased("鍵が消去されています。")
    assert desk.replay is not None, "a server can replay"
    before = {event.seq for event in await run_in_threadpool(_record, desk, file)}
    runs = await _runs(desk, file)
    replayed = [await desk.replay(run.history) for run in runs]
    # A case that moves meanwhile: lines younger than the history are not expected from it.
    decided = {step.key for run in replayed for step in run.decided}
    record = [
        event
        for event in await run_in_threadpool(_record, desk, file)
        if event.seq in before or event.key in decided
    ]
    kept = runs[-1].kept
    return _replay_body(
        file,
        record,
        replayed,
        builds=(kept.build_id if kept else None, desk.build_id),
        wanted=step,
    )


@router.get("/verify", summary="Check the integrity of the whole record")
def verify_record(
    person: Reader,
    desk: TheDesk,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
) -> VerifiedBody:
    """Return every place where a line was changed, removed, reordered or cut.

    ``from`` and ``to`` narrow it to cases opened in the months these days are in.
    """
    found = integrity.verify(desk.engine, person.municipality, since=since, until=until)
    return VerifiedBody(
        municipality=found.municipality,
        intact=found.intact,
        cases=found.cases,
        events=found.events,
        archives=found.archives,
        breaks_found=found.breaks_found,
        breaks=[
            BreakBody(case_id=each.case_id, seq=each.seq, problem=each.problem)
            for each in found.breaks
        ],
    )


@router.get("/accesses", summary="List who read whose personal data")
def list_accesses(
    person: AccessReader,
    desk: TheDesk,
    case_id: Annotated[str | None, Query(max_length=64)] = None,
    account_id: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=_LONGEST_PAGE)] = 100,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,18}$")] = None,
) -> AccessPage:
    """Return readings of personal data, of one case or by one account if asked."""
    with scope(desk.engine, person.municipality) as connection:
        found = access.accesses(
            connection,
            case_id=case_id,
            account_id=account_id,
            before=int(cursor) if cursor else None,
            limit=limit + 1,
        )
    page = found[:limit]
    return AccessPage(
        items=[
            AccessBody(
                access_id=each.access_id,
                at=each.at,
                account_id=each.account_id,
                display_name=each.display_name,
                role=each.role,
                case_id=each.case_id,
                purpose=each.purpose,
                route=each.route,
            )
            for each in page
        ],
        next_cursor=str(page[-1].access_id) if len(found) > limit else None,
    )


def _erased(desk: Desk, file: CaseFile) -> bool:
    """Tell whether the key of the case is gone; a remembered one does not count."""
    ref = file.ref
    desk.keys.forget(ref.municipality, ref.case_id)
    try:
        desk.keys.case_key(ref.municipality, ref.case_id)
    except KeyGone:
        return True
    return False


def _record_reading(
    desk: Desk, person: Person, file: CaseFile, purpose: str, request: Request
) -> None:
    with scope(desk.engine, person.municipality) as connection:
        access.record_access(
            connection,
            account_id=person.account_id,
            case_ids=[file.ref.case_id],
            purpose=purpose,
            route=route_of(request),
            now=desk.clock(),
        )


async def _runs(desk: Desk, file: CaseFile) -> list[_Run]:
    """Return the runs of a case: archived, or as the engine has them now.

    Raises:
        HistoryGone: Neither has any.
    """
    kept = await run_in_threadpool(_archived, desk, file)
    if kept:
        return [_Run(run_id=r.run_id, history=histories.unpack(r), kept=r) for r in kept]
    handle = desk.temporal.get_workflow_handle(
        workflow_id(file.ref.municipality, file.kind, file.ref.case_id)
    )
    try:
        described = await handle.describe()
        history = await handle.fetch_history()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise HistoryGone("保存された履歴も、処理中の履歴もありません。") from error
        raise
    return [_Run(run_id=described.run_id, history=history, kept=None)]


def _archived(desk: Desk, file: CaseFile) -> list[archive.ArchivedRun]:
    with scope(desk.engine, file.ref.municipality) as connection:
        return archive.runs_of(connection, file.ref)


def _record(desk: Desk, file: CaseFile) -> list[RecordedEvent]:
    with scope(desk.engine, file.ref.municipality) as connection:
        return integrity.record_of(connection, file.ref)


def _run_body(file: CaseFile, run: _Run, events: list[ReadableEvent]) -> RunBody:
    kept = run.kept
    return RunBody(
        run_id=run.run_id,
        workflow_id=run.history.workflow_id,
        archived_at=kept.archived_at if kept else None,
        sha256=kept.sha256 if kept else None,
        whole=kept.whole if kept else None,
        build_id=kept.build_id if kept else None,
        contract_version=file.ref.contract_version,
        events=[EventBody.of(event) for event in events],
    )


def _replay_body(
    file: CaseFile,
    record: list[RecordedEvent],
    replayed: list[Replayed],
    *,
    builds: tuple[str | None, str],
    wanted: int | None,
) -> ReplayBody:
    steps = [step for run in replayed for step in run.decided]
    failure = next((run.failure for run in replayed if run.failure), None)
    found = differences(record, steps)
    if wanted is not None and wanted > len(steps):
        raise FieldMissing("この番号の手順はありません。")
    seqs = {event.key: event.seq for event in record}
    parted = {each.key for each in found}
    return ReplayBody(
        case_id=file.ref.case_id,
        result="different" if found or failure else "same",
        failure=failure,
        differences=[DifferenceBody.of(each) for each in found],
        build_then=builds[0],
        build_now=builds[1],
        running=file.closed_at is None,
        steps=[
            _step_body(number, step, seqs.get(step.key), step.key not in parted, wanted)
            for number, step in enumerate(steps, 1)
        ],
    )


def _step_body(
    number: int, step: Decided, seq: int | None, same: bool, wanted: int | None
) -> StepBody:
    return StepBody(
        step=number,
        seq=seq,
        key=step.key,
        action=step.action,
        at=step.at,
        stage=step.stage,
        closed=step.closed,
        same=same,
        state=dict(step.state) if number == wanted else None,
    )
