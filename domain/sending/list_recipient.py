"""Where a city gets its lists, and what they are locked with.

The password is agreed with the city in another way than by mail, and never travels with a
file. Belongs here: what address and password have to be. Does not belong here: keeping them
(``store.list_recipients``).
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from domain.lots.list_errors import NotAListAddress, WeakListPassword

SHORTEST_PASSWORD = 14
_LONGEST_PASSWORD = 100
_FEWEST_DIFFERENT = 8
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRecipient:
    """What holds from a moment on."""

    number: int
    address: str
    password: str = field(repr=False)
    agreement: str
    """When, how and with whom it was agreed."""
    set_by: str
    set_at: datetime


def require_address(typed: str) -> str:
    """Return an office's address without surrounding blanks.

    Raises:
        NotAListAddress: It is none.
    """
    address = typed.strip()
    if not _ADDRESS.fullmatch(address):
        raise NotAListAddress("office@city.example.jp のように入力してください。")
    return address


def require_password(typed: str) -> str:
    """Return a password that every program for archives understands and nobody guesses.

    Raises:
        WeakListPassword: It is too short, too uniform, or has other characters than ASCII.
    """
    plain = typed.isascii() and typed.isprintable() and typed == typed.strip()
    long_enough = SHORTEST_PASSWORD <= len(typed) <= _LONGEST_PASSWORD
    if not plain or not long_enough or len(set(typed)) < _FEWEST_DIFFERENT:
        raise WeakListPassword(
            f"半角の英数字と記号で{SHORTEST_PASSWORD}文字以上、"
            f"{_FEWEST_DIFFERENT}種類以上の文字を使ってください。"
        )
    return typed
