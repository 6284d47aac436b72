"""A server killed amid a rush of bookings: what it answered is there, and nothing is twice.

The rush of several processes and its rate stand in ``bench.bookings_rush``.
"""

import secrets
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest

from domain.parties import Role
from tests.bookings.venue import PERSON
from tests.faults.installation import PROJECT, Installation

PATH = "/api/v1/contracts/ota/reservations"
BOOKERS, ENOUGH = 6, 12
HELD = "SELECT case_id FROM reservation WHERE stage = 'held' AND starts_at = %(at)s"
COUNTS = (
    "SELECT s.taken, s.capacity, coalesce(sum(r.party), 0)::int AS people"
    " FROM booking_slot s LEFT JOIN reservation r"
    " ON r.line = s.line AND r.site = s.site AND r.starts_at = s.starts_at"
    " AND r.stage IN ('held', 'confirmed') WHERE s.starts_at = %(at)s"
    " GROUP BY s.taken, s.capacity"
)

FORGETFUL = """
import sys, psycopg
with psycopg.connect(sys.argv[1]) as connection:
    connection.execute("SELECT set_config('app.municipality', 'ota', false)")
    for key in range(10):
        connection.execute(
            "INSERT INTO outbox (municipality, key, topic, body, made_at, tries)"
            " VALUES ('ota', %s, 'inform', '{}', now(), 0)", [f"{sys.argv[2]}/{key}"])
        print(f"{sys.argv[2]}/{key}", flush=True)
    sys.stdin.read()
"""
"""Answers before it has committed; the control."""


def last_time(there: Installation) -> str:
    """Return a time that nobody has booked."""
    answer = there.ask(
        Role.CALL_AGENT, "GET", "/api/v1/contracts/ota/slots", params={"line": "card_delivery"}
    )
    free = [item for item in answer.json()["items"] if item["free"] == item["capacity"]]
    return str(free[-1]["starts_at"])


def rush(there: Installation, starts_at: str) -> set[str]:
    """Book one time from several sides until one of many answers killed the server."""
    answered: set[str] = set()
    enough, over = threading.Event(), threading.Event()
    url, token = there.facts["url"], there.tokens[Role.CALL_AGENT]

    def book() -> None:
        with httpx.Client(base_url=url, timeout=10) as http:
            while not over.is_set():
                body = {"line": "card_delivery", "starts_at": starts_at, "people": 1}
                headers = {
                    "Authorization": f"Bearer {token}",
                    "Idempotency-Key": secrets.token_hex(8),
                }
                try:
                    answer = http.post(PATH, json=body, headers=headers)
                except httpx.TransportError:
                    return
                if answer.status_code == 201:
                    answered.add(answer.json()["case_id"])
                elif answer.status_code == 409:
                    over.set()
                if len(answered) >= ENOUGH:
                    enough.set()

    with ThreadPoolExecutor(BOOKERS) as crowd:
        asked = [crowd.submit(book) for _ in range(BOOKERS)]
        while not enough.wait(0.05) and not all(each.done() for each in asked):
            pass
        dead = there.kill("server")
        over.set()
    there.came_back("server", dead)
    return answered


def ids(rows: Sequence[dict[str, Any]]) -> set[str]:
    return {str(row["case_id"]) for row in rows}


@pytest.mark.timeout(300)
def test_what_a_killed_server_answered_is_there_and_nothing_is_sold_twice(
    installation: Installation,
) -> None:
    """
    Whoever got no answer may have a place that lapses; nobody who got one has none.
    """
    starts_at = last_time(installation)
    answered = rush(installation, starts_at)

    there = ids(installation.rows(HELD, at=starts_at))
    (count,) = installation.rows(COUNTS, at=starts_at)
    body = {"applicant": PERSON}
    one = installation.ask(
        Role.CALL_AGENT, "POST", f"{PATH}/{min(answered)}/confirm", json=body
    )

    assert answered
    assert answered <= there
    assert len(there - answered) <= BOOKERS
    assert len(there) == count["taken"] == count["people"] <= count["capacity"]
    assert 200 == one.status_code, one.text


@pytest.mark.timeout(300)
def test_one_that_answers_before_it_commits_loses_what_it_answered(
    installation: Installation,
) -> None:
    """
    The control: the same end, and the answers were worth nothing.
    """
    url, mark = installation.facts["database_url"], secrets.token_hex(8)
    process = subprocess.Popen(
        [sys.executable, "-c", FORGETFUL, url, mark],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    answered = {process.stdout.readline().strip() for _ in range(10)}
    process.kill()
    process.communicate()

    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('app.municipality', 'ota', false)")
        kept = connection.execute(
            "SELECT key FROM outbox WHERE key LIKE %s", [f"{mark}/%"]
        ).fetchall()
    assert 10 == len(answered)
    assert not {row[0] for row in kept} & answered
