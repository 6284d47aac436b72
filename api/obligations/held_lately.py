"""Which channels are shut, as it was a moment ago, for what is asked all the time.

A channel opens and is not shut again but by another beginning that was agreed on, so who
reads it a second late refuses for a second what has just become possible.
"""

import threading
import time
from datetime import date

from api.deps import Desk
from domain.calendars.hours import local
from domain.contract import Contract
from domain.obligations.holding import NOTHING, Held
from store import obligations
from store.scope import scope

_REMEMBERED_SECONDS = 1.0


class HeldLately:
    """Remembers for each contract and day what is shut, for a second."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[float, Held]] = {}
        self._lock = threading.Lock()

    def __call__(self, desk: Desk, contract: Contract, day: date | None = None) -> Held:
        """Return what is shut on a day, or today."""
        if not any(terms.holds for terms in contract.obligations):
            return NOTHING
        day = day or local(desk.clock()).date()
        key, now = (desk.engine, contract.slug, contract.effective_from, day), time.monotonic()
        until, known = self._known.get(key, (0.0, NOTHING))
        if until > now:
            return known
        with scope(desk.engine, contract.slug) as connection:
            found = obligations.held(connection, contract, day)
        with self._lock:
            self._known = {k: each for k, each in self._known.items() if each[0] > now}
            self._known[key] = now + _REMEMBERED_SECONDS, found
        return found


held_lately = HeldLately()
