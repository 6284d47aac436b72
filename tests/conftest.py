"""The engines every test may use: real PostgreSQL, real Temporal, one pair per process.

Belongs here: engines and empty databases. Does not belong here: plausible people and cases
(`tests/builders.py`), stand-ins for ports, and anything that only one folder uses.
"""

import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psycopg
import pytest
import structlog
from hypothesis import settings
from sqlalchemy import make_url
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.notices import Press
from ops.migrate import prepare
from ops.postgres import EmbeddedPostgres
from ops.temporal import EmbeddedTemporal
from ops.wiring import printing_process
from worker import ACTIVITY_THREADS

if TYPE_CHECKING:
    from tests.stack import Stack

TEMPLATE = "template_madoguchi"

MEMORY, ENOUGH_BYTES = Path("/dev/shm"), 8 << 30

# How long an example takes says how busy the machine is, and nothing about the product.
settings.register_profile("madoguchi", deadline=None)
settings.load_profile("madoguchi")

# As no process of ours configures it here: a traceback in colours, with every variable of every
# frame, would take a minute for one failure that a test asks for.
structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A migrated database of one test's own."""

    owner_url: str
    """As the role that owns the schema; row-level security does not hold it."""

    app_url: str
    """As worker and server connect."""


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A cluster that is thrown away: durability would only cost time.

    Where memory can hold it, it lies there: a database of a test's own is then made five times
    as fast.
    """
    with ExitStack() as until_the_end:
        folder = tmp_path_factory.mktemp("postgres")
        if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
            folder = Path(until_the_end.enter_context(TemporaryDirectory(dir=MEMORY)))
        server = EmbeddedPostgres(folder, fast=True)
        server.start()
        yield server
        server.discard()


@pytest.fixture(scope="session")
def admin(postgres: EmbeddedPostgres) -> Iterator[psycopg.Connection]:
    """A connection that may create and drop databases."""
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def template_app_url(postgres: EmbeddedPostgres, admin: psycopg.Connection) -> str:
    """The migrated database that the others are copies of, and how the product enters it.

    The migrations run here, so that tests see the schema production sees. Nobody may stay
    connected to it, or it could not be copied.
    """
    admin.execute(f"CREATE DATABASE {TEMPLATE}")
    return prepare(postgres.url(TEMPLATE))


_serial = itertools.count(1)


@pytest.fixture
def database(
    postgres: EmbeddedPostgres, admin: psycopg.Connection, template_app_url: str
) -> Iterator[Database]:
    """A database of the test's own; for anything that commits."""
    name = f"test_{next(_serial)}"
    admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY WAL_LOG")
    app_url = make_url(template_app_url).set(database=name)
    yield Database(
        owner_url=postgres.url(name), app_url=app_url.render_as_string(hide_password=False)
    )
    admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def temporal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedTemporal]:
    """A server on which a workflow's clock can be moved, with the product's own options."""
    directory = tmp_path_factory.mktemp("temporal")
    with EmbeddedTemporal(directory, in_memory=True, time_skipping=True) as server:
        yield server


@pytest.fixture(scope="session")
async def env(temporal: EmbeddedTemporal) -> TimeSkipper:
    """A client whose workflows stand still until a test moves their clock.

    With skipping on by default the server would jump to the next timer the moment a workflow
    is idle, and a test could never get its message in before the deadline.
    """
    client = await Client.connect(temporal.address, data_converter=pydantic_data_converter)
    return TimeSkipper(client, config=TimeSkippingConfig(enabled=False))


@pytest.fixture(scope="session")
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(ACTIVITY_THREADS) as pool:
        yield pool


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """The printing process; starting one for every test would cost seconds each."""
    made = Press(printing_process)
    yield made
    made.close()


@pytest.fixture
async def stack(
    database: Database,
    temporal: EmbeddedTemporal,
    threads: ThreadPoolExecutor,
    press: Press,
    tmp_path: Path,
) -> AsyncIterator["Stack"]:
    """The whole product on a database of the test's own, with Ota's contract signed."""
    from tests.stack import running  # noqa: PLC0415 - it needs this module's Database

    async with running(database, temporal.address, threads, press, tmp_path) as made:
        made.sign("ota", date(2026, 4, 1))
        yield made
