"""Each way of counting gives the day a person would count on a wall calendar."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars.hours import TOKYO
from domain.deadlines.due_rules import (
    DueType,
    FirstDay,
    LadderStep,
    Missing,
    Roll,
    Unit,
    WarningPoint,
    due_moment,
)
from domain.parties import Role
from tests.domain.calendars import card_centre, city_hall
from tests.domain.due_rules import OFFICE, rule

CENTRE = card_centre()


def due(anchor: str, **more: Any) -> str:
    """Return the due moment in short, counted on the office calendar."""
    calendar = more.pop("on_calendar", OFFICE)
    found = due_moment(rule(**more), date.fromisoformat(anchor), calendar)
    assert isinstance(found, datetime)
    return f"{found:%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("anchor", "amount", "expected"),
    [
        ("2026-07-06", 14, "2026-07-20 23:59:59"),
        ("2026-12-17", 14, "2026-12-31 23:59:59"),
        ("2026-01-31", 1, "2026-02-01 23:59:59"),
        ("2028-02-28", 1, "2028-02-29 23:59:59"),
        ("2027-03-31", 30, "2027-04-30 23:59:59"),
        ("2022-06-08", -7, "2022-06-01 23:59:59"),
        ("2026-07-06", 0, "2026-07-06 23:59:59"),
    ],
)
def test_calendar_days_count_every_day(anchor: str, amount: int, expected: str) -> None:
    """Month ends, leap days and the year's end are only days."""
    assert expected == due(anchor, amount=amount)


def test_the_first_day_of_the_count_is_a_parameter() -> None:
    """Clauses rarely say whether the day itself counts, and it moves everything by one."""
    assert "2026-07-19 23:59:59" == due("2026-07-06", first_day=FirstDay.SAME_DAY)


@pytest.mark.parametrize(
    ("anchor", "amount", "expected"),
    [
        ("2026-05-01", 1, "2026-05-07 23:59:59"),
        ("2026-09-18", 1, "2026-09-24 23:59:59"),
        ("2026-12-28", 1, "2027-01-04 23:59:59"),
        ("2027-03-19", 1, "2027-03-23 23:59:59"),
        ("2026-07-18", 1, "2026-07-21 23:59:59"),
        ("2026-07-06", -2, "2026-07-02 23:59:59"),
    ],
)
def test_open_days_skip_what_is_closed(anchor: str, amount: int, expected: str) -> None:
    """Golden Week, the silver week, the year's end and a substitute holiday are skipped."""
    assert expected == due(anchor, unit=Unit.OPEN_DAYS, amount=amount)


def test_an_open_anchor_day_counts_only_where_the_rule_says_so() -> None:
    """The same rule on a closed day begins with the next open one."""
    same = {"unit": Unit.OPEN_DAYS, "amount": 3, "first_day": FirstDay.SAME_DAY}

    assert "2026-07-08 23:59:59" == due("2026-07-06", **same)
    assert "2026-07-08 23:59:59" == due("2026-07-05", **same)


def test_a_time_of_day_ends_the_due_day_early() -> None:
    """「翌営業日15時」 is over at 15:00."""
    assert "2026-07-07 15:00:00" == due(
        "2026-07-06", unit=Unit.OPEN_DAYS, amount=1, at=time(15)
    )


@pytest.mark.parametrize(
    ("anchor", "amount", "expected"),
    [
        ("2026-08-31", 10, "2026-09-10 23:59:59"),
        ("2026-12-05", 10, "2027-01-10 23:59:59"),
        ("2027-01-15", 31, "2027-02-28 23:59:59"),
    ],
)
def test_a_day_of_the_next_month_never_leaves_it(
    anchor: str, amount: int, expected: str
) -> None:
    """The 31st of February is its last day, and December is followed by January."""
    assert expected == due(anchor, unit=Unit.DAY_OF_NEXT_MONTH, amount=amount)


@pytest.mark.parametrize(
    ("month", "expected"),
    [("2026-07-31", "2026-08-03 23:59:59"), ("2026-12-31", "2027-01-08 23:59:59")],
)
def test_the_nth_open_day_of_the_next_month_is_counted_on_its_calendar(
    month: str, expected: str
) -> None:
    """A centre that opens on weekends is through with three days earlier."""
    third = {"unit": Unit.OPEN_DAY_OF_NEXT_MONTH, "amount": 3, "on_calendar": CENTRE}

    assert expected == due(month, **third)


@pytest.mark.parametrize("month", [date(2026, 5, 31), date(2026, 6, 30)])
def test_a_month_without_open_days_has_no_due_date(month: date) -> None:
    """Not computable is an answer; a crash would take the scheduler with it."""
    third = rule(Unit.OPEN_DAY_OF_NEXT_MONTH, 3)

    assert Missing.NO_OPEN_DAY is due_moment(third, month, CENTRE)


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("2026-07-08", "2026-07-10 23:59:59"),
        ("2026-05-06", "2026-05-08 23:59:59"),
        ("2026-12-28", "2026-12-28 23:59:59"),
    ],
)
def test_a_weekly_duty_ends_on_the_weeks_last_open_day(anchor: str, expected: str) -> None:
    """In the last week of the year that is the Monday."""
    weekly = {"unit": Unit.LAST_OPEN_DAY_OF_WEEK, "amount": None}

    assert expected == due(anchor, **weekly)


def test_a_week_without_open_days_owes_nothing() -> None:
    """A week that is closed throughout has no last open day."""
    closed = city_hall(valid_from=date(2026, 8, 1))
    weekly = rule(Unit.LAST_OPEN_DAY_OF_WEEK, None)

    assert Missing.NO_OPEN_DAY is due_moment(weekly, date(2026, 7, 8), closed)


def test_the_end_of_a_month_and_an_exact_date_need_no_counting() -> None:
    """Both are dates as they stand."""
    exact = {"unit": Unit.EXACT_DATE, "amount": None, "on": date(2027, 3, 31)}

    assert "2026-09-30 23:59:59" == due("2026-09-15", unit=Unit.MONTH_END, amount=None)
    assert "2027-03-31 23:59:59" == due("2026-09-15", **exact)


@pytest.mark.parametrize(
    ("roll", "expected"),
    [
        (Roll.NONE, "2026-07-20 23:59:59"),
        (Roll.PREVIOUS, "2026-07-17 23:59:59"),
        (Roll.NEXT, "2026-07-21 23:59:59"),
    ],
)
def test_only_a_contracts_own_rule_moves_the_due_day(roll: Roll, expected: str) -> None:
    """Without a roll rule a closed due day stays the due day."""
    assert expected == due("2026-07-06", roll=roll)


def test_rolling_back_never_goes_before_the_beginning() -> None:
    """What begins on a Sunday before a holiday Monday is not due on the Friday before."""
    assert "2026-07-20 23:59:59" == due("2026-07-19", amount=1, roll=Roll.PREVIOUS)


def test_hours_run_on_the_clock() -> None:
    """A length in hours is exact, over midnight too."""
    begun = datetime(2026, 7, 6, 23, 30, tzinfo=TOKYO)

    assert begun + timedelta(hours=2) == due_moment(rule(Unit.HOURS, 2), begun, OFFICE)


def test_an_unset_length_gives_no_date() -> None:
    """A clause that says "promptly" must not become a date nobody agreed."""
    silent = rule(Unit.NOT_SET, None, due_type=DueType.PROMPTLY)

    assert Missing.NOT_AGREED is due_moment(silent, date(2026, 7, 6), OFFICE)


@given(
    anchor=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    amount=st.integers(1, 60),
    unit=st.sampled_from([Unit.CALENDAR_DAYS, Unit.OPEN_DAYS]),
    first_day=st.sampled_from(FirstDay),
    roll=st.sampled_from(Roll),
)
def test_nothing_is_due_before_it_begins(
    anchor: date, amount: int, unit: Unit, first_day: FirstDay, roll: Roll
) -> None:
    """Whatever the first day and the roll, the due day is not before the anchor."""
    found = due_moment(rule(unit, amount, first_day=first_day, roll=roll), anchor, OFFICE)

    assert isinstance(found, datetime)
    assert found.date() >= anchor


@given(
    anchor=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    amount=st.integers(1, 60),
    unit=st.sampled_from([Unit.CALENDAR_DAYS, Unit.OPEN_DAYS]),
)
def test_a_longer_promise_is_never_due_earlier(anchor: date, amount: int, unit: Unit) -> None:
    """Counting is monotonous in the amount."""
    shorter = due_moment(rule(unit, amount), anchor, OFFICE)
    longer = due_moment(rule(unit, amount + 1), anchor, OFFICE)

    assert isinstance(shorter, datetime)
    assert isinstance(longer, datetime)
    assert shorter < longer


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": Unit.CALENDAR_DAYS, "amount": None},
        {"unit": Unit.EXACT_DATE, "amount": None},
        {"unit": Unit.NOT_SET, "amount": 3},
        {"unit": Unit.HOURS, "amount": 0},
        {"unit": Unit.HOURS, "amount": 2, "at": time(15)},
        {"amount": 1, "first_day": FirstDay.SAME_DAY, "at": time(15)},
    ],
)
def test_a_rule_whose_parts_do_not_fit_is_no_rule(wrong: dict[str, Any]) -> None:
    """A half-written rule would give a plausible wrong date."""
    with pytest.raises(ValueError, match="handover"):
        rule(**wrong)


def test_warnings_and_steps_count_in_lengths_only() -> None:
    """ "Two month ends before" means nothing."""
    with pytest.raises(ValueError, match="warning"):
        WarningPoint(before=1, unit=Unit.MONTH_END)
    with pytest.raises(ValueError, match="step"):
        LadderStep(role=Role.OFFICIAL, delay=-1)
