"""A horizon says the same as the calendar it was taken from, in one letter a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars.calendar import Calendar, Opening
from domain.calendars.day_rules import Weekday, Weekdays
from domain.deadlines.horizon import Horizon
from tests.domain.calendars import card_centre, city_hall, hours, weekend_too

FIRST, LAST = date(2026, 7, 1), date(2027, 3, 31)
CALENDARS = [city_hall(), weekend_too(), card_centre()]
known_days = st.dates(FIRST, LAST)


@pytest.mark.parametrize("calendar", CALENDARS)
def test_every_day_is_open_for_the_same_hours(calendar: Calendar) -> None:
    """Different hours by weekday survive the shortening."""
    horizon = Horizon.of(calendar, FIRST, LAST)
    for day in calendar.days(FIRST, LAST):
        assert day.open == horizon.is_open(day.day)
        if day.open:
            assert (day.opens_at, day.closes_at) == (
                horizon.opens_at(day.day),
                horizon.closes_at(day.day),
            )


@given(day=known_days, count=st.integers(1, 10), calendar=st.sampled_from(CALENDARS))
def test_counting_agrees_with_the_calendar(day: date, count: int, calendar: Calendar) -> None:
    """As long as the day is within sight."""
    horizon = Horizon.of(calendar, FIRST, LAST)
    found = horizon.after(day, count)

    if found is not None:
        assert found == calendar.nth_open_day_after(day, count)
        assert count == horizon.count(day, found)
    assert horizon.before(day, 0) == day


def test_beyond_its_ends_nothing_is_known() -> None:
    """Neither open nor closed: the answer is none."""
    horizon = Horizon.of(city_hall(), FIRST, FIRST + timedelta(days=6))

    assert horizon.on_or_after(FIRST + timedelta(days=7)) is None
    assert horizon.on_or_before(FIRST - timedelta(days=1)) is None
    assert horizon.after(FIRST, 9) is None
    assert horizon.count(FIRST, LAST) is None
    assert not horizon.is_open(LAST)


def test_a_day_that_ends_at_midnight_ends_with_the_next_day() -> None:
    """24:00 is not 0:00 of the same morning."""
    every_day = Opening(days=Weekdays(weekdays=tuple(Weekday)), hours=hours("00:00", "00:00"))
    calendar = Calendar(name="web", label="予約", openings=(every_day,))
    horizon = Horizon.of(calendar, FIRST, LAST)

    assert FIRST + timedelta(days=1) == horizon.closes_at(FIRST).date()
