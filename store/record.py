"""Appending to the record of a case, with everything that belongs into the transaction.

Locking rule: the row of the case is locked first and is the only row that is waited for;
whoever holds it writes the next event. Reading a record does not lock. Opening cases
stands in ``store.opening``, lists and timelines in ``store.cases``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, Row, func, insert, literal, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.case import CaseChange, CaseEvent, CaseRef
from domain.deadlines.deadline import Deadline
from domain.errors import CaseUnknown, ItemElsewhere
from domain.lots.custody import Holder, Movement, SlipChange
from domain.records.audit import GENESIS, RecordedEvent, chained_hash
from store import beside, tables
from store.keys import KeyRing, seal

_TABLES = tables.base.METADATA.tables
CASE_FILE = _TABLES["case_file"]
CASE_EVENT = _TABLES["case_event"]
CUSTODY_ITEM = _TABLES["custody_item"]
CUSTODY_MOVEMENT = _TABLES["custody_movement"]
OUTBOX = _TABLES["outbox"]
SLIP = _TABLES["slip"]

CATCH_UP = "catch_up"
"""What the relay is owed where a course has to compare itself with its record."""

_DEADLINE: TypeAdapter[Deadline] = TypeAdapter(Deadline)
_NO_DEADLINE = {"due_at": None, "target_at": None, "deadline": null()}


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How the record of a case ends, and what of it its course does not know."""

    last_seq: int
    unknown: Mapping[str, str] = field(default_factory=dict)
    """Key and action of the events that came after those the course knows."""

    sealed_reasons: Mapping[str, bytes] = field(default_factory=dict)
    """The reason, by key, of those of them that have one."""

    state: dict[str, Any] | None = None
    deadline: Deadline | None = None


def end_of(connection: Connection, case_ref: CaseRef, *, known: int | None) -> End:
    """Return how the record ends, and lock it until the end of the transaction.

    An event can be committed while the engine loses the step that it belongs to: the
    course then begins again from before it, and has to learn of it here.

    Args:
        connection: Whose transaction this is part of.
        case_ref: Which case.
        known: The last event that the course knows of; ``None`` if it does not count.

    Raises:
        CaseUnknown: There is no such case in this municipality.
    """
    head = connection.execute(
        select(CASE_FILE.c.last_seq, CASE_FILE.c.state, CASE_FILE.c.deadline)
        .where(CASE_FILE.c.case_id == case_ref.case_id)
        .with_for_update()
    ).one_or_none()
    if head is None:
        raise CaseUnknown("案件が見つかりません。")
    if known is None or known == head.last_seq:
        return End(last_seq=head.last_seq)
    events = connection.execute(
        select(CASE_EVENT.c.key, CASE_EVENT.c.action, CASE_EVENT.c.sealed_reason)
        .where(
            CASE_EVENT.c.municipality == case_ref.municipality,
            CASE_EVENT.c.opened_on == case_ref.opened_on,
            CASE_EVENT.c.case_id == case_ref.case_id,
            CASE_EVENT.c.seq > known,
        )
        .order_by(CASE_EVENT.c.seq)
    ).all()
    return End(
        last_seq=head.last_seq,
        unknown={event.key: event.action for event in events},
        sealed_reasons={
            event.key: bytes(event.sealed_reason)
            for event in events
            if event.sealed_reason is not None
        },
        state=head.state,
        deadline=_DEADLINE.validate_python(head.deadline) if head.deadline else None,
    )


def append(
    connection: Connection,
    keys: KeyRing,
    case_ref: CaseRef,
    event: CaseEvent,
    change: CaseChange,
    *,
    key: str,
    recorded_at: datetime,
    movements: Sequence[Movement] = (),
    slip: SlipChange | None = None,
    reminded: bool = False,
) -> bool:
    """Append one event and let the case be what ``change`` says.

    With ``reminded`` the relay tells the course afterwards to look at its record.

    Returns:
        False if the case has recorded ``key`` before: then nothing is changed.

    Raises:
        CaseUnknown: There is no such case in this municipality.
        ItemElsewhere: A thing that is to be moved is not where it leaves from.
        FullyBooked, SlotClosed, SlotUnknown: A reservation's places cannot be had.
    """
    head = _locked_head(connection, case_ref)
    if recorded_before(connection, case_ref, key):
        return False
    sealed = seal_reasons(connection, keys, case_ref.municipality, {case_ref.case_id: event})
    row = event_row(
        case_ref,
        event,
        seq=head.last_seq + 1,
        prev_hash=head.last_hash,
        key=key,
        sealed_reason=sealed.get(case_ref.case_id),
        recorded_at=recorded_at,
    )
    connection.execute(insert(CASE_EVENT).values(row))
    _apply(connection, case_ref, change, row)
    beside.follow(connection, case_ref, head.kind, head.state, event, change)
    for movement in movements:
        _move(connection, case_ref, movement, row)
    if slip is not None:
        _write_slip(connection, case_ref.municipality, slip, event)
    if reminded:
        _owe_about(connection, case_ref, head.kind, CATCH_UP, seq=row["seq"])
    if change.closed:
        _owe_about(connection, case_ref, head.kind, "archive")
    return True


def seal_reasons(
    connection: Connection, keys: KeyRing, municipality: str, events: Mapping[str, CaseEvent]
) -> dict[str, bytes]:
    """Return the sealed reason of each case's event that has one."""
    reasons = {case_id: e.reason for case_id, e in events.items() if e.reason is not None}
    if not reasons:
        return {}
    case_keys = keys.case_keys(connection, municipality, reasons)
    return {
        case_id: seal(
            case_keys[case_id], reason.encode(), about=f"{municipality}/{case_id}/reason"
        )
        for case_id, reason in reasons.items()
    }


def event_row(
    case_ref: CaseRef,
    event: CaseEvent,
    *,
    seq: int,
    prev_hash: str,
    key: str,
    sealed_reason: bytes | None,
    recorded_at: datetime,
) -> dict[str, Any]:
    """Return the numbered and chained row of an event."""
    recorded = RecordedEvent(
        municipality=case_ref.municipality,
        case_id=case_ref.case_id,
        seq=seq,
        at=event.at.astimezone(UTC),
        action=event.action,
        actor=event.actor.account_id,
        role=event.actor.role,
        detail=to_jsonable_python(event.detail),
        sealed_reason=sealed_reason.hex() if sealed_reason is not None else None,
        key=key,
        prev_hash=prev_hash,
        hash="",
    )
    return {
        "municipality": recorded.municipality,
        "opened_on": case_ref.opened_on,
        "case_id": recorded.case_id,
        "seq": seq,
        "at": recorded.at,
        "action": recorded.action,
        "actor": recorded.actor,
        "role": recorded.role,
        "detail": recorded.detail,
        "sealed_reason": sealed_reason,
        "key": key,
        "prev_hash": prev_hash,
        "hash": chained_hash(recorded),
        "recorded_at": recorded_at,
    }


def first_hash() -> str:
    """Return what the first event of a case is chained to."""
    return GENESIS


def deadline_columns(deadline: Deadline | None) -> dict[str, Any]:
    """Return the columns of a case that show a deadline; empty if there is none to show.

    While its clock stands still nothing is due: the day that was is moved when it goes on,
    and no list may take it for late.
    """
    if deadline is None:
        return {}
    stands = deadline.suspended is not None
    return {
        "due_at": None if stands else deadline.due_at,
        "target_at": None if stands else deadline.target_at,
        "deadline": _DEADLINE.dump_python(deadline, mode="json"),
    }


def owe(
    connection: Connection, municipality: str, key: str, topic: str, body: dict[str, Any]
) -> None:
    """Leave something for the relay; the same key is owed once."""
    connection.execute(
        upsert(OUTBOX)
        .values(
            municipality=municipality,
            key=key,
            topic=topic,
            body=body,
            made_at=func.now(),
            tries=0,
        )
        .on_conflict_do_nothing()
    )
    connection.execute(select(func.pg_notify("outbox", municipality)))


def _owe_about(
    connection: Connection, case_ref: CaseRef, kind: str, topic: str, *, seq: int | None = None
) -> None:
    about = case_ref.case_id if seq is None else f"{case_ref.case_id}/{seq}"
    version = case_ref.contract_version
    body = {"kind": kind, "contract_version": version, "case_id": case_ref.case_id}
    owe(connection, case_ref.municipality, f"{topic}/{about}", topic, body)


def _locked_head(connection: Connection, case_ref: CaseRef) -> Row[int, str, str, Any]:
    head = connection.execute(
        select(CASE_FILE.c.last_seq, CASE_FILE.c.last_hash, CASE_FILE.c.kind, CASE_FILE.c.state)
        .where(CASE_FILE.c.case_id == case_ref.case_id)
        .with_for_update()
    ).one_or_none()
    if head is None:
        raise CaseUnknown("案件が見つかりません。")
    return head


def recorded_before(connection: Connection, case_ref: CaseRef, key: str) -> bool:
    """Tell whether the case has recorded an event under this key."""
    found = connection.execute(
        select(literal(1)).where(
            CASE_EVENT.c.municipality == case_ref.municipality,
            CASE_EVENT.c.opened_on == case_ref.opened_on,
            CASE_EVENT.c.case_id == case_ref.case_id,
            CASE_EVENT.c.key == key,
        )
    )
    return found.first() is not None


def _apply(
    connection: Connection, case_ref: CaseRef, change: CaseChange, row: dict[str, Any]
) -> None:
    at = row["at"]
    stuck_at = func.coalesce(CASE_FILE.c.stuck_at, at) if change.stuck else None
    connection.execute(
        update(CASE_FILE)
        .where(
            CASE_FILE.c.municipality == case_ref.municipality,
            CASE_FILE.c.case_id == case_ref.case_id,
        )
        .values(
            stage=change.stage,
            state=to_jsonable_python(change.state),
            owner=change.owner,
            stuck=change.stuck,
            stuck_at=stuck_at,
            escalated_to=change.escalated_to,
            closed_at=func.coalesce(CASE_FILE.c.closed_at, at) if change.closed else None,
            last_seq=row["seq"],
            last_hash=row["hash"],
            # A closed case keeps the deadline it had: reports say whether it was met.
            **(_NO_DEADLINE if change.deadline_over else deadline_columns(change.deadline)),
        )
    )


def _move(
    connection: Connection, case_ref: CaseRef, movement: Movement, row: dict[str, Any]
) -> None:
    if movement.source is Holder.OUTSIDE:
        _let_in(connection, case_ref, movement)
    else:
        moved = connection.execute(
            update(CUSTODY_ITEM)
            .where(
                CUSTODY_ITEM.c.municipality == case_ref.municipality,
                CUSTODY_ITEM.c.item_id == movement.item_id,
                CUSTODY_ITEM.c.holder == movement.source,
            )
            .values(holder=movement.target)
        )
        if moved.rowcount != 1:
            raise ItemElsewhere("記録されている所在と異なります。")
    connection.execute(
        insert(CUSTODY_MOVEMENT).values(
            municipality=case_ref.municipality,
            item_id=movement.item_id,
            event_seq=row["seq"],
            source=movement.source,
            target=movement.target,
            at=row["at"],
        )
    )


def _let_in(connection: Connection, case_ref: CaseRef, movement: Movement) -> None:
    entered = connection.execute(
        upsert(CUSTODY_ITEM)
        .values(
            municipality=case_ref.municipality,
            item_id=movement.item_id,
            case_id=case_ref.case_id,
            lot_id=case_ref.parent_id,
            kind=movement.kind,
            holder=movement.target,
        )
        .on_conflict_do_update(
            index_elements=["municipality", "item_id"],
            set_={"holder": movement.target},
            where=CUSTODY_ITEM.c.holder == Holder.OUTSIDE,
        )
        .returning(CUSTODY_ITEM.c.item_id)
    )
    if entered.first() is None:
        raise ItemElsewhere("記録されている所在と異なります。")


def _write_slip(
    connection: Connection, municipality: str, change: SlipChange, event: CaseEvent
) -> None:
    number = (
        select(func.coalesce(func.max(SLIP.c.number), 0) + 1)
        .where(SLIP.c.municipality == municipality, SLIP.c.lot_id == change.lot_id)
        .scalar_subquery()
    )
    made = upsert(SLIP).values(
        municipality=municipality,
        slip_id=change.slip_id,
        lot_id=change.lot_id,
        number=number,
        quantity=change.quantity,
        made_by=event.actor.account_id,
        made_at=event.at,
    )
    settled = change.settled is not None
    connection.execute(
        made.on_conflict_do_update(
            index_elements=["municipality", "slip_id"],
            set_={
                "quantity": change.quantity,
                "outcome": change.settled,
                "settled_at": event.at if settled else None,
                "settled_by": event.actor.account_id if settled else None,
            },
        )
    )
