"""Reservations at every stage, and every step, for tests of what is possible where."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from domain.booking.booking_rules import BookingChannel, BookingMode
from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Entry, Means, Place, Stage
from domain.calendars.hours import TOKYO
from domain.parties import Party
from tests.builders import a_reservation, some_terms

NOON = datetime(2026, 9, 1, 12, tzinfo=TOKYO)
SOON = timedelta(seconds=1)
DAY = timedelta(days=1)


def place(days: int = 5, hour: int = 10, site: str = "hall") -> Place:
    """Return half an hour of a day after the first of September."""
    starts_at = datetime(2026, 9, 1, hour, tzinfo=TOKYO) + days * DAY
    return Place(site=site, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30))


def held(**more: Any) -> Reservation:
    """Return a hold that began at noon."""
    given: dict[str, Any] = {"place": place(), "held_until": NOON + timedelta(minutes=10)}
    return a_reservation(**(given | more))


def elsewhere() -> Reservation:
    """Return a booking that waits to be entered into the city's system."""
    terms = some_terms(mode=BookingMode.CITY_SYSTEM, phone_party=Party.CITY)
    channel = BookingChannel.PHONE
    return held(
        stage=Stage.TO_ENTER,
        held_until=None,
        entry=Entry.BOOK,
        terms=terms,
        channel=channel,
    )


CONFIRMED = held().confirm(NOON)
ENTERED = elsewhere().entered("A-1", NOON)
AT: dict[str, Reservation] = {
    "held": held(),
    "confirmed": CONFIRMED,
    "displaced": CONFIRMED.displace("storm"),
    "arrived": CONFIRMED.arrive(place().starts_at),
    "no_show": CONFIRMED.miss(place().ends_at),
    "cancelled": CONFIRMED.cancel(NOON),
    "lapsed": held().lapse(NOON + timedelta(minutes=10)),
    "to book": elsewhere(),
    "entered": ENTERED,
    "to change": ENTERED.change(place(6), NOON),
    "to cancel": ENTERED.cancel(NOON),
}
"""One reservation at every stage it can be at."""

TO: dict[str, Callable[[Reservation], Reservation]] = {
    "confirm": lambda r: r.confirm(NOON),
    "lapse": lambda r: r.lapse(NOON + timedelta(minutes=10)),
    "change": lambda r: r.change(place(7), NOON),
    "cancel": lambda r: r.cancel(NOON),
    "enter": lambda r: r.entered("A-2", NOON),
    "displace": lambda r: r.displace("storm"),
    "arrive": lambda r: r.arrive(r.place.starts_at),
    "miss": lambda r: r.miss(r.no_show_at),
    "guide": lambda r: r.guide("3", Means.SPOKEN, NOON),
    "call": lambda r: r.contacted(reached=True),
}

POSSIBLE: dict[str, dict[str, str]] = {
    "held": {
        "confirm": "confirmed",
        "lapse": "lapsed",
        "cancel": "cancelled",
        "displace": "lapsed",
    },
    "confirmed": {
        "change": "confirmed",
        "cancel": "cancelled",
        "displace": "displaced",
        "arrive": "arrived",
        "miss": "no_show",
        "guide": "confirmed",
    },
    "displaced": {"change": "confirmed", "cancel": "cancelled", "call": "displaced"},
    "arrived": {},
    "no_show": {},
    "cancelled": {},
    "lapsed": {},
    "to book": {"change": "to_enter", "cancel": "cancelled", "enter": "confirmed"},
    "entered": {
        "change": "to_enter",
        "cancel": "to_enter",
        "displace": "displaced",
        "arrive": "arrived",
        "miss": "no_show",
        "guide": "confirmed",
    },
    "to change": {"change": "to_enter", "cancel": "to_enter", "enter": "confirmed"},
    "to cancel": {"enter": "cancelled"},
}
"""What each step makes of it; what is not named is refused."""
