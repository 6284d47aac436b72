"""What the server makes of its settings."""

from pathlib import Path

import pytest

import server
from contracts.book import ContractBook
from ops import wiring
from settings import load
from store.engine import build_engine
from store.keys import KeyRing, MasterKeys
from tests.conftest import Database


@pytest.mark.parametrize(
    ("public_url", "https"),
    [("https://madoguchi.city.example", True), ("http://127.0.0.1:8000", False), ("", False)],
)
def test_cookies_are_kept_to_https_where_people_come_by_it(
    database: Database, tmp_path: Path, public_url: str, https: bool
) -> None:
    """
    Behind a proxy the server itself speaks plain HTTP; the public address tells.
    """
    engine = build_engine(database.app_url)
    masters = MasterKeys.from_file(tmp_path / "keys" / "master.key")
    book = ContractBook(lambda *_: None)
    keys = KeyRing(engine, masters)
    parts = wiring.Parts(engine=engine, masters=masters, keys=keys, book=book)

    door = server.build_door(load({"PUBLIC_URL": public_url}), parts)
    engine.dispose()

    assert https is door.https
