"""The product served on a real port, with its worker, for browsers and for plain HTTP.

Here: starting and stopping it beside the tests, and people who are logged in. Not here:
what tests expect of pages.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from html.parser import HTMLParser
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
import uvicorn
from cryptography.fernet import Fernet
from fastapi import FastAPI

from activities.list_files import ListFiles
from api.access.door import Door, now_in_tokyo
from api.deps import Desk
from domain.access.networks import is_bound
from domain.parties import Role
from ops import accounts
from ops.make_lot import LotPlan, MadeLot, make_lot
from ops.replays import Replays
from server import build_app
from store.codec import sealed_converter
from tests import call_centre_at_hand
from tests.stack import CHEAP, Stack, eventually

TODAY = datetime(2026, 12, 17, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
PASSWORD = "正しい馬と電池とホチキス"

Answer = TypeVar("Answer")


@dataclass
class Site:
    """What tests ask of the running product."""

    stack: Stack
    loop: asyncio.AbstractEventLoop
    url: str
    app: FastAPI
    people: dict[tuple[str, Role], "Visitor"] = field(default_factory=dict)
    lots: int = 0
    strangers: list["Visitor"] = field(default_factory=list)

    def ask(self, question: Coroutine[Any, Any, Answer]) -> Answer:
        """Return the answer of something that runs where the product runs."""
        future: Future[Answer] = asyncio.run_coroutine_threadsafe(question, self.loop)
        return future.result(timeout=60)

    def as_(self, role: Role, city: str = "ota") -> "Visitor":
        """Return somebody of a role who is logged in; the same session every time."""
        if (city, role) not in self.people:
            login = f"page-{city}-{role.value.replace('_', '-')}"
            self.employ(login, role, city)
            if is_bound(self.stack.book.current(city).contract, role):
                call_centre_at_hand.approve(self.stack.engine, city)
            visitor = self.stranger()
            visitor.log_in(login)
            self.people[city, role] = visitor
        return self.people[city, role]

    def stranger(self) -> "Visitor":
        """Return somebody whom nobody knows yet."""
        self.strangers.append(Visitor(self.url))
        return self.strangers[-1]

    def employ(
        self, login: str, role: Role, city: str = "ota", password: str | None = PASSWORD
    ) -> accounts.Created:
        """Make an account; without a password it gets one that has to be changed."""
        return accounts.create(
            self.stack.engine,
            CHEAP,
            municipality=city,
            login=login,
            display_name=f"{login}さん",
            role=role,
            now=now_in_tokyo(),
            password=password,
            totp_required=False,
        )

    def lot_files(self, rows: int = 4, **plan: Any) -> MadeLot:
        """Return the lists of a lot that was not delivered before."""
        self.lots += 1
        plan.setdefault("delivered", date(2026, 12, 1 + self.lots % 16))
        return make_lot(LotPlan(rows=rows, seed=1000 + self.lots, **plan))

    def lot(self, rows: int = 4, **plan: Any) -> str:
        """Take a lot over and return its case."""
        files = self.lot_files(rows, **plan).files
        answer = self.ask(self.stack.as_(Role.CLERK).take_over(files, count=rows))
        assert 201 == answer.status_code, answer.text
        case_id: str = answer.json()["case_id"]
        return case_id

    def card(self, lot_id: str, stage: str) -> str:
        """Return a card of a lot at a stage."""
        caller = self.stack.as_(Role.CLERK)
        found = self.ask(caller.get("/api/v1/cases", parent=lot_id, stage=stage, limit=1))
        case_id: str = found.json()["items"][0]["case_id"]
        return case_id

    def events(self, case_id: str, action: str, city: str = "ota") -> list[dict[str, Any]]:
        """Return what the record says of one kind of event."""
        timeline = self.ask(self.stack.as_(Role.AUDITOR, city).timeline(case_id))
        return [event for event in timeline if event["action"] == action]


class Visitor:
    """One browser without JavaScript: it follows links and sends forms."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, headers={"Accept": "text/html"}, timeout=60)

    def log_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        """Log in."""
        sent = {"login": login, "password": password, "next": "/"}
        return self.http.post("/login", data=sent)

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self.http.get(path)

    def form(self, path: str, form_id: str) -> "Form":
        """Return a form of a page, as it was filled in by the product."""
        page = self.get(path)
        assert 200 == page.status_code, (path, page.status_code)
        return form_in(page.text, form_id)

    def send(self, form: "Form", **typed: Any) -> httpx.Response:
        """Send a form with something typed in, following nothing."""
        files = {name: typed.pop(name) for name in list(typed) if name in form.files}
        return self.http.post(form.to, data=form.fields | typed, files=files or None)


@dataclass
class Form:
    """One form: where it goes, and what stands in it."""

    to: str
    fields: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Form] = {}
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(to=given.get("action", ""))
            self.found[given.get("id") or given.get("action", "")] = self._form
        elif tag == "input" and self._form is not None and "name" in given:
            if given.get("type") == "file":
                self._form.files.append(given["name"])
            elif given.get("type") not in {"radio", "checkbox"} or "checked" in given:
                self._form.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def form_in(page: str, form_id: str) -> Form:
    """Return a form by its id, or by where it goes."""
    parser = _Forms()
    parser.feed(page)
    assert form_id in parser.found, f"no {form_id} among {sorted(parser.found)}"
    return parser.found[form_id]


def serve(
    build: Callable[[], Any],
    told: "Future[Site]",
    stop: threading.Event,
    *,
    now: datetime = TODAY,
    staffed: bool = True,
) -> None:
    """Run the product in this thread until told to stop.

    Args:
        build: What makes it.
        told: Gets the site once it answers.
        stop: Ends it.
        now: What time it is for the web.
        staffed: Whether cases have their courses; those live in the engine's own time.
    """
    asyncio.run(_serve(build, told, stop, now, staffed))


async def _serve(
    build: Callable[[], Any],
    told: "Future[Site]",
    stop: threading.Event,
    now: datetime,
    staffed: bool,
) -> None:
    async with build() as stack, stack.staffed() if staffed else nullcontext():
        stack.sign("ota", date(2026, 4, 1))
        stack.clock.now = now
        app = build_app(_desk(stack), _door(stack))
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                timeout_graceful_shutdown=1,
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        await eventually(partial(_started, server))
        told.set_result(
            Site(
                stack=stack,
                loop=asyncio.get_running_loop(),
                url=f"http://127.0.0.1:{listening.getsockname()[1]}",
                app=app,
            )
        )
        await asyncio.to_thread(stop.wait)
        server.should_exit = True
        await serving


async def _started(server: uvicorn.Server) -> bool:
    return server.started


def _desk(stack: Stack) -> Desk:
    return Desk(
        engine=stack.engine,
        keys=stack.keys,
        book=stack.book,
        temporal=stack.temporal,
        clock=stack.clock,
        rehearsal=stack.skipper,
        replay=Replays(sealed_converter(stack.keys)),
        files=ListFiles(stack.press),
        photos=stack.photos,
    )


def _door(stack: Stack) -> Door:
    return Door(stack.engine, cipher=Fernet(Fernet.generate_key()), passwords=CHEAP)
