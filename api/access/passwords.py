"""Passwords: argon2id hashes, made and checked a few at a time.

Whose password it is, and what follows from a wrong one, is decided in ``api.access.door``.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from domain.errors import PasswordRefused, TooManyAttempts

SHORTEST, LONGEST = 12, 128

# One hash takes 64 MiB and a tenth of a second: unbounded, a burst of logins is an outage.
_AT_ONCE = 2
_PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a password fits."""

    fits: bool
    rehashed: str | None = field(default=None, repr=False)
    """The hash under today's parameters, if the stored one is older."""


class Passwords:
    """Makes and checks hashes; one for the whole process, so that its limit is one."""

    def __init__(
        self,
        *,
        hasher: PasswordHash | None = None,
        at_once: int = _AT_ONCE,
        patience: timedelta = _PATIENCE,
    ) -> None:
        """Choose the parameters; tests choose cheap ones."""
        self._hasher = hasher or PasswordHash((Argon2Hasher(),))
        self._places = threading.BoundedSemaphore(at_once)
        self._patience = patience
        # Checked when nobody has the login, so that nobody costs as much as somebody.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """Return what may be stored."""
        with self._place():
            return self._hasher.hash(password)

    def verify(self, password: str, hashed: str | None) -> Verdict:
        """Say whether ``password`` fits; exactly one hash is computed for any answer.

        Args:
            password: What was typed.
            hashed: What is stored, or ``None`` if there is no such account.

        Raises:
            TooManyAttempts: Too many others are waiting.
        """
        with self._place():
            fits, rehashed = self._hasher.verify_and_update(password, hashed or self._nobody)
        known = hashed is not None
        return Verdict(fits=fits and known, rehashed=rehashed if known else None)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=self._patience.total_seconds()):
            raise TooManyAttempts("混み合っています。しばらく待ってからやり直してください")
        try:
            yield
        finally:
            self._places.release()


def new_password() -> str:
    """Return a password to hand to a person once; it has to be changed at the first login."""
    return secrets.token_urlsafe(15)


def require_usable(password: str, *, login: str) -> None:
    """Refuse a password that is too easy to guess.

    Length counts, not a mixture of kinds of characters.

    Raises:
        PasswordRefused: Too short, too long, one letter over and over, or like the login.
    """
    if len(password) < SHORTEST:
        raise PasswordRefused(f"{SHORTEST}文字以上にしてください")
    if len(password) > LONGEST:
        raise PasswordRefused(f"{LONGEST}文字以内にしてください")
    if len(set(password)) < 5:
        raise PasswordRefused("同じ文字の繰り返しは使えません")
    if login.lower() in password.lower():
        raise PasswordRefused("ログイン名を含めないでください")
