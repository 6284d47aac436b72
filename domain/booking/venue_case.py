"""A place where a venue is opened, from its candidacy until the venue is over.

Belongs here: how far a place has come and whose turn it is. Does not belong here: on which
days it is open (``venue_plan``), where it may lie (``places``), what came of it (the store).
Source: Chiba specification 第1-3(2), 第2-1(2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from domain.booking.venue_opening import DayThere, Kit, KitItem
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
    ARRANGE_DAY = "arrange_day"
    START_DAY = "start_day"
    END_DAY = "end_day"


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
    kit: Kit = field(default_factory=Kit)
    """What its contract wants to be there on a day."""

    days: tuple[DayThere, ...] = ()
    """Days that were arranged, in their order."""

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
        if self.stage is Stage.PREPARING:
            return (Step.OPEN_VENUE, Step.ARRANGE_DAY, Step.WITHDRAW_VENUE)
        if self.stage is not Stage.IN_USE:
            return (_NEXT[self.stage], Step.WITHDRAW_VENUE)
        # Who has opened it closes it; there is nothing to take back any more.
        if any(each.under_way for each in self.days):
            return (Step.END_DAY, Step.ARRANGE_DAY)
        waits = any(each.started_at is None for each in self.days)
        start = (Step.START_DAY,) if waits else ()
        return (*start, Step.ARRANGE_DAY, Step.CLOSE_VENUE)

    def on(self, day: date) -> DayThere:
        """Return a day that was arranged.

        Raises:
            WrongStage: It was not.
        """
        for each in self.days:
            if each.day == day:
                return each
        raise WrongStage("この日の体制は、まだ決まっていません。")

    def arrange(self, planned: DayThere) -> "Venue":
        """Return the venue with who is there on a day, and with what; said again, it replaces.

        Raises:
            FieldMissing: The city has not agreed to the day.
            WrongStage: It is not the time for it, or the day has begun.
        """
        self._require(Step.ARRANGE_DAY)
        agreed = self.agreement
        if agreed is None or not agreed.from_day <= planned.day <= agreed.to_day:
            raise FieldMissing("市と合意した期間の日を入力してください。")
        others = tuple(each for each in self.days if each.day != planned.day)
        if any(e.day == planned.day and e.started_at is not None for e in self.days):
            raise WrongStage("始めた日の体制は変えられません。")
        return replace(self, days=tuple(sorted((*others, planned), key=lambda each: each.day)))

    def start(self, day: date, counted: Mapping[KitItem, int], at: datetime) -> "Venue":
        """Return the venue once the opening of a day was checked.

        Raises:
            WrongStage: It is not the time for it.
            NoOfficialNamed, KitIncomplete: As with ``DayThere.start``.
        """
        self._require(Step.START_DAY)
        return self._with(self.on(day).start(self.kit, counted, at))

    def end(self, day: date, leaflets: int, at: datetime) -> "Venue":
        """Return the venue once a day is over.

        Raises:
            WrongStage: It has not begun.
        """
        self._require(Step.END_DAY)
        there = self.on(day)
        if not there.under_way:
            raise WrongStage("この日は始まっていないか、終わっています。")
        return self._with(replace(there, ended_at=at, leaflets=leaflets))

    def receives(self, day: date) -> bool:
        """Say whether people are received there on a day, at this moment."""
        return any(each.day == day and each.under_way for each in self.days)

    def _with(self, changed: DayThere) -> "Venue":
        days = tuple(changed if each.day == changed.day else each for each in self.days)
        return replace(self, days=days)

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
