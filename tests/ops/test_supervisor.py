"""What was killed comes back; what cannot live ends the run."""

import signal
from itertools import pairwise
from pathlib import Path

import pytest

from ops.fault import EngineFault
from ops.supervisor import FAILURES_IN_A_ROW, Supervisor


class Scripted:
    """A service that ends as it is told to."""

    name = "scripted"

    def __init__(self, log: Path) -> None:
        self.log = log
        self.starts = 1
        self.ended: int | None = None
        self.cannot_start = False

    @property
    def pid(self) -> int:
        return self.starts

    def poll(self) -> int | None:
        return self.ended

    def start(self) -> None:
        if self.cannot_start:
            raise EngineFault("no room")
        self.starts += 1
        self.ended = None

    def stop(self) -> None:
        self.ended = 0


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def let_it_fail(supervisor: Supervisor, service: Scripted, clock: Clock) -> None:
    for _ in range(1000):
        service.ended = 3
        supervisor.step()
        clock.now += 0.1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(tmp_path: Path) -> Scripted:
    return Scripted(tmp_path / "scripted.log")


@pytest.fixture
def supervisor(clock: Clock, service: Scripted) -> Supervisor:
    made = Supervisor(say=lambda _: None, clock=clock)
    made.adopt(service)
    return made


def test_the_first_death_is_answered_at_once(supervisor: Supervisor, service: Scripted) -> None:
    """People are waiting at the window."""
    service.ended = -signal.SIGKILL

    assert supervisor.step()
    assert {"scripted": 2} == supervisor.pids


def test_a_service_that_runs_is_left_alone(supervisor: Supervisor, service: Scripted) -> None:
    """Looking is not touching."""
    assert not supervisor.step()
    assert 1 == service.starts


def test_a_service_killed_again_and_again_always_comes_back(
    supervisor: Supervisor, service: Scripted, clock: Clock
) -> None:
    """Its killer is outside; giving up would do the killer's work."""
    for _ in range(20 * FAILURES_IN_A_ROW):
        service.ended = -signal.SIGKILL
        supervisor.step()
        clock.now += 1
        supervisor.step()

        assert service.ended is None


def test_a_service_that_ends_by_itself_again_and_again_ends_the_run(
    supervisor: Supervisor, service: Scripted, clock: Clock
) -> None:
    """With the end of its log: nothing here will mend it, a person has to read it."""
    service.log.write_text("no such table: case_event")

    with pytest.raises(EngineFault, match=r"(?s)exit code 3.*no such table: case_event"):
        let_it_fail(supervisor, service, clock)

    assert FAILURES_IN_A_ROW == service.starts


def test_failures_with_steady_times_between_them_do_not_add_up(
    supervisor: Supervisor, service: Scripted, clock: Clock
) -> None:
    """One crash a day must not end the fifth day."""
    for _ in range(3 * FAILURES_IN_A_ROW):
        clock.now += 3600
        service.ended = 1
        supervisor.step()

        assert service.ended is None


def test_the_pause_grows_while_a_service_fails(
    supervisor: Supervisor, service: Scripted, clock: Clock
) -> None:
    """A loop without pauses would take the machine from those that still work."""
    started_at = []
    for _ in range(40):
        service.ended = 1 if service.starts < FAILURES_IN_A_ROW else None
        if supervisor.step():
            started_at.append(clock.now)
        clock.now += 0.05

    pauses = [b - a for a, b in pairwise(started_at)]
    assert 4 == len(started_at)
    assert pauses == sorted(pauses)
    assert pauses[-1] > 2 * pauses[0]


def test_an_engine_that_cannot_start_counts_as_failing(
    supervisor: Supervisor, service: Scripted, clock: Clock
) -> None:
    """Its own words are what the person gets to read."""
    service.ended = -signal.SIGKILL
    service.cannot_start = True

    with pytest.raises(EngineFault, match="no room"):
        let_it_fail(supervisor, service, clock)
