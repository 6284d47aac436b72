"""Holding what lists show of each case against the history of its course, run again.

Here: ``python -m ops.rebuild --histories``. What a history tells stands in
``domain.records.retold``, how it is run again in ``ops.replays``. A case whose history cannot
tell is named with the reason: it is never counted among those that agree.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python
from sqlalchemy import Engine, select
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from domain.case import CaseKind, CaseRef
from domain.deadlines.deadline import Deadline
from domain.records.audit import RecordedEvent
from domain.records.retold import Retold, retold
from ops.drift import Drift
from ops.replays import Replays
from store import archive, histories, integrity
from store.codec import sealed_converter
from store.keys import KeyGone, KeyRing
from store.record import CASE_FILE, deadline_columns
from store.scope import scope
from store.values import ADAPTERS
from workflows.names import workflow_id

_DEADLINE: TypeAdapter[Deadline] = TypeAdapter(Deadline)
_DATES = ("deadline", "due_at", "target_at")


class Silent(StrEnum):
    """Cases whose history is not asked, and is not expected to answer."""

    ERASED = "erased"
    NOT_BEGUN = "not begun, or forgotten by the engine"
    IN_DATABASE = "decided by the database and not by a course"


@dataclass(kw_only=True)
class Heard:
    """How many histories told their case, and which did not."""

    agreed: int = 0
    silent: Counter[Silent] = field(default_factory=Counter)
    untold: dict[str, str] = field(default_factory=dict)
    """Why a history that is there cannot tell its case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A case as lists have it, with its record at the same moment."""

    file: Mapping[str, Any]
    record: list[RecordedEvent]


async def differing(
    engine: Engine, keys: KeyRing, client: Client, municipality: str, heard: Heard
) -> AsyncIterator[Drift]:
    """Yield what differs, case after case; ``heard`` is told of all of them."""
    run = Replays(sealed_converter(keys))
    with scope(engine, municipality) as connection:
        everyone = connection.execute(
            select(CASE_FILE.c.case_id, CASE_FILE.c.kind).order_by(CASE_FILE.c.case_id)
        ).all()
    for case_id, kind in everyone:
        found = await _history(engine, keys, client, municipality, case_id, CaseKind(kind))
        if isinstance(found, Silent):
            heard.silent[found] += 1
            continue
        # Read after the history: what is recorded meanwhile is then at worst too much.
        again = await run(found)
        case = _case(engine, municipality, case_id)
        told = retold(case.record, again)
        if isinstance(told, str):
            heard.untold[case_id] = told
            continue
        drifts = _drifts(case.file, told)
        heard.agreed += not drifts
        for each in drifts:
            yield each


async def _history(
    engine: Engine,
    keys: KeyRing,
    client: Client,
    municipality: str,
    case_id: str,
    kind: CaseKind,
) -> WorkflowHistory | Silent:
    """Return the last run of the course of a case, or why there is none to ask."""
    if kind in {CaseKind.RESERVATION, CaseKind.TICKET}:
        return Silent.IN_DATABASE
    try:
        keys.case_key(municipality, case_id)
    except KeyGone:
        return Silent.ERASED
    with scope(engine, municipality) as connection:
        kept = archive.runs_of(connection, _ref(_row(connection, case_id)))
    if kept:
        return histories.unpack(kept[-1])
    try:
        return await client.get_workflow_handle(
            workflow_id(municipality, kind, case_id)
        ).fetch_history()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return Silent.NOT_BEGUN
        raise


def _case(engine: Engine, municipality: str, case_id: str) -> _Case:
    with integrity.snapshot(engine, municipality) as connection:
        file = _row(connection, case_id)
        return _Case(file=file, record=integrity.record_of(connection, _ref(file)))


def _row(connection: Any, case_id: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (
        connection.execute(select(CASE_FILE).where(CASE_FILE.c.case_id == case_id))
        .mappings()
        .one()
    )
    return found


def _ref(file: Mapping[str, Any]) -> CaseRef:
    return CaseRef(**{name: file[name] for name in CaseRef.__dataclass_fields__})


def _drifts(file: Mapping[str, Any], told: Retold) -> list[Drift]:
    """Return what lists show otherwise; equal values may be written in more than one way."""
    expected: dict[str, Any] = dict.fromkeys(_DATES) | deadline_columns(told.deadline)
    expected |= {"stuck": told.stuck, "escalated_to": told.escalated_to, "owner": told.owner}
    if file["closed_at"] is not None:
        expected |= {"owner": None, "stuck": None, "escalated_to": None}
    if expected["stuck"] is None or not told.stuck_before:
        expected["stuck_at"] = told.stuck_at if expected["stuck"] else None
    if _same(_DEADLINE, file["deadline"], expected["deadline"]):
        del expected["deadline"]
    state = to_jsonable_python(told.state)
    if not _same_state(CaseKind(file["kind"]), file["state"], state):
        expected["state"] = state
    return [
        Drift(
            thing=file["case_id"],
            column=column,
            kept=file[column],
            recorded=value,
            seq=file["last_seq"],
            source="history",
        )
        for column, value in expected.items()
        if file[column] != value
    ]


def _same_state(kind: CaseKind, kept: Any, told: Mapping[str, Any]) -> bool:
    if not isinstance(kept, Mapping):
        return False
    # What older code did not keep beside the value was empty.
    beside = {*kept, *told} - {"value"}
    alike = all((kept.get(name) or []) == (told.get(name) or []) for name in beside)
    return alike and _same(ADAPTERS[kind], kept.get("value"), told["value"])


def _same(adapter: TypeAdapter[Any], kept: Any, told: Any) -> bool:
    """Tell whether two texts mean one value: older ones lack the fields that came later."""
    if kept is None or told is None:
        return kept is told
    try:
        return bool(adapter.validate_python(kept) == adapter.validate_python(told))
    except ValidationError:
        return False
