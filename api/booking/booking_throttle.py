"""How often places may be held from one address, so that nobody empties a day's calendar.

Counted in this process, like logins (``api.access.throttle``). The limits are ours: a library,
a town hall or a telephone company has many people behind one address, and a hold gives its
places back by itself within minutes. How many bookings one contact may have is the contract's
and stands in ``api.booking.booking_contacts``.
"""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Depends, Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.access.auth import address_of
from domain.errors import TooManyAttempts

PER_ADDRESS: Final = (RateLimitItemPerMinute(20), RateLimitItemPerHour(200))


class HoldThrottle:
    """Counts the holds that were asked for from an address."""

    def __init__(self, limits: Sequence[RateLimitItem] = PER_ADDRESS) -> None:
        """Begin with nothing counted."""
        self._limits = limits
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def admit(self, municipality: str, address: str) -> None:
        """Count a hold, whether or not it will be had.

        Raises:
            TooManyAttempts: There were too many from there.
        """
        # Every limit is hit, also after the first that refuses: waiting has to mean waiting.
        admitted = [
            self._limiter.hit(limit, "hold", municipality, address) for limit in self._limits
        ]
        if not all(admitted):
            raise TooManyAttempts("しばらく待ってから、もう一度お試しください。")


def admit_hold(slug: str, request: Request) -> None:
    """Count a resident's hold against the address it came from.

    Raises:
        TooManyAttempts: There were too many from there.
    """
    throttle: HoldThrottle = request.app.state.hold_throttle
    throttle.admit(slug, address_of(request))


AdmittedHold = Annotated[None, Depends(admit_hold)]
