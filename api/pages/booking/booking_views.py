"""What the booking calendar shows: months, days and times as free, few, full or not offered.

Views only. How many places are free is the inventory's to say; who claims one is judged
there again, so what is shown here may be a moment old.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from domain.calendars.hours import local

_FEW = 4
"""A day is nearly full when a quarter of it is left, as a time is (``store.inventory``)."""


class Room(StrEnum):
    """How much room is left, as the calendar says it."""

    FREE = "free"
    FEW = "few"
    FULL = "full"
    CLOSED = "closed"
    """Nothing is offered."""

    NOT_YET = "not_yet"
    """It is offered, and booking has not begun."""


SHAPE: Mapping[Room, str] = {
    Room.FREE: "○",
    Room.FEW: "△",
    Room.FULL: "×",
    Room.CLOSED: "",
    Room.NOT_YET: "",
}
"""Beside each stands its word: shape and colour only repeat it."""

CHOOSABLE = frozenset({Room.FREE, Room.FEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One time at one place, as the inventory has it now."""

    site: str
    starts_at: datetime
    ends_at: datetime
    free: int
    """Places that can be taken, with the limits of the hour and the day."""

    capacity: int
    state: Room

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Return an offer as the inventory tells it."""
        return cls(
            site=told["venue"],
            starts_at=datetime.fromisoformat(told["starts_at"]),
            ends_at=datetime.fromisoformat(told["ends_at"]),
            free=told["free"],
            capacity=told["capacity"],
            state=Room(told["state"]),
        )

    @property
    def day(self) -> date:
        """The day in Tokyo."""
        return local(self.starts_at).date()

    @property
    def slot(self) -> str:
        """What a form sends for it."""
        return f"{self.site}|{local(self.starts_at).isoformat()}"

    def room(self, places: int) -> Room:
        """Return how much room there is for a party that takes so many places."""
        if self.state is not Room.CLOSED and self.free < places:
            return Room.FULL
        return self.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day of a month's table."""

    day: date
    room: Room
    today: bool = False

    @property
    def shape(self) -> str:
        """The sign that repeats the word."""
        return SHAPE[self.room]

    @property
    def choosable(self) -> bool:
        """Whether its times can be opened."""
        return self.room in CHOOSABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month as weeks from Sunday; days of other months are left out."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """One time of a day's list."""

    offer: Offer
    room: Room

    @property
    def shape(self) -> str:
        """The sign that repeats the word."""
        return SHAPE[self.room]

    @property
    def choosable(self) -> bool:
        """Whether it can be taken."""
        return self.room in CHOOSABLE


def first_free(offers: Iterable[Offer], places: int) -> Offer | None:
    """Return the earliest time with room for so many places."""
    fitting = (each for each in offers if each.room(places) in CHOOSABLE)
    return min(fitting, key=lambda each: each.starts_at, default=None)


def times_of(offers: Iterable[Offer], places: int) -> tuple[Time, ...]:
    """Return the times of one place and day in their order, past ones left out."""
    chosen = sorted(offers, key=lambda each: each.starts_at)
    return tuple(Time(offer=each, room=each.room(places)) for each in chosen)


def month_of(
    first: date,
    offers: Sequence[Offer],
    *,
    places: int,
    today: date,
    window: tuple[date, date],
) -> Month:
    """Return a month for the calendar.

    Args:
        first: Its first day.
        offers: What is offered in it, of all places that were asked for.
        places: How many places the party takes.
        today: The day in Tokyo.
        window: First and last day to which one can turn.
    """
    by_day: dict[date, list[Offer]] = {}
    for each in offers:
        by_day.setdefault(each.day, []).append(each)
    weeks = calendar.Calendar(calendar.SUNDAY).monthdatescalendar(first.year, first.month)
    before, after = first - timedelta(days=1), _next_month(first)
    return Month(
        first=first,
        weeks=tuple(
            tuple(
                Cell(
                    day=day,
                    room=Room.NOT_YET
                    if day > window[1]
                    else _day_room(by_day.get(day, ()), places),
                    today=day == today,
                )
                if day.month == first.month
                else None
                for day in week
            )
            for week in weeks
        ),
        before=before.replace(day=1) if before >= window[0].replace(day=1) else None,
        after=after if after <= window[1] else None,
    )


def _day_room(offers: Sequence[Offer], places: int) -> Room:
    open_ones = [each for each in offers if each.state is not Room.CLOSED]
    if not open_ones:
        return Room.CLOSED
    fitting = [each for each in open_ones if each.free >= places]
    if not fitting:
        return Room.FULL
    free, whole = sum(e.free for e in fitting), sum(e.capacity for e in open_ones)
    return Room.FEW if free * _FEW <= whole else Room.FREE


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
