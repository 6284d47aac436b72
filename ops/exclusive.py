"""What only one process at a time may have: a directory, a port.

Belongs here: holding and giving back. Does not belong here: what is done while it is held.
Both are released by the kernel when the holder dies, however it dies.
"""

import fcntl
import os
import random
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from ops.fault import EngineFault

# Below the kernel's ephemeral range: a client that redials a dead server on a port inside
# that range can be given the same number as its own end, and then talks to itself.
_QUIET_PORTS = range(20_000, 30_000)


class DirectoryLock:
    """The right to be the only one who works in a directory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock, or keep it when it is ours already.

        Raises:
            EngineFault: Another process holds it, or the directory is not ours to use.
        """
        if self._file is not None:
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError as problem:
            raise EngineFault(f"{self._path.parent} cannot be written to by us") from problem
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 20).decode(errors="replace").strip() or "unknown"
            os.close(file)
            raise EngineFault(
                f"{self._path.parent} is already in use by process {holder}"
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class ReservedPort:
    """A free TCP port that no other process of ours will choose while this one lives.

    The port itself stays unbound for the server that is to use it; the reservation is a
    name in the kernel's abstract socket namespace, which exists once per network namespace
    just as ports do, and leaves no file behind.
    """

    def __init__(self, number: int, token: socket.socket) -> None:
        self.number = number
        self._token = token

    @classmethod
    def first_of(cls, candidates: Iterable[int]) -> "ReservedPort | None":
        """Return the first free candidate, or None when all are taken."""
        for number in candidates:
            token = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                token.bind(f"\0madoguchi-port-{number}")
            except OSError:
                token.close()
                continue
            if is_free(number):
                return cls(number, token)
            token.close()
        return None

    @classmethod
    def any(cls, *preferred: int) -> "ReservedPort":
        """Return a free port, one of ``preferred`` if possible.

        Raises:
            EngineFault: The machine has no port left.
        """
        others = random.sample(_QUIET_PORTS, 200)
        found = cls.first_of([*preferred, *others])
        if found is None:
            raise EngineFault("no free TCP port found on this machine")
        return found

    def release(self) -> None:
        """Let others choose the port again."""
        self._token.close()


def is_free(port: int) -> bool:
    """Whether a server could listen on ``port`` now, on any address of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Servers set this too: a port in TIME_WAIT is free, one with a listener is not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
        return True
