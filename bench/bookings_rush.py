"""Fifty people ask for twelve times of twelve places each, and a server dies meanwhile.

Here: every one of the fifty holds a place of each time and confirms it, asking again with the
same key whenever no answer comes, as the interface tells programs to do. With one, two and
four server processes; one of them is killed (SIGKILL) in the middle and started again. What
was answered is held against what the database says afterwards. Not here: how fast.
"""

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from bench.bookings_ground import LINE, Ground, WebServer, servers, set_places
from bench.bookings_load import Answer, Line, request
from bench.figures import Figure, percentile
from bench.installation import CITY
from store.scope import scope

BOOKERS, TIMES, PLACES = 50, 12, 12
SEATS = TIMES * PLACES
_KILLED_AFTER = 1 / 3
"""Of the places: then one server dies."""

_PATIENCE_SECONDS = 60.0


class Wrong(Exception):
    """Something was sold twice, or lost."""


@dataclass(slots=True)
class _Rush:
    """What the crowd heard."""

    there: Ground
    ports: Sequence[int]
    confirmed: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    third: asyncio.Event = field(default_factory=asyncio.Event)


def measure(there: Ground, *, quick: bool = False) -> list[Figure]:
    """Return how many places were sold to how many, and how long the crowd waited."""
    found: list[Figure] = []
    for count in (2,) if quick else (1, 2, 4):
        found += _round(there, count)
    return found


def _round(there: Ground, count: int) -> list[Figure]:
    times = list(there.times[:: max(1, len(there.times) // TIMES)])[:TIMES]
    set_places(there, PLACES, times)
    before = set(_confirmed(there))
    with servers(there, count) as running:
        rush = asyncio.run(_rush(there, running, times))
    kept = set(_confirmed(there)) - before
    _check(there, rush, kept, times)
    named = f"{BOOKERS} at {TIMES} times, {count} servers, one killed"
    over = max(0, len(kept) - SEATS)
    return [
        Figure(
            name=f"{named}: booked",
            value=len(kept),
            unit="places",
            at_least=SEATS,
            at_most=SEATS,
        ),
        # One more than none, so that a benchmark that measured nothing would be seen.
        Figure(name=f"{named}: overbooked, plus one", value=over + 1, unit="", at_most=1),
        Figure(
            name=f"{named}: p95 of an answer",
            value=1000 * percentile(rush.seconds, 0.95),
            unit="ms",
        ),
    ]


async def _rush(
    there: Ground, running: Sequence[WebServer], times: Sequence[datetime]
) -> _Rush:
    rush = _Rush(there, [each.port.number for each in running])
    killer = asyncio.create_task(_kill(rush, running[0]))
    await asyncio.gather(*(_booker(rush, number, times) for number in range(BOOKERS)))
    rush.third.set()
    await killer
    if len(running) > 1:
        running[0].start()
    return rush


async def _kill(rush: _Rush, server: WebServer) -> None:
    await rush.third.wait()
    server.kill()
    server.stop()
    if len(rush.ports) == 1:
        # Nobody can be answered until it is back; with others, they serve the crowd.
        server.start()


async def _booker(rush: _Rush, number: int, times: Sequence[datetime]) -> None:
    """Ask for a place at every time, each booker beginning at another one."""
    shifted = [*times[number % len(times) :], *times[: number % len(times)]]
    path = f"/api/v1/contracts/{CITY}/reservations"
    for starts_at in shifted:
        body = {"line": LINE, "starts_at": starts_at.isoformat(), "people": 1}
        held = await _ask(rush, number, path, body)
        if held.status != 201:
            rush.refused[held.json()["code"]] += 1
            continue
        booked = held.json()["reservation_id"]
        kept = await _ask(rush, number, f"{path}/{booked}/confirm", {"applicant": _somebody()})
        if kept.status != 200:
            raise Wrong(kept.body.decode())
        rush.confirmed.append(booked)
        if len(rush.confirmed) >= SEATS * _KILLED_AFTER:
            rush.third.set()


async def _ask(rush: _Rush, number: int, path: str, body: dict[str, object]) -> Answer:
    """Ask until an answer comes, with one key, at the next server if one is gone."""
    sent = request("POST", path, body, Authorization=f"Bearer {rush.there.token}")
    loop = asyncio.get_running_loop()
    began = loop.time()
    for turn in range(number, 1_000_000):
        with suppress(OSError):
            line = await Line.to(rush.ports[turn % len(rush.ports)])
            try:
                answer = await line.ask(sent)
            finally:
                line.close()
            if answer.status != 503:
                rush.seconds.append(loop.time() - began)
                return answer
        if loop.time() - began > _PATIENCE_SECONDS:
            break
        await asyncio.sleep(0.05)
    raise Wrong(f"no answer from {path}")


def _somebody() -> dict[str, str]:
    return {
        "kana": "オオタ ハナコ",
        "birth_date": "1985-04-01",
        "address": "大田区蒲田五丁目13番14号",
        "phone": f"090{10**7 + secrets.randbelow(9 * 10**7)}",
    }


def _check(there: Ground, rush: _Rush, kept: set[str], times: Sequence[datetime]) -> None:
    """Make sure that what was answered is what there is.

    Raises:
        Wrong: It is not.
    """
    lost = set(rush.confirmed) - kept
    if lost:
        raise Wrong(f"answered and lost: {len(lost)}")
    if len(kept) != SEATS:
        raise Wrong(f"{len(kept)} of {SEATS} places were sold")
    if set(rush.refused) - {"FullyBooked"}:
        raise Wrong(f"refused for another reason: {dict(rush.refused)}")
    with scope(there.parts.engine, CITY) as connection:
        taken = connection.execute(
            text("SELECT taken FROM booking_slot WHERE starts_at = ANY(:times)"),
            {"times": list(times)},
        ).scalars()
        sold = list(taken)
        twice = connection.execute(
            text(
                "SELECT count(*) FROM (SELECT case_id FROM case_event"
                " WHERE action = 'reservation_confirmed'"
                " GROUP BY case_id HAVING count(*) > 1) AS again"
            )
        ).scalar_one()
    if twice or max(sold) > PLACES or sum(sold) != len(kept):
        raise Wrong(json.dumps({"twice": twice, "sold": sold, "kept": len(kept)}))


def _confirmed(there: Ground) -> list[str]:
    with scope(there.parts.engine, CITY) as connection:
        rows = connection.execute(
            text("SELECT case_id FROM reservation WHERE stage = 'confirmed'")
        )
        return [row.case_id for row in rows]
