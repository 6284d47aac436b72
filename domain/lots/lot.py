"""One delivered lot: what was announced, what came, and when it is all accounted for.

A lot has no stages of its own beyond open and done: it is as far as its cards are. It
ends only when every card is settled and a difference in the count is explained.
Source: Ota specification §6(2)①–⑥.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.errors import SlipUnknown, WrongStage
from domain.lots.bundle import Bundle, counted
from domain.lots.card import Step as CardStep
from domain.parties import Role, Standing


class Stage(StrEnum):
    """Where a lot stands."""

    DISCREPANCY = "discrepancy"
    """The count announced is not the count that came."""

    IN_PROGRESS = "in_progress"
    DONE = "done"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.DISCREPANCY: "数の相違あり",
    Stage.IN_PROGRESS: "処理中",
    Stage.DONE: "完了",
}


class Step(StrEnum):
    """What can be done with a lot as a whole; the words are those of ``parties.Action``."""

    SETTLE_DISCREPANCY = "settle_discrepancy"
    RECORD_PRE_ISSUE_SETUP = "record_pre_issue_setup"
    MAKE_NOTICE = "make_notice"
    SEAL = "seal"
    UPDATE_DESTINATION = "update_destination"
    PREPARE_DISPATCH = "prepare_dispatch"
    HAND_OVER = "hand_over"
    ACKNOWLEDGE_RECEIPT = "acknowledge_receipt"
    REFUSE_RECEIPT = "refuse_receipt"
    REGISTER_DOCUMENTS = "register_documents"
    ACKNOWLEDGE_DOCUMENTS = "acknowledge_documents"
    TAKE_BACK = "take_back"


WITH_PAPERS = frozenset({Step.REGISTER_DOCUMENTS, Step.ACKNOWLEDGE_DOCUMENTS, Step.TAKE_BACK})
"""Steps about papers that go with the lot."""

BULK: Mapping[Step, CardStep] = {
    step: CardStep(step.value)
    for step in Step
    if step is not Step.SETTLE_DISCREPANCY and step not in WITH_PAPERS
}
"""The steps that a lot passes on to its cards, and what each card then does."""

BY_SLIP = frozenset({Step.ACKNOWLEDGE_RECEIPT, Step.REFUSE_RECEIPT})
"""Steps about one hand-over slip; the others are about the cards that are ready."""

OFFERED = BY_SLIP | {Step.ACKNOWLEDGE_DOCUMENTS}
"""Steps about something the provider has given out of hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One value per moment."""

    case_id: str
    cards: int
    """How many cases the lot has: rows on the list, and cards that were not on it."""

    listed: int
    """Rows of the issue list that could be read."""

    announced: int | None
    """The count that the official who handed the lot over gave; ``None`` if none was."""

    unreadable: int = 0
    """Rows of the issue list that could not be read: cards nobody has a case for yet."""

    discrepancy_settled: bool = False
    settled: frozenset[str] = frozenset()
    """Cards that are done or discarded."""

    bundles: tuple[Bundle, ...] = ()
    """Papers handed over with the lot, the first first."""

    completed: bool = False
    """Set once all is accounted for and nothing of the lot is left with an official."""

    @property
    def discrepancy(self) -> int:
        """Rows beyond the count announced; negative when some are missing."""
        if self.announced is None:
            return 0
        return self.listed + self.unreadable - self.announced

    @property
    def discrepancy_open(self) -> bool:
        """Tell whether a difference in the count still waits for an explanation.

        A row that could not be read is one: its card came, and has no case.
        """
        differs = self.discrepancy != 0 or self.unreadable > 0
        return differs and not self.discrepancy_settled

    @property
    def accounted_for(self) -> bool:
        """Tell whether every card is settled, the count explained and no paper under way."""
        waiting = any(bundle.waiting for bundle in self.bundles)
        return len(self.settled) >= self.cards and not self.discrepancy_open and not waiting

    @property
    def stage(self) -> Stage:
        """Where the lot stands."""
        if self.completed:
            return Stage.DONE
        return Stage.DISCREPANCY if self.discrepancy_open else Stage.IN_PROGRESS

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.completed

    @property
    def standing(self) -> Standing:
        """Where the lot stands between the parties; single cards may stand elsewhere."""
        return Standing.CLOSED if self.closed else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once the lot is done."""
        return None if self.closed else Role.CLERK

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done as a whole; whether any card is ready is another matter."""
        if self.closed:
            return ()
        first = (Step.SETTLE_DISCREPANCY,) if self.discrepancy_open else ()
        waiting = any(bundle.waiting for bundle in self.bundles)
        given = (Step.ACKNOWLEDGE_DOCUMENTS, Step.TAKE_BACK) if waiting else ()
        return (*first, *BULK, Step.REGISTER_DOCUMENTS, *given)

    def require_step(self, step: Step) -> None:
        """Refuse a step that is not one of ``steps()``.

        Raises:
            WrongStage: There is nothing to explain, or the lot is done.
        """
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")

    def settle_discrepancy(self) -> "Lot":
        """Accept an explanation of the difference in the count.

        Raises:
            WrongStage: There is no difference.
        """
        self.require_step(Step.SETTLE_DISCREPANCY)
        return replace(self, discrepancy_settled=True)

    def complete(self) -> "Lot":
        """End the lot.

        Raises:
            WrongStage: Cards are not settled, or the count is not explained.
        """
        if not self.accounted_for:
            raise WrongStage("まだ完了していないカードがあります。")
        return replace(self, completed=True)

    def settle(self, card_ids: Sequence[str]) -> "Lot":
        """Count cards as settled; naming one twice counts it once."""
        return replace(self, settled=self.settled | frozenset(card_ids))

    def with_papers(self, step: Step, fields: Mapping[str, object]) -> tuple["Lot", Bundle]:
        """Return the lot after a step with papers, and the bundle it was about.

        Args:
            step: One of ``WITH_PAPERS``.
            fields: The counts by kind; otherwise which ``bundle``, and its ``count``.

        Raises:
            WrongStage: The lot is done, or the bundle is not under way.
            FieldMissing: Nothing was counted.
            SlipUnknown: There is no such bundle.
            CountDiffers: The official counted another number of papers.
        """
        if step is Step.REGISTER_DOCUMENTS:
            self.require_step(step)
            new = Bundle(number=len(self.bundles) + 1, papers=counted(fields))
            return replace(self, bundles=(*self.bundles, new)), new
        bundle = self.bundle(fields.get("bundle"))
        if step is Step.ACKNOWLEDGE_DOCUMENTS:
            bundle = bundle.acknowledge(fields.get("count"))
        else:
            bundle = bundle.take_back()
        others = (bundle if each.number == bundle.number else each for each in self.bundles)
        return replace(self, bundles=tuple(others)), bundle

    def bundle(self, number: object) -> Bundle:
        """Return a bundle by its number.

        Raises:
            SlipUnknown: There is none.
        """
        for bundle in self.bundles:
            if bundle.number == number:
                return bundle
        raise SlipUnknown("この番号の書類引渡し票はありません。")
