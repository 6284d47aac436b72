"""Months of the record, made ahead: each month of cases has a part of its own.

    python -m ops.partitions [--ahead 3]

Needs the role that owns the schema. A month that nobody made has its place in the default
part; making it later moves its rows. Nobody is granted anything on a part: asked by its own
name it would answer without the policy of the whole.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql

import settings
from store.engine import libpq_url

AHEAD = 3
"""Months beyond the present one; made again at every start."""

_TABLE = "case_event"
_DEFAULT = f"{_TABLE}_default"


def make_months(
    connection: psycopg.Connection, today: date, *, ahead: int = AHEAD
) -> list[str]:
    """Make the parts for this month and those ahead; return the ones that were missing.

    Each in a transaction of its own that waits for others five seconds at most; the rest
    of the product waits for it only as long as rows are moved.
    """
    made = []
    for first, behind in _months(today, ahead):
        name = f"{_TABLE}_{first:%Y_%m}"
        with connection.transaction():
            connection.execute("SET LOCAL lock_timeout = '5s'")
            if not _exists(connection, name):
                _make(connection, name, first, behind)
                made.append(name)
    return made


def _months(today: date, ahead: int) -> Iterator[tuple[date, date]]:
    first = today.replace(day=1)
    for _ in range(ahead + 1):
        behind = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        yield first, behind
        first = behind


def _exists(connection: psycopg.Connection, name: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s)", (f"public.{name}",)).fetchone()
    return row is not None and row[0] is not None


def _make(connection: psycopg.Connection, name: str, first: date, behind: date) -> None:
    words = {
        "name": sql.Identifier(name),
        "table": sql.Identifier(_TABLE),
        "rest": sql.Identifier(_DEFAULT),
        "first": sql.Literal(first),
        "behind": sql.Literal(behind),
    }
    for step in (
        # Nobody may write into the default part between the move and the attachment.
        "LOCK TABLE {rest} IN ACCESS EXCLUSIVE MODE",
        "CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
        "WITH moved AS (DELETE FROM {rest} WHERE opened_on >= {first} AND opened_on < {behind}"
        " RETURNING *) INSERT INTO {name} SELECT * FROM moved",
        "ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({first}) TO ({behind})",
    ):
        connection.execute(sql.SQL(step).format(**words))


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the months that the settings' database lacks; return what the shell should see."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.partitions", description="Make the months of the record ahead."
    )
    parser.add_argument("--ahead", type=int, default=AHEAD, help="months beyond this one")
    asked = parser.parse_args(arguments)
    owner = settings.load().database_owner_url
    if owner is None:
        parser.error("set DATABASE_OWNER_URL (embedded: every start makes them)")
    with psycopg.connect(libpq_url(owner), autocommit=True) as connection:
        made = make_months(connection, this_day(), ahead=asked.ahead)
    print("\n".join(made) or "every month is there")
    return 0


def this_day() -> date:
    """Return the present day in the offices' zone."""
    return datetime.now(ZoneInfo("Asia/Tokyo")).date()


if __name__ == "__main__":
    sys.exit(main())
