"""The calendars of the five cities, day by day as their specifications say."""

from collections import Counter
from datetime import date, time

import pytest

from contracts.loader import FOLDER, load_text
from domain.calendars.calendar import Refused
from domain.calendars.hours import Closure
from domain.contract import calendar_of_channel
from tests.contracts.cities import at, calendar, city, days

AGEO_TERM = (date(2026, 4, 1), date(2027, 3, 31))
URASOE_TERM = (date(2025, 7, 1), date(2026, 3, 31))
CENTRE_OPEN = (date(2026, 8, 1), date(2027, 3, 31))


@pytest.mark.req("AGEO-17")
def test_ageo_counter_takes_people_in_from_half_past_eight_to_quarter_past_five() -> None:
    """City hall's days are not listed in the clause, so a closure entered by hand wins."""
    counter = calendar("ageo", "counter")
    clocks = ("08:29", "08:30", "17:15", "17:16")
    closed = counter.with_closures(Closure(day=date(2026, 7, 6), cause="庁舎の停電"))

    taken = [counter.reception(at("2026-07-06", clock)).accepted for clock in clocks]

    assert [False, True, True, False] == taken
    assert not counter.is_open_on(date(2026, 7, 4))
    assert not closed.reception(at("2026-07-06", "10:00")).accepted


def test_ageo_counter_takes_nobody_in_a_second_after_closing() -> None:
    """Whoever was taken in is served to the end; a newcomer at 17:15:01 is not."""
    refused = calendar("ageo", "counter").reception(at("2026-07-06", "17:15:01"))

    assert Refused.TOO_LATE is refused.refused


def test_ageo_counter_is_open_241_days() -> None:
    """Derived from the assumed closed days; the city's own list may change it."""
    assert 241 == len(calendar("ageo", "counter").open_days(*AGEO_TERM))


@pytest.mark.req("AGEO-28")
def test_ageo_desk_follows_whatever_the_counter_calendar_becomes() -> None:
    """The clause gives the desk the booths' hours, not hours of its own."""
    text = (FOLDER / "ageo.toml").read_text(encoding="utf-8")
    changed = load_text(text.replace('closes = "17:15"', 'closes = "16:00"', 1), "ageo.toml")
    monday = date(2026, 7, 6)

    closing = {
        channel: hours.closes
        for channel in ("online_booth", "support_desk", "call_centre")
        if (hours := calendar_of_channel(changed.contract, channel).day(monday).hours)
    }

    assert {
        "online_booth": time(16),
        "support_desk": time(16),
        "call_centre": time(20),
    } == closing


@pytest.mark.req("AGEO-37")
def test_ageo_call_centre_is_open_every_day_of_the_year() -> None:
    """No exception for the year's end is written, so closing then would be a breach."""
    calls = calendar("ageo", "call_centre")

    assert 365 == len(calls.open_days(*AGEO_TERM))
    assert calls.is_open_at(at("2027-01-01", "10:00"))
    assert calls.is_open_at(at("2026-07-05", "19:59"))
    assert not calls.is_open_at(at("2026-07-05", "20:00"))


@pytest.mark.req("URASOE-07")
@pytest.mark.parametrize("day", days("2025-07-21", "2025-11-24", "2026-02-11", "2026-02-23"))
def test_urasoe_is_closed_on_national_holidays(day: date) -> None:
    """A substitute Monday and a Wednesday are holidays like any other."""
    assert not calendar("urasoe", "counter").is_open_on(day)


@pytest.mark.req("URASOE-08")
def test_urasoe_is_closed_over_the_years_end() -> None:
    """12-29 to 01-03 crosses the year."""
    opened = calendar("urasoe", "counter").open_days(date(2025, 12, 27), date(2026, 1, 5))

    assert (date(2026, 1, 5),) == opened


@pytest.mark.req("URASOE-09")
def test_urasoe_opens_on_second_sundays_and_third_saturdays() -> None:
    """Eighteen weekend days in the term, and no others."""
    opened = calendar("urasoe", "counter").open_days(*URASOE_TERM)
    weekend = [day for day in opened if day.weekday() >= 5]

    assert 18 == len(weekend)
    assert set(days("2025-07-13", "2025-07-19", "2026-02-08", "2026-02-21")) <= set(weekend)
    assert not set(days("2025-07-12", "2025-07-20")) & set(weekend)


def test_urasoe_is_open_198_days() -> None:
    """143 short days, 37 Wednesdays, 9 Sundays, 9 Saturdays; by month as counted by hand."""
    opened = calendar("urasoe", "counter").open_days(*URASOE_TERM)
    by_weekday = Counter(day.weekday() for day in opened)
    by_month = Counter(f"{day:%Y-%m}" for day in opened)

    assert 198 == len(opened)
    assert (143, 37, 9, 9) == (
        sum(by_weekday[number] for number in (0, 1, 3, 4)),
        by_weekday[2],
        by_weekday[6],
        by_weekday[5],
    )
    assert [24, 22, 22, 24, 20, 22, 21, 20, 23] == [by_month[key] for key in sorted(by_month)]


@pytest.mark.req("URASOE-11")
def test_urasoe_takes_people_in_until_five_and_serves_them_until_quarter_past() -> None:
    """The cut-off includes its minute; the window stays open behind it."""
    counter = calendar("urasoe", "counter")

    assert counter.reception(at("2025-07-01", "17:00")).accepted
    assert not counter.reception(at("2025-07-01", "17:01")).accepted
    assert counter.is_open_at(at("2025-07-01", "17:14"))
    assert not counter.is_open_at(at("2025-07-01", "17:15"))


@pytest.mark.req("URASOE-12")
def test_urasoe_is_open_late_on_wednesdays_only() -> None:
    """Wednesday 18:30 is open, Thursday 18:30 is not."""
    counter = calendar("urasoe", "counter")

    assert counter.is_open_at(at("2025-07-02", "18:30"))
    assert not counter.is_open_at(at("2025-07-03", "18:30"))
    assert counter.reception(at("2025-07-02", "19:45")).accepted
    assert not counter.reception(at("2025-07-02", "19:46")).accepted


@pytest.mark.req("URASOE-13")
def test_urasoe_weekend_days_have_their_own_hours() -> None:
    """Nine to four, taken in until a quarter to."""
    counter = calendar("urasoe", "counter")

    assert not counter.is_open_at(at("2025-07-13", "08:45"))
    assert counter.is_open_at(at("2025-07-13", "09:00"))
    assert not counter.reception(at("2025-07-13", "15:46")).accepted


@pytest.mark.req("OTA-04")
def test_ota_counter_is_open_241_days() -> None:
    """Sandwiched, substitute and year-end days are closed."""
    counter = calendar("ota", "counter")

    assert 241 == len(counter.open_days(*AGEO_TERM))
    for day in days("2026-09-22", "2027-03-22", "2026-12-29"):
        assert not counter.is_open_on(day)


@pytest.mark.req("OTA-05")
def test_ota_takes_people_in_until_quarter_past_five() -> None:
    """There is no earlier cut-off in the clause."""
    counter = calendar("ota", "counter")

    assert counter.reception(at("2026-07-06", "17:15")).accepted
    assert not counter.reception(at("2026-07-06", "17:16")).accepted


def test_ota_staff_are_ready_ten_minutes_before_opening() -> None:
    """Ready at 8:20 is not open at 8:20."""
    counter = calendar("ota", "counter")
    hours = counter.day(date(2026, 7, 6)).hours

    assert hours is not None
    assert time(8, 20) == hours.ready_by
    assert not counter.reception(at("2026-07-06", "08:20")).accepted


@pytest.mark.req("CHIBA-07")
def test_chiba_venues_pause_at_the_years_end_and_run_to_the_last_day() -> None:
    """The clause excludes the year's end without dates; ours are assumed."""
    venue = calendar("chiba", "venue")

    assert not venue.is_open_on(date(2022, 12, 31))
    assert venue.is_open_on(date(2023, 3, 31))
    assert not venue.is_open_on(date(2023, 4, 1))


@pytest.mark.req("CHIBA-11")
def test_chiba_call_centre_rests_while_venues_run() -> None:
    """On Saturday a venue is open and the telephone is not, likewise after five."""
    calls, venue = calendar("chiba", "call_centre"), calendar("chiba", "venue")

    assert venue.is_open_at(at("2022-07-09", "10:00"))
    assert not calls.is_open_at(at("2022-07-09", "10:00"))
    assert venue.is_open_at(at("2022-07-08", "17:01"))
    assert not calls.is_open_at(at("2022-07-08", "17:01"))
    assert not calls.reception(at("2022-07-08", "17:01")).accepted


def test_chiba_call_centre_counts_204_days_from_june_and_182_from_july() -> None:
    """The stated volume divides by 195, which is neither."""
    calls = calendar("chiba", "call_centre")

    assert 204 == len(calls.open_days(date(2022, 6, 1), date(2023, 3, 31)))
    assert 182 == len(calls.open_days(date(2022, 7, 1), date(2023, 3, 31)))


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2022-07-08", "13:00", "20:00"),
        ("2022-07-10", "10:00", "17:00"),
        ("2022-07-18", "10:00", "17:00"),
    ],
)
@pytest.mark.req("CHIBA-14")
def test_chiba_days_off_are_sundays_and_public_holidays_too(
    day: str, opens: str, closes: str
) -> None:
    """「休日」 is read as Saturday, Sunday and national holidays."""
    hours = calendar("chiba", "venue").day(date.fromisoformat(day)).hours

    assert hours is not None
    assert (time.fromisoformat(opens), time.fromisoformat(closes)) == (
        hours.opens,
        hours.closes,
    )


@pytest.mark.parametrize("day", days("2022-07-08", "2022-07-10"))
def test_a_chiba_venue_day_is_eight_hours_with_setting_up_and_clearing_away(day: date) -> None:
    """Half an hour before and after, as the clause says."""
    hours = calendar("chiba", "venue").day(day).hours

    assert hours is not None
    assert hours.staff_from is not None
    assert hours.staff_to is not None
    assert 8 * 60 == minutes(hours.staff_to) - minutes(hours.staff_from)
    assert (30, 30) == (
        minutes(hours.opens) - minutes(hours.staff_from),
        minutes(hours.staff_to) - minutes(hours.closes),
    )


def minutes(clock: time) -> int:
    """Return minutes since midnight."""
    return clock.hour * 60 + clock.minute


def test_chiba_booking_never_closes() -> None:
    """03:00 on a Sunday is as good as any time."""
    booking = calendar("chiba", "booking_site")

    assert booking.is_open_at(at("2022-07-10", "03:00"))
    assert booking.is_open_at(at("2022-07-10", "23:59:59"))


@pytest.mark.req("YOKOSUKA-06")
@pytest.mark.parametrize(
    "day",
    days(
        "2026-08-11",
        "2026-09-21",
        "2026-09-22",
        "2026-10-12",
        "2026-11-03",
        "2026-11-23",
        "2027-01-11",
        "2027-02-23",
        "2027-03-22",
    ),
)
def test_yokosuka_centre_is_open_on_holidays(day: date) -> None:
    """National holidays are open days there."""
    assert calendar("yokosuka", "centre").is_open_on(day)


@pytest.mark.req("YOKOSUKA-07")
def test_yokosuka_centre_rests_on_wednesdays_and_thursdays_even_on_holidays() -> None:
    """The weekly rest wins over the holiday."""
    centre = calendar("yokosuka", "centre")

    assert not centre.is_open_on(date(2026, 9, 23))
    assert not centre.is_open_on(date(2027, 2, 11))


@pytest.mark.req("YOKOSUKA-08")
def test_yokosuka_centre_rests_on_the_sunday_after_the_third_saturday() -> None:
    """Month totals cannot tell it from the third Sunday, so the dates are tested."""
    centre = calendar("yokosuka", "centre")
    sundays = [day for day in every_sunday() if not centre.is_open_on(day)]

    assert sundays == days(
        "2026-08-16",
        "2026-09-20",
        "2026-10-18",
        "2026-11-22",
        "2026-12-20",
        "2027-01-03",
        "2027-01-17",
        "2027-02-21",
        "2027-03-21",
    )
    assert centre.is_open_on(date(2026, 11, 15))


def every_sunday() -> list[date]:
    """Return the Sundays of the operating months."""
    first, last = CENTRE_OPEN
    span = range(first.toordinal(), last.toordinal() + 1)
    return [day for day in map(date.fromordinal, span) if day.weekday() == 6]


@pytest.mark.req("YOKOSUKA-09")
def test_yokosuka_centre_rests_over_one_years_end() -> None:
    """A dated range, with open days on both sides."""
    centre = calendar("yokosuka", "centre")
    rest = days("2026-12-29", "2027-01-01", "2027-01-02", "2027-01-03")

    assert centre.is_open_on(date(2026, 12, 28))
    assert centre.is_open_on(date(2027, 1, 4))
    assert not any(centre.is_open_on(day) for day in rest)


@pytest.mark.req("YOKOSUKA-12")
def test_yokosuka_centre_keeps_the_weekdays_hours_on_a_holiday() -> None:
    """No holiday hours are written; a Monday stays a Monday."""
    centre = calendar("yokosuka", "centre")

    assert not centre.is_open_at(at("2026-09-21", "10:29"))
    assert centre.is_open_at(at("2026-09-21", "10:30"))
    assert not centre.is_open_at(at("2026-09-19", "08:59"))
    assert centre.is_open_at(at("2026-09-19", "09:00"))


@pytest.mark.req("YOKOSUKA-49")
def test_yokosuka_centre_has_the_open_days_its_capacity_was_counted_from() -> None:
    """128 places a day times the open days gives every month of the city's own table."""
    opened = calendar("yokosuka", "centre").open_days(*CENTRE_OPEN)
    by_month = Counter(f"{day:%Y-%m}" for day in opened)
    contract = city("yokosuka")
    stated = contract.fact("volumes.cards_centre").value
    per_day = contract.booking("card_delivery").per_day

    assert isinstance(stated, tuple)
    assert per_day is not None
    assert [22, 20, 21, 21, 19, 19, 19, 21] == [by_month[key] for key in sorted(by_month)]
    assert stated == tuple(by_month[key] * per_day for key in sorted(by_month))
    assert 20736 == sum(int(month) for month in stated)


def test_yokosuka_answers_the_city_when_the_centre_is_closed() -> None:
    """Reachable in office hours, Wednesdays included, and the year's end is not excepted."""
    contact = calendar("yokosuka", "contact")

    assert contact.is_open_on(date(2026, 9, 16))
    assert not contact.is_open_on(date(2026, 9, 19))
    assert contact.is_open_on(date(2026, 12, 30))
