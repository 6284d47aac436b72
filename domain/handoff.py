"""A hand-off: what the provider may not finish goes to a named official, and comes back.

    OFFERED ─accept─▶ ACCEPTED ─complete─▶ COMPLETED
       │ ▲               └─return─▶ RETURNED (to the group that offered it)
       │ └──────────── offered again ──┘
       └─withdraw─▶ WITHDRAWN

The case it belongs to cannot close while the hand-off is open.
Source: Ota specification §6(1)③④.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.errors import AcceptedByOther, HandoffOpen, WrongStage
from domain.parties import Role, Standing


class Stage(StrEnum):
    """How far a hand-off has come."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.OFFERED: "受付待ち",
    Stage.ACCEPTED: "市で対応中",
    Stage.RETURNED: "差し戻し",
    Stage.COMPLETED: "完了",
    Stage.WITHDRAWN: "取りやめ",
}


class Step(StrEnum):
    """What can be done with a hand-off; the words are those of ``parties.Action``."""

    OFFER_HANDOFF = "offer_handoff"
    ACCEPT_HANDOFF = "accept_handoff"
    COMPLETE_HANDOFF = "complete_handoff"
    RETURN_HANDOFF = "return_handoff"
    WITHDRAW_HANDOFF = "withdraw_handoff"


_STEPS: Mapping[Stage, tuple[Step, ...]] = {
    Stage.OFFERED: (Step.ACCEPT_HANDOFF, Step.RETURN_HANDOFF, Step.WITHDRAW_HANDOFF),
    Stage.ACCEPTED: (Step.COMPLETE_HANDOFF, Step.RETURN_HANDOFF),
    Stage.RETURNED: (Step.OFFER_HANDOFF, Step.WITHDRAW_HANDOFF),
    Stage.COMPLETED: (),
    Stage.WITHDRAWN: (),
}


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
        }.get(self.stage, Standing.CLOSED)

    @property
    def owner(self) -> Role:
        """The role that has to act next."""
        return self.offered_by if self.stage is Stage.RETURNED else Role.OFFICIAL

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        return _STEPS[self.stage]

    def take(self, step: Step, *, by: str) -> "Handoff":
        """Return the hand-off after a step by the account ``by``.

        Raises:
            AcceptedByOther: It is accepted already, by somebody else.
            WrongStage: The hand-off is not there yet, or no longer.
        """
        if step is Step.ACCEPT_HANDOFF and self.official not in {None, by}:
            raise AcceptedByOther("引継ぎは受付済みです。担当者は案件の履歴で確認できます。")
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        match step:
            case Step.ACCEPT_HANDOFF:
                return replace(self, stage=Stage.ACCEPTED, official=by)
            case Step.COMPLETE_HANDOFF:
                return replace(self, stage=Stage.COMPLETED)
            case Step.RETURN_HANDOFF:
                return replace(self, stage=Stage.RETURNED, official=None)
            case Step.OFFER_HANDOFF:
                return replace(self, stage=Stage.OFFERED)
            case Step.WITHDRAW_HANDOFF:
                return replace(self, stage=Stage.WITHDRAWN)


def require_none_open(handoff_ids: Collection[str]) -> None:
    """Refuse to end a case while something of it is with an official.

    Raises:
        HandoffOpen: There is such a hand-off.
    """
    if handoff_ids:
        raise HandoffOpen("市職員への引継ぎが完了するか取りやめられてから閉じてください。")
