"""What sends messages, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.activities.outgoing import Office
from tests.conftest import Database


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    made = Office(database.app_url, tmp_path)
    yield made
    made.engine.dispose()
