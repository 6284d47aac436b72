"""The course of a number, from the line until it is served or the day is over.

Being called is claimed in the database first (``api.queue.calls``); this course learns of it.
What comes by itself is the end of the day, and the end of the visit that began with it.
"""

import asyncio
import contextlib
from typing import Any

from temporalio import workflow

from domain.case import CLOCK, CaseEvent, CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.queue.ticket import Stage, Step, Ticket
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView
from workflows.queue_messages import OpenTicket, VisitEnded


@workflow.defn(name="Ticket", failure_exception_types=[DomainError])
class TicketWorkflow(CaseCourse[Ticket]):
    """Keep a number until it is served, given up or nobody is called any more."""

    KIND = CaseKind.TICKET
    VALUE = reader(Ticket)

    @workflow.init
    def __init__(self, start: OpenTicket) -> None:
        super().__init__(start.case, start.ticket, begin(None, workflow.now()))

    @workflow.run
    async def run(self, start: OpenTicket) -> CaseView:
        """Run until the number is over."""
        async with self.turn:
            # A desk does not wait for the engine: it may have called the number by now.
            await self.compare()
        day = asyncio.create_task(self._keep_day())
        await self.follow(day.done)
        if not day.done():
            day.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await day
        else:
            day.result()
        return self.view()

    @workflow.signal
    async def visit_ended(self, ended: VisitEnded) -> None:
        """Hear that the visit received with this number is over."""

        async def once() -> None:
            if self.value.stage is not Stage.SERVING:
                return
            after = self.value.visit_over(left=ended.left)
            key = f"visit/{ended.case_id}"
            await self._record_by_itself("visit_ended", after, key, visit=ended.case_id)

        async with self.turn:
            await self.caught_up(once)

    def require_step(self, act: Act) -> None:
        """Refuse a step that the number cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("受付番号にはない操作です。")
        self._after(act)
        if act.action == Step.PREFER_TICKET:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Take the step; where the number stands afterwards is said with it."""
        after = self._after(act)
        await self.record(
            self.event_of(act, **act.fields, stage=str(after.stage)), after, key=update_key()
        )
        return self.view()

    def _after(self, act: Act) -> Ticket:
        match Step(act.action):
            case Step.RECALL_TICKET:
                return self.value.recall()
            case Step.SERVE_TICKET:
                return self.value.serve(workflow.now())
            case Step.END_TICKET:
                return self.value.end(Stage(str(act.fields["result"])))
            case Step.MOVE_TICKET:
                return self.value.move(str(act.fields["line"]))
            case Step.PREFER_TICKET:
                return self.value.prefer()

    async def _keep_day(self) -> None:
        """End what is left when the day is over."""
        wait = self.value.ends_at - workflow.now()
        if wait.total_seconds() > 0:
            await workflow.sleep(wait, summary="the end of the day")

        async def once() -> None:
            if not self.value.closed:
                after = self.value.pass_midnight()
                await self._record_by_itself("day_ended", after, "day-ended")

        async with self.turn:
            await self.caught_up(once)

    async def _record_by_itself(
        self, action: str, after: Ticket, key: str, **detail: Any
    ) -> None:
        event = CaseEvent(
            action=action,
            at=workflow.now(),
            actor=CLOCK,
            detail={**detail, "stage": str(after.stage)},
        )
        await self.record(event, after, key=key)
