"""Visitors and notes at the windows of three cities, and the month that they make.

Here: receiving, noting, asking for counts. Not here: what tests expect.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.stack import Stack

OPEN = {
    "ageo": datetime(2026, 9, 9, 14, 0, tzinfo=TOKYO),
    "urasoe": datetime(2026, 3, 11, 14, 0, tzinfo=TOKYO),
    "chiba": datetime(2022, 8, 10, 14, 0, tzinfo=TOKYO),
    "ota": datetime(2026, 11, 27, 13, 20, tzinfo=TOKYO),
}
"""A moment at which the windows of each are open."""

DESK = {"ageo": "support_desk", "urasoe": "supporter", "chiba": "application_window"}


async def come(
    stack: Stack,
    city: str,
    procedure: str,
    answers: Mapping[str, bool] | None = None,
    *,
    group: str | None = None,
) -> httpx.Response:
    """Receive a visitor."""
    channel = {"ageo": "support_desk", "urasoe": "online_window", "ota": "counter"}[city]
    body: dict[str, Any] = {"procedure": procedure, "channel": channel, "group": group}
    body["answers"] = dict(answers or {})
    return await stack.as_(Role.OPERATOR, city).post(
        f"/api/v1/contracts/{city}/visits", json=body
    )


async def note(
    stack: Stack, city: str, category: str, nature: str = "question", **more: Any
) -> httpx.Response:
    """Note what was dealt with at the desk."""
    body = {"category": category, "nature": nature, "outcome": "answered", **more}
    body.setdefault("place", DESK.get(city, "counter"))
    return await stack.as_(Role.SUPPORT_STAFF, city).post(
        f"/api/v1/contracts/{city}/inquiries", json=body
    )


async def month(stack: Stack, city: str, wanted: str) -> dict[str, Any]:
    """Return the counts of a month."""
    answer = await stack.as_(Role.OFFICIAL, city).get(
        f"/api/v1/contracts/{city}/counts", month=wanted
    )
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


def column(rows: list[dict[str, Any]], name: str) -> dict[str, int]:
    """Return one column of a section, without the rows in which nothing came."""
    return {row["code"]: row[name] for row in rows if row[name]}
