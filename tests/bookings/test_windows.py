"""From when until when a time can be booked: midnights, month ends, and no summer time.

Through the product's own function, so that clock, contract, calendar and inventory agree.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.booking.booking_errors import OutsideBookingWindow
from domain.calendars.hours import TOKYO
from tests.bookings import venue
from tests.bookings.counter import Counter
from tests.stack import Stack

A_SECOND = timedelta(seconds=1)


def outcome(here: Counter, now: datetime, day: date, hour: int = 13) -> str:
    """Return whether the time can be booked at ``now``."""
    here.stack.clock.now = now
    try:
        here.hold(hour, day=day)
    except OutsideBookingWindow:
        return "outside"
    return "booked"


@pytest.mark.parametrize(
    ("day", "opens_on"),
    [
        (date(2022, 8, 30), date(2022, 7, 31)),
        (date(2022, 8, 31), date(2022, 8, 1)),
        (date(2022, 12, 1), date(2022, 11, 1)),
        (date(2023, 1, 20), date(2022, 12, 21)),
        # February is short: thirty days before lie in January.
        (date(2023, 3, 1), date(2023, 1, 30)),
        (date(2023, 3, 30), date(2023, 2, 28)),
    ],
)
@pytest.mark.req("CHIBA-21")
async def test_a_day_opens_at_midnight_thirty_days_before(
    stack: Stack, day: date, opens_on: date
) -> None:
    """
    Days are counted, not months, and the day begins at midnight in Tokyo.
    """
    midnight = datetime.combine(opens_on, time(0), tzinfo=TOKYO)
    here = Counter(stack, day, now=midnight - timedelta(days=1))

    found = [
        outcome(here, midnight + step, day) for step in (-A_SECOND, A_SECOND * 0, A_SECOND)
    ]

    assert ["outside", "booked", "booked"] == found


async def test_a_time_closes_when_it_begins(stack: Stack) -> None:
    """
    A second before one o'clock the hour can be booked, at one o'clock it cannot.
    """
    begins = datetime.combine(venue.DAY, time(13), tzinfo=TOKYO)
    here = Counter(stack, now=begins - timedelta(hours=1))

    found = [outcome(here, begins + step, venue.DAY) for step in (-A_SECOND, A_SECOND * 0)]

    assert ["booked", "outside"] == found


async def test_a_hold_begun_just_before_ends_when_its_time_begins(stack: Stack) -> None:
    """
    Ten minutes to type in, but never beyond the time that is typed for.
    """
    begins = datetime.combine(venue.DAY, time(13), tzinfo=TOKYO)
    here = Counter(stack, now=begins - timedelta(minutes=4))

    held = here.hold(13)

    assert begins == held.value.held_until


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Pacific/Auckland"])
async def test_a_clock_elsewhere_that_is_put_forward_changes_nothing(
    stack: Stack, zone: str
) -> None:
    """
    Machines stand anywhere; Tokyo's day has twenty-four hours all the year round.
    """
    opens = datetime.combine(date(2022, 10, 30), time(0), tzinfo=TOKYO)
    day = date(2022, 11, 29)
    there = ZoneInfo(zone)
    here = Counter(stack, day, now=opens - timedelta(days=1))

    found = [
        outcome(here, (opens + step).astimezone(UTC).astimezone(there), day)
        for step in (-A_SECOND, A_SECOND * 0)
    ]

    assert ["outside", "booked"] == found
