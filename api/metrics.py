"""Figures of the web process for machines that watch it, in Prometheus' format.

Labels are templates, codes and slugs; nothing a request brought along ever becomes one. A
proxy in front must not pass this address on. The worker's figures are the SDK's own
(``METRICS_PORT``).
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.deps import Desk, TheDesk
from store.scope import scope

router = APIRouter(tags=["health"])

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NO_ROUTE: Final = "none"
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 35)
_LOOK_AGAIN_AFTER = timedelta(seconds=15)
"""Many machines may watch; the database is asked for all of them at once."""

_CITIES_A_LOOK = 100
"""Where there are more, they take turns: a figure may then be some minutes old."""

_STATE = text(
    """
    SELECT
        (SELECT count(*) FROM outbox
          WHERE municipality = :municipality AND done_at IS NULL) AS waiting,
        (SELECT count(*) FROM case_file
          WHERE municipality = :municipality AND closed_at IS NULL
            AND stuck IS NOT NULL) AS stuck,
        (SELECT count(*) FROM case_file
          WHERE municipality = :municipality AND closed_at IS NULL
            AND due_at < now()) AS overdue
    """
)
"""Each of the three has an index that holds nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one process counts."""

    registry: CollectorRegistry
    requests: Counter
    durations: Histogram
    refusals: Counter
    backlog: Gauge
    stuck: Gauge
    overdue: Gauge
    looked: dict[str, float] = field(default_factory=dict)
    turns: deque[str] = field(default_factory=deque)
    """The cities whose turn it is; when it is empty, all of them again."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


def figures(build_id: str) -> Figures:
    """Return new figures, all zero."""
    registry = CollectorRegistry()
    build = Gauge("madoguchi_build_info", "Which code runs", ["build"], registry=registry)
    build.labels(build_id or "unknown").set(1)
    route, city = ["method", "route"], ["municipality"]
    return Figures(
        registry=registry,
        requests=Counter(
            "madoguchi_requests", "Requests", [*route, "status"], registry=registry
        ),
        durations=Histogram(
            "madoguchi_request_seconds",
            "Time taken",
            route,
            buckets=_BUCKETS,
            registry=registry,
        ),
        refusals=Counter("madoguchi_refusals", "Refusals", ["code"], registry=registry),
        backlog=Gauge(
            "madoguchi_outbox_waiting", "Waiting for the engine", city, registry=registry
        ),
        stuck=Gauge("madoguchi_cases_stuck", "Open and stuck", city, registry=registry),
        overdue=Gauge("madoguchi_cases_overdue", "Open and overdue", city, registry=registry),
    )


def install(app: FastAPI, desk: Desk) -> None:
    """Count every request of the application from now on."""
    found = figures(desk.build_id)
    app.state.figures = found
    # The code is a class name of ours; see api.problems.
    app.state.refused = lambda code: found.refusals.labels(code).inc()
    app.add_middleware(Counting, figures=found)
    app.include_router(router)


class Counting:
    """Counts requests by the template of their route, never by their path."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = template(scope)
            self._figures.requests.labels(method, route, str(status)).inc()
            self._figures.durations.labels(method, route).observe(time.perf_counter() - began)


def template(scope: Mapping[str, Any]) -> str:
    """Return the template of the route that answered, or a word for there being none."""
    return str(getattr(scope.get("route"), "path", _NO_ROUTE))


@router.get("/metrics", summary="Metrics in Prometheus' format", include_in_schema=False)
async def metrics(request: Request, desk: TheDesk) -> Response:
    """Return the figures of this process, and how far the cities' work is behind."""
    found: Figures = request.app.state.figures
    async with found.turn:
        if found.looked.get("until", 0.0) < time.monotonic():
            await asyncio.to_thread(_look, found, desk)
            found.looked["until"] = time.monotonic() + _LOOK_AGAIN_AFTER.total_seconds()
    return Response(generate_latest(found.registry), media_type=CONTENT_TYPE_LATEST)


def _look(found: Figures, desk: Desk) -> None:
    if not found.turns:
        found.turns.extend(desk.book.slugs())
    now = [found.turns.popleft() for _ in range(min(_CITIES_A_LOOK, len(found.turns)))]
    try:
        for slug, waiting, stuck, overdue in _states(desk.engine, tuple(now)):
            found.backlog.labels(slug).set(waiting)
            found.stuck.labels(slug).set(stuck)
            found.overdue.labels(slug).set(overdue)
    except SQLAlchemyError:
        # No figures are better than old ones; /readyz says that the database is away.
        found.turns.clear()
        for gauge in (found.backlog, found.stuck, found.overdue):
            gauge.clear()


def _states(engine: Engine, slugs: tuple[str, ...]) -> Iterator[tuple[str, int, int, int]]:
    for slug in slugs:
        with scope(engine, slug) as connection:
            row = connection.execute(_STATE, {"municipality": slug}).one()
        yield slug, row.waiting, row.stuck, row.overdue
