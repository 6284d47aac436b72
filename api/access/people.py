"""Logging in and out over HTTP, and what people do with their own account.

Bodies and status codes only; ``api.access.door`` does the work.
"""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, SecretStr

from api.access.auth import (
    CurrentPerson,
    KnownPerson,
    TheDoor,
    address_of,
    clear_cookie,
    our_own_page,
    session_cookie,
    set_cookie,
)
from api.access.door import Opened, Person
from domain.errors import Unauthenticated
from domain.parties import ROLE_TEXT, Action, Party, Role, allowed
from store.sessions import LoginSession

router = APIRouter(prefix="/api/v1", tags=["people"])

Secret = Annotated[SecretStr, Field(min_length=1, max_length=1024)]
Code = Annotated[str, Field(max_length=20)]


class LoginBody(BaseModel):
    """What a person types to log in."""

    login: str = Field(min_length=1, max_length=200)
    password: Secret
    code: Code = ""
    move: bool = Field(
        default=False, description="End the session on another device and go on here."
    )


class PasswordBody(BaseModel):
    """A change of password."""

    current: Secret
    new: Secret


class ConfirmedPasswordBody(BaseModel):
    """The present password, where it has to be typed again."""

    password: Annotated[SecretStr, Field(max_length=1024)] = SecretStr("")


class CodeBody(BaseModel):
    """A code of an authenticator app."""

    code: Code


class PersonBody(BaseModel):
    """Who is logged in, and what they may ever do."""

    account_id: str
    municipality: str
    login: str
    display_name: str
    role: Role
    role_text: str
    party: Party
    actions: list[Action]
    form_token: str = Field(
        description="To be sent as X-Form-Token with every writing request."
    )
    has_to_change_password: bool
    has_to_register_second_factor: bool

    @classmethod
    def of(cls, person: Person) -> Self:
        """Copy what the person may see of themselves."""
        return cls(
            account_id=person.account_id,
            municipality=person.municipality,
            login=person.login,
            display_name=person.display_name,
            role=person.role,
            role_text=ROLE_TEXT[person.role],
            party=person.party,
            actions=[action for action in Action if allowed(person.role, action)],
            form_token=person.form_token,
            has_to_change_password=person.has_to_change_password,
            has_to_register_second_factor=person.has_to_register_second_factor,
        )


class EnrolmentBody(BaseModel):
    """What an authenticator app needs."""

    secret: str
    address: str
    svg: str


class SessionBody(BaseModel):
    """One browser in which the person is logged in."""

    session_id: str
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool

    @classmethod
    def of(cls, session: LoginSession, person: Person) -> Self:
        """Copy a session and say whether it is the one asking."""
        return cls(
            session_id=session.session_id,
            device=session.device,
            created_at=session.created_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
            current=session.session_id == person.session_id,
        )


class SessionsBody(BaseModel):
    """A person's living sessions; few enough for one page."""

    items: list[SessionBody]
    next_cursor: None = None


@router.post(
    "/session", status_code=201, dependencies=[Depends(our_own_page)], summary="Log in"
)
def log_in(body: LoginBody, request: Request, response: Response, door: TheDoor) -> PersonBody:
    """Open a session in this browser; one that was open here ends."""
    opened = door.login(
        login=body.login,
        password=body.password.get_secret_value(),
        code=body.code,
        address=address_of(request),
        device=request.headers.get("User-Agent", ""),
        replaces=session_cookie(request),
        move=body.move,
    )
    return _opened(response, opened, https=door.https)


@router.get("/session", summary="Show who is logged in")
async def show(person: KnownPerson) -> PersonBody:
    """Show who is asking and what they may do."""
    return PersonBody.of(person)


@router.delete("/session", status_code=204, summary="Log out")
def log_out(person: KnownPerson, response: Response, door: TheDoor) -> None:
    """End this session."""
    door.logout(person)
    clear_cookie(response, https=door.https)


@router.post("/session/password", summary="Change the password")
def change_password(
    body: PasswordBody,
    person: KnownPerson,
    request: Request,
    response: Response,
    door: TheDoor,
) -> PersonBody:
    """Change the password; all other sessions of the person end."""
    opened = door.change_password(
        person,
        _credential(request, person),
        current=body.current.get_secret_value(),
        new=body.new.get_secret_value(),
        address=address_of(request),
    )
    return _opened(response, opened, https=door.https)


@router.post("/session/second-factor", summary="Begin to register an authenticator app")
def begin_second_factor(
    body: ConfirmedPasswordBody, person: KnownPerson, request: Request, door: TheDoor
) -> EnrolmentBody:
    """Make a secret for an authenticator app; replacing one in use takes the password."""
    _credential(request, person)
    enrolment = door.begin_second_factor(
        person, password=body.password.get_secret_value(), address=address_of(request)
    )
    return EnrolmentBody(secret=enrolment.secret, address=enrolment.address, svg=enrolment.svg)


@router.post("/session/second-factor/confirm", summary="Confirm the authenticator app")
def confirm_second_factor(
    body: CodeBody, person: KnownPerson, request: Request, response: Response, door: TheDoor
) -> PersonBody:
    """Put the authenticator app into use; all other sessions of the person end."""
    opened = door.confirm_second_factor(person, _credential(request, person), code=body.code)
    return _opened(response, opened, https=door.https)


@router.get("/sessions", summary="List the own sessions")
def list_sessions(person: CurrentPerson, door: TheDoor) -> SessionsBody:
    """List where the person is logged in, the most recently used first."""
    return SessionsBody(
        items=[SessionBody.of(found, person) for found in door.sessions(person)]
    )


@router.delete("/sessions/{session_id}", status_code=204, summary="End an own session")
def end_session(session_id: str, person: CurrentPerson, door: TheDoor) -> None:
    """End one of the person's own sessions, such as that of a lost device."""
    door.end_session(person, session_id)


def _credential(request: Request, person: Person) -> str:
    """Return the cookie of the session asking; a program's token cannot change passwords."""
    cookie = session_cookie(request)
    if person.session_id is None or cookie is None:
        raise Unauthenticated("ブラウザーでログインしてください")
    return cookie


def _opened(response: Response, opened: Opened, *, https: bool) -> PersonBody:
    set_cookie(response, opened.token, https=https)
    return PersonBody.of(opened.person)
