"""What people do with their own account: password, authenticator app, sessions."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.access.auth import CurrentPerson, TheDoor, address_of
from api.access.door import Door, Person
from api.access.passwords import SHORTEST
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.login import change_password, own_cookie, with_session
from api.pages.rendering import page
from domain.errors import DomainError

router = APIRouter(prefix="/account", include_in_schema=False)

# In this order: most browsers also call themselves by their forerunners' names.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@router.get("")
def show(request: Request, person: CurrentPerson, door: TheDoor) -> Response:
    """Show the own account."""
    done = {"password": "パスワードを変更しました。", "app": "認証アプリを登録しました。"}
    return _page(request, person, door, done=done.get(request.query_params.get("done", "")))


@router.post("/password")
async def new_password(
    request: Request, posted: Posted, person: CurrentPerson, door: TheDoor
) -> Response:
    """Replace the password; the person's other sessions end."""
    try:
        opened = await run_in_threadpool(change_password, request, posted, person, door)
    except DomainError as refused:
        return await run_in_threadpool(
            _page, request, person, door, failed=failed("password", posted, refused)
        )
    return with_session(see_other("/account?done=password"), opened, https=door.https)


@router.post("/app")
async def begin_app(
    request: Request, posted: Posted, person: CurrentPerson, door: TheDoor
) -> Response:
    """Show a fresh code to scan; replacing an app in use takes the password."""
    try:
        enrolment = await run_in_threadpool(
            door.begin_second_factor,
            person,
            password=posted.text("password"),
            address=address_of(request),
        )
    except DomainError as refused:
        return await run_in_threadpool(
            _page, request, person, door, failed=failed("app", posted, refused)
        )
    return await run_in_threadpool(_page, request, person, door, enrolment=enrolment)


@router.post("/app/confirm")
async def confirm_app(
    request: Request, posted: Posted, person: CurrentPerson, door: TheDoor
) -> Response:
    """Put the app into use; the person's other sessions end."""
    try:
        opened = await run_in_threadpool(
            door.confirm_second_factor,
            person,
            own_cookie(request, person),
            code=posted.text("code"),
        )
    except DomainError as refused:
        return await run_in_threadpool(
            _page, request, person, door, failed=failed("confirm", posted, refused)
        )
    return with_session(see_other("/account?done=app"), opened, https=door.https)


@router.post("/sessions/{session_id}/end")
def end_session(session_id: str, person: CurrentPerson, door: TheDoor) -> Response:
    """End one of the person's own sessions; the one asking leads back to the login."""
    door.end_session(person, session_id)
    return see_other("/login" if session_id == person.session_id else "/account")


def device_words(device: str) -> str:
    """Return what a browser calls itself in the words its owner knows."""
    browser = next((name for mark, name in _BROWSERS if mark in device), "")
    system = next((name for mark, name in _SYSTEMS if mark in device), "")
    known = "・".join(part for part in (browser, system) if part)
    return known or device or "不明の端末"


def _page(
    request: Request,
    person: Person,
    door: Door,
    *,
    failed: Failed | None = None,
    enrolment: Any = None,
    done: str | None = None,
) -> Response:
    return page(
        request,
        person,
        "account",
        status=failed.told.status if failed else 200,
        person=person,
        sessions=door.sessions(person),
        device_words=device_words,
        failed=failed,
        enrolment=enrolment,
        done=done,
        shortest=SHORTEST,
    )
