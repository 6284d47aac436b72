"""How the photo process is asked and answers: lengths, JSON and bytes, on one socket.

Plain bytes only. A process that read a hostile file may answer anything, so nothing of its
answer is ever executed or unpickled, and no part may be larger than what is expected.
"""

import socket
import time
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from domain.photos.photo import Box, Measurements
from domain.photos.photo_limits import LOOKED_AT_BYTES
from domain.photos.photo_rules import Exemption

_LENGTH: Final = 4
_AT_ONCE_BYTES: Final = 1 << 20
_MOST_BYTES: Final = LOOKED_AT_BYTES
"""Of one part: no picture that is made is larger than one that is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is wanted of a photo."""

    cut: Box | None = None
    """The part to cut out first; what is measured is then what was cut out."""

    pictures: bool = False
    exemption: Exemption | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the process found; the pictures follow as parts of their own."""

    measured: Measurements | None = None
    refused: str = ""
    """The name of a refusal, in place of everything else."""

    words: str = ""


ASKED: Final = TypeAdapter(Asked)
ANSWERED: Final = TypeAdapter(Answered)


class Lost(Exception):
    """The other side is gone, too slow, or not making sense."""


def send(line: socket.socket, *parts: bytes, until: float | None = None) -> None:
    """Send parts.

    Args:
        line: To whom.
        parts: What, in order.
        until: By when, on the monotonic clock; ``None`` takes the time it takes.

    Raises:
        Lost: The other side does not take them.
    """
    try:
        for part in parts:
            line.settimeout(_left(until))
            line.sendall(len(part).to_bytes(_LENGTH, "big") + part)
    except OSError as broken:
        raise Lost("the line broke, or it took too long") from broken


def receive(line: socket.socket, *, until: float | None = None) -> bytes:
    """Return the next part.

    Raises:
        Lost: None comes.
    """
    length = int.from_bytes(_exactly(line, _LENGTH, until), "big")
    if length > _MOST_BYTES:
        raise Lost("a part is larger than any can be")
    return _exactly(line, length, until)


def _exactly(line: socket.socket, length: int, until: float | None) -> bytes:
    found = bytearray()
    while len(found) < length:
        try:
            line.settimeout(_left(until))
            came = line.recv(min(length - len(found), _AT_ONCE_BYTES))
        except OSError as broken:
            raise Lost("the line broke, or it took too long") from broken
        if not came:
            raise Lost("the other side hung up")
        found += came
    return bytes(found)


def _left(until: float | None) -> float | None:
    """Return how many seconds are left."""
    if until is None:
        return None
    left = until - time.monotonic()
    if left <= 0:
        raise Lost("it took too long")
    return left
