"""Waiting for something outside this process, with an end."""

import time
from collections.abc import Callable
from pathlib import Path


def eventually(holds: Callable[[], object], *, within: float = 60) -> None:
    """Return as soon as ``holds`` is true; fail when it never is."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has collected yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def is_dead(pid: int) -> bool:
    """Whether a process has ended."""
    return not is_alive(pid)
