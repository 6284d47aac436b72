"""Booking through HTTP against pgbench that runs the same statement and nothing else.

Here: a hold by somebody with an account, which reads the bearer token, judges the contract's
rules and begins a case; pgbench runs ``store.claims.CLAIM``, prepared, as the application's
role, over the same times and with as many connections, and beside it the part of it that
takes the place alone (``store.inventory.TAKE``). The ways take turns. Not here: what a
worker does afterwards.
"""

import asyncio
import json
import random
import re
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bench.bookings_ground import LINE, SITE, Ground, WebServer, servers, set_places
from bench.bookings_load import Answer, Line, for_a_while, request
from bench.figures import Figure, median_ratio, percentile
from bench.installation import CITY
from ops.privilege import program
from settings import child_environment
from store.claims import CLAIM
from store.engine import libpq_url
from store.inventory import TAKE
from store.scope import scope

OF_PGBENCH = 0.10
CONNECTIONS = 16
"""As many as a pool of the product has at most: more only make the queue longer."""

CROWD = 64
_BEST = 2
"""Servers; one leaves a core unused, four take turns on two."""

_PAIRS, _SECONDS = 5, 3.0
_PLENTY = 1_000_000
_ID = "@" * 32
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


class NotBooked(Exception):
    """A request was refused although there was room: the figures mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """One turn of each."""

    statement: float
    places: float
    http: float


def measure(there: Ground, *, quick: bool = False) -> list[Figure]:
    """Return how booking compares with the bare statement, and how long a crowd waits."""
    set_places(there, _PLENTY)
    seconds = 0.5 if quick else _SECONDS
    found: list[Figure] = []
    with servers(there, 4) as running, tempfile.TemporaryDirectory() as folder:
        scripts = _scripts(there, running[0], Path(folder))
        for count in (1, 2, 4):
            _book(there, running[:count], CONNECTIONS, seconds)  # warm
            pairs = [
                _pair(there, scripts, running[:count], seconds)
                for _ in range(1 if quick else _PAIRS)
            ]
            found += _figures(pairs, count)
        waited = _crowd(there, running, seconds)
    return [*found, *waited]


def _figures(pairs: Sequence[_Pair], count: int) -> list[Figure]:
    named = f"booking over HTTP, {count} server{'s' if count > 1 else ''}"
    return [
        Figure(
            name=f"{named}: of pgbench, same statement",
            value=median_ratio((pair.http, pair.statement) for pair in pairs),
            unit="ratio",
            at_least=OF_PGBENCH,
        ),
        Figure(
            name=f"{named}: of pgbench, the place alone",
            value=median_ratio((pair.http, pair.places) for pair in pairs),
            unit="ratio",
            at_least=OF_PGBENCH if count == _BEST else None,
        ),
        Figure(
            name=f"{named}: rate",
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


def _pair(
    there: Ground, scripts: Mapping[str, Path], running: Sequence[WebServer], seconds: float
) -> _Pair:
    return _Pair(
        statement=_pgbench(there, scripts["statement"], seconds),
        places=_pgbench(there, scripts["places"], seconds),
        http=len(_book(there, running, CONNECTIONS, seconds)) / seconds,
    )


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


def _scripts(there: Ground, server: WebServer, folder: Path) -> dict[str, Path]:
    times = ",".join(f'"{each.isoformat()}"' for each in there.times)
    given = given_to_pgbench(f"('{{{times}}}'::timestamptz[])[:n]")
    # The product sends the document whole; here another id has to be put into it first.
    document = _document(there, server)
    asked = (
        "WITH asked AS (SELECT id,"  # noqa: S608 - a document of our own making
        f" replace('{document}', '{_ID}', id)::jsonb AS document"
        " FROM (SELECT md5(:n || ' ' || :m || ' ' || :client_id) AS id) AS made), "
    )
    draw = f"\\set n random(1, {len(there.times)})\n\\set m random(1, {10**15})\n"
    found = {}
    for name, asks in (("statement", CLAIM.replace("WITH ", asked, 1)), ("places", TAKE)):
        filled = asks
        for what, value in given.items():
            filled = filled.replace(what, value)
        found[name] = folder / f"{name}.sql"
        found[name].write_text(f"{draw}{filled};\n")
    return found


def given_to_pgbench(chosen: str) -> dict[str, str]:
    """Return what stands in the control's scripts for each value that the product sends."""
    return {
        "%(municipality)s": f"'{CITY}'",
        "%(contract)s": f"'{CITY}'",
        "%(line)s": f"'{LINE}'",
        "%(site)s": f"'{SITE}'",
        "%(day)s": f"{chosen}::date",
        "%(starts_at)s": chosen,
        "%(places)s": "1",
        "%(case_id)s": "(SELECT id FROM asked)",
        "%(number)s": "(SELECT id FROM asked)",
        "%(wrapped)s": f"'\\x{'00' * 40}'::bytea",
        "%(rows)s::jsonb": "(SELECT document FROM asked)",
    }


def _document(there: Ground, server: WebServer) -> str:
    """Return what the product sends with a hold, taken from one that was made."""
    held = asyncio.run(_one(server, hold(there))).json()
    case_id, number = held["case_id"], held["case_number"]
    parts = ", ".join(
        f"'{table}', (SELECT to_jsonb(r) FROM {table} r WHERE {which})"  # noqa: S608
        for table, which in (
            ("case_file", "case_id = :id"),
            ("case_event", "case_id = :id"),
            ("reservation", "case_id = :id"),
            ("outbox", "key = 'start/' || :id"),
            ("answered_request", "answer -> 'value' ->> 'case_id' = :id"),
        )
    )
    with scope(there.parts.engine, CITY) as connection:
        found = connection.execute(
            text(f"SELECT jsonb_build_object({parts})"), {"id": case_id}
        ).scalar_one()
    found["answered_request"]["key"] = _ID
    return json.dumps(found).replace(case_id, _ID).replace(number, _ID)


async def _one(server: WebServer, sent: bytes) -> Answer:
    line = await Line.to(server.port.number)
    answer = await line.ask(sent)
    line.close()
    return answer


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
