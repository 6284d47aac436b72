"""Waiting rooms of four cities and the people at their windows.

Here: taking numbers and calling them over HTTP and from threads. Not here: what tests expect.
"""

from datetime import date, datetime
from typing import Any

import httpx

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.bookings import venue
from tests.stack import Stack

OPEN = {
    "ageo": datetime(2026, 9, 9, 14, 0, tzinfo=TOKYO),
    "urasoe": datetime(2026, 3, 11, 14, 0, tzinfo=TOKYO),
    "chiba": datetime(2022, 8, 1, 14, 0, tzinfo=TOKYO),
    "yokosuka": datetime(2027, 3, 26, 14, 0, tzinfo=TOKYO),
}
"""A moment at which each gives out numbers; Yokosuka's lies ahead of its courses' own time."""


def open_hall(stack: Stack, city: str) -> None:
    """Let it be an afternoon of an open day."""
    if city == "chiba":
        venue.prepare(stack, venue.DAY)
    elif city == "yokosuka":
        stack.sign(city, date(2026, 5, 11))
    stack.clock.now = OPEN[city]


def path(city: str, rest: str = "") -> str:
    return f"/api/v1/contracts/{city}/queue{rest}"


async def take(
    stack: Stack, city: str, line: str, role: Role = Role.SUPPORT_STAFF, **more: Any
) -> httpx.Response:
    """Take a number."""
    key = more.pop("key", None)
    body = {"line": line, **more}
    return await stack.as_(role, city).post(path(city, "/tickets"), json=body, key=key)


async def taken(stack: Stack, city: str, line: str, **more: Any) -> dict[str, Any]:
    """Return a number that was taken."""
    answer = await take(stack, city, line, **more)
    assert 201 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def call(stack: Stack, city: str, desk: str, key: str | None = None) -> httpx.Response:
    """Call the next number to a desk."""
    caller = stack.as_(Role.OPERATOR, city)
    return await caller.post(path(city, "/calls"), json={"desk": desk}, key=key)


async def lines(stack: Stack, city: str) -> dict[str, Any]:
    """Return the lines as they stand."""
    answer = await stack.as_(Role.SITE_MANAGER, city).get(path(city))
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(answer: httpx.Response) -> str:
    """Return with which word something was refused."""
    assert answer.status_code >= 400, answer.text
    return str(answer.json()["code"])
