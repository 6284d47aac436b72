"""How often somebody may try to log in.

Counted in this process: with several servers a guesser has so many attempts at each, which
the limits allow for. Anything but logging in does not belong here.
"""

import ipaddress
from collections import OrderedDict

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from domain.errors import TooManyAttempts

# By login and place: a stranger who knows a login stops themselves and not its owner.
_PER_PAIR = (RateLimitItemPerMinute(10), RateLimitItemPerHour(50))
# A whole office behind one address logs in at 8:20, so only its failures count.
_PER_PLACE = (RateLimitItemPerMinute(30), RateLimitItemPerHour(300))
# Many strangers at once; places from which somebody has come in are not counted among them.
_PER_LOGIN_FROM_STRANGERS = (RateLimitItemPerHour(100),)

_MOST_KNOWN = 10_000
_SITE_BITS = 64
"""Whoever has one address of version 6 has all that begin like it."""


class Throttle:
    """Counts attempts per login and place, and failures per place."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._known: OrderedDict[str, None] = OrderedDict()

    def admit(self, login: str, address: str) -> None:
        """Count an attempt, whether or not anybody has this login.

        Raises:
            TooManyAttempts: There were too many.
        """
        place = _place(address)
        free = all(self._limiter.test(limit, "address", place) for limit in _PER_PLACE)
        # Every limit is hit, also after the first that refuses: waiting has to mean waiting.
        admitted = self._hit(_PER_PAIR, "pair", login, place)
        if place not in self._known:
            admitted &= self._hit(_PER_LOGIN_FROM_STRANGERS, "login", login)
        if not free or not admitted:
            raise TooManyAttempts("しばらく待ってからやり直してください")

    def failed(self, address: str) -> None:
        """Count a failure against the place it came from."""
        self._hit(_PER_PLACE, "address", _place(address))

    def succeeded(self, login: str, address: str) -> None:
        """Forget the attempts of a login here, whose person has got in; know the place."""
        place = _place(address)
        for limit in _PER_PAIR:
            self._limiter.clear(limit, "pair", login, place)
        self._known[place] = None
        self._known.move_to_end(place)
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)

    def _hit(self, limits: tuple[RateLimitItem, ...], *names: str) -> bool:
        admitted = [self._limiter.hit(limit, *names) for limit in limits]
        return all(admitted)


def _place(address: str) -> str:
    """Return where an address is, as far as limits are concerned."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed, _SITE_BITS), strict=False))
