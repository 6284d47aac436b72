"""The card centre of Yokosuka, where nobody gets a card without a booking.

Here: opening it, booking there as the city's staff or at the window. Not here: Chiba's
venues (``tests.bookings.venue``).
"""

from datetime import date, datetime
from typing import Any

import httpx

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.bookings.venue import PERSON
from tests.stack import Caller, Stack

CITY = "yokosuka"
SITE = "centre"
LINE = "card_delivery"
API = f"/api/v1/contracts/{CITY}"
DAY = date(2026, 9, 25)
"""A Friday: open from 10:30 to 18:30."""

NOW = datetime(2026, 9, 20, 9, 30, tzinfo=TOKYO)


def prepare(stack: Stack, now: datetime = NOW) -> None:
    """Sign the contract; from then on it is ``now``."""
    stack.clock.now = now
    stack.sign(CITY, date(2026, 5, 11))


def at(hour: int, minute: int = 30, day: date = DAY) -> str:
    """Return a time of the day as it travels."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO).isoformat()


def official(stack: Stack) -> Caller:
    """Return who takes calls here."""
    return stack.as_(Role.OFFICIAL, CITY)


async def hold(
    caller: Caller, starts_at: str, *, channel: str = "phone", **more: Any
) -> httpx.Response:
    """Hold places for somebody who calls, or stands at the window."""
    body = {
        "line": LINE,
        "starts_at": starts_at,
        "people": 1,
        "channel": channel,
        "applicant": PERSON,
        **more,
    }
    return await caller.post(f"{API}/reservations", json=body)


async def book(
    stack: Stack, starts_at: str, caller: Caller | None = None, **more: Any
) -> dict[str, Any]:
    """Hold and confirm; return the reservation."""
    caller = caller or official(stack)
    held = await hold(caller, starts_at, **more)
    assert 201 == held.status_code, held.text
    path = f"{API}/reservations/{held.json()['reservation_id']}/confirm"
    confirmed = await caller.post(path, json={})
    assert 200 == confirmed.status_code, confirmed.text
    found: dict[str, Any] = confirmed.json()
    return found


async def stage(stack: Stack, booked: dict[str, Any]) -> str:
    """Return how a reservation stands."""
    answer = await official(stack).get(f"{API}/reservations/{booked['reservation_id']}")
    return str(answer.json()["stage"])


async def free(stack: Stack, starts_at: str) -> tuple[int, str] | None:
    """Return the free places of a time and its state; ``None`` if it is not shown."""
    day = starts_at[:10]
    answer = await stack.http.get(f"{API}/slots", params={"line": LINE, "from": day, "to": day})
    shown = {i["starts_at"]: (i["free"], i["state"]) for i in answer.json()["items"]}
    return shown.get(starts_at)
