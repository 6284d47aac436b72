"""The stretch of open and closed days that a deadline carries with it.

A running deadline must move its target when it is suspended or extended, inside a workflow
and without asking anybody. Here: a few hundred days as one letter each. Not here: how the
days came to be open (``domain/calendars/calendar.py``).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.calendars.calendar import Calendar
from domain.calendars.hours import at_clock, at_end
from domain.errors import CalendarNotKnown

_CLOSED = "."
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Open days and hours from ``first`` on; beyond its end nothing is known."""

    first: date
    days: str
    """One letter a day: ``.`` closed, else an index into ``hours``."""
    hours: tuple[str, ...]
    """``0830-1715``."""
    open_label: str = "営業日"
    closed_label: str = "休業日"

    @classmethod
    def of(cls, calendar: Calendar, first: date, last: date) -> "Horizon":
        """Return what ``calendar`` says from ``first`` to ``last``.

        It ends earlier where the calendar's holiday data ends.
        """
        letters: list[str] = []
        kinds: dict[str, str] = {}
        try:
            for day in calendar.days(first, last):
                if day.hours is None:
                    letters.append(_CLOSED)
                    continue
                span = f"{day.hours.opens:%H%M}-{day.hours.closes:%H%M}"
                letters.append(kinds.setdefault(span, _LETTERS[len(kinds)]))
        except CalendarNotKnown:
            pass
        return cls(
            first=first,
            days="".join(letters),
            hours=tuple(kinds),
            open_label=calendar.open_label,
            closed_label=calendar.closed_label,
        )

    @property
    def last(self) -> date:
        """The last day known."""
        return self.first + timedelta(days=len(self.days) - 1)

    def knows(self, day: date) -> bool:
        """Say whether ``day`` lies in the stretch."""
        return self.first <= day <= self.last

    def is_open(self, day: date) -> bool:
        """Say whether ``day`` is known and open."""
        return self.knows(day) and self.days[(day - self.first).days] != _CLOSED

    def opens_at(self, day: date) -> datetime:
        """Return when ``day`` opens; it must be an open one."""
        return at_clock(day, self._points(day)[0])

    def closes_at(self, day: date) -> datetime:
        """Return when ``day`` closes; it must be an open one."""
        return at_end(day, self._points(day)[1])

    def on_or_before(self, day: date) -> date | None:
        """Return the last open day up to ``day``; ``None`` when none is known."""
        return self._search(day, -1)

    def on_or_after(self, day: date) -> date | None:
        """Return the first open day from ``day`` on; ``None`` when none is known."""
        return self._search(day, 1)

    def before(self, day: date, count: int) -> date | None:
        """Return the ``count``-th open day before ``day``; 0 is ``day`` itself."""
        return self._walk(day, count, -1)

    def after(self, day: date, count: int) -> date | None:
        """Return the ``count``-th open day after ``day``; 0 is ``day`` itself."""
        return self._walk(day, count, 1)

    def count(self, after: date, until: date) -> int | None:
        """Return the open days after ``after`` up to ``until``; ``None`` if not all known."""
        if not (self.knows(after) and self.knows(until)):
            return None
        span = self.days[(after - self.first).days + 1 : (until - self.first).days + 1]
        return len(span) - span.count(_CLOSED)

    def _walk(self, day: date, count: int, step: int) -> date | None:
        found: date | None = day
        for _ in range(count):
            found = self._search(found + timedelta(days=step), step) if found else None
        return found

    def _search(self, day: date, step: int) -> date | None:
        while self.knows(day):
            if self.is_open(day):
                return day
            day += timedelta(days=step)
        return None

    def _points(self, day: date) -> tuple[time, time]:
        letter = self.days[(day - self.first).days]
        opens, closes = self.hours[_LETTERS.index(letter)].split("-")
        return _clock(opens), _clock(closes)


def _clock(text: str) -> time:
    return time(int(text[:2]), int(text[2:]))
