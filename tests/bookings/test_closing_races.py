"""A day is closed while somebody books it: whoever is faster, nobody keeps a closed time."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from store import contract_state
from store.answers import first_answer
from store.scope import scope
from tests.bookings import centre
from tests.stack import Stack

TOGETHER = 10.0
"""Seconds for which one waits for the other."""


def meeting(monkeypatch: pytest.MonkeyPatch, where: str, step: Callable[..., Any]) -> None:
    """Let a step of somebody who books and the closure's begin only when both are there."""
    door = threading.Barrier(2)

    def waits(wrapped: Callable[..., Any]) -> Callable[..., Any]:
        waiting = iter([door.wait])

        def together(*asked: Any, **more: Any) -> Any:
            # Once: a step may look for its first answer more than one time.
            for wait in waiting:
                wait(TOGETHER)
            return wrapped(*asked, **more)

        return together

    monkeypatch.setattr(where, waits(step))
    monkeypatch.setattr(contract_state, "add_closure", waits(contract_state.add_closure))


async def close(stack: Stack) -> Any:
    body = {"calendar": "centre", "day": str(centre.DAY), "cause": "台風"}
    return await centre.official(stack).post(f"{centre.API}/closures", json=body)


def kept(stack: Stack) -> list[tuple[str, int]]:
    """Return the bookings of the day that still count on their time, and what is taken."""
    with scope(stack.engine, centre.CITY) as connection:
        rows = connection.execute(
            text(
                "SELECT stage, (SELECT sum(taken) FROM booking_slot WHERE day = r.day)"
                " FROM reservation r WHERE stage IN ('held', 'confirmed') AND day = :day"
            ),
            {"day": centre.DAY},
        )
        return [(row[0], row[1]) for row in rows]


@pytest.mark.req("YOKOSUKA-10")
async def test_who_holds_while_the_day_is_closed_is_refused_or_let_go(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Both transactions are open at once.
    """
    centre.prepare(stack)
    # The day is laid out, so that the two meet at its rows.
    await centre.book(stack, centre.at(17))
    meeting(monkeypatch, "api.booking.booking_holds.first_answer", first_answer)

    held, closed = await asyncio.gather(
        centre.hold(centre.official(stack), centre.at(13)), close(stack)
    )

    assert 201 == closed.status_code, closed.text
    assert held.status_code == 201 or "SlotClosed" == held.json()["code"], held.text
    assert [] == kept(stack)
    assert 1 == closed.json()["displaced"]


@pytest.mark.req("YOKOSUKA-10")
async def test_who_confirms_while_the_day_is_closed_is_called_or_told_at_once(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Confirmed and closed: displaced. Closed and then confirmed: the hold has ended.
    """
    centre.prepare(stack)
    official = centre.official(stack)
    held = (await centre.hold(official, centre.at(13))).json()
    meeting(monkeypatch, "api.booking.bookings.first_answer", first_answer)

    confirmed, closed = await asyncio.gather(
        official.post(f"{centre.API}/reservations/{held['reservation_id']}/confirm", json={}),
        close(stack),
    )

    assert 201 == closed.status_code, closed.text
    stage = await centre.stage(stack, held)
    assert (200, "displaced") == (confirmed.status_code, stage) or (
        "HoldExpired" == confirmed.json().get("code") and "lapsed" == stage
    )
    assert [] == kept(stack)


async def test_a_closure_that_displaces_nobody_would_be_noticed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The control: without displacing, somebody counts on a time that is closed.
    """
    centre.prepare(stack)
    await centre.book(stack, centre.at(13))
    monkeypatch.setattr("api.booking.day_changes.settle", lambda *_: None)

    await close(stack)

    assert [("confirmed", 1)] == kept(stack)
