"""A door, a clock to move and people to come in; for every test of who may enter."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pyotp
from cryptography.fernet import Fernet
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine
from starlette.routing import BaseRoute

from api import problems
from api.access import people as routes
from api.access.auth import CurrentPerson, Visitor, require_action
from api.access.door import Door, Opened, Person
from api.access.passwords import Passwords
from api.access.throttle import Throttle
from domain.parties import Action, Role
from ops import accounts

PASSWORD = "正しい馬と電池とホチキス"


@dataclass
class Clock:
    """What time the door believes it is."""

    now: datetime = datetime(2026, 12, 17, 8, 20, tzinfo=ZoneInfo("Asia/Tokyo"))

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, duration: timedelta) -> None:
        self.now += duration


class CountingHasher(PasswordHash):
    """Cheap, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
        self.asked = 0

    def verify_and_update(self, *arguments: Any, **named: Any) -> tuple[bool, str | None]:
        self.asked += 1
        return super().verify_and_update(*arguments, **named)


@dataclass
class Entrance:
    """Everything a test of the door needs."""

    engine: Engine
    clock: Clock = field(default_factory=Clock)
    hasher: CountingHasher = field(default_factory=CountingHasher)
    throttle: Throttle = field(default_factory=Throttle)
    https: bool = False

    def __post_init__(self) -> None:
        self.passwords = Passwords(hasher=self.hasher)
        self.door = Door(
            self.engine,
            cipher=Fernet(Fernet.generate_key()),
            passwords=self.passwords,
            throttle=self.throttle,
            clock=self.clock,
            https=self.https,
        )

    def employ(
        self,
        login: str = "sato",
        role: Role = Role.OFFICIAL,
        *,
        municipality: str = "ota",
        password: str | None = PASSWORD,
        totp_required: bool = False,
    ) -> accounts.Created:
        """Make an account; without a password it gets one that has to be changed.

        The city's people may be in at several devices at once.
        """
        return accounts.create(
            self.engine,
            self.passwords,
            municipality=municipality,
            login=login,
            display_name="佐藤",
            role=role,
            now=self.clock(),
            password=password,
            totp_required=totp_required,
        )

    def come_in(
        self, login: str = "sato", password: str = PASSWORD, code: str = "", **named: Any
    ) -> Opened:
        """Log in."""
        named.setdefault("address", "192.0.2.1")
        return self.door.login(login=login, password=password, code=code, **named)

    def register_app(self, opened: Opened) -> tuple[Opened, pyotp.TOTP]:
        """Register an authenticator app and return the session it leaves, and the app."""
        enrolment = self.door.begin_second_factor(opened.person)
        app = pyotp.TOTP(enrolment.secret)
        code = app.at(self.clock())
        return self.door.confirm_second_factor(opened.person, opened.token, code=code), app

    def token(self, login: str = "sato", *, days: int = 1) -> tuple[str, str]:
        """Issue a token; return its id and the credential."""
        return accounts.issue_token(
            self.engine,
            login,
            label="test",
            valid_for=timedelta(days=days),
            now=self.clock(),
        )

    def web(self) -> TestClient:
        """Return a fresh browser before a small site with the product's own dependencies."""
        scheme = "https" if self.https else "http"
        return TestClient(build_site(self.door), base_url=f"{scheme}://window.example")


def build_site(door: Door) -> FastAPI:
    """Return the product's routes for people and one probe for each kind of permission."""
    site = FastAPI()
    site.state.door = door
    site.router.routes.extend(entrance_routes())
    problems.install(site)
    return site


@cache
def entrance_routes() -> list[BaseRoute]:
    """Return the routes of every site: making them takes longer than most tests."""
    site = APIRouter()

    @site.get("/me")
    async def me(person: CurrentPerson) -> str:
        return person.login

    @site.post("/change")
    async def change(person: CurrentPerson) -> str:
        return person.login

    @site.get("/anybody")
    async def anybody(person: Visitor) -> str:
        return person.login if person else "somebody"

    for action in Action:
        add_probe(site, action)
    return [*routes.router.routes, *site.routes]


def add_probe(site: APIRouter, action: Action) -> None:
    permitted = Depends(require_action(action))

    @site.get(f"/cases/{{case_id}}/{action.value}")
    async def act(case_id: str, person: Person = permitted) -> str:
        return person.login


def log_in(web: TestClient, **body: str) -> Response:
    """Log in over HTTP."""
    return web.post("/api/v1/session", json={"login": "sato", "password": PASSWORD, **body})


def refusal(response: Response) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return response.status_code, response.json()["code"]
