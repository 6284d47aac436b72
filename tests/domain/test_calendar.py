"""A calendar answers the same question the same way, whatever rules it is made of."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.calendars.calendar import Calendar, Opening, Refused
from domain.calendars.day_rules import (
    Between,
    EveryYear,
    NationalHolidays,
    NthWeekday,
    Weekday,
    Weekdays,
)
from domain.calendars.hours import TOKYO, Closure, Hours, Intake
from domain.errors import CalendarNotKnown
from tests.domain.calendars import HOLIDAY_DATA, card_centre, city_hall, hours, weekend_too

days_2026 = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def at(day: str, clock: str) -> datetime:
    """Return a moment in Tokyo."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-07-06", "月・火・水・木・金曜日 8:30〜17:15"),
        ("2026-07-20", "祝日（海の日）のため休み"),
        ("2026-05-06", "祝日（振替休日）のため休み"),
        ("2026-09-22", "祝日（国民の休日）のため休み"),
        ("2026-12-29", "年末年始（12月29日〜1月3日）のため休み"),
        ("2026-07-04", "土曜日は休み"),
    ],
)
def test_every_day_says_why_it_is_open_or_closed(day: str, why: str) -> None:
    """A citizen who stands before a closed door deserves the reason."""
    assert why == city_hall().day(date.fromisoformat(day)).why


def test_a_range_across_the_years_end_closes_both_sides() -> None:
    """12-29 to 01-03 is one range, not two half-open ones."""
    closed = city_hall().open_days(date(2026, 12, 26), date(2027, 1, 5))

    assert (date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 5)) == closed


def test_the_day_after_the_third_saturday_is_not_the_third_sunday() -> None:
    """In a month that begins on a Sunday the two differ by a week."""
    centre = card_centre()

    assert centre.is_open_on(date(2026, 11, 15))
    assert "第3土曜日の翌日曜日は休み" == centre.day(date(2026, 11, 22)).why


def test_an_exception_of_one_opening_leaves_the_other_openings_alone() -> None:
    """The holiday exclusion written after Mon-Fri does not reach the 2nd Sunday."""
    calendar = weekend_too()

    assert calendar.is_open_on(date(2029, 2, 11)), "a holiday on the 2nd Sunday"
    assert not calendar.is_open_on(date(2029, 2, 12)), "its substitute on Monday"


@pytest.mark.parametrize(
    ("clock", "accepted"),
    [
        ("08:29:59", False),
        ("08:30:00", True),
        ("17:00:59", True),
        ("17:01:00", False),
    ],
)
def test_a_cut_off_by_the_minute_includes_its_minute(clock: str, accepted: bool) -> None:
    """People read 「17:00まで」 on a clock without seconds."""
    assert accepted == weekend_too().reception(at("2025-07-01", clock)).accepted


@pytest.mark.parametrize(
    ("intake", "on_the_dot", "a_second_later"),
    [(Intake.EXACT, True, False), (Intake.BEFORE, False, False)],
)
def test_without_a_cut_off_reception_ends_at_closing(
    intake: Intake, on_the_dot: bool, a_second_later: bool
) -> None:
    """The moment of closing itself is a parameter, because clauses differ."""
    opening = Opening(
        days=Weekdays(weekdays=tuple(Weekday)),
        hours=Hours(opens=time(8, 30), closes=time(17, 15), intake=intake),
    )
    calendar = Calendar(name="desk", label="窓口", openings=(opening,))

    assert on_the_dot == calendar.reception(at("2026-07-06", "17:15:00")).accepted
    assert a_second_later == calendar.reception(at("2026-07-06", "17:15:01")).accepted


def test_a_refused_visitor_hears_the_reason() -> None:
    """Each way of being refused has its own word and sentence."""
    calendar = city_hall().with_closures(
        Closure(day=date(2026, 7, 7), cause="停電", starts=time(10), ends=time(11))
    )

    heard = [
        calendar.reception(moment)
        for moment in (
            at("2026-07-05", "10:00"),
            at("2026-07-06", "08:00"),
            at("2026-07-06", "18:00"),
            at("2026-07-07", "10:30"),
        )
    ]

    assert [
        (Refused.CLOSED_DAY, "7月5日（日）は日曜日は休みです"),
        (Refused.TOO_EARLY, "受付は8:30からです"),
        (Refused.TOO_LATE, "受付は17:15までです"),
        (Refused.CLOSED_NOW, "停電のため休止しています"),
    ] == [(answer.refused, answer.reason) for answer in heard]


def test_the_door_is_open_from_opening_and_no_longer_at_closing() -> None:
    """Reception may still say yes at 17:15:00; the door then closes."""
    calendar = city_hall()
    moments = ("08:29:59", "08:30:00", "17:14:59", "17:15:00")

    seen = [calendar.is_open_at(at("2026-07-06", moment)) for moment in moments]

    assert [False, True, True, False] == seen


def test_a_moment_from_another_zone_is_read_in_tokyo() -> None:
    """A server on UTC asks about 23:30 of the day before."""
    moment = datetime(2026, 7, 5, 23, 30, tzinfo=UTC)

    assert city_hall().is_open_at(moment)


def test_a_moment_without_a_zone_is_a_bug() -> None:
    """Guessing the zone would move a deadline by nine hours."""
    with pytest.raises(ValueError, match="time zone"):
        city_hall().is_open_at(datetime(2026, 7, 6, 9, 0))  # noqa: DTZ001


def test_a_day_that_never_closes_has_no_gap_at_midnight() -> None:
    """A calendar of 24 hours must not lose its last minute."""
    opening = Opening(days=Weekdays(weekdays=tuple(Weekday)), hours=hours("00:00", "00:00"))
    booking = Calendar(name="web", label="予約", openings=(opening,))
    midnight = at("2026-07-06", "23:59:59.999999")

    assert booking.is_open_at(midnight)
    assert booking.is_open_at(midnight + timedelta(microseconds=1))
    assert at("2026-07-07", "00:00") == booking.day(date(2026, 7, 6)).closes_at
    assert "毎日 0:00〜24:00" == booking.day(date(2026, 7, 6)).why


def test_a_storm_closes_the_whole_day() -> None:
    """A closure entered at run time wins over every rule."""
    storm = Closure(day=date(2026, 8, 5), cause="台風による暴風警報")
    day = city_hall().with_closures(storm).day(date(2026, 8, 5))

    assert (False, "台風による暴風警報のため休み") == (day.open, day.why)


def test_a_storm_from_eleven_leaves_an_open_day_with_a_closed_part() -> None:
    """Half a day is still a day of work, and the part before it happened."""
    storm = Closure(day=date(2026, 8, 5), cause="暴風警報", starts=time(11))
    calendar = city_hall().with_closures(storm)

    assert calendar.is_open_on(date(2026, 8, 5))
    assert calendar.is_open_at(at("2026-08-05", "10:59"))
    assert not calendar.is_open_at(at("2026-08-05", "11:00"))
    assert (storm,) == calendar.day(date(2026, 8, 5)).closed_parts


def test_a_closed_part_ends_when_it_says() -> None:
    """People told "until one" come at one."""
    until_one = Closure(day=date(2026, 8, 5), cause="暴風警報", ends=time(13))
    calendar = city_hall().with_closures(until_one)

    assert not calendar.is_open_at(at("2026-08-05", "12:59:59"))
    assert calendar.is_open_at(at("2026-08-05", "13:00"))
    assert calendar.reception(at("2026-08-05", "13:00")).accepted


def test_closures_that_leave_nothing_make_a_closed_day() -> None:
    """Morning and afternoon closed by two entries is a closed day."""
    calendar = city_hall().with_closures(
        Closure(day=date(2026, 8, 5), cause="暴風警報", starts=time(12), ends=time(18)),
        Closure(day=date(2026, 8, 5), cause="暴風警報", ends=time(12)),
    )

    assert not calendar.is_open_on(date(2026, 8, 5))


def test_a_calendar_is_shut_outside_its_dates() -> None:
    """An outreach place of two days is no place on the third."""
    calendar = city_hall(valid_from=date(2026, 7, 6), valid_to=date(2026, 7, 7))

    assert (date(2026, 7, 6), date(2026, 7, 7)) == calendar.open_days(
        date(2026, 7, 1), date(2026, 7, 31)
    )
    assert calendar.next_open_day(date(2026, 7, 7)) is None


def test_a_year_without_holiday_data_is_unknown_not_open() -> None:
    """A calendar that outlives its data must not open on New Year's Day."""
    short = NationalHolidays(first=date(2026, 1, 1), last=date(2026, 12, 31), days=())

    with pytest.raises(CalendarNotKnown):
        city_hall(holidays=short).day(date(2027, 1, 12))


def test_a_month_with_fewer_open_days_has_no_nth() -> None:
    """The centre has no open day in July 2026, and that is an answer."""
    centre = card_centre()

    assert centre.nth_open_day_of_month(2026, 7, 1) is None
    assert date(2026, 8, 3) == centre.nth_open_day_of_month(2026, 8, 3)


@given(day=days_2026, count=st.integers(1, 40))
def test_counting_open_days_forward_counts_exactly_them(day: date, count: int) -> None:
    """The nth open day after a day closes a span with n open days in it."""
    calendar = weekend_too()
    reached = calendar.nth_open_day_after(day, count)

    assert reached is not None
    assert count == len(calendar.open_days(day + timedelta(days=1), reached))
    assert calendar.is_open_on(reached)


@given(day=days_2026)
def test_the_neighbours_of_a_day_are_open_with_nothing_between(day: date) -> None:
    """Next and previous skip nothing."""
    calendar = card_centre()
    later, earlier = calendar.next_open_day(day), calendar.previous_open_day(day)

    assert later is None or () == calendar.open_days(
        day + timedelta(days=1), later - timedelta(days=1)
    )
    assert earlier is None or () == calendar.open_days(
        earlier + timedelta(days=1), day - timedelta(days=1)
    )


@given(day=days_2026, second=st.integers(0, 86399))
def test_reception_is_never_accepted_on_a_closed_day_or_before_opening(
    day: date, second: int
) -> None:
    """Reception follows the day's own hours."""
    calendar = weekend_too()
    moment = datetime.combine(day, time(), TOKYO) + timedelta(seconds=second)
    today = calendar.day(day)

    if calendar.reception(moment).accepted:
        assert today.opens_at is not None
        assert today.opens_at <= moment


@pytest.mark.parametrize("calendar", [city_hall(), weekend_too(), card_centre()])
def test_a_calendar_survives_the_wire(calendar: Calendar) -> None:
    """Calendars travel in payloads; each rule must come back as its own kind."""
    adapter = TypeAdapter(Calendar)

    assert calendar == adapter.validate_json(adapter.dump_json(calendar))


@pytest.mark.parametrize(
    ("rule", "label"),
    [
        (Weekdays(weekdays=tuple(Weekday)), "毎日"),
        (NthWeekday(nth=2, weekday=Weekday.SUN), "第2日曜日"),
        (NthWeekday(nth=3, weekday=Weekday.SAT, days_after=1), "第3土曜日の翌日曜日"),
        (NthWeekday(nth=1, weekday=Weekday.MON, days_after=2), "第1月曜日の2日後"),
        (EveryYear(first="12-29", last="01-03"), "12月29日〜1月3日"),
        (Between(first=date(2026, 8, 13), last=date(2026, 8, 13)), "2026年8月13日"),
    ],
)
def test_each_rule_has_words(
    rule: Weekdays | NthWeekday | EveryYear | Between, label: str
) -> None:
    """The words on the notice at the door come from the rule itself."""
    assert label == rule.label


def test_a_dated_range_holds_on_both_its_ends() -> None:
    """Both dates of a range belong to it."""
    rule = Between(first=date(2026, 8, 13), last=date(2026, 8, 14))
    around = [date(2026, 8, day) for day in (12, 13, 14, 15)]

    assert [False, True, True, False] == [rule.matches(day, HOLIDAY_DATA) for day in around]
