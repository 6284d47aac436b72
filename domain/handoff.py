"""A hand-off: what somebody may not or cannot finish goes to somebody named, and comes back.

    ESCALATED ─take on─▶ TAKEN_ON ─settle─▶ COMPLETED        the provider's responsible person
       ▲  └─give back─▶ RETURNED │ ▲
       └──── asked again ──┘     │ └─return (what was passed on)
                          pass on▼ │
    OFFERED ───────accept─────▶ ACCEPTED ─complete─▶ COMPLETED        an official of the city
       │ ▲                          └─return─▶ RETURNED (to the group that offered it)
       │ └──────── offered again ───────┘
       └─withdraw─▶ WITHDRAWN

The case it belongs to cannot close while the hand-off is open. Here also: how long it waited
at each of the two levels. Not here: what it was about; that is sealed with its record.
Source: Ota specification §6(1)③④, §6(3)③; Ageo §5(5)①.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import AcceptedByOther, HandoffOpen, WrongStage
from domain.parties import Role, Standing

DUE_RULE = "handoff_acceptance"
"""By which rule of a contract an official is to take one on."""

ESCALATION_DUE_RULE = "escalation_acceptance"
"""By which rule the provider's responsible person is."""

CALL_BACK_DUE_RULE = "call_back"
"""By which rule a caller whom nobody could be put through to is to be called."""


class Stage(StrEnum):
    """How far a hand-off has come."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    ESCALATED = "escalated"
    TAKEN_ON = "taken_on"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.OFFERED: "受付待ち",
    Stage.ACCEPTED: "市で対応中",
    Stage.RETURNED: "差し戻し",
    Stage.COMPLETED: "完了",
    Stage.WITHDRAWN: "取りやめ",
    Stage.ESCALATED: "業務責任者の受付待ち",
    Stage.TAKEN_ON: "業務責任者が対応中",
}


class Level(StrEnum):
    """Whom it goes to."""

    RESPONSIBLE = "responsible"
    """The provider's responsible person, who takes what others cannot handle (Ageo §5(5)①)."""

    CITY = "city"


LEVEL_TEXT: Mapping[Level, str] = {Level.RESPONSIBLE: "業務責任者", Level.CITY: "市職員"}


class Step(StrEnum):
    """What can be done with a hand-off; the words are those of ``parties.Action``."""

    OFFER_HANDOFF = "offer_handoff"
    ACCEPT_HANDOFF = "accept_handoff"
    COMPLETE_HANDOFF = "complete_handoff"
    RETURN_HANDOFF = "return_handoff"
    WITHDRAW_HANDOFF = "withdraw_handoff"
    ESCALATE = "escalate"
    TAKE_ON = "take_on"
    SETTLE = "settle"
    GIVE_BACK = "give_back"
    PASS_ON = "pass_on"  # noqa: S105  # a step, not a password


OFFERS: Mapping[Step, Level] = {
    Step.OFFER_HANDOFF: Level.CITY,
    Step.ESCALATE: Level.RESPONSIBLE,
    Step.PASS_ON: Level.CITY,
}
"""What makes somebody wait, and at which level."""

_STEPS: Mapping[Stage, tuple[Step, ...]] = {
    Stage.OFFERED: (Step.ACCEPT_HANDOFF, Step.RETURN_HANDOFF, Step.WITHDRAW_HANDOFF),
    Stage.ACCEPTED: (Step.COMPLETE_HANDOFF, Step.RETURN_HANDOFF),
    Stage.RETURNED: (Step.OFFER_HANDOFF, Step.WITHDRAW_HANDOFF),
    Stage.ESCALATED: (Step.TAKE_ON, Step.GIVE_BACK, Step.WITHDRAW_HANDOFF),
    Stage.TAKEN_ON: (Step.SETTLE, Step.PASS_ON, Step.GIVE_BACK),
    Stage.COMPLETED: (),
    Stage.WITHDRAWN: (),
}


_LEADS_TO: Mapping[Step, Stage] = {
    Step.ACCEPT_HANDOFF: Stage.ACCEPTED,
    Step.TAKE_ON: Stage.TAKEN_ON,
    Step.COMPLETE_HANDOFF: Stage.COMPLETED,
    Step.SETTLE: Stage.COMPLETED,
    Step.RETURN_HANDOFF: Stage.RETURNED,
    Step.GIVE_BACK: Stage.RETURNED,
    Step.WITHDRAW_HANDOFF: Stage.WITHDRAWN,
}
_WAITING: Mapping[Level, Stage] = {
    Level.RESPONSIBLE: Stage.ESCALATED,
    Level.CITY: Stage.OFFERED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A time in which it waited for somebody to take it on."""

    level: Level
    since: datetime
    until: datetime | None = None
    """``None`` as long as nobody has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One value per moment."""

    case_id: str
    section: str
    """The section of the city it is offered to."""

    offered_by: Role
    """The group it comes back to."""

    documents: tuple[str, ...] = ()
    """Kinds of documents that go with it, as codes."""

    stage: Stage = Stage.OFFERED
    official: str | None = None
    """The account that accepted it."""

    level: Level = Level.CITY
    responsible: str | None = None
    """The account of the provider that took it on before it went on to the city, if any."""

    call_back: bool = False
    """Whether somebody waits for a call: then the clock runs until it was made."""

    waits: tuple[Wait, ...] = ()
    """Each time that it waited, the last one last; hand-offs of old have none."""

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in {Stage.COMPLETED, Stage.WITHDRAWN}

    @property
    def standing(self) -> Standing:
        """Where the hand-off stands between the parties."""
        return {
            Stage.OFFERED: Standing.OFFERED,
            Stage.ACCEPTED: Standing.WITH_CITY,
            Stage.RETURNED: Standing.WITH_PROVIDER,
            Stage.ESCALATED: Standing.WITH_PROVIDER,
            Stage.TAKEN_ON: Standing.WITH_PROVIDER,
        }.get(self.stage, Standing.CLOSED)

    @property
    def owner(self) -> Role:
        """The role that has to act next."""
        if self.stage is Stage.RETURNED:
            return self.offered_by
        ours = self.stage in {Stage.ESCALATED, Stage.TAKEN_ON}
        return Role.OPERATIONS_MANAGER if ours else Role.OFFICIAL

    @property
    def with_city_last(self) -> bool:
        """Tell whether an official has it, had it at its end, or was being asked."""
        if self.stage is Stage.COMPLETED:
            return self.official is not None
        return self.level is Level.CITY

    @property
    def to_city_at(self) -> datetime | None:
        """When the city was first asked, also where it was passed on; ``None``: never."""
        return next((wait.since for wait in self.waits if wait.level is Level.CITY), None)

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        if self.stage is Stage.RETURNED and self.level is Level.RESPONSIBLE:
            return (Step.ESCALATE, Step.WITHDRAW_HANDOFF)
        return _STEPS[self.stage]

    def take(self, step: Step, *, by: str, at: datetime, section: str = "") -> "Handoff":
        """Return the hand-off after a step by the account ``by``.

        Args:
            step: Which step.
            by: Whose account takes it.
            at: When.
            section: The section of the city it goes on to, if it does.

        Raises:
            AcceptedByOther: It is accepted already, by somebody else.
            WrongStage: The hand-off is not there yet, or no longer.
        """
        taken = {Step.ACCEPT_HANDOFF: self.official, Step.TAKE_ON: self.responsible}.get(step)
        if taken not in {None, by}:
            raise AcceptedByOther("引継ぎは受付済みです。担当者は案件の履歴で確認できます。")
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        after = replace(self, waits=_waited(self.waits, at))
        if step in OFFERS:
            asked = after.waiting(OFFERS[step], at)
            return replace(asked, stage=_WAITING[asked.level], section=section or self.section)
        match step:
            case Step.ACCEPT_HANDOFF:
                after = replace(after, official=by)
            case Step.TAKE_ON:
                after = replace(after, responsible=by)
            case Step.RETURN_HANDOFF:
                after = replace(after, official=None)
            case Step.GIVE_BACK:
                after = replace(after, level=Level.RESPONSIBLE, responsible=None)
        return replace(after, stage=after._after(step))

    def _after(self, step: Step) -> Stage:
        if step is Step.RETURN_HANDOFF and self.responsible:
            # What somebody passed on comes back to them and not to who asked them.
            return Stage.TAKEN_ON
        return _LEADS_TO[step]

    def waiting(self, level: Level, since: datetime) -> "Handoff":
        """Return the hand-off as it begins to wait at a level."""
        wait = Wait(level=level, since=since)
        return replace(self, level=level, waits=(*self.waits, wait))


def offered(
    case_id: str,
    *,
    level: Level,
    section: str,
    by: Role,
    at: datetime,
    documents: tuple[str, ...] = (),
    call_back: bool = False,
) -> Handoff:
    """Return a hand-off that begins to wait now."""
    begun = Handoff(
        case_id=case_id,
        section=section,
        offered_by=by,
        documents=documents,
        stage=_WAITING[level],
        call_back=call_back,
    )
    return begun.waiting(level, at)


def account(reason: str | None, summary: str) -> str:
    """Return reason and summary as the one text that is sealed with the hand-off."""
    return "\n".join(part for part in ((reason or "").strip(), summary.strip()) if part)


def _waited(waits: tuple[Wait, ...], at: datetime) -> tuple[Wait, ...]:
    if not waits or waits[-1].until is not None:
        return waits
    return (*waits[:-1], replace(waits[-1], until=at))


def require_none_open(handoff_ids: Collection[str]) -> None:
    """Refuse to end a case while something of it is with an official.

    Raises:
        HandoffOpen: There is such a hand-off.
    """
    if handoff_ids:
        raise HandoffOpen("引継ぎや文書照会が終わるか取りやめられてから閉じてください。")
