"""Contracts as they ran a moment ago, for what is asked thousands of times a minute.

A contract begins to run when the day it was signed is entered, and runs on when it is
prolonged; neither is ever taken back. So whoever reads it a second late can only refuse
what has just become possible, never grant what is not.
"""

import threading
import time

from api.deps import Desk, running
from contracts.loader import LoadedContract
from domain.contract import Contract

_REMEMBERED_SECONDS = 1.0


class RunningLately:
    """Remembers each contract for a second."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[float, Contract]] = {}
        self._lock = threading.Lock()

    def __call__(self, desk: Desk, municipality: str, loaded: LoadedContract) -> Contract:
        """Return the contract as it runs, or ran within the last second.

        Raises:
            ContractDateMissing: Nobody entered the day it was signed.
        """
        key, now = (desk.engine, municipality, loaded.version), time.monotonic()
        until, known = self._known.get(key, (0.0, loaded.contract))
        if until > now:
            return known
        found = running(desk, municipality, loaded)
        with self._lock:
            self._known = {k: each for k, each in self._known.items() if each[0] > now}
            self._known[key] = now + _REMEMBERED_SECONDS, found
        return found


running_lately = RunningLately()
