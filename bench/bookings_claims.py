"""Booking through HTTP against pgbench that takes the same places and does nothing else.

Here: a hold by somebody with an account, which reads the bearer token, judges the contract's
rules, takes the places and writes case, event, key, list row, answer and outbox; pgbench
runs ``store.inventory.TAKE`` alone, prepared, as the application's role, over the same times
and with as many connections. The two take turns. Not here: what a worker does afterwards.
"""

import asyncio
import os
import random
import re
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.bookings_ground import LINE, SITE, Ground, WebServer, servers, set_places
from bench.bookings_load import Answer, for_a_while, request
from bench.figures import Figure, median_ratio, percentile
from bench.installation import CITY
from ops.privilege import program
from settings import child_environment
from store.engine import libpq_url
from store.inventory import TAKE

OF_PGBENCH = 0.10
CONNECTIONS = 16
"""As many as a pool of the product has at most: more only make the queue longer."""

CROWD = 64
_PAIRS, _SECONDS = 5, 3.0
_PLENTY = 1_000_000
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


class NotBooked(Exception):
    """A request was refused although there was room: the figures mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """One turn of each."""

    pgbench: float
    http: float


def measure(there: Ground, *, quick: bool = False) -> list[Figure]:
    """Return how booking compares with the bare statement, and how long a crowd waits."""
    set_places(there, _PLENTY)
    seconds = 0.5 if quick else _SECONDS
    found: list[Figure] = []
    with servers(there, 2) as running, tempfile.TemporaryDirectory() as folder:
        script = _script(there, Path(folder))
        for count in (1, 2):
            _book(there, running[:count], CONNECTIONS, seconds)  # warm
            pairs = [
                _pair(there, script, running[:count], seconds)
                for _ in range(1 if quick else _PAIRS)
            ]
            found += _figures(pairs, count)
        waited = _crowd(there, running, seconds)
    return [*found, *waited]


def _figures(pairs: Sequence[_Pair], count: int) -> list[Figure]:
    named = f"{count} server{'s' if count > 1 else ''}"
    ratio = median_ratio((pair.http, pair.pgbench) for pair in pairs)
    cores = os.cpu_count() or 1
    return [
        Figure(
            name=f"booking over HTTP, {named}: of pgbench's rate",
            value=ratio,
            unit="ratio",
            # With fewer processes than cores the machine is not asked for all it has.
            at_least=OF_PGBENCH if count == min(2, cores) else None,
        ),
        Figure(
            name=f"booking over HTTP, {named}: rate",
            value=statistics.median(pair.http for pair in pairs),
            unit="1/s",
        ),
    ]


def _crowd(there: Ground, running: Sequence[WebServer], seconds: float) -> list[Figure]:
    waited = sorted(a.seconds for a in _book(there, running, CROWD, 2 * seconds))
    return [
        Figure(
            name=f"booking over HTTP, {CROWD} connections: p95",
            value=1000 * percentile(waited, 0.95),
            unit="ms",
        )
    ]


def _pair(there: Ground, script: Path, running: Sequence[WebServer], seconds: float) -> _Pair:
    bare = _pgbench(there, script, seconds)
    return _Pair(pgbench=bare, http=len(_book(there, running, CONNECTIONS, seconds)) / seconds)


def _book(
    there: Ground, running: Sequence[WebServer], lines: int, seconds: float
) -> list[Answer]:
    ports = [each.port.number for each in running]
    answers = asyncio.run(for_a_while(ports, lambda: hold(there), lines=lines, seconds=seconds))
    refused = [answer for answer in answers if answer.status != 201]
    if refused:
        raise NotBooked(refused[0].body.decode())
    return answers


def hold(there: Ground) -> bytes:
    """Return the request of somebody with an account for any of the times."""
    starts_at = random.choice(there.times).isoformat()  # noqa: S311 - no secret
    return request(
        "POST",
        f"/api/v1/contracts/{CITY}/reservations",
        {"line": LINE, "starts_at": starts_at, "people": 1},
        Authorization=f"Bearer {there.token}",
    )


def _script(there: Ground, folder: Path) -> Path:
    times = ",".join(f'"{each.isoformat()}"' for each in there.times)
    chosen = f"('{{{times}}}'::timestamptz[])[:n]"
    given = {
        "municipality": f"'{CITY}'",
        "contract": f"'{CITY}'",
        "line": f"'{LINE}'",
        "site": f"'{SITE}'",
        "day": f"{chosen}::date",
        "starts_at": chosen,
        "places": "1",
    }
    statement = TAKE
    for name, value in given.items():
        statement = statement.replace(f"%({name})s", value)
    script = folder / "take.sql"
    script.write_text(f"\\set n random(1, {len(there.times)})\n{statement};\n")
    return script


def _pgbench(there: Ground, script: Path, seconds: float) -> float:
    """Return how many times a second pgbench takes a place."""
    command = [
        str(program("pgbench")),
        *("--no-vacuum", "--protocol=prepared", "--jobs=2"),
        *(f"--file={script}", f"--client={CONNECTIONS}", f"--time={max(1, round(seconds))}"),
        libpq_url(str(there.made.chosen.database_url)),
    ]
    options = f"-c app.municipality={CITY} -c timezone=Asia/Tokyo"
    done = subprocess.run(
        command,
        env=child_environment(
            {"PGOPTIONS": f"{options} -c plan_cache_mode=force_generic_plan"}
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    found = _TPS.search(done.stdout)
    if found is None:
        raise NotBooked(done.stdout)
    return float(found[1])
