"""The way in: logging in and out, passwords, second factors, and who somebody is.

Called by routes and pages alike; knows nothing of requests and cookies (``api.access.auth``).
Every method does database work and blocks: call it from a ``def`` dependency or a thread.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from api.access import second_factor
from api.access.admission import Admission
from api.access.opening import Opening, open_session
from api.access.passwords import Passwords, require_usable
from api.access.throttle import Throttle
from domain.errors import CodeRefused, PasswordRefused, SessionUnknown, Unauthenticated
from domain.parties import Action, Party, Role
from store import access, people, sessions
from store.people import Account
from store.scope import scope
from store.sessions import LoginSession

_TOKYO = ZoneInfo("Asia/Tokyo")


class Cipher(Protocol):
    """Seals second-factor secrets; whoever builds the door supplies the key."""

    def encrypt(self, plain: bytes) -> bytes:
        """Return ``plain`` sealed."""

    def decrypt(self, sealed: bytes) -> bytes:
        """Return what was sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is asking, and by which credential."""

    account_id: str
    municipality: str
    role: Role
    login: str
    display_name: str
    session_id: str | None = None
    token_id: str | None = None
    form_token: str = field(default="", repr=False)
    """What every form of this session carries; empty for a program."""
    has_to_change_password: bool = False
    has_to_register_second_factor: bool = False

    @property
    def party(self) -> Party:
        """The side the person stands on."""
        return self.role.party


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session that has just begun, or has just been given a new credential."""

    person: Person
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What the page that registers a second factor shows."""

    secret: str = field(repr=False)
    """For typing it in by hand."""
    address: str = field(repr=False)
    svg: str = field(repr=False)


def now_in_tokyo() -> datetime:
    """Return the present moment in the zone of every office we serve."""
    return datetime.now(_TOKYO)


def digest(token: str) -> bytes:
    """Return what is stored of a credential."""
    return hashlib.sha256(token.encode()).digest()


def form_token(token: str) -> str:
    """Return the form token of a session: nobody without its cookie can compute it."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


class Door:
    """One for the whole process."""

    def __init__(
        self,
        engine: Engine,
        *,
        cipher: Cipher,
        passwords: Passwords | None = None,
        throttle: Throttle | None = None,
        clock: Callable[[], datetime] = now_in_tokyo,
        https: bool = False,
    ) -> None:
        """Put it together.

        Args:
            engine: Of the application's role.
            cipher: Seals second-factor secrets.
            passwords: How hashes are made; ``None`` takes the product's parameters.
            throttle: Counts attempts; ``None`` begins anew.
            clock: What time it is.
            https: Whether browsers reach us by https, also through a proxy.
        """
        self.https = https
        self.clock = clock
        self._engine = engine
        self._cipher = cipher
        self._passwords = passwords or Passwords()
        self._throttle = throttle or Throttle()
        self.admission: Admission | None = None
        """Says who may be in at all; the server puts it in."""

    def admit(self, municipality: str, role: Role, address: str) -> None:
        """Return if somebody of this role may be in from this address now.

        Raises:
            NetworkNotRegistered: Not from there.
            TermOver: Not any more.
        """
        if self.admission is not None:
            self.admission.require(municipality, role, address)

    def login(
        self,
        *,
        login: str,
        password: str,
        code: str = "",
        address: str,
        device: str = "",
        replaces: str | None = None,
        move: bool = False,
    ) -> Opened:
        """Open a new session; the one whose credential is ``replaces`` ends.

        With ``move`` the person's session on another device ends, too.

        Raises:
            TooManyAttempts: For this login from this address, or from this address.
            Unauthenticated: Login, password or code does not fit; which of them is not said.
            NetworkNotRegistered, TermOver: The person may not be in, from there or any more.
            InUseElsewhere: The person is in on another device.
        """
        login = login.strip().lower()
        self._throttle.admit(login, address)
        account = people.account_by_login(self._engine, login)
        verdict = self._passwords.verify(password, account.password_hash if account else None)
        usable = account is not None and verdict.fits and account.disabled_at is None
        if account is None or not usable or not self._second_factor_fits(account, code):
            self._throttle.failed(address)
            people.note_failure(self._engine, account)
            raise Unauthenticated("ログイン名・パスワード・認証コードのいずれかが違います")
        self._throttle.succeeded(login, address)
        self.admit(account.municipality, account.role, address)
        if replaces:
            self._end_replaced(replaces)
        token, session_id = secrets.token_urlsafe(32), secrets.token_hex(16)
        opening = Opening(
            session_id=session_id,
            token_sha256=digest(token),
            device=device,
            address=address,
            rehashed=verdict.rehashed,
            move=move,
        )
        open_session(self._engine, account, opening, now=self.clock())
        return Opened(person=_person(account, session_id=session_id, token=token), token=token)

    def logout(self, person: Person) -> None:
        """End the session that ``person`` is asking with."""
        if person.session_id is not None:
            self.end_session(person, person.session_id)

    def by_session(self, token: str) -> Person | None:
        """Return who is logged in with the credential ``token``, or ``None``."""
        found = sessions.session_by_token(self._engine, digest(token), now=self.clock())
        if found is None:
            return None
        account, session = found
        return _person(account, session_id=session.session_id, token=token)

    def by_token(self, token: str) -> Person | None:
        """Return whose program is asking with the bearer token ``token``, or ``None``."""
        found = sessions.account_by_token(self._engine, digest(token), now=self.clock())
        if found is None:
            return None
        account, token_id = found
        return _person(account, token_id=token_id)

    def rotate(self, person: Person, token: str) -> Opened:
        """Give the session a new credential and kill ``token``; after any gain in rights.

        Raises:
            Unauthenticated: ``token`` is not this session's credential any more.
        """
        fresh = secrets.token_urlsafe(32)
        with scope(self._engine, person.municipality) as connection:
            rotated = sessions.rotate_session(
                connection,
                person.session_id or "",
                old_sha256=digest(token),
                new_sha256=digest(fresh),
            )
            account = people.account_by_id(connection, person.account_id)
        if not rotated:
            raise Unauthenticated("もう一度ログインしてください")
        return Opened(
            person=_person(account, session_id=person.session_id, token=fresh), token=fresh
        )

    def change_password(
        self, person: Person, token: str, *, current: str, new: str, address: str
    ) -> Opened:
        """Replace the password, end the person's other sessions, rotate this one.

        Raises:
            PasswordRefused: The current one does not fit, or the new one cannot be used.
            TooManyAttempts: The current one was guessed at too often.
        """
        self._require_password(person, current, address=address)
        require_usable(new, login=person.login)
        if new == current:
            raise PasswordRefused("いまのパスワードと違うものにしてください")
        hashed = self._passwords.hash(new)
        with scope(self._engine, person.municipality) as connection:
            people.set_password(connection, person.account_id, hashed, temporary=False)
            sessions.end_sessions(connection, person.account_id, but=person.session_id)
        return self.rotate(person, token)

    def begin_second_factor(
        self, person: Person, *, password: str = "", address: str = ""
    ) -> Enrolment:
        """Make a secret for the person's authenticator app; it counts once confirmed.

        Args:
            person: Whose app it will be.
            password: Needed to replace a second factor that is in use.
            address: Where the attempt comes from.

        Raises:
            PasswordRefused: It was needed and does not fit.
            TooManyAttempts: It was guessed at too often.
        """
        with scope(self._engine, person.municipality) as connection:
            account = people.account_by_id(connection, person.account_id)
        if account.totp_secret is not None:
            self._require_password(person, password, address=address)
        secret = second_factor.new_secret()
        with scope(self._engine, person.municipality) as connection:
            people.set_pending_secret(
                connection, person.account_id, self._sealed(person.account_id, secret)
            )
        app_address = second_factor.app_address(secret, person.login)
        return Enrolment(
            secret=secret, address=app_address, svg=second_factor.qr_svg(app_address)
        )

    def confirm_second_factor(self, person: Person, token: str, *, code: str) -> Opened:
        """Put the secret into use, end the person's other sessions, rotate this one.

        Raises:
            CodeRefused: Nothing was begun, or the code does not fit.
        """
        with scope(self._engine, person.municipality) as connection:
            account = people.account_by_id(connection, person.account_id)
            if account.totp_pending is None:
                raise CodeRefused("最初からやり直してください")
            secret = self._unsealed(account.account_id, account.totp_pending)
            step = second_factor.matching_step(secret, code, now=self.clock(), after=None)
            if step is None or not people.confirm_pending_secret(
                connection, account.account_id, pending=account.totp_pending, step=step
            ):
                raise CodeRefused("アプリに表示されている6桁を入力してください")
            sessions.end_sessions(connection, account.account_id, but=person.session_id)
        return self.rotate(person, token)

    def sessions(self, person: Person) -> Sequence[LoginSession]:
        """Return the person's living sessions, the most recently used first."""
        with scope(self._engine, person.municipality) as connection:
            return sessions.sessions_of(connection, person.account_id, now=self.clock())

    def end_session(self, person: Person, session_id: str) -> None:
        """End one of the person's own sessions.

        Raises:
            SessionUnknown: They have no such session.
        """
        with scope(self._engine, person.municipality) as connection:
            if not sessions.end_session(connection, person.account_id, session_id):
                raise SessionUnknown("すでに終了しています")

    def note_refused(
        self, person: Person, action: Action, *, case_id: str | None, route: str
    ) -> None:
        """Record that the person tried what is not theirs to do."""
        with scope(self._engine, person.municipality) as connection:
            access.record_refused(
                connection,
                account_id=person.account_id,
                action=action,
                case_id=case_id,
                route=route,
                now=self.clock(),
            )

    def _end_replaced(self, token: str) -> None:
        found = sessions.session_by_token(self._engine, digest(token), now=self.clock())
        if found is not None:
            account, session = found
            with scope(self._engine, account.municipality) as connection:
                sessions.end_session(connection, account.account_id, session.session_id)

    def _second_factor_fits(self, account: Account, code: str) -> bool:
        """Spend the code, if the account has a second factor at all."""
        if account.totp_secret is None:
            return True
        secret = self._unsealed(account.account_id, account.totp_secret)
        step = second_factor.matching_step(
            secret, code, now=self.clock(), after=account.totp_last_step
        )
        if step is None:
            return False
        with scope(self._engine, account.municipality) as connection:
            return people.spend_step(connection, account.account_id, step)

    def _require_password(self, person: Person, password: str, *, address: str) -> None:
        self._throttle.admit(person.login, address)
        with scope(self._engine, person.municipality) as connection:
            account = people.account_by_id(connection, person.account_id)
        if not self._passwords.verify(password, account.password_hash).fits:
            self._throttle.failed(address)
            raise PasswordRefused("いまのパスワードが違います")
        self._throttle.succeeded(person.login, address)

    def _sealed(self, account_id: str, secret: str) -> bytes:
        # The owner's id is sealed in, so that one person's secret cannot be put in
        # another's row.
        return self._cipher.encrypt(f"{account_id}:{secret}".encode())

    def _unsealed(self, account_id: str, sealed: bytes) -> str:
        owner, _, secret = self._cipher.decrypt(sealed).decode().partition(":")
        if owner != account_id:
            raise ValueError("a second-factor secret stands in another account's row")
        return secret


def _person(
    account: Account,
    *,
    session_id: str | None = None,
    token_id: str | None = None,
    token: str | None = None,
) -> Person:
    return Person(
        account_id=account.account_id,
        municipality=account.municipality,
        role=account.role,
        login=account.login,
        display_name=account.display_name,
        session_id=session_id,
        token_id=token_id,
        form_token=form_token(token) if token else "",
        has_to_change_password=account.password_temporary,
        has_to_register_second_factor=account.totp_required and account.totp_secret is None,
    )
