"""What goes wrong around the engines, in words for the person who started them.

Belongs here: the one error that the commands print without a traceback. Does not belong here:
refusals of the product (`domain.errors`) and wrong variables (`settings`).
"""

from pathlib import Path

_TAIL_BYTES = 2_000


class EngineFault(Exception):
    """Something the person at the keyboard can mend; the message says what and how."""


def tail(log: Path) -> str:
    """Return the last lines of a log, or nothing when there is none."""
    if not log.exists():
        return ""
    return log.read_bytes()[-_TAIL_BYTES:].decode(errors="replace").strip()
