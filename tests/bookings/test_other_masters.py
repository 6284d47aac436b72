"""Bookings that somebody else keeps: the city's system, or one of two as a contract settles."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from contracts.loader import FOLDER, LoadedContract, load_text
from domain.calendars.hours import TOKYO
from domain.case import CaseKind
from domain.parties import Role
from store.reservation_lists import waiting
from store.scope import scope
from tests.bookings.venue import PERSON
from tests.obligations_at_hand import let_booths_begin
from tests.stack import Caller, Stack, eventually

AGEO, OTA = "ageo", "ota"
LINE = "card_delivery"
NOON = datetime(2026, 9, 24, 12, 0, tzinfo=TOKYO)
"""A Thursday on which Ota's counter is open."""

WISH = "2026-09-28T10:00:00+09:00"


async def take(caller: Caller, city: str, channel: str, **more: Any) -> httpx.Response:
    body = {
        "line": LINE,
        "starts_at": WISH,
        "people": 1,
        "channel": channel,
        "applicant": PERSON,
        **more,
    }
    return await caller.post(f"/api/v1/contracts/{city}/reservations", json=body)


async def step(caller: Caller, city: str, booked: Mapping[str, Any], name: str) -> Any:
    path = f"/api/v1/contracts/{city}/reservations/{booked['reservation_id']}/{name}"
    body = {"starts_at": "2026-09-29T11:00:00+09:00"} if name == "change" else {}
    answer = await caller.post(path, json=body)
    assert 200 == answer.status_code, answer.text
    return answer.json()


def queue(stack: Stack, city: str) -> list[tuple[str, str, str]]:
    with scope(stack.engine, city) as connection:
        lines = waiting(connection, city, city)
    return [(line.case_id, line.stage, line.channel) for line in lines]


@pytest.mark.req("AGEO-16")
async def test_a_booking_made_in_a_booth_waits_to_be_entered_into_the_citys_system(
    stack: Stack,
) -> None:
    """
    Whoever enters it sees that it came from a booth.
    """
    stack.clock.now = NOON
    let_booths_begin(stack.engine, stack.keys)
    operator = stack.as_(Role.OPERATOR, AGEO)

    booked = await take(operator, AGEO, "booth")

    assert 201 == booked.status_code, booked.text
    assert [(booked.json()["case_id"], "to_enter", "booth")] == queue(stack, AGEO)


@pytest.mark.req("AGEO-34")
async def test_what_is_not_entered_in_time_is_stuck_and_named(stack: Stack) -> None:
    """
    The city's system is the master; a booking nobody entered is none.
    """
    agent = stack.as_(Role.CALL_AGENT, AGEO)
    async with stack.staffed():
        booked = (await take(agent, AGEO, "phone", starts_at=_ahead(stack, 20))).json()
        before = await agent.case(booked["case_id"])

        await stack.fast_forward(
            CaseKind.RESERVATION, booked["case_id"], timedelta(days=2), city=AGEO
        )

        async def stuck() -> Any:
            return (await agent.case(booked["case_id"]))["stuck"]

        assert None is before["stuck"]
        assert before["due_at"] is not None
        assert "deadline_breached" == await eventually(stuck)


@pytest.mark.req("AGEO-34")
async def test_entering_changing_and_cancelling_leave_a_chain(stack: Stack) -> None:
    """
    Each of the three has to be entered again, and the record says who did it and when.
    """
    agent = stack.as_(Role.CALL_AGENT, AGEO)
    async with stack.staffed():
        booked = (await take(agent, AGEO, "phone", starts_at=_ahead(stack, 20))).json()

        async def enter(reference: str) -> Any:
            answer = await agent.act(
                booked["case_id"], "record_external_entry", reference=reference
            )
            assert 200 == answer.status_code, answer.text
            return await agent.case(booked["case_id"])

        entered = await enter("Y-1001")
        path = f"/api/v1/contracts/{AGEO}/reservations/{booked['reservation_id']}"
        moved = await agent.post(f"{path}/change", json={"starts_at": _ahead(stack, 25)})
        waits = moved.json()["stage"]
        again = await enter("Y-1002")
        await step(agent, AGEO, booked, "cancel")
        over = await enter("Y-1003")

    assert ["confirmed", "to_enter", "confirmed", "cancelled"] == [
        entered["stage"],
        waits,
        again["stage"],
        over["stage"],
    ]
    events = await agent.timeline(booked["case_id"])
    entries = [event for event in events if event["action"] == "record_external_entry"]
    assert ["Y-1001", "Y-1002", "Y-1003"] == [e["detail"]["reference"] for e in entries]
    assert {Role.CALL_AGENT} == {entry["role"] for entry in entries}
    assert [] == queue(stack, AGEO)


@pytest.mark.req("OTA-25")
async def test_otas_bookings_by_phone_are_our_own_as_long_as_nobody_says_otherwise(
    stack: Stack,
) -> None:
    """
    A place is claimed at the counter, half an hour at a time.
    """
    stack.clock.now = NOON
    agent = stack.as_(Role.CALL_AGENT)

    held = await take(agent, OTA, "phone")
    booked = await step(agent, OTA, held.json(), "confirm")

    assert ("held", "confirmed") == (held.json()["stage"], booked["stage"])
    assert "city_hall" == booked["venue"]


@pytest.mark.req("OTA-25")
async def test_otas_bookings_by_phone_can_be_the_citys_by_its_file_alone(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The question to the city is open; its answer changes the file and nothing else.
    """
    stack.clock.now = NOON
    theirs = citys_own()
    monkeypatch.setattr(stack.book, "current", lambda slug, on=None: theirs)
    agent = stack.as_(Role.CALL_AGENT)

    taken = await take(agent, OTA, "phone")

    assert 201 == taken.status_code, taken.text
    assert "to_enter" == taken.json()["stage"]
    assert [(taken.json()["case_id"], "to_enter", "phone")] == queue(stack, OTA)
    assert (await agent.case(taken.json()["case_id"]))["due_at"] is not None


def citys_own() -> LoadedContract:
    """Return Ota's contract as its file would say that the city keeps the bookings."""
    text = (FOLDER / "ota.toml").read_text(encoding="utf-8")
    begins = text.index("[[bookings]]")
    ends = text.index("# ----", begins)
    line = text[begins:ends].replace('{ value = "own"', '{ value = "city_system"', 1)
    ours = r"^(calendar|venues|site|slot_minutes|per_(?:slot|hour|day)|people_use_places) =.*\n"
    return load_text(
        text[:begins] + re.sub(ours, "", line, flags=re.M) + text[ends:], "ota.toml"
    )


def _ahead(stack: Stack, days: int) -> str:
    moment = stack.clock().astimezone(TOKYO) + timedelta(days=days)
    return moment.replace(hour=10, minute=0, second=0, microsecond=0).isoformat()
