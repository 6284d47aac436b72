"""Short messages: the gateway that takes them, and a folder in its place.

Belongs here: numbers that can receive one, handing one over. Does not belong here: words
(``activities.messages_text``). A provider's own interface becomes one more class here.
"""

import asyncio
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import phonenumbers
from phonenumbers import PhoneNumberType

from activities.mail import NotSent
from domain.sending.outgoing import Problem

_REGION = "JP"
_TAKE_SMS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """One short message."""

    message_id: str
    """The same at every try, so that a gateway can tell a repetition."""

    to: str
    """In international form."""

    text: str
    at: datetime


class SmsGateway(Protocol):
    """What hands one short message over."""

    async def send(self, sms: Sms) -> None:
        """Return once the message is taken; one that was taken before is taken once.

        Raises:
            NotSent: It is not.
        """


class NoSms:
    """Where no gateway is set up: nobody can be reached this way, somebody has to phone."""

    async def send(self, sms: Sms) -> None:
        """Refuse for good: waiting would only lose the days in which one can still phone."""
        raise NotSent(Problem.NO_SERVER, final=True)


class SmsFolder:
    """Keeps each message as a file, for a gateway that fetches them, or to look at.

    A file is there whole or not at all, and a repetition replaces it by itself.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when it is needed."""
        self._folder = folder

    async def send(self, sms: Sms) -> None:
        """Write the file.

        Raises:
            NotSent: The disk does not take it.
        """
        try:
            await asyncio.to_thread(self._write, sms)
        except OSError:
            raise NotSent(Problem.SERVER_BUSY) from None

    def _write(self, sms: Sms) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = hashlib.sha256(sms.message_id.encode()).hexdigest()[:32]
        written = asdict(sms) | {"at": sms.at.isoformat()}
        fresh = self._folder / f".{name}.new"
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(file, "w", encoding="utf-8") as writer:
            json.dump(written, writer, ensure_ascii=False)
            writer.flush()
            os.fsync(file)
        fresh.replace(self._folder / f"{name}.json")


def number(written: str) -> str:
    """Return a number that takes short messages, in international form.

    Raises:
        NotSent: It is none, or the number of a line at home.
    """
    try:
        found = phonenumbers.parse(written, _REGION)
    except phonenumbers.NumberParseException:
        raise NotSent(Problem.ADDRESS_UNUSABLE, final=True) from None
    if phonenumbers.number_type(found) not in _TAKE_SMS:
        raise NotSent(Problem.ADDRESS_UNUSABLE, final=True)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
