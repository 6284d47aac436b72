"""Lists between upload and take-over: sealed, their uploader's alone, gone after a day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, text

from store import drafts
from store.drafts import Draft
from store.engine import build_engine
from store.keys import KeyRing, MasterKeys
from store.scope import scope
from tests.conftest import Database

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
DRAFT = Draft(
    files={"issue_list": "見本 太郎".encode() * 9, "resident": b""}, said={"count": 3}
)


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    made = build_engine(database.app_url)
    yield made
    made.dispose()


@pytest.fixture
def keys(engine: Engine, tmp_path: Path) -> KeyRing:
    return KeyRing(engine, MasterKeys.from_file(tmp_path / "master.key"))


def keep(connection: Connection, keys: KeyRing, *, now: datetime = NOW, id_: str = "d") -> None:
    """Keep the draft for one account."""
    drafts.keep(connection, keys, "ota", DRAFT, draft_id=id_, account_id="sato", now=now)


def opened(
    engine: Engine, keys: KeyRing, *, by: str = "sato", city: str = "ota", now: datetime = NOW
) -> Draft | None:
    """Open the draft as somebody, at some time."""
    with scope(engine, city) as connection:
        return drafts.open_draft(connection, keys, city, draft_id="d", account_id=by, now=now)


def test_a_draft_comes_back_as_it_was_uploaded(engine: Engine, keys: KeyRing) -> None:
    """
    Also a file of no bytes, so that its own refusal is shown.
    """
    with scope(engine, "ota") as connection:
        keep(connection, keys)

    assert DRAFT == opened(engine, keys)


def test_nobody_else_opens_it(engine: Engine, keys: KeyRing) -> None:
    """
    Neither a colleague nor another city, who would hold a guessed address.
    """
    with scope(engine, "ota") as connection:
        keep(connection, keys)

    assert [None, None] == [
        opened(engine, keys, by="suzuki"),
        opened(engine, keys, city="ageo"),
    ]


def test_the_table_holds_no_name_in_clear(engine: Engine, keys: KeyRing) -> None:
    """
    A stolen backup shows no list of people.
    """
    with scope(engine, "ota") as connection:
        keep(connection, keys)
        sealed = connection.execute(text("SELECT sealed FROM lot_draft")).scalar_one()

    assert "見本".encode() not in bytes(sealed)


def test_a_day_later_it_is_gone(engine: Engine, keys: KeyRing) -> None:
    """
    Nobody may forget lists of people in a database.
    """
    tomorrow = NOW + drafts.LIFETIME
    with scope(engine, "ota") as connection:
        keep(connection, keys)
    before = opened(engine, keys, now=tomorrow - timedelta(seconds=1))
    after = opened(engine, keys, now=tomorrow)
    with scope(engine, "ota") as connection:
        keep(connection, keys, now=tomorrow, id_="next")
        left = connection.execute(text("SELECT draft_id FROM lot_draft")).scalars().all()

    assert (DRAFT, None, ["next"]) == (before, after, left)
