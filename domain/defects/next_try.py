"""When a person is to be tried again: on open days, in turn at different times of day.

Belongs here: the moment. Does not belong here: until when the attempt is then due (a rule of
the contract), how many attempts there are (``defect``).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.calendars.calendar import Calendar
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import at_clock, local
from domain.defects.defect_errors import NotReachableThen

APART = timedelta(hours=2)
"""Who did not answer is not there a moment later either."""

_LOOK_AHEAD_DAYS = 60
"""Beyond it the calendar has ended with its contract, and any day is as good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TryTimes:
    """When somebody calls, and in which order times of day are taken."""

    calendar: Calendar
    at: tuple[time, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """When the person wants to be called; ``None`` leaves it to us."""

    on: date | None = None
    at: time | None = None


def next_try(times: TryTimes, now: datetime, *, tries: int) -> datetime:
    """Return when to try again after ``tries`` attempts: at the next time of day in turn."""
    return _first(times, (times.at[tries % len(times.at)],), now + APART)


def next_look(times: TryTimes, after: datetime) -> datetime:
    """Return the first time of any kind after a moment, such as the end of a visit."""
    return _first(times, times.at, after)


def wished_try(times: TryTimes, now: datetime, wish: Wish) -> datetime:
    """Return when to try if the person has said when.

    Raises:
        NotReachableThen: It is over, or nobody calls then.
    """
    if wish.on is None:
        assert wish.at is not None, "asked of a wish"
        return _first(times, (wish.at,), now, elsewhere=False)
    wanted = (wish.at,) if wish.at is not None else tuple(sorted(times.at))
    moments = [at_clock(wish.on, each) for each in wanted]
    found = next((m for m in moments if m > now and times.calendar.is_open_at(m)), None)
    if found is None:
        why = times.calendar.day(wish.on).why
        raise NotReachableThen(f"{day_ja(wish.on)}のその時刻には電話できません（{why}）。")
    return found


def _first(
    times: TryTimes, wanted: tuple[time, ...], after: datetime, *, elsewhere: bool = True
) -> datetime:
    """Return the first of the wanted times, else of all, that lies in open hours."""
    today = local(after).date()
    for each in (wanted, times.at) if elsewhere else (wanted,):
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = today + timedelta(days=ahead)
            for at in sorted(each):
                moment = at_clock(day, at)
                if moment > after and times.calendar.is_open_at(moment):
                    return moment
    if not elsewhere:
        raise NotReachableThen("その時刻に電話できる日がありません。")
    return at_clock(today + timedelta(days=1), min(times.at))
