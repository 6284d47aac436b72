"""Dates as Japanese offices write them: read from lists, written on notices.

Belongs here: era and Western notations, era boundaries, dates of birth with unknown parts.
Does not belong here: calendars of open days and deadlines.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.errors import UnreadableDate
from domain.writing.text import DASHES, kanji_number


class DateStyle(StrEnum):
    """A way of writing a date that a list may use."""

    ERA = "era"
    WESTERN = "western"


ANY_STYLE = (DateStyle.ERA, DateStyle.WESTERN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """A reign, from its first day to the day before the next one."""

    name: str
    letter: str
    first_day: date
    year_one: int
    """The Western year that is written as year 1 (元年)."""


ERAS = (
    Era(name="令和", letter="R", first_day=date(2019, 5, 1), year_one=2019),
    Era(name="平成", letter="H", first_day=date(1989, 1, 8), year_one=1989),
    Era(name="昭和", letter="S", first_day=date(1926, 12, 25), year_one=1926),
    Era(name="大正", letter="T", first_day=date(1912, 7, 30), year_one=1912),
    # Before 1873 the months were lunar; a Gregorian reading would be a guess.
    Era(name="明治", letter="M", first_day=date(1873, 1, 1), year_one=1868),
)
"""Newest first.

Source: 元号法 and the cabinet orders of each change; 明治5年太政官布告第337号 for 1873.
"""

_ERA_BY_WORD = {era.name: era for era in ERAS} | {era.letter: era for era in ERAS}
_NUMBER = r"(?:[0-9]{1,2}|[〇一二三四五六七八九十]{1,3})"
_HEAD = (
    rf"(?:(?P<era>令和|平成|昭和|大正|明治|[RHSTM])[.]?(?P<year>元|{_NUMBER})"
    r"|(?P<west>[0-9]{4}))"
)
_FULL = re.compile(rf"{_HEAD}(?:年|[./-])(?P<month>{_NUMBER})(?:月|[./-])(?P<day>{_NUMBER})日?")
_COMPACT = re.compile(
    r"(?:(?P<era>[RHSTM])(?P<year>[0-9]{2})|(?P<west>[0-9]{4}))"
    r"(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
)
_PARTIAL = re.compile(
    rf"{_HEAD}(?:年|[./-])?(?:(?P<month>[0-9]{{1,2}})(?:月|[./-]))?"
    r"(?:(?:00|不詳)[./-]?)?(?:00日?|不詳日?|日不詳|月日不詳|以下不詳)"
)
_ALL_UNKNOWN = frozenset({"不詳", "年月日不詳", "生年月日不詳"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthDate:
    """A date of birth as registered, which may lack its day, month or year (不詳)."""

    year: int | None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is not None and self.year is None:
            raise ValueError("a known month needs a known year")
        if self.day is not None and self.month is None:
            raise ValueError("a known day needs a known month")
        date(self.year or 1, self.month or 1, self.day or 1)

    @classmethod
    def of(cls, day: date) -> "BirthDate":
        """Return a date of birth with all its parts known."""
        return cls(year=day.year, month=day.month, day=day.day)

    @property
    def exact(self) -> date | None:
        """The day, or ``None`` when a part is unknown."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


def read_date(text: str, styles: tuple[DateStyle, ...] = ANY_STYLE) -> date:
    """Return the day that ``text`` names, in any width and with any usual separator.

    Raises:
        UnreadableDate: It is no date, not in one of ``styles``, not in the calendar, or
            outside its era.
    """
    folded = _fold(text)
    found = _FULL.fullmatch(folded) or _COMPACT.fullmatch(folded)
    if not found:
        raise UnreadableDate("日付の形ではありません")
    year = _year(found, styles)
    try:
        day = date(year, _int(found["month"]), _int(found["day"]))
    except ValueError:
        raise UnreadableDate("暦にない日付です") from None
    if found["era"] and era_of(day) is not _ERA_BY_WORD[found["era"]]:
        raise UnreadableDate("その元号にない日付です")
    return day


def read_birth(text: str, styles: tuple[DateStyle, ...] = ANY_STYLE) -> BirthDate:
    """Return the date of birth that ``text`` names; unknown parts may be 不詳 or 00.

    Raises:
        UnreadableDate: As for ``read_date``.
    """
    folded = _fold(text)
    if folded in _ALL_UNKNOWN:
        return BirthDate(year=None)
    found = _PARTIAL.fullmatch(folded)
    if not found:
        return BirthDate.of(read_date(text, styles))
    year = _year(found, styles)
    month = int(found["month"]) if found["month"] and int(found["month"]) else None
    if month is not None and month > 12:
        raise UnreadableDate("暦にない日付です")
    return BirthDate(year=year, month=month)


def era_of(day: date) -> Era:
    """Return the reign that ``day`` belongs to.

    Raises:
        UnreadableDate: The day lies before 1873.
    """
    for era in ERAS:
        if day >= era.first_day:
            return era
    raise UnreadableDate("明治6年より前の日付は扱えません")


def era_text(day: date) -> str:
    """Return the day as a notice prints it: ``令和8年6月1日``, first years as 元年."""
    era = era_of(day)
    year = day.year - era.year_one + 1
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def era_short(day: date) -> str:
    """Return the day as lists write it: ``R08.06.01``."""
    era = era_of(day)
    return f"{era.letter}{day.year - era.year_one + 1:02}.{day.month:02}.{day.day:02}"


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(DASHES)
    return "".join(folded.split()).upper()


def _year(found: re.Match[str], styles: tuple[DateStyle, ...]) -> int:
    style = DateStyle.ERA if found["era"] else DateStyle.WESTERN
    if style not in styles:
        raise UnreadableDate("この列では使わない書き方の日付です")
    if style is DateStyle.WESTERN:
        return int(found["west"])
    era = _ERA_BY_WORD[found["era"]]
    year = 1 if found["year"] == "元" else _int(found["year"])
    if year == 0:
        raise UnreadableDate("その元号にない日付です")
    return era.year_one + year - 1


def _int(digits: str) -> int:
    return int(digits) if digits.isascii() else kanji_number(digits)
