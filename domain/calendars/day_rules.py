"""Which days a rule speaks of: weekdays, the third Saturday, holidays, ranges.

Here: patterns of days as values, the pinned list of national holidays, and how each is said
in Japanese. Not here: what happens on such a day (``domain/calendars/calendar.py``).
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Literal

from domain.errors import CalendarNotKnown


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MON = "MON"
    TUE = "TUE"
    WED = "WED"
    THU = "THU"
    FRI = "FRI"
    SAT = "SAT"
    SUN = "SUN"

    @classmethod
    def of(cls, day: date) -> "Weekday":
        """Return the weekday of ``day``."""
        return _WEEK[day.weekday()]

    @property
    def number(self) -> int:
        """0 for Monday … 6 for Sunday, as ``date.weekday()`` counts."""
        return _WEEK.index(self)

    @property
    def ja(self) -> str:
        """One character: 月 … 日."""
        return "月火水木金土日"[self.number]


_WEEK = tuple(Weekday)


def day_ja(day: date, *, year: bool = False) -> str:
    """Return ``7月20日（月）``, with the year in front where asked for."""
    head = f"{day.year}年" if year else ""
    return f"{head}{day.month}月{day.day}日（{Weekday.of(day).ja}）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """One national holiday with the name people read."""

    day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalHolidays:
    """The national holidays of a stretch of years, pinned as data.

    A day outside the stretch is unknown, never "no holiday": a calendar that runs past its
    data must say so instead of opening on New Year's Day.
    """

    first: date
    last: date
    days: tuple[Holiday, ...]

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the stretch of holidays ends before it begins")
        if any(not self.first <= holiday.day <= self.last for holiday in self.days):
            raise ValueError("a holiday lies outside the stretch")
        if any(later.day <= sooner.day for sooner, later in pairwise(self.days)):
            raise ValueError("holidays stand in order, each day once")

    def name_of(self, day: date) -> str | None:
        """Return the name of the holiday on ``day``, or ``None`` on an ordinary day.

        Raises:
            CalendarNotKnown: The data does not reach that day.
        """
        if not self.first <= day <= self.last:
            raise CalendarNotKnown(f"{day.year}年の祝日データがありません")
        place = bisect_left(self.days, day, key=lambda holiday: holiday.day)
        here = self.days[place : place + 1]
        return here[0].name if here and here[0].day == day else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekdays:
    """Every week on these weekdays."""

    weekdays: tuple[Weekday, ...]
    kind: Literal["weekdays"] = "weekdays"

    def __post_init__(self) -> None:
        if not self.weekdays or len(set(self.weekdays)) != len(self.weekdays):
            raise ValueError("name each weekday once, and at least one")

    def matches(self, day: date, holidays: NationalHolidays) -> bool:
        """Say whether ``day`` is one of the weekdays."""
        return Weekday.of(day) in self.weekdays

    @property
    def label(self) -> str:
        """``月・火・金曜日``, or ``毎日`` for all seven."""
        if len(self.weekdays) == len(_WEEK):
            return "毎日"
        return "・".join(weekday.ja for weekday in self.weekdays) + "曜日"


@dataclass(frozen=True, slots=True, kw_only=True)
class NthWeekday:
    """The nth such weekday of every month, or a day some days after it.

    The third Saturday's next day is not the third Sunday: in a month that begins on a
    Sunday it is the fourth.
    """

    nth: int
    weekday: Weekday
    days_after: int = 0
    kind: Literal["nth_weekday"] = "nth_weekday"

    def __post_init__(self) -> None:
        if not 1 <= self.nth <= 5:
            raise ValueError(f"a month has no {self.nth}th weekday")
        if not 0 <= self.days_after <= 6:
            raise ValueError("days_after lies between 0 and 6")

    def matches(self, day: date, holidays: NationalHolidays) -> bool:
        """Say whether ``day`` is that weekday of its month, or follows it as asked."""
        base = day - timedelta(days=self.days_after)
        return Weekday.of(base) is self.weekday and (base.day - 1) // 7 + 1 == self.nth

    @property
    def label(self) -> str:
        """``第3土曜日``, ``第3土曜日の翌日曜日``, ``第3土曜日の2日後``."""
        base = f"第{self.nth}{self.weekday.ja}曜日"
        if self.days_after == 0:
            return base
        if self.days_after == 1:
            return f"{base}の翌{_WEEK[(self.weekday.number + 1) % 7].ja}曜日"
        return f"{base}の{self.days_after}日後"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnHolidays:
    """Every national holiday, substitute and sandwiched ones included.

    Source: 国民の祝日に関する法律（昭和23年法律第178号）第3条.
    """

    kind: Literal["national_holidays"] = "national_holidays"

    def matches(self, day: date, holidays: NationalHolidays) -> bool:
        """Say whether ``day`` is a national holiday."""
        return holidays.name_of(day) is not None

    @property
    def label(self) -> str:
        """``祝日``."""
        return "祝日"


@dataclass(frozen=True, slots=True, kw_only=True)
class EveryYear:
    """The same range every year; it may cross the year's end.

    Months and days are written ``MM-DD``.
    """

    first: str
    last: str
    kind: Literal["every_year"] = "every_year"

    def __post_init__(self) -> None:
        for end in (self.first, self.last):
            # 2028 is a leap year: 02-29 is a day that some years have.
            date.fromisoformat(f"2028-{end}")

    def matches(self, day: date, holidays: NationalHolidays) -> bool:
        """Say whether ``day`` lies in the range of any year."""
        here = f"{day:%m-%d}"
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last

    @property
    def label(self) -> str:
        """``12月29日〜1月3日``."""
        return "〜".join(f"{int(end[:2])}月{int(end[3:])}日" for end in (self.first, self.last))


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """One dated range, both ends included."""

    first: date
    last: date
    kind: Literal["between"] = "between"

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the range ends before it begins")

    def matches(self, day: date, holidays: NationalHolidays) -> bool:
        """Say whether ``day`` lies in the range."""
        return self.first <= day <= self.last

    @property
    def label(self) -> str:
        """``2026年12月29日〜2027年1月3日``, or one day alone."""
        ends = (self.first,) if self.first == self.last else (self.first, self.last)
        return "〜".join(f"{end.year}年{end.month}月{end.day}日" for end in ends)


DayRule = Weekdays | NthWeekday | OnHolidays | EveryYear | Between
"""Any pattern of days; ``kind`` tells them apart on the wire."""
