"""How a due date is counted: the words of a clause as a rule, and the day it gives.

Here: what a rule consists of and the arithmetic of days. Not here: the running deadline with
its alarms (``domain/deadlines/deadline.py``), its sentence (``domain/deadlines/due_words.py``).

**When a day is over.** Where a clause names no time of day, the due moment is 23:59:59 on
Tokyo's clock of the due day: done at any fraction of that second is in time, midnight is
late. With a time of day, that second is the last one in time.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.calendars.calendar import Calendar
from domain.calendars.hours import at_clock, local
from domain.parties import Party, Role

END_OF_DAY = time(23, 59, 59)
"""The last second in time when a clause names a day only."""


class DueType(StrEnum):
    """What kind of promise the clause makes."""

    EXACT = "exact"
    RELATIVE = "relative"
    RECURRING = "recurring"
    PROMPTLY = "promptly"
    BY_AGREEMENT = "by_agreement"
    NOT_STATED = "not_stated"
    ON_EVENT = "on_event"


class Unit(StrEnum):
    """What the amount counts."""

    CALENDAR_DAYS = "calendar_days"
    OPEN_DAYS = "open_days"
    HOURS = "hours"
    MINUTES = "minutes"
    EXACT_DATE = "exact_date"
    DAY_OF_NEXT_MONTH = "day_of_next_month"
    OPEN_DAY_OF_NEXT_MONTH = "open_day_of_next_month"
    MONTH_END = "month_end"
    LAST_OPEN_DAY_OF_WEEK = "last_open_day_of_week"
    NOT_SET = "not_set"
    """The clause gives no length and nobody has agreed one."""


class FirstDay(StrEnum):
    """Which day is the first of the count."""

    DAY_AFTER = "day_after"
    SAME_DAY = "same_day"


class Roll(StrEnum):
    """Where a due day goes that falls on a closed day; the contract's own date."""

    NONE = "none"
    PREVIOUS = "previous"
    NEXT = "next"


class Base(StrEnum):
    """What an escalation waits for."""

    TARGET = "target"
    DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningPoint:
    """A reminder before the target, given when the office opens.

    In hours or minutes it is given exactly that long before.
    """

    before: int
    unit: Unit = Unit.OPEN_DAYS

    def __post_init__(self) -> None:
        if self.before < 0 or self.unit not in _LENGTHS:
            raise ValueError("a warning lies a number of days, hours or minutes before")


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep:
    """Who is told, how long after the target or the due moment has passed."""

    role: Role
    after: Base = Base.DUE
    delay: int = 0
    unit: Unit = Unit.OPEN_DAYS
    every: int = 0
    """How long until they are told again, and again; 0: they are told once."""

    def __post_init__(self) -> None:
        if self.delay < 0 or self.every < 0 or self.unit not in _LENGTHS:
            raise ValueError("a step waits a number of days, hours or minutes")


_LENGTHS = (Unit.CALENDAR_DAYS, Unit.OPEN_DAYS, Unit.HOURS, Unit.MINUTES)
_COUNTED = (*_LENGTHS, Unit.DAY_OF_NEXT_MONTH, Unit.OPEN_DAY_OF_NEXT_MONTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """One promise of a contract and how its date is found."""

    id: str
    label: str
    """What is due: 交付通知書の引渡し."""
    due_type: DueType
    unit: Unit
    anchor: str = ""
    """Id of the event that starts the count."""
    anchor_label: str = ""
    """納品日."""
    amount: int | None = None
    """Negative: so many days before the anchor."""
    at: time | None = None
    """Time of day, where the clause has one."""
    on: date | None = None
    """The day itself, for ``EXACT_DATE``."""
    first_day: FirstDay = FirstDay.DAY_AFTER
    roll: Roll = Roll.NONE
    calendar: str
    """Name of the calendar that counts open days and carries the working target."""
    warnings: tuple[WarningPoint, ...] = ()
    ladder: tuple[LadderStep, ...] = ()
    contractual: bool = True
    """False: the length is ours (速やかに, 遅滞なく); missing it is no breach of contract."""
    owed_by: Party = Party.PROVIDER
    clause: str = ""
    assumed: tuple[str, ...] = ()
    """Questions to the city whose answer could change the date."""

    def __post_init__(self) -> None:
        if (self.unit in _COUNTED) != (self.amount is not None):
            raise ValueError(f"{self.id}: {self.unit} and the amount do not fit")
        if (self.unit is Unit.EXACT_DATE) != (self.on is not None):
            raise ValueError(f"{self.id}: only an exact date names its day")
        if self.amount is not None and self.amount < 1 and self.unit not in _SIGNED:
            raise ValueError(f"{self.id}: count from 1")
        if self.at and self.first_day is FirstDay.SAME_DAY and self.amount == 1:
            raise ValueError(f"{self.id}: may be due before it begins")
        if self.at and self.unit in (Unit.HOURS, Unit.MINUTES):
            raise ValueError(f"{self.id}: a length in hours has no time of day")


_SIGNED = (Unit.CALENDAR_DAYS, Unit.OPEN_DAYS)


class Missing(StrEnum):
    """Why there is no due date."""

    NO_OPEN_DAY = "no_open_day"
    NOT_AGREED = "not_agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotComputable:
    """A promise without a date: the honest answer where a clause is silent."""

    rule: DueRule
    reason: Missing

    @property
    def why(self) -> str:
        """The sentence people read instead of a date."""
        if self.reason is Missing.NO_OPEN_DAY:
            return (
                f"{self.rule.label}の期限は計算できません。数える期間に開いている日がありません"
            )
        if self.rule.due_type is DueType.PROMPTLY:
            return f"{self.rule.label}は「速やかに」などとあり、長さの定めがありません"
        return f"{self.rule.label}の期限は仕様書に定めがありません。市と協議して決めます"


def due_moment(
    rule: DueRule, anchor: date | datetime, calendar: Calendar
) -> datetime | Missing:
    """Return the last moment in time, or why there is none.

    Args:
        rule: How to count.
        anchor: When the anchor event happened; a day where only the day is known. For a
            monthly rule any day of the month reported on, for a weekly one of the week.
        calendar: The calendar the rule names.
    """
    if rule.unit is Unit.NOT_SET:
        return Missing.NOT_AGREED
    if rule.unit in (Unit.HOURS, Unit.MINUTES):
        return anchor_moment(anchor) + length(rule.amount or 0, rule.unit)
    day = _due_day(rule, anchor_day(anchor), calendar)
    if day is None:
        return Missing.NO_OPEN_DAY
    return at_clock(_rolled(rule, day, anchor_day(anchor), calendar), rule.at or END_OF_DAY)


def anchor_day(anchor: date | datetime) -> date:
    """Return the day of the anchor in Tokyo."""
    return local(anchor).date() if isinstance(anchor, datetime) else anchor


def anchor_moment(anchor: date | datetime) -> datetime:
    """Return the anchor's moment; a day begins at midnight."""
    return local(anchor) if isinstance(anchor, datetime) else at_clock(anchor, time())


def length(amount: int, unit: Unit) -> timedelta:
    """Return a length in hours or minutes as a duration."""
    return timedelta(hours=amount) if unit is Unit.HOURS else timedelta(minutes=amount)


def _due_day(rule: DueRule, start: date, calendar: Calendar) -> date | None:
    amount = rule.amount or 0
    following = _next_month(start)
    day: date | None
    match rule.unit:
        case Unit.CALENDAR_DAYS:
            same = rule.first_day is FirstDay.SAME_DAY and amount > 0
            day = start + timedelta(days=amount - same)
        case Unit.OPEN_DAYS:
            day = _open_day(rule, start, calendar)
        case Unit.EXACT_DATE:
            day = rule.on
        case Unit.DAY_OF_NEXT_MONTH:
            day = min(following + timedelta(days=amount - 1), _month_end(following))
        case Unit.OPEN_DAY_OF_NEXT_MONTH:
            day = calendar.nth_open_day_of_month(following.year, following.month, amount)
        case Unit.MONTH_END:
            day = _month_end(start)
        case _:
            monday = start - timedelta(days=start.weekday())
            day = calendar.previous_open_day(monday + timedelta(days=7))
            day = day if day and day >= monday else None
    return day


def _open_day(rule: DueRule, start: date, calendar: Calendar) -> date | None:
    amount = rule.amount or 0
    if amount > 0:
        same = rule.first_day is FirstDay.SAME_DAY and calendar.is_open_on(start)
        if same and amount == 1:
            return start
        return calendar.nth_open_day_after(start, amount - same)
    day: date | None = start
    for _ in range(-amount):
        day = calendar.previous_open_day(day) if day else None
    return day


def _rolled(rule: DueRule, day: date, start: date, calendar: Calendar) -> date:
    if rule.roll is Roll.NONE or calendar.is_open_on(day):
        return day
    if rule.roll is Roll.NEXT:
        return calendar.next_open_day(day) or day
    earlier = calendar.previous_open_day(day) or day
    # Rolling back past the anchor would make a promise late before it began.
    return earlier if earlier >= start or day < start else day


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _month_end(day: date) -> date:
    return _next_month(day) - timedelta(days=1)
