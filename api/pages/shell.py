"""What holds for every page: files to go with it, security headers, the problem page.

``install`` is all that the composition root has to call. Templates stand in ``rendering``.
"""

import hashlib
from collections.abc import Mapping
from importlib.metadata import files
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.pages import (
    account,
    audit,
    calendar,
    calls,
    case,
    city_records,
    contract,
    daily_reports,
    defects,
    documents,
    events,
    handoffs,
    incidents,
    login,
    obligations,
    rehearsal,
    roster,
    supervisor,
    surveys,
    work,
)
from api.pages.access import core_ids, networks, retention
from api.pages.booking import booking, booking_details, booking_frame, booking_mine
from api.pages.catalogue import catalogue, counts, notes, required_documents
from api.pages.counter import application_begun, counter, photos, procedure_begun, quality
from api.pages.desk import (
    arrivals,
    desk,
    desk_booked,
    desk_booking,
    guidance,
    list_recipient,
    mailbox,
    reservation_list,
    venue_days,
)
from api.pages.guide import display, guide
from api.pages.knowledge import editions, finding, meetings, questions, writing
from api.pages.lots import lots
from api.pages.queue import board, intake, seats
from api.pages.rendering import ENVIRONMENT, WEB, page
from api.problems import Told

_HTMX: Final[Mapping[str, str]] = {
    "htmx.js": "django_htmx/static/django_htmx/htmx-2.min.js",
    "htmx-sse.js": "django_htmx/static/django_htmx/ext/hx-sse-2.min.js",
}
"""Taken out of the wheel that carries them; Django itself is neither there nor needed."""

_KINDS: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_HINTS: Final[Mapping[int, str]] = {
    403: "必要な場合は、この操作ができる担当に引き継いでください。",
    404: "番号や宛先が違うか、ほかの市の案件です。一覧から探してください。",
    409: "ほかの人の操作や時刻によって、状況が変わっています。開き直して確かめてください。",
    413: "ファイルを分けるか、係に相談してください。",
    429: "しばらく待ってから、もう一度お試しください。",
    503: "入力は失われていません。数秒おいて、もう一度操作してください。",
}

_PAGES: Final = (
    account,
    application_begun,
    arrivals,
    audit,
    board,
    booking_mine,
    booking_details,
    booking,
    calendar,
    calls,
    case,
    city_records,
    catalogue,
    contract,
    core_ids,
    defects,
    counter,
    counts,
    daily_reports,
    desk,
    desk_booked,
    desk_booking,
    display,
    documents,
    editions,
    events,
    finding,
    handoffs,
    guidance,
    guide,
    incidents,
    intake,
    list_recipient,
    login,
    lots,
    mailbox,
    networks,
    meetings,
    obligations,
    notes,
    photos,
    procedure_begun,
    quality,
    questions,
    rehearsal,
    required_documents,
    reservation_list,
    retention,
    seats,
    roster,
    supervisor,
    surveys,
    venue_days,
    work,
    writing,
)

router = APIRouter(include_in_schema=False)


def install(app: FastAPI) -> None:
    """Give the application its pages."""
    ENVIRONMENT.globals["asset"] = _Assets().address
    app.add_middleware(SecurityHeaders)
    app.state.problem_page = problem_page
    for module in _PAGES:
        app.router.routes.extend(module.router.routes)
    app.router.routes.extend(router.routes)


async def problem_page(request: Request, told: Told) -> Response:
    """Return the page that says what happened, what was kept and what to do.

    It asks neither database nor engine, which may be what is away.
    """
    if told.code == "Unauthenticated":
        return _to_login(request)
    if request.url.path.startswith("/book/"):
        found = await booking_frame.problem_page(request, told)
        if found is not None:
            return found
    if told.code == "FirstStepsOpen":
        return RedirectResponse("/first-steps", status_code=303)
    hint = _HINTS.get(told.status, "")
    answer: HTMLResponse = page(
        request, None, "problem", status=told.status, told=told, hint=hint
    )
    return answer


@router.get("/licence")
async def licence(request: Request) -> HTMLResponse:
    """Show whose work this product builds on."""
    return page(request, None, "licence")


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """Return a file that goes with the pages."""
    path = static_path(name)
    if path is None:
        raise HTTPException(404)
    return FileResponse(
        path,
        media_type=_KINDS[path.suffix],
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def static_path(name: str) -> Path | None:
    """Return where a file that goes with the pages is; only those that are known."""
    if name in _HTMX:
        return _from_wheel(_HTMX[name])
    own = {path.name: path for path in (WEB / "static").iterdir() if path.suffix in _KINDS}
    return own.get(name)


class SecurityHeaders:
    """Adds to every answer what a browser must not do with it."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers added; what a route has set itself stays."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


class _Assets:
    """Addresses of files with a digest of their content, so that they may be kept."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def address(self, name: str) -> str:
        """Return the address of a file."""
        if name not in self._known:
            path = static_path(name)
            assert path is not None, f"{name} does not go with the pages"
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            self._known[name] = f"/static/{name}?v={digest}"
        return self._known[name]


def _from_wheel(wanted: str) -> Path:
    for file in files("django-htmx") or ():
        if str(file) == wanted:
            return Path(str(file.locate()))
    raise FileNotFoundError(f"{wanted} is missing: install the packages anew")


def _to_login(request: Request) -> Response:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    comes_back = request.method == "GET" and here != "/"
    to = f"/login?next={quote(here)}" if comes_back else "/login"
    if request.headers.get("HX-Request"):
        return Response(status_code=401, headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)
