"""What stands on the board of a waiting room: numbers, desks and how many wait.

Belongs here: what is shown and in which order. Does not belong here: the page
(``api.pages.queue.board``). No name, no procedure: everybody in the room reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SHOWN_AT_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A number that is called, and where to."""

    label: str
    desk: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The board at one moment."""

    place: str = ""
    called: tuple[Called, ...] = ()
    """The latest call first."""

    waiting: tuple[tuple[str, int], ...] = ()
    """Each line with how many wait in it."""


BLANK = Board()
"""What a link that is none, or over, shows."""


def board(place: str, called: Sequence[Called], waiting: Mapping[str, int]) -> Board:
    """Return the board of a place.

    Args:
        place: Its name.
        called: Who is called, the latest first.
        waiting: Names of lines, and how many wait.
    """
    return Board(
        place=place, called=tuple(called[:SHOWN_AT_MOST]), waiting=tuple(waiting.items())
    )
