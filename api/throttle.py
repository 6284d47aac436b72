"""How often somebody may try to log in.

Counted in this process: with several servers a guesser has so many attempts at each, which
the limits allow for. Anything but logging in does not belong here.
"""

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from domain.errors import TooManyAttempts

_PER_LOGIN = (RateLimitItemPerMinute(10), RateLimitItemPerHour(50))
# A whole office behind one address logs in at 8:20, so only its failures count.
_PER_ADDRESS = (RateLimitItemPerMinute(30), RateLimitItemPerHour(300))


class Throttle:
    """Counts attempts per login and failures per address."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def admit(self, login: str, address: str) -> None:
        """Count an attempt, whether or not anybody has this login.

        Raises:
            TooManyAttempts: There were too many.
        """
        free = all(self._limiter.test(limit, "address", address) for limit in _PER_ADDRESS)
        # Every limit is hit, also after the first that refuses: waiting has to mean waiting.
        admitted = [self._limiter.hit(limit, "login", login) for limit in _PER_LOGIN]
        if not free or not all(admitted):
            raise TooManyAttempts("しばらく待ってからやり直してください")

    def failed(self, address: str) -> None:
        """Count a failure against the address it came from."""
        for limit in _PER_ADDRESS:
            self._limiter.hit(limit, "address", address)

    def succeeded(self, login: str) -> None:
        """Forget the attempts of a login whose person has got in."""
        for limit in _PER_LOGIN:
            self._limiter.clear(limit, "login", login)
