"""Beginning a reservation of ours: its places and all that is written with them, at once.

One statement, committed before anything of it comes back: the rows that everybody wants are
locked for as long as the database needs and never while this process is busy. Numbers are
drawn ahead for the same reason. Does not belong here: what happens to a reservation
afterwards (``store.record``), and taking places alone (``store.inventory``).

The relay is not told: transactions that notify somebody are committed one after the other,
disk and all, which let two hundred in a second. It looks by itself every second, which is
soon enough for a hold.

Locking rule: the municipality's key is shared first, then the day, then the slot; whatever
else the statement writes is new. Two requests with one key at once meet in
``answered_request``: the second waits for the first there and then finds its answer.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from psycopg.errors import UniqueViolation
from pydantic_core import to_json
from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.booking.reservation import Reservation, moves
from domain.case import CaseKind, case_number
from store import inventory, opening, reservations
from store.answers import Question
from store.engine import raw
from store.keys import KeyRing
from store.opening import NewCase
from store.scope import one_journey, scope
from store.tables.base import METADATA

_COUNTER = METADATA.tables["case_counter"]
_DRAWN = METADATA.tables["drawn_number"]
_DRAWN_AT_ONCE = 50

_ROWS = ("case_file", "case_event", "reservation", "person_vault", "outbox", "answered_request")


def _kept(table: str) -> str:
    # What is not to be written is missing from the document, and no row is made of NULL.
    return (
        f"{table}_kept AS (INSERT INTO {table} SELECT kept.* FROM the_slot,"  # noqa: S608
        f" jsonb_populate_record(NULL::{table}, %(rows)s::jsonb -> '{table}') AS kept"
        f" WHERE %(rows)s::jsonb ? '{table}')"
    )


CLAIM = (
    "WITH the_city AS ("  # noqa: S608 - put together from names of ours
    " SELECT FROM municipality_key"
    " WHERE municipality = %(municipality)s AND wrapped IS NOT NULL FOR SHARE),"
    f" {inventory.take_if('EXISTS (SELECT FROM the_city)')},"
    " key_kept AS (INSERT INTO data_key (municipality, case_id, wrapped)"
    " SELECT municipality, %(case_id)s, %(wrapped)s FROM the_slot),"
    f" {', '.join(map(_kept, _ROWS))},"
    " number_used AS (DELETE FROM drawn_number USING the_slot"
    " WHERE drawn_number.municipality = the_slot.municipality"
    " AND case_number = %(number)s)"
    " SELECT FROM the_slot"
)
"""Everything, or nothing: a row comes back if the places were had."""


class AskedBefore(Exception):
    """The key of the request has an answer: nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A reservation that is to begin, with everything that is written of it."""

    new: NewCase
    value: Reservation
    number: str
    question: Question
    answer: dict[str, Any]


def begin(engine: Engine, keys: KeyRing, wanted: Claim) -> bool:
    """Take the places and begin the reservation, in a transaction of its own.

    Args:
        engine: Where.
        keys: Seals what is known of the person.
        wanted: What is to begin.

    Returns:
        Whether the places were had; if not, nothing was written.

    Raises:
        AskedBefore: The question was answered before.
        KeyGone: The municipality has no key any more.
    """
    asked = _asked(keys, wanted)
    with _met_before(), one_journey(engine, wanted.new.case.municipality) as driver:
        done = driver.execute(CLAIM, asked, prepare=True)
    return done.rowcount == 1


def begin_at_end(connection: Connection, keys: KeyRing, wanted: Claim) -> bool:
    """Like ``begin``, as the last statement of a transaction, which it commits."""
    asked, driver = _asked(keys, wanted), raw(connection)
    with _met_before(), driver.pipeline():
        done = driver.execute(CLAIM, asked, prepare=True)
        driver.commit()
    return done.rowcount == 1


@contextmanager
def _met_before() -> Iterator[None]:
    try:
        yield
    except UniqueViolation as taken:
        if taken.diag.table_name != "answered_request":
            raise
        raise AskedBefore from None


def _asked(keys: KeyRing, wanted: Claim) -> dict[str, object]:
    case = wanted.new.case
    key, wrapped = keys.case_key_ahead(case.municipality)
    (change,) = moves(None, wanted.value)
    return inventory.place_of(case.municipality, case.contract, change) | {
        "case_id": case.case_id,
        "wrapped": wrapped,
        "number": wanted.number,
        "rows": to_json(_rows(keys, wanted, key)).decode(),
    }


def refuse(connection: Connection, keys: KeyRing, wanted: Claim) -> NoReturn:
    """Say why places could not be had.

    Raises:
        FullyBooked, SlotClosed, SlotUnknown: That is why.
        CityKeyGone: The municipality has no key any more.
    """
    case = wanted.new.case
    keys.municipality_key(connection, case.municipality)
    (change,) = moves(None, wanted.value)
    inventory.refuse(connection, inventory.place_of(case.municipality, case.contract, change))


def _rows(keys: KeyRing, wanted: Claim, key: bytes) -> dict[str, dict[str, Any]]:
    new, question = wanted.new, wanted.question
    event = opening.first_event(new, recorded_at=new.event.at)
    rows = {
        "case_file": opening.case_row(new, event, number=wanted.number),
        "case_event": event,
        "reservation": reservations.row_of(new.case, wanted.value, new.event.at),
        "outbox": opening.start_row(new),
        "answered_request": {
            "municipality": question.municipality,
            "account_id": question.account_id,
            "key": question.key,
            "digest": question.digest,
            "answer": wanted.answer,
            "at": new.event.at,
        },
    }
    if new.person is not None:
        city_key = keys.city_key(new.case.municipality)
        person = opening.person_row(new, city_key, key)
        rows["person_vault"] = {name: _as_text(value) for name, value in person.items()}
    return rows


def _as_text(value: str | bytes | None) -> str | None:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value


class NumberBlocks:
    """Numbers of reservations, drawn ahead in blocks, as a sequence with a cache is.

    The counter is one row for a whole city: held until each claim is committed, it would
    let one in at a time. What a process has drawn and not given out when it ends stays
    written down as drawn, so that a gap without a reason is a case that somebody removed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawn: defaultdict[tuple[Engine, str, int], deque[str]] = defaultdict(deque)

    def draw(self, engine: Engine, municipality: str, year: int) -> str:
        """Return a number that no other reservation has."""
        with self._lock:
            drawn = self._drawn[engine, municipality, year]
            if drawn:
                return drawn.popleft()
        numbers = _draw(engine, municipality, year)
        with self._lock:
            drawn.extend(numbers[1:])
        return numbers[0]

    def give_back(self, engine: Engine, municipality: str, year: int, number: str) -> None:
        """Let the next have a number that was not used."""
        with self._lock:
            self._drawn[engine, municipality, year].appendleft(number)


def _draw(engine: Engine, municipality: str, year: int) -> list[str]:
    kind = CaseKind.RESERVATION
    drawn = upsert(_COUNTER).values(
        municipality=municipality, kind=kind, year=year, last=_DRAWN_AT_ONCE
    )
    with scope(engine, municipality) as connection:
        last: int = connection.execute(
            drawn.on_conflict_do_update(
                index_elements=["municipality", "kind", "year"],
                set_={"last": _COUNTER.c.last + _DRAWN_AT_ONCE},
            ).returning(_COUNTER.c.last)
        ).scalar_one()
        serials = range(last - _DRAWN_AT_ONCE + 1, last + 1)
        numbers = [case_number(municipality, kind, year, serial) for serial in serials]
        same = {"municipality": municipality, "kind": kind, "year": year}
        connection.execute(
            _DRAWN.insert(), [{**same, "case_number": number} for number in numbers]
        )
    return numbers
