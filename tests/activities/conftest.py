"""What sends messages, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.engine import build_engine
from store.keys import KeyRing, MasterKeys
from tests.activities.outgoing import Office
from tests.conftest import Database


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    engine = build_engine(database.app_url, pool_size=12)
    keys = KeyRing(engine, MasterKeys.from_file(tmp_path / "master.key"))
    yield Office(engine, keys, tmp_path)
    engine.dispose()
