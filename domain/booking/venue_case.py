"""A place where a venue is opened, from its candidacy until the venue is over.

Belongs here: how far a place has come and whose turn it is. Does not belong here: on which
days it is open (``venue_plan``), where it may lie (``places``), what came of it (the store).
Source: Chiba specification 第1-3(2), 第2-1(2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.errors import FieldMissing, WrongStage
from domain.parties import Role, Standing


class Stage(StrEnum):
    """How far a venue has come."""

    CANDIDATE = "candidate"
    PROPOSED = "proposed"
    AGREED = "agreed"
    PREPARING = "preparing"
    IN_USE = "in_use"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.CANDIDATE: "候補",
    Stage.PROPOSED: "市に提案",
    Stage.AGREED: "市と合意",
    Stage.PREPARING: "準備中",
    Stage.IN_USE: "開設中",
    Stage.CLOSED: "終了",
    Stage.WITHDRAWN: "取りやめ",
}

ORDER = tuple(stage for stage in Stage if stage is not Stage.WITHDRAWN)
"""The stages that every venue passes, one after the other."""

ENDED: frozenset[str] = frozenset({Stage.CLOSED, Stage.WITHDRAWN})


class Step(StrEnum):
    """What can be done; the words are those of ``parties.Action``."""

    PROPOSE_VENUE = "propose_venue"
    AGREE_VENUE = "agree_venue"
    PREPARE_VENUE = "prepare_venue"
    OPEN_VENUE = "open_venue"
    CLOSE_VENUE = "close_venue"
    WITHDRAW_VENUE = "withdraw_venue"


_NEXT: Mapping[Stage, Step] = {
    Stage.CANDIDATE: Step.PROPOSE_VENUE,
    Stage.PROPOSED: Step.AGREE_VENUE,
    Stage.AGREED: Step.PREPARE_VENUE,
    Stage.PREPARING: Step.OPEN_VENUE,
    Stage.IN_USE: Step.CLOSE_VENUE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the city agreed to: the days within which the place may be open."""

    from_day: date
    to_day: date
    reference: str
    """The document in which it was agreed (協議書)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """One value per moment; once agreed on, its case is also the id of the place."""

    case_id: str
    name: str
    address: str
    directions: str
    designated: bool = False
    """Whether the city itself names the place (市が指定した場所)."""

    named_by: Role
    stage: Stage = Stage.CANDIDATE
    agreement: Agreement | None = None

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in ENDED

    @property
    def standing(self) -> Standing:
        """Where the venue stands between the parties."""
        if self.closed:
            return Standing.CLOSED
        return Standing.OFFERED if self.stage is Stage.PROPOSED else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once it is over."""
        if self.closed:
            return None
        return Role.OFFICIAL if self.stage is Stage.PROPOSED else self.named_by

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        if self.closed:
            return ()
        # Who has opened it closes it; there is nothing to take back any more.
        opened = self.stage is Stage.IN_USE
        return (_NEXT[self.stage],) if opened else (_NEXT[self.stage], Step.WITHDRAW_VENUE)

    def advance(self, step: Step) -> "Venue":
        """Return the venue after a step that needs nothing but to be taken.

        Raises:
            WrongStage: The step does not come next.
        """
        self._require(step)
        if step is Step.WITHDRAW_VENUE:
            return replace(self, stage=Stage.WITHDRAWN)
        return replace(self, stage=ORDER[ORDER.index(self.stage) + 1])

    def agree(self, agreement: Agreement) -> "Venue":
        """Return the venue with what the city agreed to.

        Raises:
            FieldMissing: The last day lies before the first.
            WrongStage: It is not before the city.
        """
        if agreement.from_day > agreement.to_day:
            raise FieldMissing("終わりの日は、始まりの日以後にしてください。")
        return replace(self.advance(Step.AGREE_VENUE), agreement=agreement)

    def _require(self, step: Step) -> None:
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
