"""Keeping several processes up: what died is started again, what cannot live ends the run.

Belongs here: when to start again, how long to wait, when to give up. Does not belong here:
which processes there are (`ops.run`) and how one is started (`ops.process` and the engines).
"""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ops.fault import EngineFault, tail
from ops.process import end, spawn

_STEADY_SECONDS = 10.0
_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 10.0
_LONGEST_PAUSE_AFTER_KILL_SECONDS = 1.0
FAILURES_IN_A_ROW = 5


class Service(Protocol):
    """Something that runs as a process of its own."""

    name: str
    log: Path

    @property
    def pid(self) -> int | None:
        """The number of its process, None before the first start."""

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""

    def start(self) -> None:
        """Start it, again if need be, and wait until it is of use."""

    def stop(self) -> None:
        """End it; harmless when it does not run."""


class Program:
    """One of the product's own processes. It may be killed at any moment, and is."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        directory: Path,
        log: Path,
        patience: float = 20,
    ) -> None:
        """Prepare.

        Args:
            name: What people call it.
            command: Program and arguments.
            environment: All its variables.
            directory: Its working directory.
            log: File for its output.
            patience: Seconds it has to finish what it is doing when it is stopped.
        """
        self.name, self.log = name, log
        self._command, self._environment = command, environment
        self._directory, self._patience = directory, patience
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The number of its process, None before the first start."""
        return self._process.pid if self._process else None

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start it without waiting."""
        self._process = spawn(
            self._command,
            log=self.log,
            directory=self._directory,
            on_parent_death=signal.SIGKILL,
            environment=self._environment,
        )

    def stop(self) -> None:
        """Ask it to finish, and kill it when it does not."""
        if self._process is not None:
            end(self._process, signal.SIGTERM, patience=self._patience)


@dataclass(slots=True, kw_only=True)
class _Watch:
    service: Service
    since: float
    deaths: int = 0
    failures: int = 0
    due: float | None = None


class Supervisor:
    """Starts what died again.

    A process that somebody killed (SIGKILL) comes back for ever. One that keeps ending by
    itself without ever being steady ends the whole run, because nothing here will mend it.
    """

    def __init__(
        self, *, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._say, self._clock = say, clock
        self._watches: list[_Watch] = []

    @property
    def pids(self) -> dict[str, int]:
        """The process number of every service, by name."""
        return {w.service.name: w.service.pid for w in self._watches if w.service.pid}

    def adopt(self, service: Service) -> None:
        """Watch a service that was started just now."""
        self._watches.append(_Watch(service=service, since=self._clock()))

    def stop(self) -> None:
        """Stop all services, last adopted first."""
        for watch in reversed(self._watches):
            watch.service.stop()
        self._watches.clear()

    def step(self) -> bool:
        """Look at every service once; return whether one was started again.

        Raises:
            EngineFault: One of them does not live.
        """
        started_again = [self._look(watch) for watch in self._watches]
        return any(started_again)

    def _look(self, watch: _Watch) -> bool:
        now = self._clock()
        if watch.due is None:
            code = watch.service.poll()
            if code is None:
                return False
            if now - watch.since >= _STEADY_SECONDS:
                watch.deaths = watch.failures = 0
            self._schedule(watch, how=_ending(code), killed=code == -signal.SIGKILL)
        if watch.due is not None and now < watch.due:
            return False
        return self._start_again(watch)

    def _start_again(self, watch: _Watch) -> bool:
        watch.due = None
        try:
            watch.service.start()
        except EngineFault as fault:
            self._schedule(watch, how=str(fault), killed=False)
            return False
        watch.since = self._clock()
        self._say(f"{watch.service.name} runs again (process {watch.service.pid})")
        return True

    def _schedule(self, watch: _Watch, *, how: str, killed: bool) -> None:
        service = watch.service
        watch.deaths += 1
        watch.failures += not killed
        if watch.failures >= FAILURES_IN_A_ROW:
            raise EngineFault(
                f"{service.name} ended {watch.failures} times in a row ({how}); "
                f"the end of {service.log}:\n{tail(service.log)}"
            )
        longest = _LONGEST_PAUSE_AFTER_KILL_SECONDS if killed else _LONGEST_PAUSE_SECONDS
        pause = min(longest, _FIRST_PAUSE_SECONDS * 2 ** (watch.deaths - 2))
        # The first death is answered at once: people are waiting.
        watch.due = self._clock() + (pause if watch.deaths > 1 else 0)
        self._say(f"{service.name} ended ({how}), starting it again")


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
