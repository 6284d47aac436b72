"""The three languages of the booking pages: words, furigana, days and times.

The words themselves stand in ``web/booking/*.toml``, one file per language with the same
names in each. What staff read is Japanese alone and stands in ``words``.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from markupsafe import Markup, escape

from api.pages.rendering import WEB
from domain.booking.booking_form import Language
from domain.calendars.day_rules import Weekday, day_ja
from domain.calendars.hours import clock, local
from domain.writing.eras import era_text

_RUBY = re.compile(r"｜([^｜《》]+)《([^《》]+)》")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_READINGS = {4: "しがつ", 7: "しちがつ", 9: "くがつ"}
_DAY_READINGS = {
    1: "ついたち", 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか",
    8: "ようか", 9: "ここのか", 10: "とおか", 14: "じゅうよっか", 20: "はつか",
    24: "にじゅうよっか",
}  # fmt: skip
"""What is not read as its number and がつ or にち."""

_READINGS = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")

LANGUAGE_NAME: Final[Mapping[Language, str]] = {
    Language.JA: "日本語",
    Language.EASY: "やさしい日本語",
    Language.EN: "English",
}
HTML_LANGUAGE: Final[Mapping[Language, str]] = {
    Language.JA: "ja",
    Language.EASY: "ja",
    Language.EN: "en",
}


def _read(language: Language) -> Mapping[str, str]:
    with (WEB / "booking" / f"{language}.toml").open("rb") as file:
        sections = tomllib.load(file)
    return {
        f"{section}.{name}": text
        for section, texts in sections.items()
        for name, text in texts.items()
    }


CATALOGUE: Final[Mapping[Language, Mapping[str, str]]] = {
    language: _read(language) for language in Language
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How a page speaks: in one language."""

    language: Language

    def t(self, name: str, **values: object) -> Markup:
        """Return words for the body of a page, with furigana where the language has them."""
        shown = {
            key: value if _is_safe(value) else escape(value) for key, value in values.items()
        }
        pattern = str(escape(CATALOGUE[self.language][name]))
        return with_furigana(pattern).format(**shown)

    def plain(self, name: str, **values: object) -> str:
        """Return words for titles and labels, which can hold no furigana."""
        bare = _RUBY.sub(r"\1", CATALOGUE[self.language][name])
        return bare.format(**{key: _bare(value) for key, value in values.items()})

    def knows(self, name: str) -> bool:
        """Tell whether there are words of this name."""
        return name in CATALOGUE[self.language]

    def day(self, day: date | datetime, *, year: bool = False) -> Markup:
        """Return a day as people say it, with its weekday, never broken over lines."""
        return Markup('<span class="b-nb">{}</span>').format(self._day(day, year=year))

    def _day(self, day: date | datetime, *, year: bool) -> Markup:
        found = local(day).date() if isinstance(day, datetime) else day
        if self.language is Language.EN:
            tail = f" {found.year}" if year else ""
            name = _WEEKDAYS_EN[found.weekday()]
            return Markup("{} {} {}{}").format(name, found.day, _MONTHS[found.month - 1], tail)
        if self.language is Language.EASY:
            head = f"{found.year}｜年《ねん》" if year else ""
            weekday = f"｜{Weekday.of(found).ja}《{_READINGS[found.weekday()]}》"
            return with_furigana(f"{head}{_easy_month(found)}{_easy_day(found)}（{weekday}）")
        return escape(day_ja(found, year=year))

    def plain_day(self, day: date | datetime) -> str:
        """Return a day for titles and labels."""
        return str(_bare(self.day(day)))

    def time(self, moment: datetime) -> str:
        """Return the time of day on Tokyo's clock."""
        return clock(local(moment).time())

    def moment(self, moment: datetime) -> Markup:
        """Return a day with its time."""
        return Markup("{} {}").format(self.day(moment), self.time(moment))

    def span(self, starts_at: datetime, ends_at: datetime) -> Markup:
        """Return from when until when, with the day."""
        return Markup("{} {}").format(self.day(starts_at), self.hours(starts_at, ends_at))

    def hours(self, starts_at: datetime, ends_at: datetime) -> Markup:
        """Return from when until when on one day."""
        times = self.t("day.from_to", start=self.time(starts_at), end=self.time(ends_at))
        return Markup('<span class="b-nb">{}</span>').format(times)

    def birth_date(self, day: date) -> str:
        """Return a day of birth to be checked: by era in Japanese, and as it is anywhere."""
        if self.language is Language.JA:
            return f"{era_text(day)}（{day.year}年）"
        return f"{day.isoformat()}（{era_text(day)}）"

    def month(self, month: date) -> Markup:
        """Return a month with its year."""
        return self.t(
            "calendar.month",
            year=month.year,
            month=month.month,
            month_name=_MONTHS[month.month - 1],
        )

    def weekdays(self) -> tuple[tuple[str, str], ...]:
        """Return short and long names of the days of a week, from Sunday."""
        order = (6, 0, 1, 2, 3, 4, 5)
        if self.language is Language.EN:
            return tuple((_WEEKDAYS_EN[i][:2], _WEEKDAYS_EN[i]) for i in order)
        names = tuple(weekday.ja for weekday in Weekday)
        return tuple((names[i], f"{names[i]}曜日") for i in order)


def with_furigana(text: str) -> Markup:
    """Return text in which ``｜漢字《かんじ》`` carries its reading; it is markup already."""
    return Markup(  # noqa: S704 (what is not ours was escaped by the caller)
        _RUBY.sub(r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>", text)
    )


def _easy_month(day: date) -> str:
    reading = _MONTH_READINGS.get(day.month)
    return f"｜{day.month}月《{reading}》" if reading else f"{day.month}｜月《がつ》"


def _easy_day(day: date) -> str:
    reading = _DAY_READINGS.get(day.day)
    return f"｜{day.day}日《{reading}》" if reading else f"{day.day}｜日《にち》"


def _is_safe(value: object) -> bool:
    return hasattr(value, "__html__")


def _bare(value: object) -> object:
    """Return a value without its markup: readings are left out, words stay."""
    if not _is_safe(value):
        return value
    without = re.sub(r"<rp>.*?</rp>|<rt>.*?</rt>", "", str(value))
    return Markup(without).striptags()  # noqa: S704 (it was markup)
