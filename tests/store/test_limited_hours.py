"""Times shorter than an hour share what the hour has, whoever asks first."""

import threading
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import psycopg
import pytest
from sqlalchemy import Engine, text

from domain.booking.booking_errors import FullyBooked
from domain.booking.booking_rules import BookingChannel, BookingLine, BookingMode, VenueSource
from domain.booking.reservation_parts import PlaceChange
from domain.booking.slots import DayPlan, day_plan
from domain.calendars.calendar import CalendarDay
from domain.calendars.hours import TOKYO, Hours
from store import inventory
from store.availability import Availability
from store.engine import build_engine, libpq_url
from store.inventory import TAKE, Shelf, place_of
from store.scope import scope
from tests.conftest import Database

CITY = "chiba"
SHELF = Shelf(municipality=CITY, contract=CITY, line="application", site="mall")
FIRST = datetime(2026, 12, 1, 13, tzinfo=TOKYO)
HALF = timedelta(minutes=30)
SECONDS = 10.0


def a_line(slot_minutes: int = 30, per_slot: int = 8, per_hour: int | None = 12) -> BookingLine:
    """Return a line whose times are half hours with eight places, and hours with twelve."""
    return BookingLine(
        id=SHELF.line,
        label="申請受付",
        mode=BookingMode.OWN,
        calendar="venue",
        venues=VenueSource.PLANNED,
        slot_minutes=slot_minutes,
        per_slot=per_slot,
        per_hour=per_hour,
        per_day=40,
        channels=(BookingChannel.WEB,),
    )


def planned(line: BookingLine, opens: time = time(13)) -> DayPlan:
    """Return the plan of an afternoon."""
    hours = Hours(opens=opens, closes=time(16))
    return day_plan(line, CalendarDay(day=FIRST.date(), open=True, why="", hours=hours))


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """A database in which the afternoon is laid out."""
    made = build_engine(database.app_url)
    lay_out(made, a_line())
    yield made
    made.dispose()


def lay_out(engine: Engine, line: BookingLine, opens: time = time(13)) -> None:
    with scope(engine, CITY) as connection:
        inventory.lay_out(connection, SHELF, [planned(line, opens)])


def at(half_hours: int) -> PlaceChange:
    return PlaceChange(
        line=SHELF.line, site=SHELF.site, starts_at=FIRST + half_hours * HALF, places=1
    )


def take(engine: Engine, half_hours: int, places: int) -> str:
    change = PlaceChange(
        line=SHELF.line,
        site=SHELF.site,
        starts_at=FIRST + half_hours * HALF,
        places=places,
    )
    try:
        with scope(engine, CITY) as connection:
            inventory.move(connection, CITY, CITY, [change])
    except FullyBooked:
        return "full"
    return "had"


def free(engine: Engine) -> list[int]:
    day = FIRST.date()
    told = Availability().read(engine, SHELF, day, day, FIRST - timedelta(days=1))
    with scope(engine, CITY) as connection:
        found = connection.execute(
            text("SELECT (each->>'free')::int FROM json_array_elements(:told) AS each"),
            {"told": told},
        )
        return [row[0] for row in found]


@pytest.mark.parametrize(
    ("line", "opens", "found"),
    [
        (a_line(), time(13), [(1, 8), (1, 8), (2, 8), (2, 8), (3, 8), (3, 8)]),
        (a_line(), time(13, 30), [(1, 8), (1, 8), (2, 8), (2, 8), (3, 8)]),
        (a_line(per_hour=None), time(15), [(None, 8), (None, 8)]),
        (a_line(per_slot=8, per_hour=5), time(15), [(1, 5), (1, 5)]),
        (a_line(slot_minutes=60), time(14), [(None, 8), (None, 8)]),
        (a_line(slot_minutes=60, per_slot=20), time(14), [(None, 12), (None, 12)]),
    ],
)
def test_hours_are_counted_from_opening_where_times_are_shorter(
    line: BookingLine, opens: time, found: list[tuple[int | None, int]]
) -> None:
    """
    A time of an hour needs no second count: it has no more places than its hour.
    """
    assert found == [(slot.hour, slot.capacity) for slot in planned(line, opens).slots]


def test_an_hour_gives_out_no_more_than_it_has(engine: Engine) -> None:
    """
    Twelve an hour, though its two times have eight each; given back, they can be had again.
    """
    answers = [take(engine, 0, 8), take(engine, 1, 5), take(engine, 1, 4), take(engine, 1, 1)]
    full = free(engine)
    answers += [take(engine, 2, 8), take(engine, 0, -3), take(engine, 1, 3), take(engine, 1, 1)]

    assert ["had", "full", "had", "full"] == answers[:4]
    assert [0, 0, 8, 8, 8, 8] == full
    assert ["had", "had", "had", "full"] == answers[4:]
    assert [0, 0, 0, 4, 8, 8] == free(engine)


def test_what_was_taken_before_an_hour_had_a_limit_counts(engine: Engine) -> None:
    """
    Laid out anew, an hour that is too full gives nothing out, and the others all of theirs.
    """
    lay_out(engine, a_line(per_hour=None))
    for half_hours in (0, 1):
        take(engine, half_hours, 7)
    before = free(engine)
    lay_out(engine, a_line())

    assert [1, 1, 8, 8, 8, 8] == before
    assert [0, 0, 8, 8, 8, 8] == free(engine)
    assert ["had", "full", "had", "had"] == [
        take(engine, 0, -3),
        take(engine, 1, 2),
        take(engine, 1, 1),
        take(engine, 2, 8),
    ]


NAIVE = (
    "WITH the_day AS (SELECT FROM booking_day WHERE municipality = %(municipality)s"
    " AND line = %(line)s AND site = %(site)s AND day = %(day)s FOR NO KEY UPDATE)"
    " UPDATE booking_slot SET taken = taken + %(places)s"
    " WHERE municipality = %(municipality)s AND line = %(line)s AND site = %(site)s"
    " AND starts_at = %(starts_at)s AND EXISTS (SELECT FROM the_day)"
    " AND (SELECT sum(taken) FROM booking_slot AS each WHERE each.day = booking_slot.day"
    " AND each.line = booking_slot.line AND each.site = booking_slot.site"
    " AND each.hour = booking_slot.hour) + %(places)s <= 12"
)
"""Adding up the hour under the lock of its day: what was read before the lock is old."""


@pytest.mark.parametrize(("statement", "sold"), [(TAKE, 1), (NAIVE, 2)])
def test_of_two_for_the_last_place_of_an_hour_one_has_it(
    engine: Engine, database: Database, statement: str, sold: int
) -> None:
    """
    The second waits with its statement begun. The control adds up instead, and sells both.
    """
    assert ["had", "had"] == [take(engine, 0, 6), take(engine, 1, 5)]
    url, found = libpq_url(database.app_url), []

    def ask(connection: psycopg.Connection, half_hours: int) -> None:
        asked = place_of(CITY, CITY, at(half_hours))
        connection.execute("SELECT set_config('app.municipality', %s, false)", [CITY])
        found.append(connection.execute(statement, asked).rowcount)

    with psycopg.connect(url) as first, psycopg.connect(url) as second:
        ask(first, 0)
        waiting = threading.Thread(target=ask, args=(second, 1))
        waiting.start()
        _until_blocked(url, second.info.backend_pid)
        first.commit()
        waiting.join(SECONDS)
        second.commit()

    assert sold == sum(found)


def _until_blocked(url: str, pid: int) -> None:
    with psycopg.connect(url, autocommit=True) as watcher:
        gate = threading.Event()
        for _ in range(int(SECONDS / 0.02)):
            (held,) = watcher.execute("SELECT pg_blocking_pids(%s)", [pid]).fetchone() or ([],)
            if held:
                return
            gate.wait(0.02)
    raise AssertionError("nobody waited")
