"""The shape of a card's course with nothing in it: what the workflow engine alone costs.

Here: as many updates, local activities, timers and signals as ``workflows.card`` has.
Not here: rules, records, keys. This is the control of ``bench.card_case``.
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
