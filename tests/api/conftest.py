"""The whole way in, on a database of the test's own."""

from collections.abc import Iterator

import pytest

from store.engine import build_engine
from tests.api.entrance import Entrance
from tests.conftest import Database


@pytest.fixture
def entrance(database: Database) -> Iterator[Entrance]:
    """A door by http, as in the demonstration."""
    engine = build_engine(database.app_url)
    yield Entrance(engine)
    engine.dispose()
