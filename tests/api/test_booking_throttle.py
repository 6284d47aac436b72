"""Holding places from one address: many, not all."""

import pytest

from api.booking.booking_throttle import PER_ADDRESS, HoldThrottle
from domain.errors import TooManyAttempts

MOST = PER_ADDRESS[0].amount


def test_an_address_may_hold_many_places_but_not_all() -> None:
    """A library books for its visitors; a script books the day empty."""
    throttle = HoldThrottle()
    for _ in range(MOST):
        throttle.admit("chiba", "192.0.2.1")

    with pytest.raises(TooManyAttempts):
        throttle.admit("chiba", "192.0.2.1")


def test_others_and_other_cities_go_on() -> None:
    """One script must not close the door for everybody."""
    throttle = HoldThrottle()
    for _ in range(MOST):
        throttle.admit("chiba", "192.0.2.1")

    throttle.admit("chiba", "192.0.2.2")
    throttle.admit("yokosuka", "192.0.2.1")
