"""Mails as bytes, and handing them to a server over SMTP.

Belongs here: addresses, the head of a mail, the conversation with the server and what its
answers mean for another try. Does not belong here: words (``activities.messages_text``), the
ledger (``activities.messages_sending``), a server of our own (``ops.mail_sink``).
"""

import asyncio
import contextlib
import hashlib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from enum import StrEnum
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from domain.calendars.hours import local
from domain.sending.outgoing import Problem, one_line

WHOLE_TRY = timedelta(seconds=60)
"""How long one conversation may last; below what the workflow allows an attempt."""

_LONGEST_ADDRESS = 254
_LONGEST_LOCAL_PART = 64
_NOT_IN_ADDRESS = frozenset(' "(),:;<>@[\\]')


class NotSent(Exception):
    """A message has not left; says why in a word and never whom it was for."""

    def __init__(self, problem: Problem, *, final: bool = False) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.final = final
        """Whether another try would end the same way."""


class Security(StrEnum):
    """How the way to the server is protected."""

    WHERE_OFFERED = "where_offered"
    """STARTTLS if the server knows it; for a relay on the same machine or network."""

    STARTTLS = "starttls"
    TLS = "tls"


_SCHEMES = {
    "smtp": (Security.WHERE_OFFERED, 25),
    "smtp+tls": (Security.STARTTLS, 587),
    "smtps": (Security.TLS, 465),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mails are handed over."""

    host: str
    port: int
    security: Security
    username: str | None = None
    password: str | None = None

    @classmethod
    def at(cls, url: str) -> "Server":
        """Return the server that a URL names: ``smtp+tls://user:password@host:587``.

        A password is never sent over a way that is not protected, unless it stays on this
        machine.

        Raises:
            ValueError: It names none; the message does not repeat it.
        """
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ValueError("must be smtp://, smtp+tls:// or smtps:// with a host")
        security, port = _SCHEMES[parts.scheme]
        here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if parts.username and security is Security.WHERE_OFFERED and not here:
            security = Security.STARTTLS
        return cls(
            host=parts.hostname,
            port=parts.port or port,
            security=security,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


_MEANINGS: Sequence[tuple[type[Exception], Problem, bool]] = (
    (aiosmtplib.SMTPRecipientRefused, Problem.RECIPIENT_REFUSED, True),
    (aiosmtplib.SMTPDataError, Problem.SERVER_REFUSED, True),
    (aiosmtplib.SMTPAuthenticationError, Problem.LOGIN, False),
    (aiosmtplib.SMTPResponseException, Problem.SERVER_REFUSED, False),
    (TimeoutError, Problem.TIMEOUT, False),
    (ssl.SSLError, Problem.TLS, False),
    (aiosmtplib.SMTPNotSupported, Problem.TLS, False),
)
"""What each kind of trouble is called, and whether it is for good; the first that fits."""


class Mailer(Protocol):
    """What hands one mail over."""

    async def send(self, sender: Address, recipient: Address, content: bytes) -> None:
        """Return once the mail is taken.

        Raises:
            NotSent: It is not.
        """


class NoMailer:
    """In place of a server where none is set up: every mail waits for one."""

    async def send(self, sender: Address, recipient: Address, content: bytes) -> None:
        """Refuse, until somebody names a server."""
        raise NotSent(Problem.NO_SERVER)


class SmtpMailer:
    """Hands mails to one server, each over a connection of its own."""

    def __init__(self, server: Server) -> None:
        """Prepare; nothing is connected yet."""
        self._server = server
        self._trust = ssl.create_default_context()

    async def send(self, sender: Address, recipient: Address, content: bytes) -> None:
        """Hand the mail over.

        The server's word after the last line counts. If the connection breaks just before
        it, the mail may have been taken all the same, and the next try brings it again under
        the same Message-ID.

        Raises:
            NotSent: It is not taken.
        """
        client = self._client()
        try:
            async with asyncio.timeout(WHOLE_TRY.total_seconds()):
                await client.connect()
                await client.sendmail(sender.addr_spec, [recipient.addr_spec], content)
        except (aiosmtplib.SMTPException, OSError) as error:
            # Not chained: the texts of servers repeat whom a mail is for.
            raise _meaning(error) from None
        finally:
            await _leave(client)

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        starttls = {Security.WHERE_OFFERED: None, Security.STARTTLS: True, Security.TLS: False}
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.security is Security.TLS,
            start_tls=starttls[server.security],
            tls_context=self._trust,
            local_hostname="madoguchi",
            timeout=20,
        )


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye if there is somebody to say it to; what was taken stays taken."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        if client.is_connected:
            await client.quit(timeout=2)
    client.close()


def _meaning(error: Exception) -> NotSent:
    """Return what a failed conversation means for another try.

    Final is only what the server said about this mail or its recipient. A refused login or
    sender is the operator's to mend, and afterwards every mail goes out.
    """
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return _meaning(error.recipients[0])
    if isinstance(error, aiosmtplib.SMTPResponseException) and not _for_good(error.code):
        return NotSent(Problem.SERVER_BUSY)
    if isinstance(error.__cause__, ssl.SSLError):
        return NotSent(Problem.TLS)
    if type(error) is aiosmtplib.SMTPException:
        # So the library says that a server lacks what we insist on.
        return NotSent(Problem.TLS if "STARTTLS extension" in str(error) else Problem.LOGIN)
    for kind, problem, final in _MEANINGS:
        if isinstance(error, kind):
            return NotSent(problem, final=final)
    return NotSent(Problem.NO_CONNECTION)


def _for_good(code: int) -> bool:
    return 500 <= code <= 599


def address(written: str) -> Address:
    """Return an address as a mail's envelope wants it.

    Two dots in a row are let through: telephone companies gave out such addresses for years.

    Raises:
        NotSent: It is none, or one that only few servers could write to.
    """
    local_part, at, domain = written.strip().rpartition("@")
    unusable = (
        not at
        or not local_part.isascii()
        or not local_part.isprintable()
        or not 1 <= len(local_part) <= _LONGEST_LOCAL_PART
        or _NOT_IN_ADDRESS & set(local_part)
    )
    try:
        host = domain.encode("idna").decode()
    except UnicodeError:
        host = ""
    labels = host.split(".")
    in_dns = all(label.replace("-", "").isalnum() for label in labels) and len(labels) > 1
    if unusable or not in_dns or len(written) > _LONGEST_ADDRESS:
        raise NotSent(Problem.ADDRESS_UNUSABLE, final=True)
    return Address(username=local_part, domain=host)


def new_message_id(municipality: str, case_id: str, key: str, sender: Address) -> str:
    """Return the Message-ID of a message: always the same one, and telling nothing."""
    digest = hashlib.sha256(f"{municipality}/{case_id}/{key}".encode()).hexdigest()
    return f"<{digest[:32]}@{sender.domain}>"


def compose(
    *,
    sender: Address,
    recipient: Address,
    subject: str,
    body: str,
    message_id: str,
    at: datetime,
    language: str,
) -> bytes:
    """Return a mail; the same words at the same moment are the same bytes.

    Nobody's name stands in its head, and no line of it can be ended by a value.
    """
    mail = EmailMessage(policy=WIRE)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = one_line(subject)
    mail["Date"] = local(at)
    mail["Message-ID"] = message_id
    # Answering machines leave such a mail alone.
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = language
    mail.set_content(body, charset="utf-8", cte="base64")
    return mail.as_bytes()
