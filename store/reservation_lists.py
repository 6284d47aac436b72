"""Reservations as lists: of a day, those that wait for somebody, those of one contact.

Reads ``reservation`` and the vault's search keys; writing stands in ``store.reservations``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    or_,
    select,
    text,
    tuple_,
)

from domain.booking.reservation_parts import Stage
from domain.case import CaseKind
from store.record import CASE_FILE
from store.tables.base import METADATA

_RESERVATION = METADATA.tables["reservation"]
_VAULT = METADATA.tables["person_vault"]

PROMISED = CASE_FILE.c.state["value"]["promised"].as_boolean()
_STAGE = "reservation.stage"
# The words stand literally, so that the index made for exactly these rows serves.
_WAITING = text(
    f"({_STAGE} IN ('displaced', 'to_enter') OR reservation.must_phone"
    f" OR ({_STAGE} = 'confirmed' AND NOT reservation.guided))"
)

OPEN_STAGES = (Stage.HELD, Stage.CONFIRMED, Stage.TO_ENTER, Stage.DISPLACED)
"""Where somebody is still expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationLine:
    """One reservation as lists show it; who it is stands in the vault."""

    case_id: str
    case_number: str
    line: str
    site: str
    starts_at: datetime
    ends_at: datetime
    day: date
    party: int
    channel: str
    stage: str
    held_until: datetime | None
    guided: bool
    must_phone: bool
    late: bool
    reference: str | None
    made_at: datetime
    changed_at: datetime
    closed: bool
    """Whether nothing is left to be done; then fewer may see whom it is for."""
    due_at: datetime | None
    """Until when it is to be entered into the city's system, where it is."""
    stuck: str | None
    promised: bool
    """Whether its time was ever confirmed; a hold that was given up never became a booking."""


class Waits(StrEnum):
    """For what a reservation waits; the values are words of the HTTP interface."""

    TO_ENTER = "to_enter"
    DISPLACED = "displaced"
    MUST_PHONE = "must_phone"
    NOT_GUIDED = "not_guided"


_WAITS_FOR: Mapping[Waits, ColumnElement[bool]] = {
    Waits.TO_ENTER: _RESERVATION.c.stage == Stage.TO_ENTER,
    Waits.DISPLACED: _RESERVATION.c.stage == Stage.DISPLACED,
    Waits.MUST_PHONE: _RESERVATION.c.must_phone,
    Waits.NOT_GUIDED: and_(_RESERVATION.c.stage == Stage.CONFIRMED, ~_RESERVATION.c.guided),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterVisit:
    """Where the page before ended: the visit of its last reservation."""

    starts_at: datetime
    case_id: str


def of_day(
    connection: Connection,
    municipality: str,
    contract: str,
    day: date,
    *,
    site: str | None = None,
    line: str | None = None,
    stages: Sequence[str] | None = None,
) -> list[ReservationLine]:
    """Return the reservations of a day by time, then by the order in which they were made."""
    return of_days(
        connection, municipality, contract, day, day, site=site, line=line, stages=stages
    )


def of_days(
    connection: Connection,
    municipality: str,
    contract: str,
    first: date,
    last: date | None,
    *,
    site: str | None = None,
    line: str | None = None,
    stages: Sequence[str] | None = None,
) -> list[ReservationLine]:
    """Return those of some days as ``of_day`` does; without ``last``, of all that follow."""
    conditions: list[ColumnElement[bool]] = [
        _RESERVATION.c.municipality == municipality,
        _RESERVATION.c.contract == contract,
        _RESERVATION.c.day >= first,
    ]
    if last is not None:
        conditions.append(_RESERVATION.c.day <= last)
    if site is not None:
        conditions.append(_RESERVATION.c.site == site)
    if line is not None:
        conditions.append(_RESERVATION.c.line == line)
    if stages is not None:
        conditions.append(_RESERVATION.c.stage.in_(stages))
    query = _lines().where(*conditions)
    rows = connection.execute(
        query.order_by(_RESERVATION.c.starts_at, _RESERVATION.c.made_at, _RESERVATION.c.case_id)
    )
    return [_line(row) for row in rows]


def waiting(
    connection: Connection,
    municipality: str,
    contract: str,
    *,
    what: Waits | None = None,
    after: AfterVisit | None = None,
    limit: int = 200,
) -> list[ReservationLine]:
    """Return those that wait for staff, the soonest visit first.

    Not entered into the city's system, displaced by a closure, a message that did not
    arrive, confirmed without proof that the people were told what to bring.

    Args:
        connection: In the scope of the municipality.
        municipality: Whose.
        contract: Of which contract.
        what: For what they wait; ``None``: for any of it.
        after: Where the page before ended; ``None`` for the first.
        limit: At most so many.
    """
    query = _lines().where(
        _RESERVATION.c.municipality == municipality,
        _RESERVATION.c.contract == contract,
        _WAITING,
    )
    if what is not None:
        query = query.where(_WAITS_FOR[what])
    if after is not None:
        here = tuple_(_RESERVATION.c.starts_at, _RESERVATION.c.case_id)
        query = query.where(here > tuple_(after.starts_at, after.case_id))
    rows = connection.execute(
        query.order_by(_RESERVATION.c.starts_at, _RESERVATION.c.case_id).limit(limit)
    )
    return [_line(row) for row in rows]


def waits_for(line: ReservationLine) -> tuple[Waits, ...]:
    """Return for what a reservation waits, as ``waiting`` finds it."""
    holds = {
        Waits.TO_ENTER: line.stage == Stage.TO_ENTER,
        Waits.DISPLACED: line.stage == Stage.DISPLACED,
        Waits.MUST_PHONE: line.must_phone,
        Waits.NOT_GUIDED: line.stage == Stage.CONFIRMED and not line.guided,
    }
    return tuple(each for each, waits in holds.items() if waits)


def of_person(
    connection: Connection, municipality: str, keys: Sequence[bytes], *, limit: int = 50
) -> list[ReservationLine]:
    """Return the reservations found by kana, name, telephone or mail; the newest first."""
    found = or_(
        *(
            _VAULT.c[name].in_(keys)
            for name in ("name_key", "kana_key", "phone_key", "mail_key")
        )
    )
    rows = connection.execute(
        _lines()
        .join(
            _VAULT,
            and_(
                _VAULT.c.municipality == _RESERVATION.c.municipality,
                _VAULT.c.case_id == _RESERVATION.c.case_id,
            ),
        )
        .where(_RESERVATION.c.municipality == municipality, found)
        .order_by(_RESERVATION.c.starts_at.desc(), _RESERVATION.c.case_id)
        .limit(limit)
    )
    return [_line(row) for row in rows]


def of_case(connection: Connection, municipality: str, case_id: str) -> ReservationLine | None:
    """Return one reservation as lists show it, or ``None``."""
    query = _lines().where(
        _RESERVATION.c.municipality == municipality, _RESERVATION.c.case_id == case_id
    )
    row = connection.execute(query).one_or_none()
    return _line(row) if row is not None else None


def open_of_contacts(
    connection: Connection,
    municipality: str,
    line: str,
    keys: Sequence[bytes],
    *,
    besides: str | None = None,
) -> int:
    """Return how many open bookings of a line the busiest of these contacts has.

    Held until the end of the transaction, so that of two at once the second counts the
    first.
    """
    most = 0
    for key in sorted(keys):
        words = f"contact/{municipality}/{line}/{key.hex()}"
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(words, 0))))
        query = (
            select(func.count())
            .select_from(_RESERVATION)
            .join(
                _VAULT,
                and_(
                    _VAULT.c.municipality == _RESERVATION.c.municipality,
                    _VAULT.c.case_id == _RESERVATION.c.case_id,
                ),
            )
            .where(
                _RESERVATION.c.municipality == municipality,
                _RESERVATION.c.line == line,
                _RESERVATION.c.stage.in_(OPEN_STAGES),
                or_(_VAULT.c.phone_key == key, _VAULT.c.mail_key == key),
            )
        )
        if besides is not None:
            query = query.where(_RESERVATION.c.case_id != besides)
        most = max(most, connection.execute(query).scalar_one())
    return most


def _lines() -> Select[tuple[object, ...]]:
    columns = [
        _RESERVATION.c[name]
        for name in ReservationLine.__dataclass_fields__
        if name in _RESERVATION.c
    ]
    of_the_case = (
        CASE_FILE.c.case_number,
        CASE_FILE.c.closed_at.is_not(None).label("closed"),
        CASE_FILE.c.due_at,
        CASE_FILE.c.stuck,
        PROMISED.label("promised"),
    )
    return select(*columns, *of_the_case).join(
        CASE_FILE,
        and_(
            CASE_FILE.c.municipality == _RESERVATION.c.municipality,
            CASE_FILE.c.case_id == _RESERVATION.c.case_id,
            CASE_FILE.c.kind == str(CaseKind.RESERVATION),
        ),
    )


def _line(row: Row[tuple[object, ...]]) -> ReservationLine:
    return ReservationLine(**row._mapping)
