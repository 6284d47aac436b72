"""Whatever residents, staff, clocks and closures do in whatever order: the count is right.

What they can do, and what always has to hold, stands in ``tests.bookings.machine``.
"""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from psycopg.errors import CheckViolation

from domain.booking.reservation import Reservation, moves
from domain.booking.reservation_parts import PlaceChange
from store import reservations
from tests.bookings import venue
from tests.bookings.machine import Bookings
from tests.stack import Stack


@pytest.mark.timeout(180)
async def test_no_place_is_sold_twice_and_none_is_lost(stack: Stack) -> None:
    """
    Holds, moves, closures, clocks and late courses in any order leave the count right.
    """
    venue.prepare(stack)
    machine = type("Machine", (Bookings,), {"stack": stack, "desk": stack.app.state.desk})
    chosen = settings(
        max_examples=8,
        stateful_step_count=20,
        deadline=None,
        database=None,
        # Making a failure shorter takes minutes on a real database; whoever looks for one
        # adds it.
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )

    await asyncio.to_thread(run_state_machine_as_test, machine, settings=chosen)


async def test_a_place_given_back_too_early_would_be_noticed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The control: without the rule for places on their way back the machine finds a fault.
    """
    venue.prepare(stack)
    machine = type("Machine", (Bookings,), {"stack": stack, "desk": stack.app.state.desk})

    def hasty(before: Reservation | None, after: Reservation) -> tuple[PlaceChange, ...]:
        return moves(before, replace(after, freed=()))

    monkeypatch.setattr(reservations, "moves", hasty)
    chosen = settings(
        max_examples=20,
        stateful_step_count=10,
        deadline=None,
        database=None,
        # Making a failure shorter takes minutes on a real database; whoever looks for one
        # adds it.
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )

    with pytest.raises((AssertionError, CheckViolation)):
        await asyncio.to_thread(run_state_machine_as_test, machine, settings=chosen)
