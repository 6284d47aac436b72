"""Opening hours as a text: whoever reads it day by day comes to what the calendar says."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.loader import load
from domain.calendars.calendar import Calendar, Closing, ListedDay, Opening
from domain.calendars.day_rules import (
    Between,
    DayRule,
    EveryYear,
    Holiday,
    NationalHolidays,
    NthWeekday,
    OnHolidays,
    Weekday,
    Weekdays,
)
from domain.calendars.hours import Closure, Hours, end_clock
from domain.calendars.hours_text import hours_text
from domain.contract import calendar_of

WEEK = "月火水木金土日"
GAP = "　"
CITIES = ("ageo", "chiba", "ota", "urasoe", "yokosuka")

Says = Callable[[date, bool], bool]
"""Whether a phrase speaks of a day, and whether that is a national holiday."""


def phrase(text: str) -> Says:  # noqa: PLR0911  # one way to say it after the other
    """Read a phrase about days as a person would, without a look at the rules."""
    if text == "毎日":
        return lambda day, holiday: True
    if text == "祝日":
        return lambda day, holiday: holiday
    if found := re.fullmatch(r"([月火水木金土日・]+)曜日", text):
        named = {WEEK.index(each) for each in found[1].split("・")}
        return lambda day, holiday: day.weekday() in named
    if found := re.fullmatch(r"第(\d)(.)曜日(?:の翌(.)曜日|の(\d)日後)?", text):
        after = 1 if found[3] else int(found[4] or 0)
        number, weekday = int(found[1]), WEEK.index(found[2])

        def nth(day: date, holiday: bool) -> bool:
            base = day - timedelta(days=after)
            return base.weekday() == weekday and (base.day + 6) // 7 == number

        return nth
    if found := re.fullmatch(r"(\d+)月(\d+)日〜(\d+)月(\d+)日", text):
        begins, ends = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))

        def yearly(day: date, holiday: bool) -> bool:
            here = (day.month, day.day)
            if begins <= ends:
                return begins <= here <= ends
            return here >= begins or here <= ends

        return yearly
    if found := re.fullmatch(r"(\d{4})年(\d+)月(\d+)日(?:〜(\d{4})年(\d+)月(\d+)日)?", text):
        first = date(int(found[1]), int(found[2]), int(found[3]))
        last = date(int(found[4]), int(found[5]), int(found[6])) if found[4] else first
        return lambda day, holiday: first <= day <= last
    named_so = re.fullmatch(r"[^（]+（(.+)）", text)
    assert named_so is not None, f"nobody understands {text}"
    return phrase(named_so[1])


def dated(text: str) -> date:
    """Read a day with its year."""
    found = re.match(r"(\d{4})年(\d+)月(\d+)日（.）", text)
    assert found is not None, text
    return date(int(found[1]), int(found[2]), int(found[3]))


class Reader:
    """Somebody who has the text and a list of holidays, and nothing else."""

    def __init__(self, text: str) -> None:
        lines = text.splitlines()[1:]
        split = lines.index("臨時の変更") if "臨時の変更" in lines else len(lines)
        rules, changes = lines[:split], lines[split + 1 :]
        self.changes = {dated(line): line.partition(GAP)[2] for line in changes}
        self.first, self.last = date.min, date.max
        self.openings: list[tuple[Says, str, list[Says]]] = []
        self.closed: list[Says] = []
        shut = False
        for line in rules:
            if line == "休みの日":
                shut = True
            elif line.startswith("期間"):
                self._term(line.partition(GAP)[2])
            elif line.endswith("。"):
                continue
            elif shut:
                self.closed.append(phrase(line))
            else:
                days, hours, *rest = line.split(GAP)
                but = rest[0].removesuffix("を除く").split("、") if rest else []
                self.openings.append((phrase(days), hours, [phrase(each) for each in but]))

    def _term(self, text: str) -> None:
        begins, separator, ends = text.partition("から")
        if separator:
            self.first = dated(begins)
        rest = ends if separator else text
        if rest:
            self.last = dated(rest)

    def on(self, day: date, holiday: bool) -> str:
        """Return the hours of a day; empty: shut."""
        usual = self._usual(day, holiday)
        told = self.changes.get(day)
        if told is None:
            return usual
        if told.startswith("休み"):
            return ""
        return told if "は休止" not in told or "　" in told else f"{usual}{GAP}{told}"

    def _usual(self, day: date, holiday: bool) -> str:
        if not self.first <= day <= self.last:
            return ""
        if any(says(day, holiday) for says in self.closed):
            return ""
        for days, hours, but in self.openings:
            if days(day, holiday) and not any(says(day, holiday) for says in but):
                return hours
        return ""


def by_calendar(calendar: Calendar, day: date) -> str:
    found = calendar.day(day)
    if found.hours is None:
        return ""
    parts = [
        f"{p.starts:%-H:%M}〜{end_clock(p.ends or found.hours.closes)}は休止（{p.cause}）"
        for p in found.closed_parts
        if p.starts
    ]
    return GAP.join(filter(None, (found.hours.label, "、".join(parts))))


def misread(calendar: Calendar, text: str, first: date, last: date) -> list[date]:
    """Return the days on which the reader and the calendar differ."""
    reader, found = Reader(text), []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        holiday = calendar.holidays.name_of(day) is not None
        if reader.on(day, holiday) != by_calendar(calendar, day):
            found.append(day)
    return found


def whole(name: str, of: str) -> tuple[Calendar, date, date]:
    contract = load(of).contract
    calendar = calendar_of(contract, name)
    return calendar, contract.holidays.first, min(contract.holidays.last, date(2029, 12, 31))


@pytest.mark.req("YOKOSUKA-26")
def test_the_text_of_yokosukas_centre_is_its_calendar_day_by_day() -> None:
    """
    Also the Sunday after the third Saturday, the year's end, and holidays that change nothing.
    """
    calendar, first, last = whole("centre", "yokosuka")
    text = hours_text(calendar, first, last).text
    reader = Reader(text)
    wrong_rule = text.replace("第3土曜日の翌日曜日", "第3日曜日")

    assert [
        "センターの開庁日と時間",
        "月・火・金曜日　10:30〜18:30",
        "土・日曜日　9:00〜17:00",
        "休みの日",
        "水・木曜日",
        "第3土曜日の翌日曜日",
        "年末年始（2026年12月29日〜2027年1月3日）",
        "祝日も、上のとおりです。",
        "期間　2026年8月1日（土）から",
    ] == text.splitlines()
    assert [] == misread(calendar, text, first, last)
    # November 2026 begins on a Sunday: the third one is open, the one after it is shut.
    assert ("9:00〜17:00", "") == (
        reader.on(date(2026, 11, 15), False),
        reader.on(date(2026, 11, 22), False),
    )
    assert date(2026, 11, 22) in misread(calendar, wrong_rule, first, last), "the control"


@pytest.mark.req("YOKOSUKA-26")
def test_a_day_that_differs_is_told_as_it_will_be() -> None:
    """
    Closed for maintenance, shut for a part of the day, or other hours by an approved list.
    """
    calendar, first, last = whole("centre", "yokosuka")
    shut, part, moved = date(2026, 9, 4), date(2026, 9, 7), date(2026, 9, 9)
    other = Hours(opens=time(13), closes=time(16))
    changed = calendar.with_closures(
        Closure(day=shut, cause="システムメンテナンス"),
        Closure(day=part, cause="停電", starts=time(15)),
        Closure(day=date(2026, 9, 10), cause="もとから休みの日"),
    )
    changed = replace(changed, listed=(ListedDay(day=moved, hours=other),))
    found = hours_text(changed, first, last)

    assert (
        "2026年9月4日（金）　休み（システムメンテナンス）",
        "2026年9月7日（月）　15:00〜18:30は休止（停電）",
        "2026年9月9日（水）　13:00〜16:00",
    ) == found.changes
    assert [] == misread(changed, found.text, first, last)
    assert () == hours_text(changed, date(2026, 10, 1), last).changes


@pytest.mark.parametrize("city", CITIES)
def test_every_calendar_of_every_contract_can_be_told(city: str) -> None:
    """
    Over all the years of which the holidays are known.
    """
    for each in load(city).contract.calendars:
        calendar, first, last = whole(each.name, city)
        assert [] == misread(calendar, hours_text(calendar, first, last).text, first, last)


FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
days_of_year = st.dates(FIRST, LAST)
weekdays = st.lists(st.sampled_from(list(Weekday)), min_size=1, max_size=7, unique=True).map(
    lambda found: Weekdays(weekdays=tuple(found))
)
nths = st.builds(
    NthWeekday,
    nth=st.integers(1, 5),
    weekday=st.sampled_from(list(Weekday)),
    days_after=st.integers(0, 6),
)
yearly = st.builds(
    EveryYear,
    first=days_of_year.map(lambda day: f"{day:%m-%d}"),
    last=days_of_year.map(lambda day: f"{day:%m-%d}"),
)
ranges = st.tuples(days_of_year, days_of_year).map(
    lambda two: Between(first=min(two), last=max(two))
)
rules: st.SearchStrategy[DayRule] = st.one_of(
    weekdays, nths, st.just(OnHolidays()), yearly, ranges
)
closings = st.builds(Closing, days=rules, label=st.sampled_from(["", "夏休み"]))
openings = st.builds(
    Opening,
    days=rules,
    hours=st.builds(
        Hours,
        opens=st.sampled_from([time(8, 30), time(10)]),
        closes=st.sampled_from([time(17, 15), time()]),
        last_reception=st.sampled_from([None, time(16, 45)]),
    ),
    closed_on=st.lists(closings, max_size=2).map(tuple),
)
HOLIDAYS = NationalHolidays(
    first=FIRST,
    last=LAST,
    days=tuple(Holiday(day=FIRST + timedelta(days=n), name="祝日") for n in range(3, 360, 29)),
)


@given(
    st.lists(openings, max_size=3).map(tuple),
    st.lists(closings, max_size=3).map(tuple),
    st.tuples(st.none() | days_of_year, st.none() | days_of_year),
)
@settings(max_examples=25, deadline=None)
def test_whatever_the_rules_the_text_says_no_more_and_no_less(
    opened: tuple[Opening, ...],
    shut: tuple[Closing, ...],
    term: tuple[date | None, date | None],
) -> None:
    """
    Any rules, in any order: a year read from the text is the year of the calendar.
    """
    calendar = Calendar(
        name="any",
        label="窓口",
        openings=opened,
        closings=shut,
        holidays=HOLIDAYS,
        valid_from=term[0],
        valid_to=term[1],
    )

    assert [] == misread(calendar, hours_text(calendar, FIRST, LAST).text, FIRST, LAST)
