"""A calendar: which days are open, from when to when, and why.

A calendar is a value built from rules; national holidays, closures of the day and approved
day lists are handed in as data, so the same question always has the same answer. Here: the
answer for one day and the counting of open days. Not here: due dates
(``domain/deadlines/deadline.py``), what a closure sets in motion (workflows), day lists as they
are compared and approved (``domain/sending/day_list.py``).

All moments are read in Asia/Tokyo. ``closes == 00:00`` means 24:00 of the same day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.calendars.day_rules import DayRule, NationalHolidays, OnHolidays, Weekday, day_ja
from domain.calendars.hours import (
    Closure,
    Hours,
    at_clock,
    at_end,
    clock,
    covered,
    end_clock,
    local,
    too_late,
)

_REACH = timedelta(days=400)
"""How far a search for an open day looks before it says there is none."""

_UNPINNED = NationalHolidays(first=date.min, last=date.min, days=())
"""Knows no day at all: a holiday rule asked without data must say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Days on which a calendar, or one opening of it, stays shut."""

    days: DayRule
    label: str = ""
    """What people call it, such as 年末年始."""
    clause: str = ""

    def why(self, day: date, holidays: NationalHolidays) -> str:
        """Return the reason in one Japanese phrase."""
        if isinstance(self.days, OnHolidays):
            return f"祝日（{holidays.name_of(day)}）のため休み"
        if self.label:
            return f"{self.label}（{self.days.label}）のため休み"
        return f"{self.days.label}は休み"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Days that are open with these hours, except where this opening says otherwise."""

    days: DayRule
    hours: Hours
    closed_on: tuple[Closing, ...] = ()
    """Exceptions to this opening only; another opening may still hold on that day."""
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDay:
    """One day of an approved list; it wins over the rules."""

    day: date
    hours: Hours | None
    """``None``: closed."""
    note: str = ""


class DayType(StrEnum):
    """How a day was meant to be, and what became of it.

    Source: Urasoe specification §6(1), §9②: a day that a storm closes is none, one that it
    cuts short is a whole one.
    """

    OPEN = "open"
    PARTLY_CLOSED = "partly_closed"
    CLOSED_FOR_CAUSE = "closed_for_cause"
    CLOSED = "closed"


DAY_TYPE_TEXT: Mapping[DayType, str] = {
    DayType.OPEN: "通常の開設日",
    DayType.PARTLY_CLOSED: "一部休止した開設日",
    DayType.CLOSED_FOR_CAUSE: "終日休止した日",
    DayType.CLOSED: "休みの日",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """What a calendar says about one day."""

    day: date
    open: bool
    why: str
    """The sentence people read, open or closed."""
    hours: Hours | None = None
    """``None`` on a closed day."""
    closed_parts: tuple[Closure, ...] = ()
    """Parts of an open day that are shut; a full closure makes the day closed."""
    clause: str = ""
    closed_for: str = ""
    """The cause, where a closure shut a day that was to be open."""

    @property
    def type(self) -> "DayType":
        """What kind of day it was or will be; payment and reports count by it."""
        if self.open:
            return DayType.PARTLY_CLOSED if self.closed_parts else DayType.OPEN
        return DayType.CLOSED_FOR_CAUSE if self.closed_for else DayType.CLOSED

    @property
    def opens_at(self) -> datetime | None:
        """The opening moment, or ``None`` on a closed day."""
        return at_clock(self.day, self.hours.opens) if self.hours else None

    @property
    def closes_at(self) -> datetime | None:
        """The closing moment (24:00 is the next midnight), or ``None`` on a closed day."""
        return at_end(self.day, self.hours.closes) if self.hours else None


class Refused(StrEnum):
    """Why reception is refused at a moment."""

    CLOSED_DAY = "closed_day"
    CLOSED_NOW = "closed_now"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Whether a visitor who arrives now is taken in."""

    accepted: bool
    reason: str
    """Japanese, for the person at the counter."""
    refused: Refused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Rules, holidays and exceptions, asked day by day."""

    name: str
    label: str
    openings: tuple[Opening, ...]
    closings: tuple[Closing, ...] = ()
    """Closings that no opening overrides."""
    holidays: NationalHolidays = field(default=_UNPINNED)
    valid_from: date | None = None
    valid_to: date | None = None
    closures: tuple[Closure, ...] = ()
    listed: tuple[ListedDay, ...] = ()
    open_label: str = "営業日"
    """How a sentence names its open days: 開庁日."""
    closed_label: str = "休業日"
    """How a sentence names its closed days: 市役所の閉庁日."""
    clause: str = ""

    def with_holidays(self, holidays: NationalHolidays) -> "Calendar":
        """Return the calendar with its national holidays pinned."""
        return replace(self, holidays=holidays)

    def with_closures(self, *closures: Closure) -> "Calendar":
        """Return the calendar with more closures entered."""
        return replace(self, closures=(*self.closures, *closures))

    def day(self, day: date) -> CalendarDay:
        """Return what holds on ``day``.

        A closure wins over an approved list, a list over the rules.

        Raises:
            CalendarNotKnown: The holidays of that year are not at hand.
        """
        planned = self._planned(day)
        today = tuple(closure for closure in self.closures if closure.day == day)
        if planned.hours is None or not today:
            return planned
        causes = "、".join(dict.fromkeys(closure.cause for closure in today))
        if covered(planned.hours, today):
            why = f"{causes}のため休み"
            return CalendarDay(day=day, open=False, why=why, closed_for=causes)
        return replace(planned, closed_parts=today, why=f"{planned.why}、一部休止（{causes}）")

    def _planned(self, day: date) -> CalendarDay:
        if (self.valid_from and day < self.valid_from) or (
            self.valid_to and day > self.valid_to
        ):
            return CalendarDay(day=day, open=False, why="開設期間の外", clause=self.clause)
        for listed in self.listed:
            if listed.day == day:
                return _listed(listed)
        for closing in self.closings:
            if closing.days.matches(day, self.holidays):
                return self._shut(day, closing)
        return self._by_opening(day)

    def _by_opening(self, day: date) -> CalendarDay:
        held_back: Closing | None = None
        for opening in self.openings:
            if not opening.days.matches(day, self.holidays):
                continue
            stop = next(
                (c for c in opening.closed_on if c.days.matches(day, self.holidays)), None
            )
            if stop is None:
                why = f"{opening.days.label} {opening.hours.label}"
                return CalendarDay(
                    day=day, open=True, why=why, hours=opening.hours, clause=opening.clause
                )
            held_back = held_back or stop
        if held_back is not None:
            return self._shut(day, held_back)
        why = f"{Weekday.of(day).ja}曜日は休み"
        return CalendarDay(day=day, open=False, why=why, clause=self.clause)

    def _shut(self, day: date, closing: Closing) -> CalendarDay:
        why = closing.why(day, self.holidays)
        return CalendarDay(day=day, open=False, why=why, clause=closing.clause)

    def days(self, first: date, last: date) -> Iterator[CalendarDay]:
        """Yield every day from ``first`` to ``last``, both included."""
        for offset in range((last - first).days + 1):
            yield self.day(first + timedelta(days=offset))

    def open_days(self, first: date, last: date) -> tuple[date, ...]:
        """Return the open days from ``first`` to ``last``, both included.

        A day that is shut for a part of its hours counts as open.
        """
        return tuple(day.day for day in self.days(first, last) if day.open)

    def is_open_on(self, day: date) -> bool:
        """Say whether ``day`` is open for any part of it."""
        return self.day(day).open

    def is_open_at(self, moment: datetime) -> bool:
        """Say whether the door stands open: from opening on, no longer at closing."""
        here = local(moment)
        day = self.day(here.date())
        if day.opens_at is None or day.closes_at is None:
            return False
        inside = day.opens_at <= here < day.closes_at
        return inside and not any(part.covers(here.time()) for part in day.closed_parts)

    def reception(self, moment: datetime) -> Reception:
        """Say whether a visitor arriving at ``moment`` is taken in, and why not."""
        here = local(moment)
        day = self.day(here.date())
        if day.hours is None or day.opens_at is None:
            return _refused(Refused.CLOSED_DAY, f"{day_ja(day.day)}は{day.why}です")
        if here < day.opens_at:
            return _refused(Refused.TOO_EARLY, f"受付は{clock(day.hours.opens)}からです")
        if too_late(here, day.day, day.hours):
            until = end_clock(day.hours.last_reception or day.hours.closes)
            return _refused(Refused.TOO_LATE, f"受付は{until}までです")
        for part in day.closed_parts:
            if part.covers(here.time()):
                return _refused(Refused.CLOSED_NOW, f"{part.cause}のため休止しています")
        return Reception(accepted=True, reason="受付中です")

    def next_open_day(self, day: date) -> date | None:
        """Return the first open day after ``day``; ``None`` when there is none in sight."""
        return self.nth_open_day_after(day, 1)

    def previous_open_day(self, day: date) -> date | None:
        """Return the last open day before ``day``; ``None`` when there is none in sight."""
        for back in range(1, _REACH.days):
            earlier = day - timedelta(days=back)
            if self.is_open_on(earlier):
                return earlier
        return None

    def nth_open_day_after(self, day: date, count: int) -> date | None:
        """Return the ``count``-th open day after ``day``, which itself never counts."""
        if count < 1:
            raise ValueError("count open days from 1")
        # Sparse calendars (a venue open monthly) still end: the reach grows with the count.
        for ahead in range(1, _REACH.days + 31 * count):
            later = day + timedelta(days=ahead)
            if self.is_open_on(later):
                count -= 1
                if count == 0:
                    return later
        return None

    def nth_open_day_of_month(self, year: int, month: int, count: int) -> date | None:
        """Return the ``count``-th open day of a month; ``None`` when it has fewer."""
        if count < 1:
            raise ValueError("count open days from 1")
        first = date(year, month, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        days = self.open_days(first, last)
        return days[count - 1] if count <= len(days) else None


def _listed(listed: ListedDay) -> CalendarDay:
    note = f"（{listed.note}）" if listed.note else ""
    if listed.hours is None:
        return CalendarDay(day=listed.day, open=False, why=f"日別表により休み{note}")
    why = f"日別表 {listed.hours.label}{note}"
    return CalendarDay(day=listed.day, open=True, why=why, hours=listed.hours)


def _refused(refused: Refused, reason: str) -> Reception:
    return Reception(accepted=False, reason=reason, refused=refused)
