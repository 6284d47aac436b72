"""Work lists and timelines among 100,000 cases and 1,000,000 events.

    python -m bench.lists [--quick]

Here: the product's own statements as the application's role, row-level security on, the
events in their months. What PostgreSQL takes for them, with the way there and back, is held
against ``SELECT 1`` on the same connection, and against itself in a database of 1,000 cases:
the three take turns, and every list fills its page in both. Not here: reading the rows in
Python, and HTTP.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, event, text

from api.access.door import now_in_tokyo
from bench.figures import Figure, median_ratio, percentile
from bench.installation import CITY, Installation
from bench.running import run_alone
from domain.case import CaseKind, CaseRef
from ops.migrate import prepare
from store import cases
from store.cases import Wanted
from store.engine import build_engine, libpq_url, raw
from store.scope import scope

SMALL, LARGE = 1_000, 100_000
EVENTS_A_CASE = 10
FLOOR_TIMES = 5.0
GROWTH_TIMES = 1.5
PAGE = 51
_QUICK_PAGE = 5

_BLOCKS = 7
_ROUNDS = 80
_WARM_UP = 20
_MONTHS = 24

Query = Callable[[Connection], object]
Statement = tuple[str, Any]
"""As the driver gets it, with its parameters."""

_FLOOR: Sequence[Statement] = (("SELECT 1", None),)


class UnlikePages(Exception):
    """A list has more to read at one size than at the other: its growth means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Database:
    """A filled database and what is asked of it."""

    engine: Engine
    queries: Mapping[str, Query]


def measure(made: Installation, *, quick: bool = False) -> list[Figure]:
    """Return p95 of every list in multiples of the floor, and how it grows."""
    sizes = (100, 400) if quick else (SMALL, LARGE)
    rounds = 5 if quick else _ROUNDS
    page = _QUICK_PAGE if quick else PAGE
    with ExitStack() as stack:
        small, large = (stack.enter_context(_filled(made, size, page)) for size in sizes)
        figures = []
        for name in large.queries:
            figures += _figures(name, small, large, rounds, sizes)
    return figures


def _figures(
    name: str, small: _Database, large: _Database, rounds: int, sizes: Sequence[int]
) -> list[Figure]:
    with small.engine.connect() as one, large.engine.connect() as other:
        ways = {
            "small": (one, _statements(one, small.queries[name])),
            "large": (other, _statements(other, large.queries[name])),
            "floor": (other, _FLOOR),
        }
        same_page(name, _rows(*ways["small"]), _rows(*ways["large"]))
        for connection, statements in ways.values():
            _p95({"warm": (connection, statements)}, _WARM_UP)
        # Whoever else is at work disturbs a block, not the median of all blocks.
        blocks = [_p95(ways, rounds) for _ in range(_BLOCKS)]
    return [
        Figure(
            name=f"{name}: p95",
            value=statistics.median(block["large"] for block in blocks),
            unit="ms",
        ),
        Figure(
            name=f"{name}: p95 of SELECT 1's",
            value=median_ratio((block["large"], block["floor"]) for block in blocks),
            unit="times",
            at_most=FLOOR_TIMES,
        ),
        Figure(
            name=f"{name}: p95 of that at {sizes[0]:,} cases",
            value=median_ratio((block["large"], block["small"]) for block in blocks),
            unit="times",
            at_most=GROWTH_TIMES,
        ),
    ]


def same_page(name: str, small: Sequence[int], large: Sequence[int]) -> None:
    """Make sure that a list reads as much in the small database as in the large one.

    Args:
        name: Which list.
        small: How many rows each of its statements returns there.
        large: The same here.

    Raises:
        UnlikePages: It does not.
    """
    if list(small) != list(large):
        raise UnlikePages(f"{name}: {small} rows against {large}")


def _rows(connection: Connection, statements: Sequence[Statement]) -> list[int]:
    """Return how many rows each statement returns."""
    with _entered(connection):
        return [
            len(raw(connection).execute(statement.encode(), given).fetchall())
            for statement, given in statements
        ]


def _p95(
    ways: Mapping[str, tuple[Connection, Sequence[Statement]]], rounds: int
) -> dict[str, float]:
    took: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, (connection, statements) in ways.items():
            took[way].append(_asked(connection, statements))
    return {way: 1000 * percentile(all_, 0.95) for way, all_ in took.items()}


def _statements(connection: Connection, query: Query) -> list[Statement]:
    """Return what the query sends to the database."""
    sent: list[Statement] = []

    def note(_c: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        sent.append((statement, given))

    with _entered(connection):
        event.listen(connection, "before_cursor_execute", note)
        query(connection)
        event.remove(connection, "before_cursor_execute", note)
    return sent


def _asked(connection: Connection, statements: Sequence[Statement]) -> float:
    """Return how long the database takes, with the way there and back."""
    with _entered(connection):
        begun = time.perf_counter()
        for statement, given in statements:
            raw(connection).execute(statement.encode(), given)
        return time.perf_counter() - begun


@contextmanager
def _entered(connection: Connection) -> Iterator[None]:
    """Begin a transaction that sees the city's rows, and no others."""
    with connection.begin():
        enter = text("SELECT set_config('app.municipality', :city, true)")
        connection.execute(enter, {"city": CITY})
        yield


@contextmanager
def _filled(made: Installation, size: int, page: int) -> Iterator[_Database]:
    """Make a database with ``size`` cases, ten events each, as the product's own is made."""
    name = f"bench_{size}"
    assert made.running.postgres is not None
    with psycopg.connect(made.running.postgres.dsn(), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    owner_url = made.running.postgres.url(name)
    engine = build_engine(prepare(owner_url), application_name="madoguchi bench")
    with psycopg.connect(libpq_url(owner_url), autocommit=True) as owner:
        _fill(owner, size, page)
    try:
        yield _Database(engine=engine, queries=_queries(engine, size, page))
    finally:
        engine.dispose()


def _queries(engine: Engine, size: int, page: int) -> dict[str, Query]:
    now = now_in_tokyo()
    with scope(engine, CITY) as connection:
        lot = connection.execute(
            text("SELECT parent_id FROM case_file WHERE closed_at IS NULL AND kind = 'card'")
        ).scalar()
        middle = cases.one_case(connection, _case_id(size // 2)).ref

    def listed(**asked: Any) -> Query:
        wanted = Wanted(**asked)
        return lambda connection: cases.list_cases(connection, CITY, wanted, limit=page)

    return {
        "list, all open": listed(),
        "list, contract": listed(contract=CITY),
        "list, kind: cards": listed(kind=CaseKind.CARD),
        "list, kind: hand-offs": listed(kind=CaseKind.HANDOFF),
        "list, stage": listed(stage="sealed"),
        "list, a rare stage": listed(stage="undecided"),
        "list, kind and stage": listed(kind=CaseKind.CARD, stage="sealed"),
        "list, stuck": listed(stuck=True),
        "list, due before": listed(due_before=now + timedelta(days=2)),
        "list, owner: official": listed(owner="official"),
        "list, cards of a lot": listed(parent_id=lot),
        "list, closed": listed(closed=True),
        "list, closed, kind and stage": listed(kind=CaseKind.CARD, stage="done", closed=True),
        "timeline of a case": lambda connection: _timeline(connection, middle),
    }


def _timeline(connection: Connection, case: CaseRef) -> object:
    rows = connection.execute(cases.timeline_query(case)).all()
    assert len(rows) == EVENTS_A_CASE
    return rows


def _case_id(number: int) -> str:
    return f"{number:032x}"


def _fill(owner: psycopg.Connection, size: int, page: int) -> None:
    """Write lots of 200 cards over two years; the newest two fifths of the cases are open.

    Of 100 cases one is a hand-off and one a visit, one open case in 50 is stuck, one in 20
    waits for an official, one in 399 is at a stage where few are, and one in 11 is never
    due. Where too few cases are open for a page of each, there are as many as fill it: what
    is measured is how far a list has to look, not how much it finds.
    """
    now = now_in_tokyo()
    for month in _months(now):
        owner.execute(month)
    asked = {"size": size, "now": now, "city": CITY, "events": EVENTS_A_CASE}
    # A quarter more than a page: some of them are never due, or of another kind.
    enough = size * 2 // 5 * 3 // 4 // page
    asked |= {name: min(usual, enough) for name, usual in _ONE_IN.items()}
    with owner.transaction():
        for statement in (_ACCOUNT, _CASES, _EVENTS):
            owner.execute(statement, asked)
    owner.execute("VACUUM ANALYZE")


def _months(now: datetime) -> Iterator[sql.Composed]:
    first = now.date().replace(day=1)
    for _ in range(_MONTHS + 1):
        after = (first + timedelta(days=32)).replace(day=1)
        yield sql.SQL(
            "CREATE TABLE IF NOT EXISTS {} PARTITION OF case_event FOR VALUES FROM ({}) TO ({})"
        ).format(
            sql.Identifier(f"case_event_{first:%Y_%m}"),
            sql.Literal(first),
            sql.Literal(after),
        )
        first = (first - timedelta(days=1)).replace(day=1)


_ONE_IN = {"handoff": 100, "stuck": 50, "official": 20, "rare_stage": 399}
"""How many cases there are to one of these, where cases are many."""

_ACCOUNT = """
INSERT INTO account (
    municipality, account_id, login, display_name, role, password_hash, password_temporary,
    totp_required, failed_count, created_at)
SELECT %(city)s, 'clerk-1', 'clerk-1', '事田 務子', 'clerk', '-', false, false, 0, %(now)s
"""

_CASES = """
INSERT INTO case_file (
    municipality, case_id, contract, contract_version, kind, case_number, parent_id, stage,
    owner, due_at, target_at, stuck, stuck_at, state, opened_at, opened_on, closed_at,
    last_seq, last_hash)
SELECT
    %(city)s, lpad(to_hex(n), 32, '0'), %(city)s, 'v1', kind, 'OTA-' || n,
    CASE WHEN kind = 'card' THEN lpad(to_hex(n - n %% 200), 32, '0') END,
    CASE
        WHEN NOT open THEN 'done'
        WHEN n %% %(rare_stage)s = 5 %% %(rare_stage)s THEN 'undecided'
        WHEN kind = 'card' THEN
            (ARRAY['matched', 'preset', 'sealed', 'handed_over'])[1 + n %% 4]
        ELSE 'offered'
    END,
    CASE
        WHEN NOT open THEN NULL
        WHEN n %% %(official)s = 7 %% %(official)s THEN 'official'
        ELSE 'clerk'
    END,
    CASE WHEN n %% 11 = 3 THEN NULL ELSE opened_at + interval '14 days' END,
    CASE WHEN n %% 11 = 3 THEN NULL ELSE opened_at + interval '14 days' END,
    CASE WHEN open AND n %% %(stuck)s = 1 THEN 'deadline_breached' END,
    CASE WHEN open AND n %% %(stuck)s = 1 THEN opened_at END,
    '{"value": {"stages": ["matched", "preset"], "route": "pickup_notice"}}'::jsonb,
    opened_at,
    date_trunc('month', opened_at AT TIME ZONE 'Asia/Tokyo')::date,
    CASE WHEN NOT open THEN opened_at + interval '10 days' END,
    %(events)s, repeat('0', 64)
FROM (
    SELECT
        n,
        CASE
            WHEN n %% 200 = 0 THEN 'lot'
            WHEN n %% %(handoff)s = 51 %% %(handoff)s THEN 'handoff'
            WHEN n %% 100 = 52 THEN 'visit' ELSE 'card'
        END AS kind,
        n >= %(size)s * 3 / 5 AS open,
        %(now)s - interval '700 days' * (%(size)s - n) / %(size)s AS opened_at
    FROM generate_series(0, %(size)s - 1) AS n
) AS numbered
"""

_EVENTS = """
INSERT INTO case_event (
    municipality, opened_on, case_id, seq, at, action, actor, role, detail, key, prev_hash,
    hash, recorded_at)
SELECT
    municipality, opened_on, case_id, seq, opened_at + seq * interval '1 hour', 'seal',
    'clerk-1', 'clerk', '{"stage": "sealed", "slip": "01234567"}'::jsonb, 'act/' || seq,
    repeat('0', 64), repeat('1', 64), opened_at + seq * interval '1 hour'
FROM case_file, generate_series(1, %(events)s) AS seq
ORDER BY opened_at, seq
"""


if __name__ == "__main__":
    run_alone(measure)
