"""Reservations that wait for somebody, as lists show them; and how bookings come in."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.calendars.hours import TOKYO
from domain.case import CaseKind
from domain.parties import Role
from store.scope import scope
from tests.bookings import venue
from tests.stack import Stack, eventually

AGEO = "ageo"
WAITING = f"/api/v1/contracts/{venue.CITY}/reservations"
SHARES = f"/api/v1/contracts/{venue.CITY}/booking-shares"


async def listed(stack: Stack, **asked: Any) -> dict[str, Any]:
    """Return a page of what waits in Chiba."""
    answer = await stack.as_(Role.CALL_AGENT, venue.CITY).get(WAITING, **asked)
    assert 200 == answer.status_code, answer.text
    page: dict[str, Any] = answer.json()
    return page


def change(stack: Stack, case_id: str, statement: str) -> None:
    """Let a row say that something has happened to a reservation."""
    with scope(stack.engine, venue.CITY) as connection:
        connection.execute(
            text(f"UPDATE reservation SET {statement} WHERE case_id = :id"), {"id": case_id}
        )


@pytest.mark.req("AGEO-34")
async def test_what_is_not_entered_is_listed_with_its_due_time_and_then_as_stuck(
    stack: Stack,
) -> None:
    """
    An hour after it was taken; once it has its reference it waits no more.
    """
    agent = stack.as_(Role.CALL_AGENT, AGEO)
    path = f"/api/v1/contracts/{AGEO}/reservations"

    async def waiting() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await agent.get(path, waiting="to_enter")).json()[
            "items"
        ]
        return items

    async with stack.staffed():
        visit = stack.clock().astimezone(TOKYO) + timedelta(days=20)
        body = {"line": "card_delivery", "starts_at": visit.isoformat(), "channel": "phone"}
        booked = (await agent.post(path, json=body | {"applicant": venue.PERSON})).json()
        (before,) = await waiting()
        await stack.fast_forward(
            CaseKind.RESERVATION, booked["case_id"], timedelta(hours=2), city=AGEO
        )
        (stuck,) = await eventually(waiting, lambda found: found[0]["stuck"] is not None)
        await agent.act(booked["case_id"], "record_external_entry", reference="Y-1")
        after = await waiting()

    assert (booked["case_id"], ["to_enter"], None) == (
        before["case_id"],
        before["waits_for"],
        before["stuck"],
    )
    hour = datetime.fromisoformat(before["due_at"]) - stack.clock()
    assert timedelta(minutes=58) < hour <= timedelta(hours=1)
    assert ("deadline_breached", []) == (stuck["stuck"], after)


async def test_each_kind_of_waiting_can_be_asked_for(stack: Stack) -> None:
    """
    The soonest visit first; who waits for nothing is on none of them.
    """
    venue.prepare(stack)
    ids = [(await venue.book(stack, hour))["case_id"] for hour in (13, 14, 15, 16)]
    change(stack, ids[0], "guided = true")
    change(stack, ids[1], "guided = true, must_phone = true")
    change(stack, ids[3], "stage = 'displaced'")

    found = {
        kind: [item["case_id"] for item in (await listed(stack, waiting=kind))["items"]]
        for kind in (None, "to_enter", "displaced", "must_phone", "not_guided")
    }

    assert {
        None: ids[1:],
        "to_enter": [],
        "displaced": [ids[3]],
        "must_phone": [ids[1]],
        "not_guided": [ids[2]],
    } == found
    waits = [item["waits_for"] for item in (await listed(stack))["items"]]
    assert [["must_phone"], ["not_guided"], ["displaced"]] == waits
    refused = await stack.as_(Role.CALL_AGENT, venue.CITY).get(WAITING, waiting="nothing")
    assert 422 == refused.status_code


async def test_a_long_list_is_read_page_by_page(stack: Stack) -> None:
    """
    Nobody twice, nobody left out.
    """
    venue.prepare(stack)
    ids = [(await venue.book(stack, 13 + n // 2))["case_id"] for n in range(5)]

    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await listed(stack, limit=2, cursor=cursor)
        seen += [item["case_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert (5, set(ids)) == (len(seen), set(seen))
    clerk = stack.as_(Role.CALL_AGENT, venue.CITY)
    broken = [await clerk.get(WAITING, cursor=each) for each in ("x", "bnVsbA==", "WzEsMl0=")]
    assert {422} == {answer.status_code for answer in broken}


async def test_the_list_of_those_who_wait_names_nobody(stack: Stack) -> None:
    """
    So that it may be looked at all day without opening anybody's data.
    """
    venue.prepare(stack)
    await venue.book(stack, 13)

    page = await listed(stack)

    assert "ハナコ" not in str(page)
    assert "043" not in str(page)
    manager = stack.as_(Role.OPERATIONS_MANAGER, venue.CITY)
    assert 403 == (await manager.get(WAITING)).status_code


async def test_the_share_of_web_bookings_is_counted_by_the_month_they_were_made(
    stack: Stack,
) -> None:
    """
    Cancelled ones count, since they came in; holds that nobody confirmed do not.
    """
    venue.prepare(stack, now=datetime(2022, 7, 31, 23, 59, tzinfo=TOKYO))
    gone = await venue.book(stack, 13)
    await venue.step(stack, gone, "cancel")
    await venue.hold(stack, venue.wanted(14))
    stack.clock.now = datetime(2022, 8, 1, 0, 0, tzinfo=TOKYO)
    for hour in (14, 15, 16):
        await venue.book(stack, hour)
    agent = stack.as_(Role.CALL_AGENT, venue.CITY)
    held = await agent.post(WAITING, json=venue.wanted(17))
    await agent.post(f"{WAITING}/{held.json()['reservation_id']}/confirm", json={})

    answer = await agent.get(SHARES, **{"from": "2022-07-15", "to": "2022-09-01"})

    assert [
        {"month": "2022-07", "bookings": 1, "web": 1, "web_share": 1.0},
        {"month": "2022-08", "bookings": 4, "web": 3, "web_share": 0.75},
        {"month": "2022-09", "bookings": 0, "web": 0, "web_share": None},
    ] == answer.json()["items"]
    backwards = await agent.get(SHARES, **{"from": "2022-09-01", "to": "2022-07-01"})
    assert 422 == backwards.status_code
