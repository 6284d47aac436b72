"""The shapes of courses with nothing in them: what the workflow engine alone costs.

Here: as many updates, local activities, timers and signals as ``workflows.card`` has, and a
visit with its application. Not here: rules, records, keys. This is the control of
``bench.card_case`` and ``bench.application_case``.
"""

import asyncio
from datetime import timedelta

from temporalio import activity, workflow

_TWO_WEEKS = timedelta(days=14)


@activity.defn
def nothing(key: str) -> None:
    """Do nothing."""


@workflow.defn
class BareCard:
    """Take steps one at a time, each with a local activity; tell the lot at the end."""

    @workflow.init
    def __init__(self, lot_id: str, steps: int) -> None:
        self.left = steps
        self.turn = asyncio.Lock()

    @workflow.run
    async def run(self, lot_id: str, steps: int) -> str:
        """Run until no step is left."""
        await workflow.wait_condition(lambda: self.left == 0, timeout=_TWO_WEEKS)
        await workflow.wait_condition(workflow.all_handlers_finished)
        lot = workflow.get_external_workflow_handle(lot_id)
        await lot.signal("card_settled", workflow.info().workflow_id)
        return "done"

    @workflow.update
    async def act(self, step: str) -> str:
        """Take one step."""
        async with self.turn:
            await workflow.execute_local_activity(
                nothing, step, start_to_close_timeout=timedelta(seconds=25)
            )
            self.left -= 1
            return step


@workflow.defn
class BareLot:
    """Wait for all cards."""

    @workflow.init
    def __init__(self, cards: int) -> None:
        self.settled: set[str] = set()

    @workflow.run
    async def run(self, cards: int) -> int:
        """Run until every card is settled."""
        await workflow.wait_condition(lambda: len(self.settled) == cards, timeout=_TWO_WEEKS)
        return len(self.settled)

    @workflow.signal
    def card_settled(self, card_id: str) -> None:
        """Hear that a card is done."""
        self.settled.add(card_id)


@workflow.defn
class BareVisit:
    """Begin an application, hear that it left the window, and end."""

    @workflow.init
    def __init__(self) -> None:
        self.steps = 0
        self.told = False
        self.turn = asyncio.Lock()

    @workflow.run
    async def run(self) -> str:
        """Run until it was closed."""
        await workflow.wait_condition(lambda: self.steps == 2, timeout=_TWO_WEEKS)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return "done"

    @workflow.update
    async def act(self, step: str) -> str:
        """Take one step; the last waits until the application has left the window."""
        if self.steps:
            await workflow.wait_condition(lambda: self.told)
        async with self.turn:
            await _nothing(step)
            self.steps += 1
            return step

    @workflow.signal
    async def procedure_ended(self, case_id: str) -> None:
        """Hear that the application left the window."""
        async with self.turn:
            await _nothing(case_id)
            self.told = True


@workflow.defn
class BareApplication:
    """Three steps at the window with a timer for the photo, and one when the card is there."""

    @workflow.init
    def __init__(self, visit_id: str) -> None:
        self.steps: list[str] = []
        self.turn = asyncio.Lock()

    @workflow.run
    async def run(self, visit_id: str) -> str:
        """Run until the card is there."""
        photo = asyncio.create_task(self._photo())
        await workflow.wait_condition(lambda: "record_submission" in self.steps)
        visit = workflow.get_external_workflow_handle(visit_id)
        await visit.signal("procedure_ended", workflow.info().workflow_id)
        await workflow.wait_condition(lambda: "record_card_arrival" in self.steps)
        await workflow.wait_condition(workflow.all_handlers_finished)
        await photo
        return "done"

    @workflow.update
    async def act(self, step: str) -> str:
        """Take one step."""
        async with self.turn:
            await _nothing(step)
            self.steps.append(step)
            return step

    async def _photo(self) -> None:
        await workflow.wait_condition(lambda: "accept_photo" in self.steps)
        sent = "record_submission"
        await workflow.wait_condition(lambda: sent in self.steps, timeout=timedelta(hours=14))


async def _nothing(key: str) -> None:
    await workflow.execute_local_activity(
        nothing, key, start_to_close_timeout=timedelta(seconds=25)
    )
