"""Places that can be booked: laying out days, taking and giving back.

What is free, for everybody to see, stands in ``store.availability``; beginning a reservation
with its places in ``store.claims``. Whoever writes a time writes its day too.

Locking rule: the row of the day is locked before that of the hour, where hours are limited,
and this before the row of the slot; days in the order
of site and time (``domain.booking.reservation.moves``); nothing else waits for these rows. Each
change is one statement whose conditions the database judges when it has the lock, so two
people never get the last place, whichever way they came.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import NoReturn

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.booking.booking_errors import FullyBooked, SlotClosed, SlotUnknown
from domain.booking.reservation_parts import PlaceChange
from domain.booking.slots import DayPlan
from domain.calendars.hours import local
from store import booking_hours
from store.engine import raw
from store.tables.base import METADATA

_DAY = METADATA.tables["booking_day"]
_SLOT = METADATA.tables["booking_slot"]

_NO_LONGER = "開設時間の変更"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Whose places: one line of one contract at one site."""

    municipality: str
    contract: str
    line: str
    site: str


_SHELF = (
    "municipality = %(municipality)s AND contract = %(contract)s"
    " AND line = %(line)s AND site = %(site)s"
)
_ON_DAY = f"{_SHELF} AND day = %(day)s"
_AT_TIME = f"{_SHELF} AND starts_at = %(starts_at)s"
_HOUR_OF_SLOT = f"SELECT hour FROM booking_slot WHERE {_AT_TIME}"  # noqa: S608


def take_if(condition: str) -> str:
    """Return the part of a statement that takes places, or does nothing at all.

    The day is locked and judged, and the hour where it has a limit; then the slot is taken
    if it has room, then hour and day are counted: nothing has to be rolled back if there is
    none. What is written only if the places were had reads ``FROM the_slot``.

    Args:
        condition: What else has to hold; a part of our own, never what somebody typed.
    """
    return (
        "the_day AS ("  # noqa: S608 - as said above
        f" SELECT FROM booking_day WHERE {condition} AND {_ON_DAY}"
        " AND closed_cause IS NULL AND (capacity IS NULL OR taken + %(places)s <= capacity)"
        " FOR NO KEY UPDATE),"
        " the_hour AS ("
        f" SELECT FROM booking_hour WHERE EXISTS (SELECT FROM the_day) AND {_ON_DAY}"
        f" AND hour = ({_HOUR_OF_SLOT}) AND taken + %(places)s <= capacity"
        " FOR NO KEY UPDATE),"
        " the_slot AS ("
        f" UPDATE booking_slot SET taken = taken + %(places)s WHERE {_AT_TIME}"
        " AND closed_cause IS NULL AND taken + %(places)s <= capacity"
        " AND EXISTS (SELECT FROM the_day)"
        " AND (hour IS NULL OR EXISTS (SELECT FROM the_hour)) RETURNING municipality, hour),"
        " counted_hour AS ("
        f" UPDATE booking_hour SET taken = taken + %(places)s WHERE {_ON_DAY}"
        " AND hour = (SELECT hour FROM the_slot)),"
        " counted AS ("
        f" UPDATE booking_day SET taken = taken + %(places)s WHERE {_ON_DAY}"
        " AND EXISTS (SELECT FROM the_slot))"
    )


TAKE = f"WITH {take_if('true')} SELECT FROM the_slot"
"""Takes places and returns a row, or returns none."""

_GIVE = (
    "WITH the_day AS ("  # noqa: S608 - put together from words of ours
    f" UPDATE booking_day SET taken = taken + %(places)s WHERE {_ON_DAY} RETURNING day),"
    " the_hour AS ("
    f" UPDATE booking_hour SET taken = taken + %(places)s WHERE {_ON_DAY}"
    f" AND hour = ({_HOUR_OF_SLOT}) AND EXISTS (SELECT FROM the_day))"
    f" UPDATE booking_slot SET taken = taken + %(places)s WHERE {_AT_TIME}"
    " AND EXISTS (SELECT FROM the_day)"
)

_WHY = text(
    "SELECT day.closed_cause AS day_closed, slot.closed_cause AS slot_closed"
    " FROM booking_slot AS slot JOIN booking_day AS day"
    " USING (municipality, contract, line, site, day)"
    " WHERE municipality = :municipality AND contract = :contract AND line = :line"
    " AND site = :site AND starts_at = :starts_at"
)


def move(
    connection: Connection, municipality: str, contract: str, changes: Sequence[PlaceChange]
) -> None:
    """Take and give back places in the caller's transaction, all or nothing.

    Args:
        connection: Whose transaction this is part of; a refusal has to roll it back.
        municipality: Whose.
        contract: Of which contract.
        changes: In the order in which rows are to be locked.

    Raises:
        FullyBooked: Too few places are left, in the slot or on the day.
        SlotClosed: The time was closed.
        SlotUnknown: Nothing is offered there.
    """
    for change in changes:
        asked = place_of(municipality, contract, change)
        if change.places < 0:
            raw(connection).execute(_GIVE, asked, prepare=True)
        elif not raw(connection).execute(TAKE, asked, prepare=True).rowcount:
            refuse(connection, asked)


def place_of(municipality: str, contract: str, change: PlaceChange) -> dict[str, object]:
    """Return what ``TAKE`` asks for."""
    return {
        "municipality": municipality,
        "contract": contract,
        "line": change.line,
        "site": change.site,
        "day": local(change.starts_at).date(),
        "starts_at": change.starts_at,
        "places": change.places,
    }


def refuse(connection: Connection, asked: Mapping[str, object]) -> NoReturn:
    """Say why places could not be had.

    Raises:
        FullyBooked, SlotClosed, SlotUnknown: Always one of them.
    """
    why = connection.execute(_WHY, asked).one_or_none()
    if why is None:
        raise SlotUnknown("会場と時間を選び直してください。")
    if why.day_closed or why.slot_closed:
        raise SlotClosed(f"{why.slot_closed or why.day_closed}のため休止しています。")
    raise FullyBooked("ほかの時間を選んでください。")


def take_turn(connection: Connection, municipality: str, contract: str) -> None:
    """Wait until nobody else lays out days of a contract, and keep the turn to the end.

    Who lays out has read closures and venue days before; two at once could otherwise leave
    a day as it was before the last closure.
    """
    turn = f"lay-out/{municipality}/{contract}"
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(turn, 0))))


def plan_digest(plan: DayPlan) -> str:
    """Return what tells one plan of a day from another."""
    told = [
        plan.capacity,
        plan.closed_cause,
        [[s.starts_at.isoformat(), s.capacity, s.closed_cause] for s in plan.slots],
        *([plan.per_hour, [s.hour for s in plan.slots]] if plan.per_hour else []),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def laid_out(connection: Connection, shelf: Shelf, first: date, last: date) -> dict[date, str]:
    """Return the digest of the plan of each day that has been laid out."""
    rows = connection.execute(
        select(_DAY.c.day, _DAY.c.plan).where(
            _DAY.c.municipality == shelf.municipality,
            _DAY.c.contract == shelf.contract,
            _DAY.c.line == shelf.line,
            _DAY.c.site == shelf.site,
            _DAY.c.day.between(first, last),
        )
    )
    return {row.day: row.plan for row in rows}


def taken_by_day(
    connection: Connection, municipality: str, contract: str, first: date, last: date
) -> dict[tuple[str, str, date], int]:
    """Return how many places are taken, by line, site and day."""
    rows = connection.execute(
        select(_DAY.c.line, _DAY.c.site, _DAY.c.day, _DAY.c.taken).where(
            _DAY.c.municipality == municipality,
            _DAY.c.contract == contract,
            _DAY.c.day.between(first, last),
        )
    )
    return {(row.line, row.site, row.day): row.taken for row in rows}


def lay_out(connection: Connection, shelf: Shelf, plans: Sequence[DayPlan]) -> None:
    """Make the rows of days as planned, or make them follow a plan that has changed.

    Places that are taken stay taken: where a plan offers fewer, nothing more is given out
    until enough have come back. A time that the plan no longer has is closed, not removed;
    whoever booked it is found by ``store.reservations``.
    """
    for plan in sorted(plans, key=lambda plan: plan.day):
        _lay_out_day(connection, shelf, plan)
        if plan.slots:
            _lay_out_slots(connection, shelf, plan)
        _close_what_is_gone(connection, shelf, plan)
        booking_hours.lay_out(connection, asdict(shelf), plan)


def _lay_out_day(connection: Connection, shelf: Shelf, plan: DayPlan) -> None:
    day = upsert(_DAY).values(
        **asdict(shelf),
        day=plan.day,
        capacity=plan.capacity,
        taken=0,
        closed_cause=plan.closed_cause,
        plan=plan_digest(plan),
    )
    # GREATEST ignores NULL, and no limit must stay no limit.
    capacity = text(
        "CASE WHEN excluded.capacity IS NULL THEN NULL"
        " ELSE greatest(excluded.capacity, booking_day.taken) END"
    )
    connection.execute(
        day.on_conflict_do_update(
            index_elements=["municipality", "contract", "line", "site", "day"],
            set_={
                "capacity": capacity,
                "closed_cause": day.excluded.closed_cause,
                "plan": day.excluded.plan,
            },
        )
    )


def _lay_out_slots(connection: Connection, shelf: Shelf, plan: DayPlan) -> None:
    rows = [
        {
            **asdict(shelf),
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "day": plan.day,
            "capacity": slot.capacity,
            "taken": 0,
            "closed_cause": slot.closed_cause,
            "hour": slot.hour,
        }
        for slot in plan.slots
    ]
    slots = upsert(_SLOT).values(rows)
    connection.execute(
        slots.on_conflict_do_update(
            index_elements=["municipality", "contract", "line", "site", "starts_at"],
            set_={
                "ends_at": slots.excluded.ends_at,
                "capacity": text("greatest(excluded.capacity, booking_slot.taken)"),
                "closed_cause": slots.excluded.closed_cause,
                "hour": slots.excluded.hour,
            },
        )
    )


def _close_what_is_gone(connection: Connection, shelf: Shelf, plan: DayPlan) -> None:
    connection.execute(
        update(_SLOT)
        .where(
            _SLOT.c.municipality == shelf.municipality,
            _SLOT.c.contract == shelf.contract,
            _SLOT.c.line == shelf.line,
            _SLOT.c.site == shelf.site,
            _SLOT.c.day == plan.day,
            _SLOT.c.starts_at.not_in([slot.starts_at for slot in plan.slots]),
        )
        .values(closed_cause=plan.closed_cause or _NO_LONGER, hour=None)
    )
