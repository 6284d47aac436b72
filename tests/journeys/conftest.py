"""One running product for all journeys; each journey brings its own lot."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import make_url

from activities.notices import Press
from api.booking.booking_throttle import HoldThrottle
from ops.postgres import EmbeddedPostgres
from ops.temporal import EmbeddedTemporal
from tests.conftest import TEMPLATE, Database
from tests.journeys import bookings
from tests.journeys.site import Site, Visitor, serve
from tests.stack import running

NAME, BOOKINGS, DESK = "journeys", "journeys_of_bookings", "journeys_of_the_desk"


@pytest.fixture(scope="session")
def site(
    postgres: EmbeddedPostgres,
    admin: psycopg.Connection,
    template_app_url: str,
    temporal: EmbeddedTemporal,
    threads: ThreadPoolExecutor,
    press: Press,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The product on a port, in a thread of its own, so that tests may drive a browser."""
    with _database(NAME, postgres, admin, template_app_url) as database:
        folder = tmp_path_factory.mktemp(NAME)
        build = partial(running, database, temporal.address, threads, press, folder)
        with _served(partial(serve, build)) as made:
            yield made


@pytest.fixture(scope="session")
def booking_site(
    postgres: EmbeddedPostgres,
    admin: psycopg.Connection,
    template_app_url: str,
    temporal: EmbeddedTemporal,
    threads: ThreadPoolExecutor,
    press: Press,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The product in September 2022, when Chiba took bookings.

    It has no worker: the courses would read the dates by the engine's clock of today, and
    citizens book while it is away as well.
    """
    with _database(BOOKINGS, postgres, admin, template_app_url) as database:
        folder = tmp_path_factory.mktemp(BOOKINGS)
        build = partial(running, database, temporal.address, threads, press, folder)
        with _served(partial(serve, build, now=bookings.NOW, staffed=False)) as made:
            bookings.open_venues(made)
            yield made


@pytest.fixture(scope="session")
def desk_site(
    postgres: EmbeddedPostgres,
    admin: psycopg.Connection,
    template_app_url: str,
    temporal: EmbeddedTemporal,
    threads: ThreadPoolExecutor,
    press: Press,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The same for those who book for others: what they take, no citizen misses."""
    with _database(DESK, postgres, admin, template_app_url) as database:
        folder = tmp_path_factory.mktemp(DESK)
        build = partial(running, database, temporal.address, threads, press, folder)
        with _served(partial(serve, build, now=bookings.NOW, staffed=False)) as made:
            bookings.open_venues(made)
            yield made


@pytest.fixture
def citizen(booking_site: Site) -> Iterator[Visitor]:
    """Somebody at an address from which nobody has booked yet, with a browser that forgets."""
    booking_site.app.state.hold_throttle = HoldThrottle()
    found = Visitor(booking_site.url)
    yield found
    assert {} == dict(found.http.cookies), "nothing is kept in the browser"
    found.http.close()


@contextmanager
def _database(
    name: str, postgres: EmbeddedPostgres, admin: psycopg.Connection, template_app_url: str
) -> Iterator[Database]:
    admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY WAL_LOG")
    app_url = make_url(template_app_url).set(database=name)
    yield Database(
        owner_url=postgres.url(name), app_url=app_url.render_as_string(hide_password=False)
    )
    admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _served(serving: Callable[["Future[Site]", threading.Event], None]) -> Iterator[Site]:
    told: Future[Site] = Future()
    stop = threading.Event()
    thread = threading.Thread(target=serving, args=(told, stop), daemon=True)
    thread.start()
    made = told.result(timeout=60)
    yield made
    for stranger in made.strangers:
        stranger.http.close()
    stop.set()
    thread.join(timeout=30)


@pytest.fixture(scope="module")
def chromium(postgres: EmbeddedPostgres, temporal: EmbeddedTemporal) -> Iterator[Browser]:
    """The distribution's browser; nothing is downloaded.

    While it is open this thread looks to asyncio as if a loop ran in it. So it comes after
    the engines, which start with loops of their own, and goes with the module.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()
