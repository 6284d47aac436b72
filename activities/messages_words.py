"""Days, times and weekdays in the languages in which people are written to.

Belongs here: saying a moment and opening hours. Does not belong here: sentences
(``report_templates/mail``), how staff's pages say times (``api.pages.times``).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from domain.calendars.calendar import Calendar, Closing, Opening
from domain.calendars.day_rules import OnHolidays, Weekday, Weekdays
from domain.calendars.hours import clock, end_clock, local

LANGUAGES = ("ja", "easy", "en")

_WEEKDAYS_EN = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_READINGS = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")
_CLOSED: Mapping[str, tuple[str, str, str, str]] = {
    "ja": ("（{}を除く）", "・", "祝日", "年末年始"),
    "easy": ("（{}は 休みです）", "と ", "祝日", "年末年始"),
    "en": (" (closed on {})", " and ", "public holidays", "days around the New Year"),
}
"""A frame, what joins two, and the two kinds of days on which many calendars are closed."""


def moment_words(moment: datetime, language: str) -> str:
    """Return a day and a time of day, as somebody who has to be there wants to read it."""
    here = local(moment)
    return f"{day_words(here.date(), language)}{_time_words(here.time(), language)}"


def short_words(moment: datetime, language: str) -> str:
    """Return the same without the year, for a line that must stay short."""
    here = local(moment)
    if language == "en":
        return f"{here.day} {_MONTHS_EN[here.month - 1][:3]} {clock(here.time())}"
    return f"{here.month}/{here.day}({Weekday.of(here.date()).ja}) {clock(here.time())}"


def day_words(day: date, language: str) -> str:
    """Return a day with its year and weekday."""
    weekday = Weekday.of(day)
    if language == "en":
        month = _MONTHS_EN[day.month - 1]
        return f"{_WEEKDAYS_EN[weekday.number]}, {day.day} {month} {day.year}"
    if language == "easy":
        reading = _READINGS[weekday.number]
        return f"{day.year}年{day.month}月{day.day}日 {weekday.ja}曜日（{reading}ようび）"
    return f"{day.year}年{day.month}月{day.day}日（{weekday.ja}）"


def hours_words(calendar: Calendar, language: str) -> str | None:
    """Return when a calendar is open in an ordinary week, such as ``月〜金曜日 8:30〜17:00``.

    ``None`` where its days are not weekdays alone: better nothing than half of a rule.
    """
    said = [
        _opening_words(opening, calendar.closings, language) for opening in calendar.openings
    ]
    if not said or None in said:
        return None
    return ("; " if language == "en" else "、").join(each for each in said if each)


def _opening_words(opening: Opening, closings: Sequence[Closing], language: str) -> str | None:
    if not isinstance(opening.days, Weekdays):
        return None
    days = _weekday_words(opening.days.weekdays, language)
    until = "–" if language == "en" else "〜"
    open_, close = clock(opening.hours.opens), end_clock(opening.hours.closes)
    closed = _closed_words([*opening.closed_on, *closings], language)
    return f"{days} {open_}{until}{close}{closed}"


def _closed_words(closed_on: Sequence[Closing], language: str) -> str:
    frame, joint, holidays, new_year = _CLOSED[language]
    off = []
    if any(isinstance(closing.days, OnHolidays) for closing in closed_on):
        off.append(holidays)
    if any(closing.label == "年末年始" for closing in closed_on):
        off.append(new_year)
    return frame.format(joint.join(off)) if off else ""


def _weekday_words(weekdays: Sequence[Weekday], language: str) -> str:
    numbers = sorted(weekday.number for weekday in weekdays)
    every = len(numbers) == len(Weekday)
    run = len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1))
    if language == "en":
        names = [_WEEKDAYS_EN[number] for number in numbers]
        return (
            "Every day" if every else f"{names[0]} to {names[-1]}" if run else ", ".join(names)
        )
    marks = ["月火水木金土日"[number] for number in numbers]
    if every:
        return "毎日"
    if language == "easy":
        days = [f"{mark}曜日" for mark in marks]
        return f"{days[0]}から{days[-1]}まで" if run else "、".join(days)
    return (f"{marks[0]}〜{marks[-1]}" if run else "・".join(marks)) + "曜日"


def _time_words(at: time, language: str) -> str:
    if language == "en":
        return f", {clock(at)}"
    if language == "easy":
        half = "午前（ごぜん）" if at.hour < 12 else "午後（ごご）"
        hour = at.hour if at.hour <= 12 else at.hour - 12
        minutes = f"{at.minute}分" if at.minute else ""
        return f" {half}{hour}時{minutes}"
    return f"{clock(at)}"
