"""Asking a server over many connections at once, cheaply, and taking the time.

Here: HTTP/1.1 over kept connections, just enough of it that the asking costs less than the
answering. Not here: what is asked.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HOST = "127.0.0.1"
_HEAD_ENDS = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, and after how long."""

    status: int
    body: bytes
    seconds: float

    def json(self) -> dict[str, Any]:
        """Return the body as the object it is."""
        found: dict[str, Any] = json.loads(self.body)
        return found


def request(
    method: str, path: str, body: Mapping[str, Any] | None = None, **headers: str
) -> bytes:
    """Return a request as it travels; a header's name is written with underscores."""
    sent = json.dumps(body).encode() if body is not None else b""
    named = {"Host": HOST, "Content-Length": str(len(sent))}
    if body is not None:
        named |= {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(8)}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {path} HTTP/1.1", *(f"{n}: {v}" for n, v in named.items())]
    return "\r\n".join(lines).encode() + _HEAD_ENDS + sent


class Line(asyncio.Protocol):
    """One kept connection, on which one question is asked after the other."""

    def __init__(self) -> None:
        self._came = b""
        self._asked: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.WriteTransport | None = None
        self.broken = False

    @classmethod
    async def to(cls, port: int) -> "Line":
        """Return a connection to a port of this machine.

        Raises:
            OSError: Nobody listens.
        """
        _, line = await asyncio.get_running_loop().create_connection(cls, HOST, port)
        return line

    async def ask(self, sent: bytes) -> Answer:
        """Return the answer to a request.

        Raises:
            ConnectionError: The other end is gone; what it did is not known.
        """
        if self.broken or self._transport is None:
            raise ConnectionResetError
        self._asked = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self._transport.write(sent)
        status, body = await self._asked
        return Answer(status=status, body=body, seconds=time.perf_counter() - began)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way out; called by the loop."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what came, and answer once it is whole; called by the loop."""
        self._came += data
        head, _, body = self._came.partition(_HEAD_ENDS)
        if not _ or len(body) < _length(head):
            return
        self._came = b""
        if self._asked is not None and not self._asked.done():
            self._asked.set_result((int(head.split(b" ", 2)[1]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits; called by the loop."""
        self.broken = True
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(exc or ConnectionResetError())


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(_LENGTH):
            return int(line[len(_LENGTH) :])
    return 0


async def for_a_while(
    ports: Sequence[int], make: Callable[[], bytes], *, lines: int, seconds: float
) -> list[Answer]:
    """Ask over ``lines`` connections for some time, as fast as the answers come."""
    answers: list[Answer] = []
    ends = time.perf_counter() + seconds

    async def one(port: int) -> None:
        line = await Line.to(port)
        while time.perf_counter() < ends:
            answers.append(await line.ask(make()))
        line.close()

    await asyncio.gather(*(one(port) for port in _spread(ports, lines)))
    return answers


def _spread(ports: Sequence[int], lines: int) -> Iterator[int]:
    return (ports[number % len(ports)] for number in range(lines))
