"""The last place, asked for by telephone and on the web at once."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import Connection, text

from domain.parties import Role
from store import claims
from store.claims import Claim
from store.keys import KeyRing
from tests.bookings import venue
from tests.stack import Stack

TOGETHER = 10.0
"""Seconds for which one waits for the other; a test that hangs would tell nothing."""


async def one_left(stack: Stack) -> None:
    venue.prepare(stack)
    for people in (6, 5):
        answer = await venue.hold(stack, venue.wanted(13, people=people, applicant=None))
        assert 201 == answer.status_code, answer.text


async def both_ask(stack: Stack) -> list[tuple[int, str]]:
    agent = stack.as_(Role.CALL_AGENT, venue.CITY)
    path = f"/api/v1/contracts/{venue.CITY}/reservations"
    by_phone = venue.wanted(13, channel="phone", applicant=venue.PERSON)
    other = venue.PERSON | {"phone": "090-1234-5678"}
    answers = await asyncio.gather(
        agent.post(path, json=by_phone), venue.hold(stack, venue.wanted(13, applicant=other))
    )
    return sorted((each.status_code, each.json().get("code", "")) for each in answers)


@pytest.mark.req("CHIBA-22", "CHIBA-02")
async def test_of_a_call_and_a_click_for_the_last_place_one_wins(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Both transactions have begun before either claims.
    """
    await one_left(stack)
    door, begin = threading.Barrier(2), claims.begin_at_end

    def together(*asked: Any) -> bool:
        door.wait(TOGETHER)
        return begin(*asked)

    monkeypatch.setattr(claims, "begin_at_end", together)

    assert [(201, ""), (409, "FullyBooked")] == await both_ask(stack)
    assert {"slots": 12, "days": 12, "people": 12} == venue.counted(stack)


async def test_looking_first_and_taking_then_would_let_both_in(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The control: both see the last place, and only the table itself stops the second.
    """
    await one_left(stack)
    door, seen = threading.Barrier(2), []

    def look_and_take(connection: Connection, _: KeyRing, wanted: Claim) -> bool:
        left = text("SELECT min(capacity - taken) FROM booking_slot")
        seen.append(connection.execute(left).scalar_one())
        door.wait(TOGETHER)
        at = {"at": wanted.value.place.starts_at}
        connection.execute(
            text("UPDATE booking_slot SET taken = taken + 1 WHERE starts_at = :at"), at
        )
        return True

    monkeypatch.setattr(claims, "begin_at_end", look_and_take)

    found = await both_ask(stack)

    assert [1, 1] == seen
    assert [201, 500] == [status for status, _ in found]
