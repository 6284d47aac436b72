"""A number somebody took, from the line to the desk or out of the house.

A number says nothing of a person: it is a place in a line on one day. Being called is claimed
in the database (``store.queue_tickets``), everything else is a step of its case.

    in_line -> called -> serving -> served
    called -> in_line      back into its line, or another
    called -> no_show      after as many calls as the contract has
    any    -> left         when somebody goes
    any    -> day_ended    when the line is closed or the day is over
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.errors import WrongStage
from domain.parties import Role, Standing
from domain.queue.queue_errors import CalledTooFew, NoLineHere, ResidentsFirst
from domain.queue.queue_rules import Rank


class Stage(StrEnum):
    """Where a number stands."""

    WAITING = "in_line"
    CALLED = "called"
    SERVING = "serving"
    SERVED = "served"
    LEFT = "left"
    NO_SHOW = "no_show"
    DAY_ENDED = "day_ended"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.WAITING: "待っています",
    Stage.CALLED: "呼出し中",
    Stage.SERVING: "対応中",
    Stage.SERVED: "対応済み",
    Stage.LEFT: "帰られた",
    Stage.NO_SHOW: "呼出しに不在",
    Stage.DAY_ENDED: "受付終了まで呼ばれなかった",
}

ENDS = frozenset({Stage.SERVED, Stage.LEFT, Stage.NO_SHOW, Stage.DAY_ENDED})
AT_A_DESK = frozenset({Stage.CALLED, Stage.SERVING})
"""While a number is here its desk calls nobody else."""


class Step(StrEnum):
    """What people do with a number; the words are those of ``parties.Action``."""

    RECALL_TICKET = "recall_ticket"
    SERVE_TICKET = "serve_ticket"
    END_TICKET = "end_ticket"
    MOVE_TICKET = "move_ticket"
    PREFER_TICKET = "prefer_ticket"


RESULT_TEXT: Mapping[Stage, str] = {
    Stage.SERVED: "対応を終えた",
    Stage.LEFT: "帰られた",
    Stage.NO_SHOW: "呼出しに不在",
}
"""How a person ends a number; the end of a day ends it by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One value per moment."""

    case_id: str
    place: str
    line: str
    letter: str
    number: int
    day: date
    taken_at: datetime
    ends_at: datetime
    """When the day is over and the number with it."""

    calls_before_absent: int
    lines: tuple[str, ...]
    """The lines of the contract it began with; it can be moved between them."""

    rank: Rank = Rank.ORDINARY
    resident: bool | None = None
    """Whether registered in the city; ``None``: nobody asked."""

    procedure: str = ""
    """Code of what they came for, if they said it."""

    stage: Stage = Stage.WAITING
    desk: str = ""
    """Which desk called it last."""

    calls: int = 0
    called_at: datetime | None = None
    served_at: datetime | None = None
    """When somebody began to serve them."""

    @property
    def label(self) -> str:
        """What stands on the paper and on the board: ``A012``."""
        return f"{self.letter}{self.number:03d}"

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in ENDS

    @property
    def standing(self) -> Standing:
        """Where the number stands between the parties: reception is the provider's."""
        return Standing.CLOSED if self.closed else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """Nobody in particular: a line is looked at as a whole, on a page of its own."""
        return None

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next; calling is no step but a claim."""
        if self.closed:
            return ()
        if self.stage is Stage.WAITING:
            first = () if self.rank is not Rank.ORDINARY else (Step.PREFER_TICKET,)
            return (Step.END_TICKET, Step.MOVE_TICKET, *first)
        if self.stage is Stage.CALLED:
            return (Step.SERVE_TICKET, Step.RECALL_TICKET, Step.END_TICKET, Step.MOVE_TICKET)
        return (Step.END_TICKET,)

    def call(self, desk: str, now: datetime) -> "Ticket":
        """Call the number to a desk.

        Raises:
            WrongStage: It does not wait.
        """
        self._require(Stage.WAITING)
        return replace(self, stage=Stage.CALLED, desk=desk, calls=self.calls + 1, called_at=now)

    def recall(self) -> "Ticket":
        """Call it once more."""
        self._require(Stage.CALLED)
        return replace(self, calls=self.calls + 1)

    def serve(self, now: datetime) -> "Ticket":
        """Begin to serve whoever came to the desk."""
        self._require(Stage.CALLED)
        return replace(self, stage=Stage.SERVING, served_at=now)

    def end(self, result: Stage) -> "Ticket":
        """End the number with what became of it.

        Raises:
            WrongStage: It has ended, or cannot end like this from here.
            CalledTooFew: Nobody is absent yet.
        """
        if result is Stage.SERVED:
            self._require(Stage.SERVING)
        elif result is Stage.NO_SHOW:
            self._require(Stage.CALLED)
            if self.calls < self.calls_before_absent:
                raise CalledTooFew(
                    f"{self.calls_before_absent}回呼んでから不在とします（いま{self.calls}回）。"
                )
        elif result is Stage.LEFT:
            self._require(Stage.WAITING, Stage.CALLED, Stage.SERVING)
        else:
            raise WrongStage("結果を選んでください。")
        return replace(self, stage=result)

    def move(self, line: str) -> "Ticket":
        """Let it wait in another line, or again in its own, since when it was taken.

        Raises:
            NoLineHere: There is no such line.
            WrongStage: It does not wait and was not called.
        """
        self._require(Stage.WAITING, Stage.CALLED)
        if line not in self.lines:
            raise NoLineHere("列を選び直してください。")
        return replace(self, stage=Stage.WAITING, line=line, desk="")

    def prefer(self) -> "Ticket":
        """Let it go before the others.

        Raises:
            WrongStage: It does not wait.
            ResidentsFirst: Residents would have to wait for somebody from elsewhere.
        """
        self._require(Stage.WAITING)
        if self.rank is Rank.AFTER:
            raise ResidentsFirst("住民の方が待っていなければ、次に呼ばれます。")
        return replace(self, rank=Rank.FIRST)

    def end_day(self) -> "Ticket":
        """End it because the line is closed; who is being served is served to the end.

        Raises:
            WrongStage: It is not in the line any more.
        """
        self._require(Stage.WAITING, Stage.CALLED)
        return replace(self, stage=Stage.DAY_ENDED)

    def pass_midnight(self) -> "Ticket":
        """End whatever is left when the day is over; who was at a desk has been served."""
        served = self.stage is Stage.SERVING
        return replace(self, stage=Stage.SERVED if served else Stage.DAY_ENDED)

    def visit_over(self, *, left: bool) -> "Ticket":
        """End it with the visit that was received with it."""
        self._require(Stage.SERVING)
        return replace(self, stage=Stage.LEFT if left else Stage.SERVED)

    def _require(self, *stages: Stage) -> None:
        if self.stage not in stages:
            raise WrongStage(f"{self.label} は、いま「{STAGE_TEXT[self.stage]}」です。")
