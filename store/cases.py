"""Reading cases: work lists, one case, its timeline, how far a lot's cards are.

Everything here reads the record in PostgreSQL and never Temporal. Personal data stands in
``store.vault``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)

from domain.actions import STAGE_TEXT
from domain.case import CaseKind, CaseRef
from domain.deadlines.deadline import Deadline
from domain.errors import CaseUnknown
from domain.parties import Role
from store.keys import KeyGone, KeyRing, unseal
from store.record import CASE_EVENT, CASE_FILE
from store.tables.base import METADATA

_ACCOUNT = METADATA.tables["account"]
_VAULT = METADATA.tables["person_vault"]
_DEADLINE: TypeAdapter[Deadline] = TypeAdapter(Deadline)

ERASED = "（消去済み）"

_CLOSED_SET = frozenset(
    {*CaseKind, *Role, *(stage for stages in STAGE_TEXT.values() for stage in stages)}
)
"""Words of ours that lists are filtered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case as lists and pages show it."""

    ref: CaseRef
    kind: CaseKind
    case_number: str
    stage: str
    owner: str | None
    due_at: datetime | None
    target_at: datetime | None
    stuck: str | None
    stuck_at: datetime | None
    escalated_to: str | None
    state: Mapping[str, Any]
    opened_at: datetime
    closed_at: datetime | None
    last_seq: int
    last_hash: str
    suspended: bool = False
    """Whether its clock stands still; it is due when it goes on, and not before."""
    deadline: Deadline | None = None
    """Only when a single case is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One line of a case's record, as a person reads it."""

    seq: int
    at: datetime
    action: str
    actor: str
    actor_name: str | None
    role: str | None
    reason: str | None
    detail: Mapping[str, Any]
    hash: str
    prev_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases a list shows; ``None`` means all."""

    contract: str | None = None
    kind: CaseKind | None = None
    stage: str | None = None
    parent_id: str | None = None
    owner: str | None = None
    stuck: bool | None = None
    due_before: datetime | None = None
    closed: bool = False
    """Closed cases instead of open ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """Where the page before ended: its last case."""

    due_at: datetime | None
    case_id: str


_COLUMNS: tuple[ColumnElement[Any], ...] = (
    CASE_FILE.c.municipality,
    CASE_FILE.c.case_id,
    CASE_FILE.c.contract,
    CASE_FILE.c.contract_version,
    CASE_FILE.c.parent_id,
    CASE_FILE.c.opened_on,
    CASE_FILE.c.kind,
    CASE_FILE.c.case_number,
    CASE_FILE.c.stage,
    CASE_FILE.c.owner,
    CASE_FILE.c.due_at,
    CASE_FILE.c.target_at,
    CASE_FILE.c.stuck,
    CASE_FILE.c.stuck_at,
    CASE_FILE.c.escalated_to,
    CASE_FILE.c.state,
    CASE_FILE.c.opened_at,
    CASE_FILE.c.closed_at,
    CASE_FILE.c.last_seq,
    CASE_FILE.c.last_hash,
    # As ``store.record.deadline_columns`` writes it; no deadline has to be read for it.
    and_(CASE_FILE.c.due_at.is_(None), CASE_FILE.c.deadline.is_not(None)).label("suspended"),
)


def list_cases(
    connection: Connection,
    municipality: str,
    wanted: Wanted,
    *,
    limit: int,
    after: After | None = None,
) -> list[CaseFile]:
    """Return cases, the most urgent first; those that are never due come last."""
    query = _filtered(municipality, wanted)
    found: list[CaseFile] = []
    if after is None or after.due_at is not None:
        due = query.where(CASE_FILE.c.due_at.is_not(None))
        if after is not None:
            due = due.where(
                tuple_(CASE_FILE.c.due_at, CASE_FILE.c.case_id)
                > tuple_(after.due_at, after.case_id)
            )
        due = due.order_by(CASE_FILE.c.due_at, CASE_FILE.c.case_id).limit(_exactly(limit))
        found = [_file(row) for row in connection.execute(due)]
    if len(found) < limit and wanted.due_before is None:
        never = query.where(CASE_FILE.c.due_at.is_(None))
        if after is not None and after.due_at is None:
            never = never.where(CASE_FILE.c.case_id > after.case_id)
        never = never.order_by(CASE_FILE.c.case_id).limit(_exactly(limit - len(found)))
        found += [_file(row) for row in connection.execute(never)]
    return found


def count_cases(connection: Connection, municipality: str, wanted: Wanted) -> int:
    """Return how many cases a list would show."""
    query = _filtered(municipality, wanted).with_only_columns(func.count())
    return connection.execute(query).scalar_one()


def one_case(connection: Connection, case_id: str, *, lock: bool = False) -> CaseFile:
    """Return one case with its deadline.

    Args:
        connection: Whose transaction this is part of.
        case_id: Which case.
        lock: Whether nobody else may write to its record until the transaction ends.

    Raises:
        CaseUnknown: There is none in this municipality.
    """
    query: Select[Any] = select(*_COLUMNS, CASE_FILE.c.deadline)
    query = query.where(CASE_FILE.c.case_id == case_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise CaseUnknown("案件が見つかりません。")
    stored = row.deadline
    return _file(row, _DEADLINE.validate_python(stored) if stored else None)


def has_person(connection: Connection, case: CaseRef) -> bool:
    """Tell whether it is known who a case is about."""
    found = connection.execute(
        select(literal(1)).where(
            _VAULT.c.municipality == case.municipality,
            _VAULT.c.case_id == case.case_id,
            _VAULT.c.sealed.is_not(None),
        )
    )
    return found.first() is not None


def by_number(connection: Connection, case_number: str) -> CaseFile:
    """Return the case with this number for people.

    Raises:
        CaseUnknown: There is none in this municipality.
    """
    row = connection.execute(
        select(CASE_FILE.c.case_id).where(CASE_FILE.c.case_number == case_number)
    ).one_or_none()
    if row is None:
        raise CaseUnknown("案件が見つかりません。")
    return one_case(connection, row.case_id)


def timeline(connection: Connection, keys: KeyRing, case: CaseRef) -> list[TimelineEvent]:
    """Return the record of a case, oldest first."""
    rows = connection.execute(timeline_query(case)).all()
    key = _reason_key(connection, keys, case, rows)
    return [
        TimelineEvent(
            seq=row.seq,
            at=row.at,
            action=row.action,
            actor=row.actor,
            actor_name=row.display_name,
            role=row.role,
            reason=_reason(row.sealed_reason, key, case),
            detail=row.detail,
            hash=row.hash,
            prev_hash=row.prev_hash,
        )
        for row in rows
    ]


def timeline_query(case: CaseRef) -> Select[Any]:
    """Return the statement that reads a timeline."""
    return (
        select(CASE_EVENT, _ACCOUNT.c.display_name)
        .outerjoin(
            _ACCOUNT,
            and_(
                _ACCOUNT.c.municipality == CASE_EVENT.c.municipality,
                _ACCOUNT.c.account_id == CASE_EVENT.c.actor,
            ),
        )
        .where(
            CASE_EVENT.c.municipality == case.municipality,
            CASE_EVENT.c.opened_on == case.opened_on,
            CASE_EVENT.c.case_id == case.case_id,
        )
        .order_by(CASE_EVENT.c.seq)
    )


def reasons(
    connection: Connection, keys: KeyRing, case: CaseRef, sealed: Mapping[str, bytes]
) -> dict[str, str]:
    """Return sealed reasons of a case that is not erased, by the names they came with."""
    if not sealed:
        return {}
    key = keys.case_keys(connection, case.municipality, [case.case_id])[case.case_id]
    return {name: _opened(reason, key, case) for name, reason in sealed.items()}


def stages_of(connection: Connection, municipality: str, parent_id: str) -> dict[str, int]:
    """Return how many cases below ``parent_id`` are at each stage."""
    rows = connection.execute(
        select(CASE_FILE.c.stage, func.count().label("cases"))
        .where(CASE_FILE.c.municipality == municipality, CASE_FILE.c.parent_id == parent_id)
        .group_by(CASE_FILE.c.stage)
    )
    return {row.stage: row.cases for row in rows}


def children(connection: Connection, municipality: str, parent_id: str) -> list[CaseFile]:
    """Return the cases below a case, in the order of their numbers."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(CASE_FILE.c.municipality == municipality, CASE_FILE.c.parent_id == parent_id)
        .order_by(CASE_FILE.c.case_number)
    )
    return [_file(row) for row in rows]


def _kinds_of(wanted: Wanted) -> list[CaseKind]:
    """Return the kinds a list can hold; none if it can hold them all.

    Most stages belong to one kind of case, and naming it lets an index find the few.
    """
    if wanted.kind is not None:
        return [wanted.kind]
    return [kind for kind, stages in STAGE_TEXT.items() if wanted.stage in stages]


def _word(word: str) -> ColumnElement[Any]:
    """Return a word of a closed set as part of the statement.

    A plan is then made for this word: one kind of case is a hundred thousand rows, another
    a handful. Any other text stays a parameter.
    """
    return literal(word, literal_execute=word in _CLOSED_SET)


def _exactly(limit: int) -> ColumnElement[Any]:
    """Return the limit as part of the statement, so that its plan is made for a page.

    A plan for any limit reads and sorts everything.
    """
    return literal_column(str(int(limit)))


def _filtered(municipality: str, wanted: Wanted) -> Select[Any]:
    closed = CASE_FILE.c.closed_at
    query = select(*_COLUMNS).where(
        CASE_FILE.c.municipality == municipality,
        closed.is_not(None) if wanted.closed else closed.is_(None),
    )
    if wanted.contract is not None:
        query = query.where(CASE_FILE.c.contract == wanted.contract)
    if wanted.parent_id is not None:
        query = query.where(CASE_FILE.c.parent_id == wanted.parent_id)
    if wanted.owner is not None:
        query = query.where(CASE_FILE.c.owner == _word(wanted.owner))
    if wanted.stage is not None:
        query = query.where(CASE_FILE.c.stage == _word(wanted.stage))
    kinds = _kinds_of(wanted)
    if kinds:
        query = query.where(or_(*(CASE_FILE.c.kind == _word(kind) for kind in kinds)))
    if wanted.stuck is not None:
        stuck = CASE_FILE.c.stuck
        query = query.where(stuck.is_not(None) if wanted.stuck else stuck.is_(None))
    if wanted.due_before is not None:
        query = query.where(CASE_FILE.c.due_at < wanted.due_before)
    return query


def _file(row: Row[Any], deadline: Deadline | None = None) -> CaseFile:
    return CaseFile(
        ref=CaseRef(
            case_id=row.case_id,
            municipality=row.municipality,
            contract=row.contract,
            contract_version=row.contract_version,
            opened_on=row.opened_on,
            parent_id=row.parent_id,
        ),
        kind=CaseKind(row.kind),
        case_number=row.case_number,
        stage=row.stage,
        owner=row.owner,
        due_at=row.due_at,
        target_at=row.target_at,
        stuck=row.stuck,
        stuck_at=row.stuck_at,
        escalated_to=row.escalated_to,
        state=row.state,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        last_seq=row.last_seq,
        last_hash=row.last_hash,
        suspended=row.suspended,
        deadline=deadline,
    )


def _reason_key(
    connection: Connection, keys: KeyRing, case: CaseRef, rows: Sequence[Row[Any]]
) -> bytes | None:
    if all(row.sealed_reason is None for row in rows):
        return None
    try:
        return keys.case_keys(connection, case.municipality, [case.case_id])[case.case_id]
    except KeyGone:
        return None


def _reason(sealed: bytes | None, key: bytes | None, case: CaseRef) -> str | None:
    if sealed is None:
        return None
    if key is None:
        return ERASED
    return _opened(sealed, key, case)


def _opened(sealed: bytes, key: bytes, case: CaseRef) -> str:
    about = f"{case.municipality}/{case.case_id}/reason"
    return unseal(key, bytes(sealed), about=about).decode()


def month_of(moment: datetime) -> date:
    """Return the month in which the record of a case opened at ``moment`` lies."""
    return moment.date().replace(day=1)
