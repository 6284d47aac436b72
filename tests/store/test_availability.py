"""What is free is remembered exactly as long as it is true."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.booking.booking_errors import FullyBooked
from domain.booking.reservation_parts import PlaceChange
from domain.booking.slots import DayPlan, Slot
from domain.calendars.hours import TOKYO
from store import inventory
from store.availability import Availability
from store.engine import build_engine
from store.inventory import Shelf
from store.scope import scope
from tests.conftest import Database

CITY = "chiba"
SHELF = Shelf(municipality=CITY, contract=CITY, line="application", site="mall")
BEGINS = datetime(2026, 12, 1, 13, tzinfo=TOKYO)
DAY, HOUR = BEGINS.date(), timedelta(hours=1)
BEFORE = BEGINS - timedelta(days=3)


def plan(*, cause: str | None = None) -> DayPlan:
    slots = tuple(
        Slot(starts_at=at, ends_at=at + HOUR, capacity=3, closed_cause=cause)
        for at in (BEGINS, BEGINS + HOUR)
    )
    return DayPlan(day=DAY, capacity=5, slots=slots)


@pytest.fixture
def engine(database: Database) -> Any:
    made = build_engine(database.app_url)
    with scope(made, CITY) as connection:
        inventory.lay_out(connection, SHELF, [plan()])
    yield made
    made.dispose()


def take(engine: Engine, places: int, at: datetime = BEGINS) -> None:
    change = PlaceChange(line=SHELF.line, site=SHELF.site, starts_at=at, places=places)
    with scope(engine, CITY) as connection:
        inventory.move(connection, CITY, CITY, [change])


def close(engine: Engine) -> None:
    with scope(engine, CITY) as connection:
        inventory.lay_out(connection, SHELF, [plan(cause="台風")])


@pytest.mark.parametrize(
    "change",
    [
        lambda engine: take(engine, 1),
        lambda engine: take(engine, 2, BEGINS + HOUR),
        lambda engine: take(engine, -1),
        close,
    ],
)
def test_whatever_changes_is_seen_by_the_next_who_asks(
    engine: Engine, change: Callable[[Engine], None]
) -> None:
    """What a memory tells is what a process without memory finds."""
    take(engine, 1)
    memory = Availability()
    first = memory.read(engine, SHELF, DAY, DAY, BEFORE)

    change(engine)

    assert first != memory.read(engine, SHELF, DAY, DAY, BEFORE)
    fresh = Availability().read(engine, SHELF, DAY, DAY, BEFORE)
    assert fresh == memory.read(engine, SHELF, DAY, DAY, BEFORE)


def test_a_time_that_has_begun_is_left_out_and_comes_back_with_an_earlier_clock(
    engine: Engine,
) -> None:
    """Nothing is written when an hour begins."""
    memory = Availability()
    both = memory.read(engine, SHELF, DAY, DAY, BEGINS - timedelta(seconds=1))

    later = memory.read(engine, SHELF, DAY, DAY, BEGINS)

    assert (2, 1) == (both.count("starts_at"), later.count("starts_at"))
    assert both == memory.read(engine, SHELF, DAY, DAY, BEFORE)


def test_what_has_not_changed_is_not_built_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is remembered at all."""
    memory = Availability()
    first = memory.read(engine, SHELF, DAY, DAY, BEFORE)
    monkeypatch.setattr("store.availability._AVAILABLE", None)

    assert first == memory.read(engine, SHELF, DAY, DAY, BEFORE + HOUR)


def test_a_refused_place_leaves_the_count_as_it_was(engine: Engine) -> None:
    """The day is counted only if the slot had room: nothing has to be rolled back."""
    take(engine, 3)
    with pytest.raises(FullyBooked):
        take(engine, 1)

    take(engine, 2, BEGINS + HOUR)
    with pytest.raises(FullyBooked):
        take(engine, 1, BEGINS + HOUR)
