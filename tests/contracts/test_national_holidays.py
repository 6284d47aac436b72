"""The pinned holidays are those of the law, with the names people read."""

from datetime import date

import pytest

from contracts.national_holidays import national_holidays
from domain.calendars.day_rules import Holiday, NationalHolidays
from domain.errors import CalendarNotKnown

HOLIDAYS = national_holidays(2022, 2028)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2025-11-24", "振替休日"),
        ("2026-05-06", "振替休日"),
        ("2026-09-21", "敬老の日"),
        ("2026-09-22", "国民の休日"),
        ("2026-09-23", "秋分の日"),
        ("2027-03-21", "春分の日"),
        ("2027-03-22", "振替休日"),
        ("2022-10-10", "スポーツの日"),
        ("2026-12-29", None),
        ("2026-09-24", None),
    ],
)
def test_substitute_and_sandwiched_days_are_holidays(day: str, name: str | None) -> None:
    """The year's end is closed by contracts, not by the law on holidays."""
    assert name == HOLIDAYS.name_of(date.fromisoformat(day))


def test_outside_its_years_the_list_knows_nothing() -> None:
    """Unknown is not the same as an ordinary day."""
    with pytest.raises(CalendarNotKnown):
        HOLIDAYS.name_of(date(2029, 1, 1))


def test_a_list_of_holidays_is_in_order_and_within_its_years() -> None:
    """A search by halves needs order; a day outside would never be found."""
    new_year = Holiday(day=date(2026, 1, 1), name="元日")
    coming_of_age = Holiday(day=date(2026, 1, 12), name="成人の日")
    first, last = date(2026, 1, 1), date(2026, 12, 31)

    with pytest.raises(ValueError, match="order"):
        NationalHolidays(first=first, last=last, days=(coming_of_age, new_year))
    with pytest.raises(ValueError, match="outside"):
        NationalHolidays(first=date(2026, 1, 2), last=date(2026, 12, 31), days=(new_year,))
    with pytest.raises(ValueError, match="before"):
        NationalHolidays(first=date(2027, 1, 1), last=date(2026, 1, 1), days=())
