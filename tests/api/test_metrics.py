"""Whoever watches the product sees how it is doing, and nobody's data."""

import asyncio
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from domain.case import CaseKind
from domain.parties import Role
from ops import wiring
from ops.exclusive import ReservedPort
from ops.temporal import EmbeddedTemporal
from settings import Settings
from store.engine import build_engine
from tests.stack import Stack
from tests.visits_at_hand import KANA, NAME, NUMBER, open_visit, tamper
from workflows.names import workflow_id

Samples = dict[tuple[str, ...], float]


async def scrape(stack: Stack) -> tuple[str, Samples]:
    """Return the figures as text, and by name and labels."""
    answer = await stack.http.get("/metrics")
    assert 200 == answer.status_code
    return answer.text, samples(answer.text)


def samples(exposed: str) -> Samples:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(exposed)
        for sample in family.samples
    }


def stuck(stack: Stack, *, municipality: str) -> None:
    owner = build_engine(stack.database.owner_url)
    tamper(
        owner,
        "UPDATE case_file SET stuck = 'deadline_breached', due_at = now() - interval '1 h'"
        " WHERE municipality = :city",
        city=municipality,
    )
    owner.dispose()


async def test_requests_are_counted_by_template_and_refusals_by_code(stack: Stack) -> None:
    """
    A path with a case's id in it would make a new series for every case.
    """
    ref = open_visit(stack.engine, stack.keys)
    clerk = stack.as_(Role.CLERK)
    for case_id in (ref.case_id, ref.case_id, "no-such-case"):
        await clerk.get(f"/api/v1/cases/{case_id}")
    await clerk.get("/no/such/page")

    exposed, found = await scrape(stack)
    route = "/api/v1/cases/{case_id}"

    assert 2 == found["madoguchi_requests_total", "GET", route, "200"]
    assert 1 == found["madoguchi_requests_total", "GET", route, "404"]
    assert 3 == found["madoguchi_request_seconds_count", "GET", route]
    assert 1 == found["madoguchi_refusals_total", "CaseUnknown"]
    assert 1 == found["madoguchi_requests_total", "GET", "none", "404"]
    assert 1 == found["madoguchi_build_info", "test"]
    assert ref.case_id not in exposed


async def test_each_citys_backlog_is_shown(stack: Stack) -> None:
    """
    What waits for the engine, stands still or is late is what somebody has to act on.
    """
    for city, count in (("ota", 2), ("chiba", 1)):
        for _ in range(count):
            open_visit(stack.engine, stack.keys, municipality=city)
    stuck(stack, municipality="chiba")

    _, found = await scrape(stack)
    shown = {
        city: [
            found[f"madoguchi_{what}", city]
            for what in ("outbox_waiting", "cases_stuck", "cases_overdue")
        ]
        for city in ("ota", "chiba", "yokosuka")
    }

    assert {"ota": [2, 0, 0], "chiba": [1, 1, 1], "yokosuka": [0, 0, 0]} == shown


async def test_many_watchers_ask_the_database_once(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Five machines that watch must not be five times the work.
    """
    asked = []

    def counting(engine: Engine, slugs: tuple[str, ...]) -> list[tuple[str, int, int, int]]:
        asked.append(slugs)
        return [(slug, 0, 0, 0) for slug in slugs]

    monkeypatch.setattr("api.metrics._states", counting)
    await asyncio.gather(*(scrape(stack) for _ in range(5)))

    assert 1 == len(asked)


async def test_many_cities_take_turns(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A thousand cities must not be a thousand questions every fifteen seconds.
    """
    monkeypatch.setattr("api.metrics._CITIES_A_LOOK", 2)
    monkeypatch.setattr("api.metrics._LOOK_AGAIN_AFTER", timedelta(0))
    open_visit(stack.engine, stack.keys)
    cities = set(stack.book.slugs())

    shown = []
    for _ in range(4):
        _, found = await scrape(stack)
        shown.append({name[1] for name in found if name[0] == "madoguchi_cases_stuck"})

    assert [2, 4, 5] == [len(each) for each in shown[:3]]
    assert cities == shown[2] == shown[3]
    assert 1 == found["madoguchi_outbox_waiting", "ota"]


async def test_nothing_that_came_with_a_request_is_shown(stack: Stack) -> None:
    """
    Figures go to machines that may see no personal data at all.
    """
    ref = open_visit(stack.engine, stack.keys, reason=f"{NAME} {NUMBER}")
    clerk = stack.as_(Role.CLERK)
    await clerk.get(f"/api/v1/cases/{NUMBER}", purpose=NAME)
    await clerk.get(f"/{NAME}/{NUMBER}")
    await clerk.get(f"/api/v1/cases/{ref.case_id}/person", purpose=f"{NAME} {NUMBER}")
    await clerk.act(ref.case_id, NAME, reason=NUMBER)
    await stack.http.request(NUMBER, "/api/v1/cases")

    exposed, _ = await scrape(stack)

    assert [] == [planted for planted in (NAME, KANA, NUMBER) if planted in exposed]
    assert "madoguchi_requests_total" in exposed


async def test_the_workers_figures_are_on_this_machine_and_name_nobody(
    stack: Stack, temporal: EmbeddedTemporal, tmp_path: Path
) -> None:
    """
    The SDK labels by queue and type, not by case; nobody else on the network may ask.
    """
    port = ReservedPort.any()
    number = port.number
    port.release()
    chosen = Settings(metrics_port=number, temporal_address=temporal.address)
    ref = open_visit(stack.engine, stack.keys, reason=NAME)
    client = await wiring.connect(chosen, stack.keys, measured=True)
    handle = client.get_workflow_handle(workflow_id("ota", CaseKind.VISIT, ref.case_id))
    with pytest.raises(Exception, match="not found"):
        await handle.describe()

    def ask() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{number}/metrics", timeout=5) as told:
            return str(told.read().decode())

    exposed = await asyncio.to_thread(ask)

    assert "temporal_request" in exposed
    assert [] == [word for word in (NAME, NUMBER, ref.case_id) if word in exposed]
    assert wiring._measuring(None) is None
