"""Real mail servers for tests, on a free port of this machine, and what they took.

Here: starting one that keeps what comes, and telling it to refuse. Not here: what a mail has
to say.
"""

import asyncio
import email
import email.policy
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from activities.mail import Server, SmtpMailer
from ops.mail_sink import HERE, Keeper, conversation


@dataclass
class Post:
    """The mails that a server has taken, and how it answers."""

    folder: Path
    recipients: list[str] = field(default_factory=list)
    to_recipient: str | None = None
    """What it says to every recipient instead of taking them."""

    to_content: str | None = None
    """What it says after the last line instead of taking the mail."""

    def mails(self) -> list[EmailMessage]:
        """Return the mails, in the order in which they came."""
        return [
            email.message_from_bytes(content, _class=EmailMessage, policy=email.policy.default)
            for content in self.contents()
        ]

    def contents(self) -> list[bytes]:
        """Return the same as they came over the line."""
        return [path.read_bytes() for path in sorted(self.folder.glob("*.eml"))]


class Answering(Keeper):
    """The product's own server, which can be told to refuse."""

    def __init__(self, post: Post) -> None:
        super().__init__(post.folder)
        self._post = post

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self._post.to_recipient is not None:
            return self._post.to_recipient
        envelope.rcpt_tos.append(address)
        self._post.recipients.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(  # noqa: N802 - likewise
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        return self._post.to_content or await super().handle_DATA(server, session, envelope)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server((HERE, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def mailer(port: int, scheme: str = "smtp") -> SmtpMailer:
    """Return what hands mails over at a port."""
    return SmtpMailer(Server.at(f"{scheme}://{HERE}:{port}"))


@asynccontextmanager
async def listening(post: Post, port: int) -> AsyncIterator[Post]:
    """Run a server."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(conversation, Answering(post)), HERE, port)
    try:
        yield post
    finally:
        server.close()
        await server.wait_closed()
