"""Engines of one test's database, as the product connects and as the owner does."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from store.engine import build_engine
from tests.conftest import Database


@pytest.fixture
def app(database: Database) -> Iterator[Engine]:
    """As server and worker connect."""
    engine = build_engine(database.app_url)
    yield engine
    engine.dispose()


@pytest.fixture
def owner(database: Database) -> Iterator[Engine]:
    """As migrations connect: a superuser, whom no policy holds."""
    engine = build_engine(database.owner_url)
    yield engine
    engine.dispose()
