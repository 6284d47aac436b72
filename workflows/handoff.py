"""The course of a hand-off to an official, until it is completed or withdrawn."""

from temporalio import workflow

from domain.case import CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.handoff import Handoff, Step
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView, HandoffEnded, OpenHandoff

_WITH_REASON = {Step.RETURN_HANDOFF, Step.WITHDRAW_HANDOFF}


@workflow.defn(name="Handoff", failure_exception_types=[DomainError])
class HandoffWorkflow(CaseCourse[Handoff]):
    """Wait for an official; tell the case it belongs to when it is over."""

    KIND = CaseKind.HANDOFF
    VALUE = reader(Handoff)

    @workflow.init
    def __init__(self, start: OpenHandoff) -> None:
        super().__init__(start.case, start.handoff, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenHandoff) -> CaseView:
        """Run until the hand-off is completed or withdrawn."""
        await self.follow()
        ended = HandoffEnded(handoff_id=self.case.case_id, outcome=str(self.value.stage))
        parent = CaseKind(start.parent_kind)
        await self.tell(parent, self.case.parent_id, "handoff_ended", ended)
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the hand-off cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("引継ぎの案件にはない操作です。")
        step = Step(act.action)
        self.value.take(step, by=act.by.account_id)
        if step in _WITH_REASON:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Take the step; whoever accepts is named in the record."""
        step = Step(act.action)
        after = self.value.take(step, by=act.by.account_id)
        now, deadline = workflow.now(), self.clock.deadline
        event = self.event_of(
            act,
            stage=str(after.stage),
            due_at=deadline.due_at.isoformat() if deadline else None,
            late=deadline.is_late(now) if deadline else None,
        )
        running = self.clock
        if step is Step.OFFER_HANDOFF:
            running = running.set_to(act.deadline, now)
        elif not after.closed:
            # What was due is that somebody takes it on or sends it back; how long the city
            # then works on it nobody has promised.
            running = running.set_to(None, now)
        await self.record(event, after, key=update_key(), running=running)
        return self.view()
