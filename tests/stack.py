"""The whole product in one process: web, worker, relay, database, workflow engine.

Real PostgreSQL and a real Temporal server; what a test is not about may be replaced by
its port. Clocks of cases stand still with the wall until a test moves them.
"""

import asyncio
import collections
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import Worker

from activities.card_lots import TemporalLots
from activities.defects import PlannedDefects
from activities.list_files import ListFiles
from activities.list_sending import CityLists
from activities.mail import Mailer, NoMailer
from activities.messages_sending import OutgoingMessages
from activities.messages_sms import SmsFolder
from activities.notices import Press, PrintedNotices
from activities.photos import VaultPhotos
from activities.records import PostgresRecord
from activities.relay import Relay
from api.access.door import Door, now_in_tokyo
from api.access.passwords import Passwords
from api.booking.booking_throttle import HoldThrottle
from api.deps import Desk
from contracts.book import ContractBook
from devices.photo_gate import PhotoGate
from domain.access.networks import is_bound
from domain.case import CaseKind
from domain.parties import Role
from ops import accounts, wiring
from ops.replays import Replays
from server import build_app
from store import contract_state
from store.codec import sealed_converter
from store.engine import build_engine
from store.keys import KeyRing, MasterKeys
from store.scope import scope
from tests import call_centre_at_hand
from tests.conftest import Database
from worker import ACTIVITY_THREADS, build_worker
from workflows.names import workflow_id

PATIENCE = timedelta(seconds=30)

CHEAP = Passwords(
    hasher=PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
)
"""What a hash costs is tested where hashes are; here it would be a third of all the work."""

Found = TypeVar("Found")


@dataclass
class Clock:
    """The wall clock of the web process; a test may set it."""

    now: datetime | None = None

    def __call__(self) -> datetime:
        return self.now or now_in_tokyo()


@dataclass
class Stack:
    """The product, and what tests ask of it."""

    engine: Engine
    keys: KeyRing
    book: ContractBook
    temporal: Client
    skipper: TimeSkipper
    clock: Clock
    app: FastAPI
    http: httpx.AsyncClient
    queue: str
    threads: ThreadPoolExecutor
    press: Press
    database: Database
    folder: Path
    mailer: Mailer = field(default_factory=NoMailer)
    """Where mails are handed over; a test that is about mails gives it a server."""

    photos: PhotoGate = field(default_factory=PhotoGate)
    """Its process is there from the first photo on."""

    tokens: dict[tuple[str, Role], str] = field(default_factory=dict)

    def as_(self, role: Role, city: str = "ota") -> "Caller":
        """Return a caller with the rights of a role; its account is made on first use."""
        if (city, role) not in self.tokens:
            self.tokens[city, role] = self._account(city, role)
        return Caller(self.http, self.tokens[city, role])

    def sign(self, slug: str, signed_on: date) -> None:
        """Enter the day a contract was signed."""
        with scope(self.engine, slug) as connection:
            contract_state.activate(
                connection, slug, slug, signed_on, by="system", at=self.clock()
            )

    def relay(self) -> Relay:
        """Return a relay; one is running while the stack is ``staffed``."""
        return Relay(
            self.engine,
            self.keys,
            self.skipper.client,
            build_id="test",
            task_queue=self.queue,
        )

    def implementations(self) -> tuple[object, ...]:
        """Return the production implementations of all ports."""
        return (
            PostgresRecord(self.engine, self.keys),
            TemporalLots(self.engine, self.temporal),
            PrintedNotices(self.engine, self.keys, self.book, self.press),
            self.messages(),
            self.city_lists(),
            VaultPhotos(self.engine, self.keys, self.photos, self.press),
            PlannedDefects(self.engine, self.book),
        )

    def messages(self) -> OutgoingMessages:
        """Return what sends messages; short ones are left in the folder of the test."""
        return OutgoingMessages(
            self.engine,
            self.keys,
            self.book,
            mailer=self.mailer,
            sms=SmsFolder(self.folder / "sms"),
            sender="no-reply@city.example",
            link=wiring.citizen_link("http://madoguchi", self.engine, self.keys),
        )

    def city_lists(self) -> CityLists:
        """Return what brings reservation lists to cities."""
        made = (self.engine, self.keys, self.book, ListFiles(self.press))
        return CityLists(*made, mailer=self.mailer, sender="no-reply@city.example")

    def worker(self, *implementations: object) -> Worker:
        """Return a worker with the given ports, or production's."""
        return build_worker(
            self.temporal,
            *(implementations or self.implementations()),
            threads=self.threads,
            task_queue=self.queue,
        )

    @contextlib.asynccontextmanager
    async def staffed(self, *implementations: object) -> AsyncIterator["Stack"]:
        """Run a worker and a relay."""
        async with self.worker(*implementations):
            relay = asyncio.create_task(self.relay().run())
            try:
                yield self
            finally:
                relay.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await relay

    async def fast_forward(
        self, kind: CaseKind, case_id: str, duration: timedelta, city: str = "ota"
    ) -> None:
        """Let time pass for one case."""
        handle = self.temporal.get_workflow_handle(workflow_id(city, kind, case_id))
        # The relay may not have handed the course over yet.
        await eventually(lambda: has_begun(handle))
        await self.skipper.fast_forward(handle, duration)

    def _account(self, city: str, role: Role) -> str:
        login = f"{city}-{role}"
        if is_bound(self.book.current(city).contract, role):
            call_centre_at_hand.approve(self.engine, city)
        accounts.create(
            self.engine,
            CHEAP,
            municipality=city,
            login=login,
            display_name=f"{role}さん",
            role=role,
            now=now_in_tokyo(),
            password=secrets.token_urlsafe(12),
            totp_required=False,
        )
        _, token = accounts.issue_token(
            self.engine,
            login,
            label="test",
            valid_for=timedelta(days=1),
            now=now_in_tokyo(),
        )
        return token


@dataclass
class Caller:
    """One person's program."""

    http: httpx.AsyncClient
    token: str

    async def get(self, path: str, **params: Any) -> httpx.Response:
        """Ask."""
        wanted = {name: value for name, value in params.items() if value is not None}
        return await self.http.get(path, params=wanted, headers=self._headers())

    async def post(
        self, path: str, *, key: str | None = None, **arguments: Any
    ) -> httpx.Response:
        """Ask for something to be done."""
        headers = self._headers() | {"Idempotency-Key": key or secrets.token_hex(8)}
        return await self.http.post(path, headers=headers, **arguments)

    async def act(
        self, case_id: str, action: str, *, key: str | None = None, **body: Any
    ) -> httpx.Response:
        """Do one of a case's actions."""
        return await self.post(f"/api/v1/cases/{case_id}/actions/{action}", key=key, json=body)

    async def case(self, case_id: str) -> dict[str, Any]:
        """Return one case."""
        found: dict[str, Any] = (await self.get(f"/api/v1/cases/{case_id}")).json()
        return found

    async def timeline(self, case_id: str) -> list[dict[str, Any]]:
        """Return a case's record."""
        answer = await self.get(f"/api/v1/cases/{case_id}/timeline")
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def take_over(
        self,
        files: Mapping[str, bytes],
        *,
        city: str = "ota",
        key: str | None = None,
        **form: Any,
    ) -> httpx.Response:
        """Take over a lot."""
        sent = {name: (f"{name}.csv", content) for name, content in files.items()}
        return await self.post(
            f"/api/v1/contracts/{city}/card-lots", key=key, files=sent, data=form
        )

    async def stages(self, lot_id: str) -> collections.Counter[str]:
        """Return how many cards of a lot are at each stage."""
        found: collections.Counter[str] = collections.Counter()
        for closed in ("false", "true"):
            cursor: str | None = None
            while True:
                answer = await self.get(
                    "/api/v1/cases",
                    parent=lot_id,
                    kind="card",
                    closed=closed,
                    limit=200,
                    cursor=cursor,
                )
                page = answer.json()
                found.update(item["stage"] for item in page["items"])
                cursor = page["next_cursor"]
                if cursor is None:
                    break
        return found

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


async def has_begun(handle: WorkflowHandle[Any, Any]) -> bool:
    """Tell whether the engine knows the course."""
    try:
        await handle.describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True


async def eventually(
    look: Callable[[], Awaitable[Found]],
    is_right: Callable[[Found], bool] = bool,
    *,
    within: timedelta = PATIENCE,
) -> Found:
    """Return what ``look`` finds once it is right; fail with the last finding otherwise."""
    loop = asyncio.get_running_loop()
    last = loop.time() + within.total_seconds()
    while True:
        found = await look()
        if is_right(found):
            return found
        assert loop.time() < last, f"still not right: {found!r}"
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def running(
    database: Database, address: str, threads: ThreadPoolExecutor, press: Press, folder: Path
) -> AsyncIterator[Stack]:
    """Build the product on engines that are there already."""
    engine = build_engine(database.app_url, pool_size=ACTIVITY_THREADS)
    keys = KeyRing(engine, MasterKeys.from_file(folder / "keys" / "master.key"))
    client = await Client.connect(address, data_converter=sealed_converter(keys))
    skipper = _still(client)
    book = ContractBook(partial(contract_state.kept_version, engine))
    clock = Clock()
    photos = PhotoGate()
    desk = Desk(
        engine=engine,
        keys=keys,
        book=book,
        temporal=client,
        clock=clock,
        rehearsal=skipper,
        replay=Replays(sealed_converter(keys)),
        build_id="test",
        files=ListFiles(press),
        photos=photos,
    )
    async with _browser(app := _app(desk)) as http:
        yield Stack(
            engine=engine,
            keys=keys,
            book=book,
            temporal=client,
            skipper=skipper,
            clock=clock,
            app=app,
            http=http,
            queue=f"test-{secrets.token_hex(6)}",
            threads=threads,
            press=press,
            database=database,
            folder=folder,
            photos=photos,
        )
    await _closed(engine, photos)


async def _closed(engine: Engine, photos: PhotoGate) -> None:
    photos.close()
    # A thread of the relay may still hold a connection, which would be left open.
    await eventually(partial(_all_returned, engine))
    engine.dispose()


def _still(client: Client) -> TimeSkipper:
    """Return what moves the clocks of cases; they stand until then."""
    return TimeSkipper(client, config=TimeSkippingConfig(enabled=False))


def _app(desk: Desk) -> FastAPI:
    door = Door(desk.engine, cipher=_NoSecrets(), passwords=CHEAP, clock=now_in_tokyo)
    return build_app(desk, door)


def _browser(app: FastAPI) -> httpx.AsyncClient:
    # All residents of a test stand behind one address.
    app.state.hold_throttle = HoldThrottle(limits=())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://madoguchi", timeout=60)


async def _all_returned(engine: Engine) -> bool:
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout() == 0


class _NoSecrets:
    """Second factors are not what these tests are about: nobody has one."""

    def encrypt(self, plain: bytes) -> bytes:
        raise AssertionError("nobody registers a second factor here")

    def decrypt(self, sealed: bytes) -> bytes:
        raise AssertionError("nobody has a second factor here")
