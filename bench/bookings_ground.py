"""A database of its own with times that can be booked, and web servers on it.

Here: making it, opening places, starting and killing servers. Not here: what is measured.
No worker looks at this database: what the relay hands over afterwards costs the same
whoever booked, and stands in ``bench.card_case``.
"""

import asyncio
import os
import secrets
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx
import psutil
import psycopg
from psycopg import sql
from sqlalchemy import text

from api.access.door import now_in_tokyo
from api.access.passwords import Passwords
from api.booking import booking_plan
from api.deps import Desk, running
from bench.bookings_load import HOST
from bench.installation import CITY, SIGNED_ON, Installation, program
from domain.calendars.hours import local
from domain.parties import Role
from ops import accounts, demo_obligations, wiring
from ops.exclusive import ReservedPort
from ops.migrate import prepare
from ops.wiring import Parts
from store import contract_state
from store.engine import libpq_url
from store.scope import scope

LINE = "card_delivery"
SITE = "city_hall"
_READY_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A database with times, and this process's own way to it."""

    made: Installation
    """The engines it stands on, with this database for the product's."""

    parts: Parts
    owner_url: str
    token: str
    """Of somebody who may book by telephone."""

    times: Sequence[datetime]
    """All that can be booked, in order."""


@dataclass(slots=True)
class WebServer:
    """One server process, which may be killed and started again on its port."""

    ground: Ground
    port: ReservedPort
    pid: int = 0
    _stack: ExitStack | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._stack = ExitStack()
        there = self.ground.made
        here = replace(there, chosen=replace(there.chosen, port=self.port.number))
        name = f"server-{self.port.number}"
        self.pid = self._stack.enter_context(program(here, name, "server.py"))
        last = time.monotonic() + _READY_WITHIN.total_seconds()
        while not _answers(self.port.number):
            if time.monotonic() > last:
                raise TimeoutError(f"{name} does not answer")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """End it, or what is left of it."""
        if self._stack is not None:
            self._stack.close()

    def cpu(self) -> float:
        """Return the CPU seconds that it has used."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)


@contextmanager
def ground(made: Installation, name: str) -> Iterator[Ground]:
    """Make a database with every time of the coming month to book."""
    assert made.running.postgres is not None
    with psycopg.connect(made.running.postgres.dsn(), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    owner_url = made.running.postgres.url(name)
    chosen = replace(made.chosen, database_url=prepare(owner_url))
    parts = wiring.parts(chosen, process="bench")
    try:
        with scope(parts.engine, CITY) as connection:
            contract_state.activate(
                connection, CITY, CITY, SIGNED_ON, by="system", at=now_in_tokyo()
            )
        demo_obligations.tell(
            parts.engine,
            parts.keys,
            parts.book,
            CITY,
            "manual_qa",
            demo_obligations.BOOKING_MAY_BEGIN,
        )
        yield Ground(
            made=replace(made, chosen=chosen, parts=parts),
            parts=parts,
            owner_url=owner_url,
            token=_agent(parts),
            times=_lay_out(made, parts),
        )
    finally:
        parts.engine.dispose()


@contextmanager
def servers(there: Ground, count: int) -> Iterator[list[WebServer]]:
    """Run server processes on a ground."""
    started: list[WebServer] = []
    try:
        for _ in range(count):
            started.append(WebServer(there, ReservedPort.any()))
            started[-1].start()
        yield started
    finally:
        for each in started:
            each.stop()
            each.port.release()


def set_places(there: Ground, places: int, times: Sequence[datetime] | None = None) -> None:
    """Give times so many places, all of them free, whatever was booked before.

    By hand, as no contract has a time for a thousand people: the plan that the rows were
    made from stays the same, so nobody lays them out anew.
    """
    offered = list(there.times if times is None else times)
    with psycopg.connect(libpq_url(there.owner_url), autocommit=True) as owner:
        owner.execute("UPDATE booking_day SET taken = 0")
        owner.execute("UPDATE booking_slot SET taken = 0, capacity = 0")
        owner.execute(
            "UPDATE booking_slot SET capacity = %s WHERE starts_at = ANY(%s)", (places, offered)
        )
        owner.execute("VACUUM ANALYZE")


def desk_of(made: Installation, parts: Parts) -> Desk:
    """Return what the product's functions work with in this process."""
    client = asyncio.run(made.temporal())
    return Desk(engine=parts.engine, keys=parts.keys, book=parts.book, temporal=client)


def _lay_out(made: Installation, parts: Parts) -> list[datetime]:
    desk = desk_of(made, parts)
    contract = running(desk, CITY, desk.book.current(CITY))
    line = contract.booking(LINE)
    now = now_in_tokyo()
    today = local(now).date()
    booking_plan.ensure(desk, CITY, contract, line, booking_plan.horizon(line, today))
    with scope(parts.engine, CITY) as connection:
        rows = connection.execute(
            text("SELECT starts_at FROM booking_slot WHERE day > :today ORDER BY starts_at"),
            {"today": today},
        )
        return [row[0] for row in rows]


def _agent(parts: Parts) -> str:
    login, now = f"{CITY}-agent-{secrets.token_hex(3)}", now_in_tokyo()
    accounts.create(
        parts.engine,
        Passwords(),
        municipality=CITY,
        login=login,
        display_name="測定用",
        role=Role.CALL_AGENT,
        now=now,
        password=secrets.token_urlsafe(12),
        totp_required=False,
    )
    _, token = accounts.issue_token(
        parts.engine, login, label="bench", valid_for=timedelta(days=1), now=now
    )
    return token


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://{HOST}:{port}/healthz", timeout=5).is_success
    except httpx.TransportError:
        return False
