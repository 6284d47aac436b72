"""The clock points of an open day, and closures that cut into it.

Here: Tokyo's clock, opening hours, how the last moment of reception is read, closures entered
at run time. Not here: which days are open (``domain/calendars/calendar.py``).

``closes == 00:00`` means 24:00 of the same day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
"""The zone that decides which day it is."""


def local(moment: datetime) -> datetime:
    """Return ``moment`` on Tokyo's clock; a moment without a zone is a bug."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(TOKYO)


def clock(at: time) -> str:
    """Return ``8:30``."""
    return f"{at.hour}:{at.minute:02d}"


def end_clock(at: time) -> str:
    """Return ``17:15``, and ``24:00`` for midnight as an end."""
    return "24:00" if at == time() else clock(at)


class Intake(StrEnum):
    """How the last moment of reception is read; clauses leave it open."""

    WHOLE_MINUTE = "whole_minute"
    """「17:00まで」 still takes 17:00:59."""
    EXACT = "exact"
    """「17:15まで」 takes 17:15:00 and refuses 17:15:01."""
    BEFORE = "before"
    """「20:00まで」 refuses 20:00:00."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The clock points of an open day."""

    opens: time
    closes: time
    """``00:00`` means 24:00."""
    ready_by: time | None = None
    """When staff must be able to serve, where a clause says so."""
    last_reception: time | None = None
    """Where the clause has a reception cut-off before closing."""
    intake: Intake = Intake.EXACT
    """How the last reception (or closing, where there is none) is read."""
    staff_from: time | None = None
    staff_to: time | None = None
    """Working time of staff, setting up and clearing away included."""

    def __post_init__(self) -> None:
        end = self.closes if self.closes != time() else time.max
        last = self.last_reception or end
        if not self.opens < end or not self.opens <= last <= end:
            raise ValueError("opening, last reception and closing must follow each other")
        if self.ready_by is not None and self.ready_by > self.opens:
            raise ValueError("ready_by lies after opening")

    @property
    def label(self) -> str:
        """``8:30〜20:00（受付は19:45まで）``."""
        span = f"{clock(self.opens)}〜{end_clock(self.closes)}"
        if self.last_reception is None:
            return span
        return f"{span}（受付は{clock(self.last_reception)}まで）"


def at_clock(day: date, at: time) -> datetime:
    """Return the moment of ``at`` on ``day`` in Tokyo."""
    return datetime.combine(day, at, TOKYO)


def at_end(day: date, closes: time) -> datetime:
    """Return the closing moment, reading 00:00 as 24:00."""
    return (
        at_clock(day + timedelta(days=1), time()) if closes == time() else at_clock(day, closes)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A closure of one day entered at run time: the whole day, or a part of it."""

    day: date
    cause: str
    """Shown to people: 台風による暴風警報."""
    starts: time | None = None
    """``None``: from the day's beginning."""
    ends: time | None = None
    """``None``: to the day's end."""

    def __post_init__(self) -> None:
        if not self.cause.strip():
            raise ValueError("a closure needs its cause")
        if self.starts and self.ends and self.starts >= self.ends:
            raise ValueError("a closure ends after it starts")

    def covers(self, at: time) -> bool:
        """Say whether ``at`` lies in the closed part; its end is open again."""
        after_start = self.starts is None or self.starts <= at
        return after_start and (self.ends is None or at < self.ends)


def first_closure(closures: Iterable[Closure], here: datetime) -> Closure | None:
    """Return the closure of the day that holds at ``here``, or the next to come on it.

    Args:
        closures: Of any days.
        here: A moment on Tokyo's clock.
    """
    ahead = [
        each
        for each in closures
        if each.day == here.date() and (each.ends is None or here.time() < each.ends)
    ]
    return min(ahead, key=lambda each: (each.starts or time.min, each.cause), default=None)


def covered(hours: Hours, closures: tuple[Closure, ...]) -> bool:
    """Say whether the closures together leave nothing of ``hours``."""
    reached = hours.opens
    while True:
        part = next((c for c in closures if c.covers(reached)), None)
        if part is None:
            return False
        if part.ends is None or (hours.closes != time() and part.ends >= hours.closes):
            return True
        reached = part.ends


def too_late(here: datetime, day: date, hours: Hours) -> bool:
    """Say whether reception is over at ``here``."""
    limit = (
        at_clock(day, hours.last_reception)
        if hours.last_reception is not None
        else at_end(day, hours.closes)
    )
    match hours.intake:
        case Intake.WHOLE_MINUTE:
            return here >= limit + timedelta(minutes=1)
        case Intake.EXACT:
            return here > limit
        case Intake.BEFORE:
            return here >= limit
