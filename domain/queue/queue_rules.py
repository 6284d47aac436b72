"""What a contract says of waiting: lines, the desks that serve them, who goes first.

Belongs here: the rules as values and what follows from them. Does not belong here: one number
and its way (``domain.queue.ticket``), files (``contracts/build_queue.py``).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from domain.errors import ReasonMissing
from domain.queue.queue_errors import DeskUnknown, NoLineHere, NumberNeeded


class Numbering(StrEnum):
    """Where the numbers of a line come from."""

    ISSUED = "issued"
    """Given out here, from one upwards every day."""

    MACHINE = "machine"
    """Printed by a ticket machine (発券機) and entered."""


class Rank(IntEnum):
    """Who is called before whom; within a rank, who came first."""

    FIRST = 0
    """Preferred, with a reason that was recorded."""

    ORDINARY = 1
    AFTER = 2
    """Behind everybody else who waits: not a resident, where residents go first."""


RANK_TEXT = {Rank.FIRST: "優先", Rank.ORDINARY: "通常", Rank.AFTER: "市外の方（後順位）"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of people who wait for the same kind of service."""

    id: str
    label: str
    letter: str
    """What its numbers begin with, so that those of two lines are told apart."""

    channel: str
    """The channel whose calendar says when numbers are given out."""

    numbering: Numbering = Numbering.ISSUED
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDesk:
    """One desk, and the lines from which it calls."""

    id: str
    label: str
    lines: tuple[str, ...]
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRules:
    """The waiting lines of a contract; each place has all of them."""

    lines: tuple[Line, ...]
    desks: tuple[QueueDesk, ...]
    calls_before_absent: int
    """How often somebody is called before they count as absent."""

    residents_first: bool = False
    """Whether who lives elsewhere waits behind residents. Source: Urasoe specification §7."""

    lines_apart: bool = False
    """Whether no desk may serve two lines. Source: Chiba specification 第2-1(2)イ."""

    clause: str = ""

    def __post_init__(self) -> None:
        known = {line.id for line in self.lines}
        for desk in self.desks:
            if not desk.lines or set(desk.lines) - known:
                raise ValueError(f"{desk.id}: a desk serves lines of its contract")
            if self.lines_apart and len(desk.lines) > 1:
                raise ValueError(f"{desk.id}: a desk of lines that are apart serves one")

    def line(self, line_id: str) -> Line:
        """Return a line.

        Raises:
            NoLineHere: The contract has none of this name.
        """
        for line in self.lines:
            if line.id == line_id:
                return line
        raise NoLineHere("列を選び直してください。")

    def desk(self, desk_id: str) -> QueueDesk:
        """Return a desk.

        Raises:
            DeskUnknown: The contract has none of this name.
        """
        for desk in self.desks:
            if desk.id == desk_id:
                return desk
        raise DeskUnknown("窓口を選び直してください。")

    def rank(self, resident: bool | None, *, reason: str | None) -> Rank:
        """Return where somebody stands who takes a number.

        Args:
            resident: Whether they are registered in the city; ``None``: nobody asked.
            reason: Why somebody from elsewhere is taken on all the same.

        Raises:
            ReasonMissing: Nobody says why.
        """
        if not self.residents_first or resident:
            return Rank.ORDINARY
        if resident is None:
            raise ReasonMissing("市に住民登録があるかを選んでください。")
        if not (reason or "").strip():
            raise ReasonMissing("市外の方を受け付ける理由を入力してください。")
        return Rank.AFTER

    def require_numbering(self, line_id: str, number: int | None) -> None:
        """Refuse a number where numbers are given out here, and none where they are not.

        Raises:
            NumberNeeded: Either of the two.
        """
        by_machine = self.line(line_id).numbering is Numbering.MACHINE
        if by_machine and number is None:
            raise NumberNeeded("発券機の番号を入力してください。")
        if not by_machine and number is not None:
            raise NumberNeeded("この列の番号は、受け付けるときに決まります。")
