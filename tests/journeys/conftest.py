"""One running product for all journeys; each journey brings its own lot."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import make_url

from activities.notices import Press
from ops.postgres import EmbeddedPostgres
from ops.temporal import EmbeddedTemporal
from tests.conftest import TEMPLATE, Database
from tests.journeys.site import Site, serve
from tests.stack import running

NAME = "journeys"


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
    admin.execute(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE} STRATEGY WAL_LOG")
    app_url = make_url(template_app_url).set(database=NAME)
    database = Database(
        owner_url=postgres.url(NAME), app_url=app_url.render_as_string(hide_password=False)
    )
    folder = tmp_path_factory.mktemp("journeys")
    build = partial(running, database, temporal.address, threads, press, folder)
    told: Future[Site] = Future()
    stop = threading.Event()
    thread = threading.Thread(target=serve, args=(build, told, stop), daemon=True)
    thread.start()
    made = told.result(timeout=60)
    yield made
    for stranger in made.strangers:
        stranger.http.close()
    stop.set()
    thread.join(timeout=30)
    admin.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
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
