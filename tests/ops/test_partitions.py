"""Months of the record are made ahead, and late ones take their rows with them."""

from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from migrations.protection import APP_ROLE
from ops.partitions import make_months, this_day
from store.engine import build_engine, libpq_url
from store.integrity import verify
from store.keys import KeyRing, MasterKeys
from tests.conftest import Database
from tests.visits_at_hand import add_line, open_visit, rows

FAR = datetime(2031, 12, 9, tzinfo=UTC)


@pytest.fixture
def connection(database: Database) -> psycopg.Connection:
    return psycopg.connect(libpq_url(database.owner_url), autocommit=True)


def parts(owner: Engine) -> dict[str, int]:
    """Return the parts of the record with how many rows lie in each."""
    names = rows(
        owner,
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = 'case_event'::regclass ORDER BY 1",
    )
    return {name: int(rows(owner, f"SELECT count(*) FROM {name}")[0][0]) for (name,) in names}


def test_a_prepared_database_has_this_month_and_the_next_three(database: Database) -> None:
    """
    Every start makes them, so that nobody has to remember to.
    """
    owner = build_engine(database.owner_url)
    found = parts(owner)
    owner.dispose()

    today = this_day()
    assert f"case_event_{today:%Y_%m}" in found
    assert 5 == len(found)


def test_a_late_month_takes_its_rows_out_of_the_rest(
    database: Database, connection: psycopg.Connection, tmp_path: Path
) -> None:
    """
    PostgreSQL refuses a part whose rows lie in the default one; ours moves them, unchanged.
    """
    app, owner = build_engine(database.app_url), build_engine(database.owner_url)
    keys = KeyRing(app, MasterKeys.from_file(tmp_path / "master.key"))
    ref = open_visit(app, keys, at=FAR)
    other = open_visit(app, keys, at=datetime(2032, 1, 1, 12, tzinfo=UTC))
    add_line(app, keys, ref, key="before")
    before = parts(owner)["case_event_default"]

    with connection:
        made = make_months(connection, FAR.date(), ahead=0)
        again = make_months(connection, FAR.date(), ahead=0)
    add_line(app, keys, ref, key="after")
    after = parts(owner)
    seen = verify(app, "ota")
    app.dispose()
    owner.dispose()

    assert (3, 1, 3) == (before, after["case_event_default"], after["case_event_2031_12"])
    assert (["case_event_2031_12"], []) == (made, again)
    assert (True, 2, 4) == (seen.intact, seen.cases, seen.events)
    assert other.opened_on == date(2032, 1, 1)


def test_the_plain_way_is_refused_while_rows_lie_in_the_rest(
    database: Database, connection: psycopg.Connection, tmp_path: Path
) -> None:
    """
    The control: without the move the month could never be made.
    """
    app = build_engine(database.app_url)
    open_visit(app, KeyRing(app, MasterKeys.from_file(tmp_path / "master.key")), at=FAR)
    app.dispose()

    with connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(
            "CREATE TABLE plain PARTITION OF case_event"
            " FOR VALUES FROM ('2031-12-01') TO ('2032-01-01')"
        )


def test_a_month_can_be_read_only_through_the_whole(
    database: Database, connection: psycopg.Connection
) -> None:
    """
    Asked by its own name it would show every city's rows.
    """
    with connection:
        make_months(connection, date(2033, 1, 5), ahead=1)
        granted = connection.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relname ~ '^case_event_[0-9]'"
            " AND has_table_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE, DELETE')",
            (APP_ROLE,),
        ).fetchall()

    app = build_engine(database.app_url)
    with app.connect() as asked, pytest.raises(Exception, match="permission denied"):
        asked.exec_driver_sql("SELECT * FROM case_event_2033_01")
    app.dispose()

    assert [] == granted
