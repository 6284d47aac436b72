"""Reservations as lists: of a day, those that wait for somebody, those of one contact.

Reads ``reservation`` and the vault's search keys; writing stands in ``store.reservations``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from domain.case import CaseKind
from domain.reservation_parts import Stage
from store.record import CASE_FILE
from store.tables.base import METADATA

_RESERVATION = METADATA.tables["reservation"]
_VAULT = METADATA.tables["person_vault"]

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
    conditions: list[ColumnElement[bool]] = [
        _RESERVATION.c.municipality == municipality,
        _RESERVATION.c.contract == contract,
        _RESERVATION.c.day == day,
    ]
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
    connection: Connection, municipality: str, contract: str, *, limit: int = 200
) -> list[ReservationLine]:
    """Return those that wait for staff, the soonest visit first.

    Not entered into the city's system, displaced by a closure, a message that did not
    arrive, confirmed without proof that the people were told what to bring.
    """
    # The words stand literally, so that the index made for exactly these rows serves.
    rows = connection.execute(
        _lines()
        .where(
            _RESERVATION.c.municipality == municipality,
            _RESERVATION.c.contract == contract,
            or_(
                _RESERVATION.c.stage.in_(["displaced", "to_enter"]),
                _RESERVATION.c.must_phone,
                and_(_RESERVATION.c.stage == "confirmed", ~_RESERVATION.c.guided),
            ),
        )
        .order_by(_RESERVATION.c.starts_at, _RESERVATION.c.case_id)
        .limit(limit)
    )
    return [_line(row) for row in rows]


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
        if name != "case_number"
    ]
    return select(*columns, CASE_FILE.c.case_number).join(
        CASE_FILE,
        and_(
            CASE_FILE.c.municipality == _RESERVATION.c.municipality,
            CASE_FILE.c.case_id == _RESERVATION.c.case_id,
            CASE_FILE.c.kind == str(CaseKind.RESERVATION),
        ),
    )


def _line(row: Row[tuple[object, ...]]) -> ReservationLine:
    return ReservationLine(**row._mapping)
