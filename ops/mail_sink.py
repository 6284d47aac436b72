"""A mail server for this machine alone: it takes every mail and sends none on.

    SMTP_URL=smtp://127.0.0.1:2525 MAIL_DIR=… python -m ops.mail_sink

Where nobody has named a server, `make run` starts this one, so that a demo can be tried with
its mails. They are kept as files, which the page `/demo/mail` shows. Sending real mails does
not belong here: that is the server that ``SMTP_URL`` names.
"""

import asyncio
import logging
import os
import secrets
import signal
import sys
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

import settings
from ops import logs
from ops.fault import EngineFault
from settings import Settings

log = structlog.get_logger()

HERE = "127.0.0.1"
LARGEST_BYTES = 2_000_000

_TAKEN = "250 2.0.0 kept"
_FULL = "451 4.3.0 cannot be kept now"


class Keeper:
    """Writes every mail that comes in as a file of its own."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when the first mail comes."""
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep one mail; whoever sent it is told that it is taken once it is on disk."""
        content = envelope.original_content or b""
        try:
            await asyncio.to_thread(keep, self._folder, content)
        except OSError:
            log.exception("mail_not_kept")
            return _FULL
        return _TAKEN


def keep(folder: Path, content: bytes) -> Path:
    """Write a mail, whole or not at all; names sort by the time at which it came."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    fresh = folder / f".{name}.new"
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(file, "wb") as writer:
        writer.write(content)
        writer.flush()
        os.fsync(file)
    kept = folder / f"{name}.eml"
    fresh.replace(kept)
    return kept


def conversation(handler: object) -> SMTP:
    """Return the protocol for one connection; call it in a running loop."""
    return SMTP(
        handler,
        hostname="localhost",
        ident="Madoguchi",
        data_size_limit=LARGEST_BYTES,
        enable_SMTPUTF8=True,
        loop=asyncio.get_running_loop(),
    )


async def serve(folder: Path, port: int) -> None:
    """Take mails until told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sig, stop.set)
    server = await loop.create_server(partial(conversation, Keeper(folder)), HERE, port)
    log.info("mail_sink_started", address=f"{HERE}:{port}")
    async with server:
        await stop.wait()
    log.info("mail_sink_stopped")


def place(chosen: Settings) -> tuple[Path, int]:
    """Return where mails are kept and the port to listen on.

    Raises:
        EngineFault: The settings name another machine's server, or no folder.
    """
    parts = urlsplit(chosen.smtp_url or "")
    if parts.hostname != HERE or parts.port is None or chosen.mail_dir is None:
        raise EngineFault(f"set SMTP_URL=smtp://{HERE}:<port> and MAIL_DIR; see make run")
    return chosen.mail_dir, parts.port


def main() -> int:
    """Run until told to stop; return the exit code."""
    try:
        chosen = settings.load()
        folder, port = place(chosen)
    except (settings.WrongSetting, EngineFault) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    logs.configure(chosen.log_level, process="mail")
    # Its library tells every address it hears.
    structlog.stdlib.get_logger("mail.log").setLevel(logging.ERROR)
    asyncio.run(serve(folder, port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
