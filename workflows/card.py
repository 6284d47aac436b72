"""The course of one card of a lot, until an official has acknowledged its receipt."""

from dataclasses import replace

from temporalio import workflow

from domain.case import CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.lots import card as cards
from domain.lots.card import Card, Decision, Route, Step
from domain.lots.custody import SlipChange
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import (
    Act,
    CardSettled,
    CaseView,
    MakeNotices,
    OpenCard,
)
from workflows.options import make
from workflows.ports import NoticePort

_WITH_REASON = {Step.DECIDE_MISMATCH, Step.TAKE_BACK, Step.REFUSE_RECEIPT}


@workflow.defn(name="Card", failure_exception_types=[DomainError])
class CardWorkflow(CaseCourse[Card]):
    """Wait for the steps of the card's route; tell the lot when nothing is left."""

    KIND = CaseKind.CARD
    VALUE = reader(Card)

    @workflow.init
    def __init__(self, start: OpenCard) -> None:
        super().__init__(start.case, start.card, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenCard) -> CaseView:
        """Run until the card is done or discarded."""
        await self.follow()
        settled = CardSettled(card_id=self.case.case_id)
        await self.tell(CaseKind.LOT, self.case.parent_id, "card_settled", settled)
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the card cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("カードの案件にはない操作です。")
        step = Step(act.action)
        self.value.require_step(step)
        if step in _WITH_REASON:
            require_reason(act.reason)
        if step is Step.DECIDE_MISMATCH:
            self._decided(act)
        if step in {Step.ACKNOWLEDGE_RECEIPT, Step.REFUSE_RECEIPT, Step.TAKE_BACK}:
            self._require_slip(step, act)

    async def take_step(self, act: Act) -> CaseView:
        """Take the step, with what moves because of it."""
        step = Step(act.action)
        before = self.value
        document = await self._notice(act) if step is Step.MAKE_NOTICE else None
        after = self._after(step, act)
        detail = {
            "stage": str(after.stage),
            "document": document,
            "slip": after.slip_id or before.slip_id,
        } | {name: value for name, value in act.fields.items() if name != "document"}
        await self.record(
            self.event_of(act, **{name: v for name, v in detail.items() if v is not None}),
            after,
            key=update_key(),
            movements=cards.movements(before, after),
            slip=self._slip(step, before, after),
        )
        return self.view()

    def _after(self, step: Step, act: Act) -> Card:
        if step is Step.DECIDE_MISMATCH:
            return self._decided(act)
        if step is Step.HAND_OVER:
            given = act.fields.get("slip_id")
            own = f"{self.case.case_id}-{len(self.value.stages)}"
            return self.value.hand_over(str(given or own), alone=given is None)
        return self.value.take(step)

    def _decided(self, act: Act) -> Card:
        route = act.fields.get("route")
        return self.value.decide(
            Decision(str(act.fields["decision"])),
            None if route is None else Route(str(route)),
        )

    def _require_slip(self, step: Step, act: Act) -> None:
        if self.value.slip_id is None:
            return
        given = act.fields.get("slip_id")
        self.value.require_slip(None if given is None else str(given))
        if step is Step.ACKNOWLEDGE_RECEIPT and given is None:
            cards.require_count(1, int(act.fields["count"] or 0))

    def _slip(self, step: Step, before: Card, after: Card) -> SlipChange | None:
        """Return the slip that a card handed over by itself makes or settles."""
        alone = after if step is Step.HAND_OVER else before
        if not alone.slip_alone or alone.slip_id is None or self.case.parent_id is None:
            return None
        made = SlipChange(slip_id=alone.slip_id, lot_id=self.case.parent_id, quantity=1)
        return made if step is Step.HAND_OVER else replace(made, settled=step)

    async def _notice(self, act: Act) -> str:
        """Return the document: made by the lot for many at once, or here for this card."""
        given = act.fields.get("document")
        if given is not None:
            return str(given)
        card_id = self.case.case_id
        made = await workflow.execute_activity_method(
            NoticePort.make_notices,
            MakeNotices(
                case=self.case,
                card_ids=(card_id,),
                ordinals={card_id: self.value.notices + 1},
                made_at=workflow.now(),
            ),
            **make("make one notice"),
        )
        return made.documents[card_id]
