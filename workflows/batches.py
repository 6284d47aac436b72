"""Steps with many cards of a lot: accepted at once, worked off one after the other.

Belongs here: a batch from its acceptance to its end in the record, with the notices and
papers it needs. Does not belong here: which steps a lot has and what its papers and its
count are about (``workflows.lot``).
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from pydantic import TypeAdapter
from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from domain.case import CLOCK, CaseEvent
from domain.lots.card import Step as CardStep
from domain.lots.custody import SlipChange
from domain.lots.lot import Lot
from domain.refusals import refusals
from workflows.course import CaseCourse
from workflows.messages import (
    AdvanceCards,
    Advanced,
    Batch,
    BindNotices,
    CaseView,
    Fields,
    MadeNotices,
    MakeNotices,
    PrintSlip,
    Recorded,
)
from workflows.options import long, make
from workflows.ports import LotPort, NoticePort

NOTICES_AT_ONCE = 50
"""How many notices one document is laid out for; more only needs more memory."""


_WAITING = "waiting"
_BATCHES = TypeAdapter(tuple[Batch, ...])


class BatchCourse(CaseCourse[Lot]):
    """The course of a lot as far as it passes steps on to its cards."""

    # Accepted and not finished, oldest first; the first one is being worked on.
    batches: list[Batch]

    def beside(self) -> dict[str, Any]:
        """Keep what is accepted with the record: its event alone could not be worked off."""
        return kept_of(self.batches)

    def take_up(self, recorded: Recorded) -> None:
        """Work off what was accepted and lost, as if it had just been asked for.

        Whoever asked saw it begin, or got no answer and never came back; slips are open.
        """
        assert recorded.state is not None
        known = {batch.batch_id for batch in self.batches}
        for batch in _BATCHES.validate_python(recorded.state.get(_WAITING, ())):
            if batch.batch_id not in known:
                asked = batch.batch_id.removeprefix(self.batch_id(""))
                why = recorded.reasons.get(f"act/{asked}")
                self.batches.append(replace(batch, reason=why))

    def answer_to(self, asked: str) -> CaseView | None:
        """Say of a batch that was taken up how many cards it is for."""
        taken = {batch.batch_id: len(batch.card_ids) for batch in self.batches}
        return replace(self.view(), accepted=taken.get(self.batch_id(asked)))

    def batch_id(self, asked: str) -> str:
        """Return the id of the batch that an update begins.

        A caller may use one key for two lots; slips and documents are named by the batch.
        """
        return f"{self.case.case_id}-{asked}"

    async def work_off(self) -> None:
        """Do what is accepted, for ever; a fault ends it and must not go unseen."""
        while True:
            await workflow.wait_condition(lambda: bool(self.batches))
            batch = self.batches[0]
            advanced, paper = await self._do(batch)
            async with self.turn:
                await self.caught_up(partial(self._record_end, batch, advanced, paper))
                del self.batches[0]

    def slip_of(self, batch: Batch, quantity: int, settled: str | None = None) -> SlipChange:
        """Return the slip that a batch makes or is about."""
        return SlipChange(
            slip_id=str(batch.fields["slip_id"]),
            lot_id=self.case.case_id,
            quantity=quantity,
            settled=settled,
        )

    async def _do(self, batch: Batch) -> tuple[Advanced, str | None]:
        """Return how the step ended for each card, and why its paper was not printed.

        A refusal is final, and the batches behind this one must not wait for it.
        """
        if batch.step is CardStep.MAKE_NOTICE:
            advanced = await self._make_notices(batch)
        else:
            advanced = await self._advance(batch)
        if not advanced.done:
            return advanced, None
        printed = tuple(c for c in batch.card_ids if c not in advanced.refused)
        try:
            if batch.step is CardStep.MAKE_NOTICE:
                await self._bind_notices(batch, printed)
            elif batch.step is CardStep.HAND_OVER:
                await self._print_slip(batch, printed)
        except ActivityError as failed:
            return advanced, _refusal(failed)
        return advanced, None

    async def _advance(self, batch: Batch, documents: dict[str, str] | None = None) -> Advanced:
        try:
            return await workflow.execute_activity_method(
                LotPort.advance_cards,
                AdvanceCards(lot=self.case, batch=batch, documents=documents or {}),
                **long(f"{batch.step} with {len(batch.card_ids)} cards"),
            )
        except ActivityError as failed:
            return Advanced(done=0, refused=dict.fromkeys(batch.card_ids, _refusal(failed)))

    async def _make_notices(self, batch: Batch) -> Advanced:
        done, refused = 0, dict[str, str]()
        starts = range(0, len(batch.card_ids), NOTICES_AT_ONCE)
        for part, start in enumerate(starts, 1):
            card_ids = batch.card_ids[start : start + NOTICES_AT_ONCE]
            made = await self._make_chunk(batch, card_ids, part)
            refused |= made.refused
            if made.documents:
                chunk = replace(batch, card_ids=tuple(made.documents))
                advanced = await self._advance(chunk, made.documents)
                done += advanced.done
                refused |= advanced.refused
        return Advanced(done=done, refused=refused)

    async def _make_chunk(
        self, batch: Batch, card_ids: tuple[str, ...], part: int
    ) -> MadeNotices:
        wanted = MakeNotices(
            case=self.case,
            card_ids=card_ids,
            batch_id=batch.batch_id,
            part=part,
            made_at=workflow.now(),
        )
        try:
            return await workflow.execute_activity_method(
                NoticePort.make_notices, wanted, **make(f"make {len(card_ids)} notices")
            )
        except ActivityError as failed:
            why = _refusal(failed)
            return MadeNotices(documents={}, refused=dict.fromkeys(card_ids, why))

    async def _bind_notices(self, batch: Batch, card_ids: tuple[str, ...]) -> None:
        await workflow.execute_activity_method(
            NoticePort.bind_notices,
            BindNotices(
                lot=self.case,
                batch_id=batch.batch_id,
                parts=-(-len(batch.card_ids) // NOTICES_AT_ONCE),
                card_ids=card_ids,
                made_at=workflow.now(),
            ),
            **make("bind notices for printing"),
        )

    async def _print_slip(self, batch: Batch, card_ids: tuple[str, ...]) -> None:
        await workflow.execute_activity_method(
            NoticePort.print_slip,
            PrintSlip(
                lot=self.case,
                slip_id=batch.batch_id,
                card_ids=card_ids,
                made_at=workflow.now(),
            ),
            **make("print the lists of a slip"),
        )

    async def _record_end(
        self, batch: Batch, advanced: Advanced, paper: str | None = None
    ) -> None:
        slip = None
        if batch.step is CardStep.HAND_OVER:
            void = None if advanced.done else "void"
            slip = self.slip_of(batch, quantity=advanced.done, settled=void)
        elif "slip_id" in batch.fields:
            slip = self.slip_of(batch, quantity=advanced.done, settled=str(batch.step))
        detail: Fields = {
            "step": str(batch.step),
            "batch": batch.batch_id,
            "cards": advanced.done,
            "refused": len(advanced.refused),
        }
        if paper is not None:
            detail["paper_refused"] = paper
        event = CaseEvent(
            action="batch_finished", at=workflow.now(), actor=CLOCK, detail=detail
        )
        rest = [each for each in self.batches if each.batch_id != batch.batch_id]
        await self.record(
            event, self.value, key=f"end/{batch.batch_id}", slip=slip, beside=kept_of(rest)
        )


def kept_of(batches: Sequence[Batch]) -> dict[str, Any]:
    """Return what the record keeps of batches; their reasons are sealed with the events."""
    if not batches:
        return {}
    return {_WAITING: [asdict(replace(batch, reason=None)) for batch in batches]}


def _refusal(failed: ActivityError) -> str:
    """Return the name of what was refused; anything else is no answer but a fault."""
    if isinstance(failed.cause, ApplicationError) and failed.cause.type in refusals():
        return str(failed.cause.type)
    raise failed
