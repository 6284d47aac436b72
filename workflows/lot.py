"""The course of a delivered lot: steps with many cards, until all are accounted for."""

import asyncio
from dataclasses import replace
from typing import Any

from temporalio import workflow

from domain.case import CLOCK, CaseEvent, CaseKind, require_reason
from domain.errors import (
    ActionUnknown,
    DomainError,
    FieldMissing,
    NothingToDo,
    SlipUnknown,
    WrongStage,
)
from domain.lots import bundle as bundles
from domain.lots import card as cards
from domain.lots.card import Route
from domain.lots.lot import BULK, BY_SLIP, OFFERED, WITH_PAPERS, Lot, Step
from domain.parties import Action, Standing
from workflows.batches import BatchCourse, kept_of
from workflows.clock import Clock, begin
from workflows.keeping import reader, update_id, update_key
from workflows.messages import (
    Act,
    Batch,
    CardSettled,
    CaseView,
    Fields,
    FoundCards,
    OpenLot,
    PrintPapers,
    WantedCards,
)
from workflows.options import look, make
from workflows.ports import LotPort, NoticePort

ANSWERS_KEPT = 100
"""How many answers outlive a long history: whoever asks again does so within minutes."""

_WITH_REASON = {Step.SETTLE_DISCREPANCY, Step.REFUSE_RECEIPT, Step.TAKE_BACK}


@workflow.defn(name="Lot", failure_exception_types=[DomainError])
class LotWorkflow(BatchCourse):
    """Pass steps on to the cards, batch by batch, and end when all are accounted for.

    Signal: ``card_settled``, asynchronous because it waits for its turn.
    """

    KIND = CaseKind.LOT
    VALUE = reader(Lot)

    @workflow.init
    def __init__(self, start: OpenLot) -> None:
        super().__init__(
            start.case,
            start.lot,
            _clock(start),
            frozenset(start.open_handoffs),
            start.answered,
            start.last_seq,
        )
        self.batches = list(start.waiting)

    @workflow.run
    async def run(self, start: OpenLot) -> CaseView:
        """Run until every card is settled and the count is explained."""
        work = asyncio.create_task(self.work_off())

        def interrupted() -> bool:
            return self._may_end() or self._history_is_long() or work.done()

        while not self.value.closed:
            await self.follow(interrupted)
            if work.done():
                # It works for ever; if it ended, a fault ended it and must not go unseen.
                work.result()
            if self._may_end():
                async with self.turn:
                    await self.caught_up(self._complete)
            elif self._history_is_long():
                workflow.continue_as_new(self._again())
        await workflow.wait_condition(workflow.all_handlers_finished)
        work.cancel()
        return self.view()

    @workflow.signal
    async def card_settled(self, settled: CardSettled) -> None:
        """Hear that a card is done or discarded; hearing it twice counts it once."""
        # A step that is being recorded replaces the lot afterwards, and would forget this.
        async with self.turn:
            self.value = self.value.settle([settled.card_id])

    def standing_for(self, action: Action) -> Standing:
        """Return where the lot stands: what is on a slip is offered to the city."""
        if action.value in {step.value for step in OFFERED}:
            return Standing.OFFERED
        return self.value.standing

    def restored(self, value: dict[str, Any]) -> Lot:
        """Return the lot as the record has it, with what its cards have said since."""
        return super().restored(value).settle(tuple(self.value.settled))

    def require_step(self, act: Act) -> None:
        """Refuse a step that the lot cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("納品分の案件にはない操作です。")
        step = Step(act.action)
        self.value.require_step(step)
        if step in _WITH_REASON:
            require_reason(act.reason)
        if step in BY_SLIP and any(act.fields["slip_id"] == b.batch_id for b in self.batches):
            raise WrongStage("この引渡し票は、まだ作成中です。")
        if step is Step.ACKNOWLEDGE_RECEIPT and act.fields.get("count") is None:
            raise FieldMissing("受け取った件数を入力してください。")
        if step in WITH_PAPERS:
            self.value.with_papers(step, act.fields)

    async def take_step(self, act: Act) -> CaseView:
        """Accept a step: it goes on by itself, whatever becomes of the one who asked."""
        step = Step(act.action)
        if step is Step.SETTLE_DISCREPANCY:
            event = self.event_of(act, difference=self.value.discrepancy)
            await self.record(event, self.value.settle_discrepancy(), key=update_key())
            return self.view()
        if step in WITH_PAPERS:
            return await self._hand_papers(step, act)
        found = await self._find(step, act)
        batch = self._batch(step, act, found)
        count = len(found.card_ids)
        await self.record(
            self.event_of(act, cards=count, batch=batch.batch_id),
            self.value,
            key=update_key(),
            slip=self.slip_of(batch, quantity=count) if step is Step.HAND_OVER else None,
            beside=kept_of([*self.batches, batch]),
            reminded=True,
        )
        self.batches.append(batch)
        return replace(self.view(), accepted=count)

    async def _hand_papers(self, step: Step, act: Act) -> CaseView:
        after, bundle = self.value.with_papers(step, act.fields)
        before = None
        if step is Step.REGISTER_DOCUMENTS:
            # First, so that nothing is handed over without its slip.
            await workflow.execute_activity_method(
                NoticePort.print_papers,
                PrintPapers(
                    lot=self.case,
                    document_id=f"{self.case.case_id}-{update_id()}-document_slip",
                    bundle=bundle,
                    made_at=workflow.now(),
                ),
                **make("print the slip of a bundle"),
            )
        else:
            before = self.value.bundle(bundle.number)
        papers = {str(each.kind): each.count for each in bundle.papers}
        await self.record(
            self.event_of(act, bundle=bundle.number, total=bundle.total, **papers),
            after,
            key=update_key(),
            movements=(bundles.movement(self.case.case_id, before, bundle),),
        )
        return self.view()

    def _batch(self, step: Step, act: Act, found: FoundCards) -> Batch:
        batch_id = self.batch_id(update_id())
        fields = {n: v for n, v in act.fields.items() if n not in {"cards", "route", "count"}}
        if step is Step.HAND_OVER:
            fields["slip_id"] = batch_id
        return Batch(
            batch_id=batch_id,
            step=BULK[step],
            by=act.by,
            card_ids=found.card_ids,
            reason=act.reason,
            fields=fields,
        )

    async def _find(self, step: Step, act: Act) -> FoundCards:
        slip_id = act.fields.get("slip_id")
        route = act.fields.get("route")
        wanted = WantedCards(
            lot=self.case,
            step=BULK[step],
            slip_id=None if slip_id is None else str(slip_id),
            route=None if route is None else Route(str(route)),
            card_ids=tuple(str(act.fields.get("cards") or "").split()),
        )
        found = await workflow.execute_local_activity_method(
            LotPort.find_cards, wanted, **look(f"find cards for {step}")
        )
        if step in BY_SLIP:
            if found.slip_quantity is None:
                raise SlipUnknown("未受領の引渡し票から選んでください。")
            if step is Step.ACKNOWLEDGE_RECEIPT:
                cards.require_count(found.slip_quantity, int(act.fields["count"] or 0))
        busy = {card_id for batch in self.batches for card_id in batch.card_ids}
        free = tuple(card_id for card_id in found.card_ids if card_id not in busy)
        if not free:
            raise NothingToDo("この段階のカードは、いまありません。")
        return replace(found, card_ids=free)

    def _may_end(self) -> bool:
        return self.value.accounted_for and not self.batches and not self.open_handoffs

    async def _complete(self) -> None:
        if self.value.closed or not self._may_end():
            return
        counted: Fields = {"cards": self.value.cards}
        event = CaseEvent(
            action="lot_completed", at=workflow.now(), actor=CLOCK, detail=counted
        )
        await self.record(event, self.value.complete(), key="lot_completed")

    def _history_is_long(self) -> bool:
        idle = not self.batches and not self.turn.locked()
        return idle and workflow.info().is_continue_as_new_suggested()

    def _again(self) -> OpenLot:
        return OpenLot(
            case=self.case,
            lot=self.value,
            deadline=self.clock.deadline,
            open_handoffs=tuple(sorted(self.open_handoffs)),
            rung_until=self.clock.rung_until,
            stuck=self.clock.stuck,
            escalated_to=self.clock.escalated_to,
            answered=dict(list(self.answered.items())[-ANSWERS_KEPT:]),
            last_seq=self.last_seq,
        )


def _clock(start: OpenLot) -> Clock:
    if start.rung_until is None:
        return begin(start.deadline, workflow.now())
    return Clock(
        deadline=start.deadline,
        rung_until=start.rung_until,
        stuck=start.stuck,
        escalated_to=start.escalated_to,
    )
