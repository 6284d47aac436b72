"""A day list from the city is compared with the rules and wins once approved."""

from datetime import date

import pytest

from domain.calendars.calendar import ListedDay
from domain.calendars.hours import Closure
from domain.errors import ReasonMissing
from domain.sending.day_list import approve, differences
from tests.domain.calendars import card_centre, hours

RULES = card_centre()


def listed(first: date, last: date) -> tuple[ListedDay, ...]:
    """Return a list that says what the rules say."""
    return tuple(ListedDay(day=day.day, hours=day.hours) for day in RULES.days(first, last))


def with_one_change() -> tuple[ListedDay, ...]:
    """Return August with a Wednesday opened."""
    days = listed(date(2026, 8, 1), date(2026, 8, 31))
    open_wednesday = ListedDay(day=date(2026, 8, 12), hours=hours("10:30", "18:30"))
    return tuple(open_wednesday if day.day == date(2026, 8, 12) else day for day in days)


@pytest.mark.req("YOKOSUKA-52")
def test_one_difference_is_shown_and_the_list_wins_after_approval() -> None:
    """The attachment is missing from the specification; its list will come later."""
    found = differences(RULES, with_one_change())
    before = RULES.is_open_on(date(2026, 8, 12))
    after = approve(RULES, with_one_change(), agreement="協議 第12号")

    assert ["2026年8月12日（水）：規則では休み、日別表では10:30〜18:30"] == [
        difference.text for difference in found
    ]
    assert not before
    assert after.is_open_on(date(2026, 8, 12))
    assert "日別表 10:30〜18:30（協議 第12号）" == after.day(date(2026, 8, 12)).why


def test_a_list_that_repeats_the_rules_shows_no_difference() -> None:
    """The control: the comparison does not cry wolf."""
    assert () == differences(RULES, listed(date(2026, 8, 1), date(2027, 3, 31)))


def test_a_list_needs_the_record_of_its_approval() -> None:
    """Nobody changes the open days of a city without a consultation."""
    with pytest.raises(ReasonMissing):
        approve(RULES, with_one_change(), agreement=" ")


def test_a_storm_wins_over_an_approved_list() -> None:
    """A list is made in spring; the storm comes in August."""
    calendar = approve(RULES, with_one_change(), agreement="協議 第12号").with_closures(
        Closure(day=date(2026, 8, 12), cause="暴風警報")
    )

    assert not calendar.is_open_on(date(2026, 8, 12))


def test_days_the_list_does_not_name_stay_with_the_rules() -> None:
    """A list of August says nothing about September."""
    calendar = approve(RULES, with_one_change(), agreement="協議 第12号")

    assert calendar.is_open_on(date(2026, 9, 1)) == RULES.is_open_on(date(2026, 9, 1))
