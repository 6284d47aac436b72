"""Coming in and going out: login, the first steps of a new account, logout."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from api.access.auth import (
    KnownPerson,
    TheDoor,
    Visitor,
    address_of,
    clear_cookie,
    our_own_page,
    session_cookie,
    set_cookie,
)
from api.access.door import Opened, Person
from api.access.passwords import SHORTEST
from api.pages.desk.sending import Failed, Posted, Sent, failed, own_path, see_other
from api.pages.rendering import page
from domain.errors import DomainError, PasswordRefused, Unauthenticated

router = APIRouter(include_in_schema=False)


@router.get("/login")
async def show_login(request: Request, person: Visitor) -> Response:
    """Show the login form; who is in already goes on."""
    onward = own_path(request.query_params.get("next", "/"))
    if person is not None:
        return see_other(onward)
    return _login_page(request, onward, None)


@router.post("/login", dependencies=[Depends(our_own_page)])
async def log_in(request: Request, posted: Posted, door: TheDoor) -> Response:
    """Open a session in this browser and go on to where the person wanted to go."""
    onward = own_path(posted.text("next"))
    try:
        opened = await run_in_threadpool(
            door.login,
            login=posted.text("login"),
            password=posted.text("password"),
            code=posted.text("code"),
            address=address_of(request),
            device=request.headers.get("User-Agent", ""),
            replaces=session_cookie(request),
            move=posted.text("move") == "yes",
        )
    except DomainError as refused:
        return _login_page(request, onward, failed("login", posted, refused))
    return with_session(see_other(onward), opened, https=door.https)


@router.post("/logout")
async def log_out(person: KnownPerson, door: TheDoor) -> Response:
    """End the session, here and in the browser."""
    await run_in_threadpool(door.logout, person)
    response = see_other("/login")
    clear_cookie(response, https=door.https)
    return response


@router.get("/first-steps")
async def first_steps(request: Request, person: KnownPerson) -> Response:
    """Show the next thing to set up, or go on if nothing is left."""
    if person.has_to_change_password:
        return _password_page(request, person, None)
    if person.has_to_register_second_factor:
        return _app_page(request, person)
    return see_other("/")


@router.post("/first-steps/password")
async def first_password(
    request: Request, posted: Posted, person: KnownPerson, door: TheDoor
) -> Response:
    """Replace the password that somebody else knows."""
    try:
        opened = await run_in_threadpool(change_password, request, posted, person, door)
    except DomainError as refused:
        return _password_page(request, person, failed("password", posted, refused))
    return with_session(see_other("/first-steps"), opened, https=door.https)


@router.post("/first-steps/app")
async def begin_app(request: Request, person: KnownPerson, door: TheDoor) -> Response:
    """Show a fresh code to scan; whoever has an app already does it on the account's page."""
    if not person.has_to_register_second_factor:
        return see_other("/")
    enrolment = await run_in_threadpool(door.begin_second_factor, person)
    return _app_page(request, person, enrolment=enrolment)


@router.post("/first-steps/app/confirm")
async def confirm_app(
    request: Request, posted: Posted, person: KnownPerson, door: TheDoor
) -> Response:
    """Put the app into use."""
    try:
        opened = await run_in_threadpool(
            door.confirm_second_factor,
            person,
            own_cookie(request, person),
            code=posted.text("code"),
        )
    except DomainError as refused:
        return _app_page(request, person, failed=failed("app", posted, refused))
    return with_session(see_other("/"), opened, https=door.https)


def change_password(request: Request, posted: Sent, person: Person, door: TheDoor) -> Opened:
    """Replace the password as typed twice.

    Raises:
        PasswordRefused: The two differ, or it cannot be used.
    """
    new = posted.text("new")
    if new != posted.text("again"):
        raise PasswordRefused("新しいパスワードが、確認の入力と一致しません")
    return door.change_password(
        person,
        own_cookie(request, person),
        current=posted.text("current"),
        new=new,
        address=address_of(request),
    )


def own_cookie(request: Request, person: Person) -> str:
    """Return the credential of the session asking.

    Raises:
        Unauthenticated: It is a program that asks.
    """
    cookie = session_cookie(request)
    if person.session_id is None or cookie is None:
        raise Unauthenticated("ブラウザーでログインしてください")
    return cookie


def with_session(response: RedirectResponse, opened: Opened, *, https: bool) -> Response:
    """Return the response with the session's new credential."""
    set_cookie(response, opened.token, https=https)
    return response


def _login_page(request: Request, onward: str, failed: Failed | None) -> HTMLResponse:
    status = failed.told.status if failed else 200
    return page(request, None, "login", status=status, onward=onward, failed=failed)


def _password_page(request: Request, person: Person, failed: Failed | None) -> HTMLResponse:
    return page(
        request,
        None,
        "first_password",
        status=failed.told.status if failed else 200,
        person=person,
        failed=failed,
        shortest=SHORTEST,
    )


def _app_page(
    request: Request, person: Person, *, enrolment: Any = None, failed: Failed | None = None
) -> HTMLResponse:
    return page(
        request,
        None,
        "first_app",
        status=failed.told.status if failed else 200,
        person=person,
        enrolment=enrolment,
        failed=failed,
    )
