"""Whether venues are opened as often as the contract asks: in a week, on a day, over the term.

A session (回) is one venue on one day (Chiba 第1-4, Q-CHIBA-01): three venues on a day are
three. Belongs here: counting sessions against the contract, and what the count will be at
the end. Does not belong here: on which days a venue may be opened
(``domain.calendars.calendar``), what was planned (``store.venue_days``), how many people a
session takes (``domain.booking.slots``).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from domain.calendars.calendar import Calendar
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import local
from domain.contract import Contract

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One venue on one day."""

    site: str
    day: date
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueTargets:
    """How often the contract wants venues opened; ``None`` where it does not say."""

    weekdays: int | None = None
    """Weekdays of a week with a venue."""
    days_off: int | None = None
    """Saturdays, Sundays and holidays of a week with a venue."""
    places: int | None = None
    """Venues on a day; desirable, never demanded."""
    sessions: int | None = None
    """Sessions over the term, at least."""
    clause: str = ""

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """Read what a contract says."""
        return cls(
            weekdays=contract.integer("venues.weekdays_per_week"),
            days_off=contract.integer("venues.days_off_per_week"),
            places=contract.integer("venues.places_per_day_desirable"),
            sessions=contract.integer("venues.sessions_total_min"),
            clause=contract.fact("venues.sessions_total_min").clause,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What is planned for a week, from Monday, and what it lacks."""

    monday: date
    weekdays: int
    """Weekdays on which a venue is open."""
    days_off: int
    """Saturdays, Sundays and holidays on which one is."""
    sessions: int
    lacks_weekdays: int = 0
    lacks_days_off: int = 0
    thin: tuple[tuple[date, int], ...] = ()
    """Days with fewer venues than desirable, with how many they have."""

    @property
    def flagged(self) -> bool:
        """Whether the week has fewer days than the contract demands."""
        return bool(self.lacks_weekdays or self.lacks_days_off)

    @property
    def faults(self) -> tuple[str, ...]:
        """What the contract demands and the week has not, one sentence each."""
        lacks = (("平日", self.lacks_weekdays), ("休日", self.lacks_days_off))
        return tuple(f"{kind}があと{count}日足りません。" for kind, count in lacks if count)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What would be desirable, one sentence each."""
        return tuple(
            f"{day_ja(day)}の会場は{count}か所です（望ましい数に足りません）。"
            for day, count in self.thin
        )


class Standing(StrEnum):
    """How the count of sessions stands against the contract."""

    NOT_COUNTED = "not_counted"
    """The contract names no number."""
    NOT_BEGUN = "not_begun"
    ON_COURSE = "on_course"
    SHORT = "short"
    """The term goes on, and at this pace the number will not be reached."""
    REACHED = "reached"
    BREACH = "breach"
    """The term is over, and the number was not reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Sessions held and to come, against the number of the contract."""

    required: int | None
    held: int
    planned: int
    """Still to come on days that are planned."""
    forecast: int | None
    """At the end of the term; ``None`` before the first session is planned."""
    standing: Standing
    clause: str = ""

    @property
    def lacking(self) -> int:
        """How many sessions the forecast lacks."""
        return max(0, (self.required or 0) - (self.forecast or 0))

    @property
    def sentence(self) -> str:
        """How it stands, in Japanese."""
        held, wanted = f"これまでに{self.held}回開きました", f"契約の{self.required}回"
        return {
            Standing.NOT_COUNTED: f"{held}。契約に回数の定めはありません。",
            Standing.NOT_BEGUN: "まだ開いた回も、決まった日もありません。"
            f"{wanted}以上が必要です。",
            Standing.ON_COURSE: f"{held}。期間の終わりには{self.forecast}回になる見込みで、"
            f"{wanted}に届きます。",
            Standing.SHORT: f"{held}。このままでは期間の終わりに{self.forecast}回で、"
            f"{wanted}に{self.lacking}回足りません。",
            Standing.REACHED: f"{held}。{wanted}に届いています。",
            Standing.BREACH: f"期間が終わり、開いたのは{self.held}回です。"
            f"{wanted}に{self.lacking}回足りませんでした。",
        }[self.standing]


def weeks(
    contract: Contract, calendar: Calendar, sessions: Iterable[Session], first: date, last: date
) -> list[Week]:
    """Return the weeks of some days, each with what it lacks.

    No week is asked for more days of a kind than its calendar lets venues open on: the last
    week of the year has few.

    Args:
        contract: Whose clauses hold; its holidays divide weekdays from days off.
        calendar: Of the venues.
        sessions: At least those of the weeks asked for.
        first: A day of the first week; nothing is demanded of the days before it.
        last: A day of the last week; its days after the term are left out.
    """
    places = Counter(session.day for session in sessions)
    found = []
    monday = first - timedelta(days=first.weekday())
    while monday <= min(last, contract.term.end):
        until = min(monday + _WEEK - _DAY, contract.term.end)
        openable = calendar.open_days(max(monday, first), until)
        used = [
            monday + timedelta(days=n)
            for n in range((until - monday).days + 1)
            if places[monday + timedelta(days=n)]
        ]
        found.append(_week(contract, monday, used, openable, places))
        monday += _WEEK
    return found


def progress(
    contract: Contract, calendar: Calendar, sessions: Sequence[Session], now: datetime
) -> Progress:
    """Count every session of the term, and say what the count will be at its end.

    What is planned is counted as planned. For the weeks after the last planned one, sessions
    are expected to come as often, per day that venues could open, as up to then.
    """
    targets = VenueTargets.of(contract)
    today, end = local(now).date(), contract.term.end
    held = sum(session.ends_at <= now for session in sessions)
    forecast = None
    if sessions:
        begun = min(session.day for session in sessions)
        known = min(end, max(today, _sunday_of(max(session.day for session in sessions))))
        elapsed = len(calendar.open_days(begun, known))
        ahead = len(calendar.open_days(known + _DAY, end)) if known < end else 0
        forecast = len(sessions) + len(sessions) * ahead // max(elapsed, 1)
    if today > end:
        forecast = held
    return Progress(
        required=targets.sessions,
        held=held,
        planned=len(sessions) - held,
        forecast=forecast,
        standing=_standing(targets.sessions, held, forecast, over=today > end),
        clause=targets.clause,
    )


def _standing(required: int | None, held: int, forecast: int | None, *, over: bool) -> Standing:
    if required is None:
        return Standing.NOT_COUNTED
    if held >= required:
        return Standing.REACHED
    if over:
        return Standing.BREACH
    if forecast is None:
        return Standing.NOT_BEGUN
    return Standing.ON_COURSE if forecast >= required else Standing.SHORT


def _week(
    contract: Contract,
    monday: date,
    used: Sequence[date],
    openable: Sequence[date],
    places: Counter[date],
) -> Week:
    targets = VenueTargets.of(contract)
    days_off = sum(_is_day_off(contract, day) for day in used)
    could_off = sum(_is_day_off(contract, day) for day in openable)
    weekdays, could = len(used) - days_off, len(openable) - could_off
    return Week(
        monday=monday,
        weekdays=weekdays,
        days_off=days_off,
        sessions=sum(places[day] for day in used),
        lacks_weekdays=max(0, min(targets.weekdays or 0, could) - weekdays),
        lacks_days_off=max(0, min(targets.days_off or 0, could_off) - days_off),
        thin=tuple((day, places[day]) for day in used if places[day] < (targets.places or 0)),
    )


def _sunday_of(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


def _is_day_off(contract: Contract, day: date) -> bool:
    """Read 休日 as Saturdays, Sundays and national holidays."""
    return day.weekday() >= _SATURDAY or contract.holidays.name_of(day) is not None
