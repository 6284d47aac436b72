"""Venues counted against the contract of Chiba: by week, by day and over the term."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

import pytest

from domain.booking import venue_plan
from domain.booking.venue_plan import Progress, Session, Standing, Week
from domain.calendars.hours import TOKYO
from tests.contracts.cities import calendar, city

CHIBA, VENUE = city("chiba"), calendar("chiba", "venue")
MONDAY = date(2022, 8, 1)
FIRST = date(2022, 7, 5)
"""The Tuesday on which the first venues open."""
TERM_END = date(2023, 3, 31)


def sessions(days: Iterable[date], places: int = 3) -> list[Session]:
    """Return sessions of as many venues on each of the days."""
    return [
        Session(
            site=f"venue-{n}", day=day, ends_at=datetime.combine(day, time(20), tzinfo=TOKYO)
        )
        for day in days
        for n in range(places)
    ]


def week(*offsets: int, monday: date = MONDAY, places: int = 3) -> Week:
    """Return the week in which venues open so many days after its Monday."""
    planned = sessions([monday + timedelta(days=n) for n in offsets], places)
    (found,) = venue_plan.weeks(CHIBA, VENUE, planned, monday, monday + timedelta(days=6))
    return found


def four_a_week(last: date = TERM_END) -> Iterator[date]:
    """Yield Tuesdays, Wednesdays, Thursdays and Sundays on which venues can open."""
    for day in VENUE.open_days(FIRST, last):
        if day.weekday() in {1, 2, 3, 6}:
            yield day


def counted(planned: list[Session], day: date, hour: int = 22) -> Progress:
    """Return how the sessions stand on a day."""
    now = datetime.combine(day, time(hour), tzinfo=TOKYO)
    return venue_plan.progress(CHIBA, VENUE, planned, now)


@pytest.mark.req("CHIBA-04")
def test_a_week_with_two_weekdays_is_flagged() -> None:
    """
    Three weekdays and one day off are asked for; days of one kind do not stand for others.
    """
    full, two, no_day_off = week(1, 2, 3, 6), week(1, 2, 5, 6), week(0, 1, 2, 3)

    assert not full.flagged
    assert (3, 1, 12) == (full.weekdays, full.days_off, full.sessions)
    assert (True, ("平日があと1日足りません。",)) == (two.flagged, two.faults)
    assert (True, ("休日があと1日足りません。",)) == (no_day_off.flagged, no_day_off.faults)


@pytest.mark.req("CHIBA-04")
def test_a_day_with_two_places_warns_only() -> None:
    """
    Three places are desirable, not demanded.
    """
    found = week(1, 2, 3, 6, places=2)

    assert (False, ()) == (found.flagged, found.faults)
    assert 4 == len(found.warnings)
    assert "8月2日（火）の会場は2か所です" in found.warnings[0]
    assert () == week(1, 2, 3, 6, places=3).warnings


def test_a_holiday_on_a_monday_is_a_day_off() -> None:
    """
    The clause sets weekdays against days off, and venues keep the hours of one then.
    """
    found = week(0, 1, 2, 3, monday=date(2022, 9, 19))

    assert (3, 1, False) == (found.weekdays, found.days_off, found.flagged)


@pytest.mark.parametrize(
    ("monday", "offsets"),
    [(date(2022, 12, 26), (0, 1, 2)), (date(2023, 1, 2), (2, 3, 4, 6))],
    ids=["the year ends", "the year begins"],
)
def test_a_week_is_asked_for_no_more_days_than_it_has(
    monday: date, offsets: tuple[int, ...]
) -> None:
    """
    From 29 December no venue may open; the days before are asked for all the same.
    """
    assert not week(*offsets, monday=monday).flagged
    assert week(*offsets[1:], monday=monday).flagged


def test_the_week_in_which_the_term_ends_is_cut() -> None:
    """
    31 March is a Friday; its Saturday and Sunday belong to no contract.
    """
    planned = sessions([date(2023, 3, 28), date(2023, 3, 29), date(2023, 3, 31)])

    found = venue_plan.weeks(CHIBA, VENUE, planned, date(2023, 3, 27), date(2023, 4, 30))

    assert [(3, 0, False)] == [(each.weekdays, each.days_off, each.flagged) for each in found]


@pytest.mark.req("CHIBA-05")
def test_three_venues_on_one_day_add_three() -> None:
    """
    A session is one venue on one day; it counts once it is over.
    """
    planned = sessions([FIRST])

    assert (0, 3) == (counted(planned, FIRST, 19).held, counted(planned, FIRST, 19).planned)
    assert (3, 0) == (counted(planned, FIRST, 20).held, counted(planned, FIRST, 20).planned)
    assert 2 == counted(sessions([FIRST], places=2), FIRST).held


@pytest.mark.req("CHIBA-05")
def test_the_forecast_at_mid_term_follows_the_pace() -> None:
    """
    To 13 November venues could open on 132 days and 228 sessions were held; 132 such days
    are left. Two hundred and twenty-eight more make 456, eighteen too few.
    """
    mid = date(2022, 11, 13)
    found = counted(sessions(four_a_week(mid)), mid)

    assert (474, 228, 456) == (found.required, found.held, found.forecast)
    assert (Standing.SHORT, 18) == (found.standing, found.lacking)
    assert "18回足りません" in found.sentence


@pytest.mark.req("CHIBA-05")
def test_what_is_planned_to_the_end_is_the_forecast() -> None:
    """
    Days that are planned are counted as planned; no pace is added to them.
    """
    short = sessions(four_a_week())
    more = sessions(d for d in VENUE.open_days(FIRST, TERM_END) if d.weekday() not in {0, 5})

    assert len(short) == counted(short, date(2022, 11, 13)).forecast
    found = counted(more, date(2022, 11, 13))
    assert (Standing.ON_COURSE, len(more)) == (found.standing, found.forecast)
    assert len(more) >= 474


@pytest.mark.req("CHIBA-05")
@pytest.mark.parametrize(
    ("count", "standing", "lacking"), [(473, Standing.BREACH, 1), (474, Standing.REACHED, 0)]
)
def test_one_session_too_few_at_the_end_is_a_breach(
    count: int, standing: Standing, lacking: int
) -> None:
    """
    The contract says at least 474; on the last day itself there is still no breach.
    """
    days = VENUE.open_days(FIRST, TERM_END)
    planned = sessions(days)[-count:]

    found = counted(planned, date(2023, 4, 1), 0)

    assert (count, standing, lacking) == (found.held, found.standing, found.lacking)
    assert Standing.BREACH is not counted(planned, TERM_END).standing


def test_before_the_first_day_is_planned_there_is_no_forecast() -> None:
    """
    Nobody could say at what pace it will go.
    """
    found = counted([], date(2022, 7, 1))

    assert (None, Standing.NOT_BEGUN) == (found.forecast, found.standing)
    assert "474回" in found.sentence


def test_a_contract_without_a_number_is_only_counted() -> None:
    """
    Ota says nothing of venues.
    """
    now = datetime(2026, 9, 24, tzinfo=TOKYO)

    found = venue_plan.progress(city("ota"), calendar("ota", "counter"), [], now)

    assert (None, Standing.NOT_COUNTED) == (found.required, found.standing)
