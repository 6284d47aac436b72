"""Record, places, lists and course of a reservation agree, whatever happens to it."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Place
from domain.case import CaseKind, CaseRef
from domain.parties import Role
from domain.records.replay import differences
from ops.rebuild import drifts
from ops.replays import Replays
from store import cases, integrity
from store.codec import sealed_converter
from store.engine import build_engine
from store.scope import scope
from tests.builders import a_place, a_reservation, today
from tests.reservations_at_hand import claim, course_of, open_reservation
from tests.stack import Stack, eventually
from tests.visits_at_hand import rows, tamper

VISIT = today() + timedelta(days=5)
MORNING, NOON = a_place(VISIT), a_place(VISIT, "12:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def owner(stack: Stack) -> Iterator[Engine]:
    """Two times of a day, with three places each."""
    engine = build_engine(stack.database.owner_url)
    tamper(
        engine,
        "INSERT INTO booking_day (municipality, contract, line, site, day, taken, plan)"
        " VALUES ('ota', 'ota', 'application', 'hall', :day, 0, 'test')",
        day=VISIT,
    )
    for place in (MORNING, NOON):
        tamper(
            engine,
            "INSERT INTO booking_slot (municipality, contract, line, site, starts_at, ends_at,"
            " day, capacity, taken)"
            " VALUES ('ota', 'ota', 'application', 'hall', :a, :b, :day, 3, 0)",
            a=place.starts_at,
            b=place.ends_at,
            day=VISIT,
        )
    yield engine
    engine.dispose()


def taken(owner: Engine, place: Place = MORNING) -> int:
    """Return how many places of a time are taken."""
    statement = "SELECT taken FROM booking_slot WHERE starts_at = :at"
    ((count,),) = rows(owner, statement, at=place.starts_at)
    return int(count)


def hold(stack: Stack) -> Reservation:
    """Hold two places."""
    value = a_reservation(secrets.token_hex(16), place=MORNING, mail=False)
    return open_reservation(stack, value)


async def later(stack: Stack, value: Reservation, by: timedelta) -> None:
    """Let time pass for a reservation."""
    await stack.fast_forward(CaseKind.RESERVATION, value.case_id, by)


async def retold(stack: Stack, value: Reservation) -> list[str]:
    """Return what the record says happened, once the course says the same when run again."""
    history = await course_of(stack, value).fetch_history()
    again = await Replays(sealed_converter(stack.keys))(history)
    with scope(stack.engine, "ota") as connection:
        ref: CaseRef = cases.one_case(connection, value.case_id).ref
        lines = integrity.record_of(connection, ref)
    assert again.failure is None
    assert [] == differences(lines, again.decided)
    assert [] == list(drifts(stack.engine, "ota"))
    return [line.action for line in lines]


async def test_places_of_a_hold_are_free_when_it_lapses(stack: Stack, owner: Engine) -> None:
    """
    At the end of the hold, with the event, in one transaction.
    """
    async with stack.staffed():
        value = hold(stack)
        held = taken(owner)
        await later(stack, value, 10 * MINUTE)
        await course_of(stack, value).result()

        assert (2, 0) == (held, taken(owner))
        assert ["reservation_held", "hold_lapsed"] == await retold(stack, value)


async def test_places_given_up_come_back_after_the_delay(stack: Stack, owner: Engine) -> None:
    """
    Moved and cancelled by the citizen: each place returns when its time has come, once.
    """
    async with stack.staffed():
        confirmed = claim(
            stack, hold(stack).confirm(datetime.now(UTC)), "reservation_confirmed"
        )
        moved = claim(stack, confirmed.change(NOON, datetime.now(UTC)), "reservation_changed")
        during = (taken(owner), taken(owner, NOON))
        await later(stack, moved, 31 * MINUTE)
        await eventually(lambda: places(owner), lambda found: found == (0, 2))
        with scope(stack.engine, "ota") as connection:
            kept = cases.one_case(connection, moved.case_id).state["value"]
        returned = replace(moved, freed=())
        assert [] == kept["freed"]
        given_up = returned.cancel(datetime.now(UTC) + 31 * MINUTE)
        claim(stack, given_up, "reservation_cancelled")
        waiting = (taken(owner, NOON), list(drifts(stack.engine, "ota")))
        await later(stack, moved, 31 * MINUTE)
        await course_of(stack, moved).result()

        assert (2, 2) == during
        assert (2, []) == waiting
        assert (0, 0) == await places(owner)
        assert ["places_returned", "reservation_cancelled", "places_returned"] == (
            await retold(stack, moved)
        )[3:]


async def test_staff_cancel_and_the_places_come_back(stack: Stack, owner: Engine) -> None:
    """
    Through the course instead of the claim: the same places, the same lists.
    """
    async with stack.staffed():
        value = claim(stack, hold(stack).confirm(datetime.now(UTC)), "reservation_confirmed")
        answer = await stack.as_(Role.CALL_AGENT).act(
            value.case_id, "cancel_reservation", reason="本人からの電話"
        )
        during = taken(owner)
        await later(stack, value, 31 * MINUTE)
        await course_of(stack, value).result()

        assert (200, 2, 0) == (answer.status_code, during, taken(owner)), answer.text
        assert "places_returned" == (await retold(stack, value))[-1]


async def places(owner: Engine) -> tuple[int, int]:
    """Return how many places of both times are taken."""
    return taken(owner), taken(owner, NOON)
