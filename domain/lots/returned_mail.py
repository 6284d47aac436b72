"""Mail that came back: where it lies, whom we tried to reach, what became of it.

    REGISTERED ─▶ CONTACTING ─▶ UNREACHABLE        (after the contract's failed attempts)
         └──────────────┴──────────┴─▶ RESENT | KEPT ─▶ … | WITH_OFFICIAL

The thing is always somewhere: with the provider until it is sent again or an official
has it. Source: Ota specification §6(2)⑥.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.calls.contact import ContactOutcome
from domain.errors import WrongStage
from domain.lots.custody import Holder, ItemKind, Movement, item_id
from domain.parties import Role, Standing


class ReturnReason(StrEnum):
    """Why the post brought it back."""

    UNKNOWN_AT_ADDRESS = "unknown_at_address"
    KEEPING_PERIOD_OVER = "keeping_period_over"
    MOVED = "moved"
    REFUSED = "refused"
    OTHER = "other"


REASON_TEXT: Mapping[ReturnReason, str] = {
    ReturnReason.UNKNOWN_AT_ADDRESS: "あて所に尋ねあたらず",
    ReturnReason.KEEPING_PERIOD_OVER: "保管期間経過",
    ReturnReason.MOVED: "転居",
    ReturnReason.REFUSED: "受取拒否",
    ReturnReason.OTHER: "その他",
}


class Stage(StrEnum):
    """How far the case of a returned item has come."""

    REGISTERED = "registered"
    CONTACTING = "contacting"
    UNREACHABLE = "unreachable"
    KEPT = "kept"
    WITH_OFFICIAL = "with_official"
    RESENT = "resent"
    DONE = "done"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.REGISTERED: "返戻受付",
    Stage.CONTACTING: "連絡中",
    Stage.UNREACHABLE: "連絡つかず",
    Stage.KEPT: "保管中",
    Stage.WITH_OFFICIAL: "受領待ち",
    Stage.RESENT: "再送済",
    Stage.DONE: "完了",
}


class Step(StrEnum):
    """What can be done; the words are those of ``parties.Action``."""

    RECORD_CONTACT_ATTEMPT = "record_contact_attempt"
    RESEND = "resend"
    KEEP_ITEM = "keep_item"
    HAND_ITEM_TO_OFFICIAL = "hand_item_to_official"
    ACKNOWLEDGE_RECEIPT = "acknowledge_receipt"
    REFUSE_RECEIPT = "refuse_receipt"


_AT_HAND = (
    Step.RECORD_CONTACT_ATTEMPT,
    Step.RESEND,
    Step.KEEP_ITEM,
    Step.HAND_ITEM_TO_OFFICIAL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedMail:
    """One value per moment."""

    case_id: str
    reason: ReturnReason
    tries_before_unreachable: int
    """The contract's number of failed attempts after which the status says so."""

    stage: Stage = Stage.REGISTERED
    attempts: int = 0
    failed_in_a_row: int = 0
    item_at: Holder = Holder.PROVIDER

    def __post_init__(self) -> None:
        if self.tries_before_unreachable < 1:
            raise ValueError("at least one attempt is made")

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in {Stage.RESENT, Stage.DONE}

    @property
    def standing(self) -> Standing:
        """Where the case stands between the parties."""
        if self.closed:
            return Standing.CLOSED
        given = self.stage is Stage.WITH_OFFICIAL
        return Standing.OFFERED if given else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once the item has left for good."""
        if self.closed:
            return None
        return Role.OFFICIAL if self.stage is Stage.WITH_OFFICIAL else Role.CLERK

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        if self.closed:
            return ()
        if self.stage is Stage.WITH_OFFICIAL:
            return (Step.ACKNOWLEDGE_RECEIPT, Step.REFUSE_RECEIPT)
        return _AT_HAND

    def require_step(self, step: Step) -> None:
        """Refuse a step that is not one of ``steps()``.

        Raises:
            WrongStage: The case is not there yet, or no longer.
        """
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")

    def contacted(self, outcome: ContactOutcome) -> "ReturnedMail":
        """Count an attempt to reach the person.

        Raises:
            WrongStage: The item is no longer here.
        """
        self.require_step(Step.RECORD_CONTACT_ATTEMPT)
        failed = 0 if outcome is ContactOutcome.REACHED else self.failed_in_a_row + 1
        unreachable = failed >= self.tries_before_unreachable
        return replace(
            self,
            attempts=self.attempts + 1,
            failed_in_a_row=failed,
            stage=Stage.UNREACHABLE if unreachable else Stage.CONTACTING,
        )

    def take(self, step: Step) -> "ReturnedMail":
        """Return the case after a step other than a contact attempt.

        Raises:
            WrongStage: The case is not there yet, or no longer.
        """
        self.require_step(step)
        match step:
            case Step.RESEND:
                return replace(self, stage=Stage.RESENT, item_at=Holder.OUTSIDE)
            case Step.KEEP_ITEM:
                return replace(self, stage=Stage.KEPT)
            case Step.HAND_ITEM_TO_OFFICIAL:
                return replace(self, stage=Stage.WITH_OFFICIAL, item_at=Holder.HAND_OVER)
            case Step.ACKNOWLEDGE_RECEIPT:
                return replace(self, stage=Stage.DONE, item_at=Holder.CITY)
            case Step.REFUSE_RECEIPT:
                return replace(self, stage=Stage.KEPT, item_at=Holder.PROVIDER)
            case Step.RECORD_CONTACT_ATTEMPT:
                raise ValueError("an attempt needs its outcome")


def movements(before: ReturnedMail, after: ReturnedMail) -> tuple[Movement, ...]:
    """Return what moves in the real world when ``before`` becomes ``after``."""
    if before.item_at is after.item_at:
        return ()
    item = item_id(before.case_id, ItemKind.RETURNED_MAIL)
    return (
        Movement(
            item_id=item,
            kind=ItemKind.RETURNED_MAIL,
            source=before.item_at,
            target=after.item_at,
        ),
    )
