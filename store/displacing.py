"""Reservations whose time was closed under them: found, displaced, none forgotten.

Closing commits first, so that nothing more is given out; then each reservation is displaced
in a transaction of its own, which locks the case before the places, as every step does.
What a crash leaves is found again, because it is looked for by how things stand.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, and_, func, or_, select

from domain.booking.reservation import Reservation, detail_of
from domain.booking.reservation_parts import Stage
from domain.calendars.hours import local
from domain.case import Actor, CaseChange, CaseEvent
from domain.errors import WrongStage
from domain.records.replay import CLAIMED
from store import cases, record
from store.keys import KeyRing
from store.scope import scope
from store.tables.base import METADATA

_DAY = METADATA.tables["booking_day"]
_SLOT = METADATA.tables["booking_slot"]
_RESERVATION = METADATA.tables["reservation"]
_VALUE: TypeAdapter[Reservation] = TypeAdapter(Reservation)


def losing(connection: Connection, municipality: str, day: date, *, at: datetime) -> int:
    """Return how many bookings of a day lose their time, as closures stand by now.

    Holds do not count: nobody was promised anything.
    """
    found = _affected(connection, municipality, at, (Stage.CONFIRMED,))
    return sum(on == day for _, _, on in found)


def displace(
    engine: Engine, keys: KeyRing, municipality: str, *, by: Actor, at: datetime
) -> tuple[str, ...]:
    """Displace every reservation ahead whose time is closed; return their cases.

    Twice is once: who is displaced already is not found again.
    """
    with scope(engine, municipality) as connection:
        found = _affected(connection, municipality, at, (Stage.HELD, Stage.CONFIRMED))
    return tuple(
        case_id
        for case_id, cause, _ in found
        if _displace_one(engine, keys, municipality, case_id, cause, by, at)
    )


def _affected(
    connection: Connection, municipality: str, at: datetime, stages: Sequence[Stage]
) -> list[tuple[str, str, date]]:
    cause = func.coalesce(_SLOT.c.closed_cause, _DAY.c.closed_cause)
    keys = ("municipality", "contract", "line", "site")
    slot = [_RESERVATION.c[name] == _SLOT.c[name] for name in (*keys, "starts_at")]
    day = [_SLOT.c[name] == _DAY.c[name] for name in (*keys, "day")]
    rows = connection.execute(
        select(_RESERVATION.c.case_id, cause, _RESERVATION.c.day)
        .select_from(_RESERVATION)
        .join(_SLOT, onclause=and_(*slot))
        .join(_DAY, onclause=and_(*day))
        .where(
            _RESERVATION.c.municipality == municipality,
            _RESERVATION.c.day >= local(at).date(),
            _RESERVATION.c.ends_at > at,
            _RESERVATION.c.stage.in_(stages),
            or_(_SLOT.c.closed_cause.is_not(None), _DAY.c.closed_cause.is_not(None)),
        )
        .order_by(_RESERVATION.c.starts_at, _RESERVATION.c.case_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _displace_one(
    engine: Engine,
    keys: KeyRing,
    municipality: str,
    case_id: str,
    cause: str,
    by: Actor,
    at: datetime,
) -> bool:
    with scope(engine, municipality) as connection:
        file = cases.one_case(connection, case_id, lock=True)
        value = _VALUE.validate_python(file.state["value"])
        try:
            after = value.displace(cause)
        except WrongStage:
            return False  # cancelled or moved meanwhile
        event = CaseEvent(
            action="reservation_displaced",
            at=at,
            actor=by,
            detail=detail_of(after),
        )
        change = CaseChange(
            stage=after.stage,
            state={**file.state, "value": asdict(after)},
            closed=after.closed,
            owner=after.owner,
        )
        key = f"{CLAIMED}displaced/{after.generation}/{file.last_seq}"
        record.append(connection, keys, file.ref, event, change, key=key, recorded_at=at)
        inform(connection, file)
    return True


def inform(connection: Connection, file: cases.CaseFile) -> None:
    """Owe the course of a reservation the news that its record has grown."""
    seq = file.last_seq + 1
    key = f"inform/{file.ref.case_id}/{seq}"
    record.owe(connection, file.ref.municipality, key, "inform", {"kind": str(file.kind)})
