"""Who is asking: cookies, bearer tokens, and what may be asked of which role.

Everything that a request says about its sender is read here and nowhere else. What
logging in does stands in ``api.access.door``; the routes for it in ``api.access.people``.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.access.door import Door, Person
from domain.access.access_errors import NetworkNotRegistered, TermOver
from domain.errors import FirstStepsOpen, ForeignOrigin, NotYourDuty, Unauthenticated
from domain.parties import Action, Standing, allowed, require
from store.sessions import ABSOLUTE

FORM_TOKEN_HEADER: Final = "X-Form-Token"  # noqa: S105  # a name, not a secret
FORM_TOKEN_FIELD: Final = "form_token"  # noqa: S105  # likewise

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# "none" is a person's own doing: an address typed in, a bookmark, a reload.
_OUR_OWN = frozenset({None, "same-origin", "none"})


async def door(request: Request) -> Door:
    """Return the process-wide way in, which the server put together."""
    return _door_of(request)


def _door_of(request: Request) -> Door:
    found: Door = request.app.state.door
    return found


TheDoor = Annotated[Door, Depends(door)]


async def offered_form_token(request: Request) -> str:
    """Return the form token that a writing request carries, or an empty text."""
    header = request.headers.get(FORM_TOKEN_HEADER)
    if header is not None or request.method in _READING:
        return header or ""
    if not request.headers.get("Content-Type", "").startswith(_FORMS):
        return ""
    value = (await request.form()).get(FORM_TOKEN_FIELD)
    return value if isinstance(value, str) else ""


async def our_own_page(request: Request) -> None:
    """Refuse what a page of somebody else made the browser send.

    Raises:
        ForeignOrigin: The browser says that the request comes from another site.
    """
    if request.headers.get("Sec-Fetch-Site") not in _OUR_OWN:
        raise ForeignOrigin("別のサイトからの操作は受け付けません")


def visitor(
    request: Request, door: TheDoor, offered: Annotated[str, Depends(offered_form_token)]
) -> Person | None:
    """Return who is asking, or ``None`` for somebody we do not know.

    For pages that everybody may see. A bearer token, if there is one, decides alone. Whoever
    may not be in from here or any more is nobody we know, too.

    Raises:
        ForeignOrigin: A session's cookie came with a writing request that our own pages
            did not make.
        NetworkNotRegistered, TermOver: A program's token may not be used from here or now.
    """
    person = _owner_of_credential(request, door)
    if person is None:
        return None
    if person.session_id is not None and request.method not in _READING:
        _require_own_form(request, person, offered)
    try:
        door.admit(person.municipality, person.role, address_of(request))
    except (NetworkNotRegistered, TermOver) as kept_out:
        if person.session_id is None:
            raise
        # A browser still shows what is public, and the way to the login.
        request.state.kept_out = kept_out
        return None
    return person


async def known_person(
    request: Request, person: Annotated[Person | None, Depends(visitor)]
) -> Person:
    """Return who is asking, also while first steps are open; for those steps themselves.

    Raises:
        Unauthenticated: We do not know.
        NetworkNotRegistered: We do, but not from here.
        TermOver: We did, while the contract ran.
    """
    if person is None:
        raise getattr(request.state, "kept_out", Unauthenticated("ログインしてください"))
    return person


async def current_person(person: Annotated[Person, Depends(known_person)]) -> Person:
    """Return who is asking.

    Raises:
        Unauthenticated: We do not know.
        FirstStepsOpen: A password or a second factor has to be set up first.
    """
    if person.session_id is not None:
        if person.has_to_change_password:
            raise FirstStepsOpen("パスワードを変更してください")
        if person.has_to_register_second_factor:
            raise FirstStepsOpen("認証アプリを登録してください")
    return person


CurrentPerson = Annotated[Person, Depends(current_person)]
KnownPerson = Annotated[Person, Depends(known_person)]
Visitor = Annotated[Person | None, Depends(visitor)]


def require_action(
    action: Action, stage: Standing | None = None
) -> Callable[..., Awaitable[Person]]:
    """Return a dependency that lets pass whoever may do ``action``.

    Whoever may not is refused with ``NotYourDuty``, and the attempt is recorded.
    """

    async def permitted(request: Request, person: CurrentPerson, door: TheDoor) -> Person:
        if not allowed(person.role, action, stage):
            await run_in_threadpool(
                require_duty, door, person, action, stage=stage, request=request
            )
        return person

    return permitted


def require_duty(
    door: Door,
    person: Person,
    action: Action,
    *,
    stage: Standing | None = None,
    request: Request,
) -> None:
    """Return if ``person`` may do ``action``; for routes that learn late which one it is.

    Blocks only to record a refusal.

    Raises:
        NotYourDuty: They may not; the attempt is recorded.
    """
    try:
        require(person.role, action, stage)
    except NotYourDuty:
        case_id = request.path_params.get("case_id")
        door.note_refused(person, action, case_id=case_id, route=route_of(request))
        raise


def route_of(request: Request) -> str:
    """Return the route's template, without its parameters; for records and logs."""
    template = getattr(request.scope.get("route"), "path", "")
    return f"{request.method} {template}"


def address_of(request: Request) -> str:
    """Return where a request comes from: the connection's address.

    What a proxy says of it counts only where the proxy was named (``TRUSTED_PROXIES``), and
    was put in its place before the request came here.
    """
    return request.client.host if request.client else "unknown"


def session_cookie(request: Request) -> str | None:
    """Return the session's credential that the browser sent."""
    return request.cookies.get(cookie_name(https=_door_of(request).https))


def cookie_name(*, https: bool) -> str:
    """Return the cookie's name; the prefix makes browsers insist on how it was set."""
    return "__Host-madoguchi" if https else "madoguchi"


def set_cookie(response: Response, token: str, *, https: bool) -> None:
    """Give the browser a session's credential."""
    response.set_cookie(
        cookie_name(https=https),
        token,
        max_age=round(ABSOLUTE.total_seconds()),
        path="/",
        httponly=True,
        secure=https,
        samesite="lax",
    )


def clear_cookie(response: Response, *, https: bool) -> None:
    """Take the credential back from the browser, and what it has kept of our pages."""
    response.delete_cookie(
        cookie_name(https=https), path="/", httponly=True, secure=https, samesite="lax"
    )
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'


def _owner_of_credential(request: Request, door: Door) -> Person | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        return door.by_token(token.strip()) if scheme.lower() == "bearer" else None
    cookie = session_cookie(request)
    return door.by_session(cookie) if cookie else None


def _require_own_form(request: Request, person: Person, offered: str) -> None:
    if request.headers.get("Sec-Fetch-Site") not in _OUR_OWN:
        raise ForeignOrigin("別のサイトからの操作は受け付けません")
    # Old browsers do not say where a request comes from; a page of ours knows the token.
    if not hmac.compare_digest(person.form_token.encode(), offered.encode()):
        raise ForeignOrigin("画面を開き直してから、もう一度操作してください")
