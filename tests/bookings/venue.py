"""A venue of Chiba with days that can be booked, and what booking it takes.

Here: preparing places, asking for them over HTTP, looking at what the database counts. Not
here: the stack itself (``tests.stack``).
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import httpx
from sqlalchemy import text

from domain.calendars.hours import TOKYO
from store import contract_state, venue_days
from store.contract_state import AddedSite
from store.scope import scope
from store.venue_days import VenueDay
from tests.obligations_at_hand import let_bookings_begin
from tests.stack import Stack

CITY = "chiba"
SITE = "chuo-mall"
LINE = "application"
SIGNED = date(2022, 5, 20)
DAY = date(2022, 8, 1)
"""A Monday: open from 13:00 to 20:00."""

NOON = datetime(2022, 7, 20, 12, 0, tzinfo=TOKYO)
"""When most tests book; the day lies within thirty days."""

PERSON = {
    "kana": "チバ ハナコ",
    "birth_date": "昭和60年4月1日",
    "address": "千葉市中央区千葉港1番1号",
    "phone": "043-245-5111",
}


def at(hour: int, minute: int = 0, day: date = DAY) -> str:
    """Return a time of the venue day as it travels."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO).isoformat()


def prepare(
    stack: Stack,
    *days: date,
    now: datetime = NOON,
    site: str = SITE,
    manual: bool = True,
) -> None:
    """Sign the contract, agree on a venue and plan its days; from then on it is ``now``.

    Without its ``manual`` nothing can be booked.
    """
    stack.clock.now = now
    stack.sign(CITY, SIGNED)
    if manual:
        let_bookings_begin(stack.engine, stack.keys)
    place = AddedSite(
        site_id=site,
        name="中央モール",
        address="千葉市中央区中央1-1-1",
        directions="正面入口から入って右",
        from_day=date(2022, 7, 1),
        to_day=date(2023, 3, 31),
        agreement="協議書第3号",
        added_by="system",
        added_at=now,
    )
    with scope(stack.engine, CITY) as connection:
        contract_state.add_site(connection, CITY, CITY, place)
        for day in days or (DAY,):
            planned = VenueDay(site=site, day=day, planned_by="system", planned_at=now)
            venue_days.plan(connection, CITY, CITY, planned)


def wanted(hour: int = 13, people: int = 1, **more: Any) -> dict[str, Any]:
    """Return the body of a hold."""
    return {
        "line": LINE,
        "venue": SITE,
        "starts_at": at(hour),
        "people": people,
        "reissue": False,
        "applicant": PERSON,
        **more,
    }


async def hold(stack: Stack, body: Mapping[str, Any], key: str | None = None) -> httpx.Response:
    """Hold places as a resident."""
    return await stack.http.post(
        f"/api/v1/contracts/{CITY}/reservations",
        json=dict(body),
        headers={"Idempotency-Key": key or secrets.token_hex(8)},
    )


async def step(
    stack: Stack,
    booked: Mapping[str, Any],
    action: str,
    body: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> httpx.Response:
    """Take a step as the resident who holds the token."""
    return await stack.http.post(
        f"/api/v1/contracts/{CITY}/reservations/{booked['reservation_id']}/{action}",
        json=dict(body or {}),
        headers={
            "Idempotency-Key": key or secrets.token_hex(8),
            "X-Reservation-Token": booked["token"],
        },
    )


async def book(stack: Stack, hour: int = 13, people: int = 1, **more: Any) -> dict[str, Any]:
    """Hold and confirm; return the reservation."""
    held = await hold(stack, wanted(hour, people, **more))
    assert 201 == held.status_code, held.text
    confirmed = await step(stack, held.json(), "confirm")
    assert 200 == confirmed.status_code, confirmed.text
    body: dict[str, Any] = confirmed.json()
    return body


async def free(stack: Stack, hour: int, day: date = DAY) -> int | None:
    """Return the free places of a time as everybody sees them; ``None`` if it is not shown."""
    answer = await stack.http.get(
        f"/api/v1/contracts/{CITY}/slots",
        params={"line": LINE, "from": day.isoformat(), "to": day.isoformat()},
    )
    assert 200 == answer.status_code, answer.text
    shown = {item["starts_at"]: item["free"] for item in answer.json()["items"]}
    return shown.get(at(hour, day=day))


def counted(stack: Stack) -> dict[str, int]:
    """Return what the inventory counts, and what the reservations add up to."""
    with scope(stack.engine, CITY) as connection:
        slots = connection.execute(text("SELECT sum(taken) FROM booking_slot")).scalar_one()
        days = connection.execute(text("SELECT sum(taken) FROM booking_day")).scalar_one()
        people = connection.execute(
            text(
                "SELECT coalesce(sum(party), 0) FROM reservation"
                " WHERE stage NOT IN ('cancelled', 'lapsed', 'displaced')"
            )
        ).scalar_one()
    return {"slots": int(slots or 0), "days": int(days or 0), "people": int(people)}


def utc(moment: str) -> datetime:
    """Return a time that travelled, as the database has it."""
    return datetime.fromisoformat(moment).astimezone(UTC)
