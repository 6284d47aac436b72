"""The course of a hand-off, until it is completed or withdrawn."""

from temporalio import workflow

from domain.case import CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.handoff import OFFERS, Handoff, Step
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView, HandoffEnded, OpenHandoff

_WITH_REASON = {
    Step.RETURN_HANDOFF,
    Step.WITHDRAW_HANDOFF,
    Step.SETTLE,
    Step.GIVE_BACK,
    Step.PASS_ON,
}


@workflow.defn(name="Handoff", failure_exception_types=[DomainError])
class HandoffWorkflow(CaseCourse[Handoff]):
    """Wait for whoever takes it on; tell the case it belongs to when it is over."""

    KIND = CaseKind.HANDOFF
    VALUE = reader(Handoff)

    @workflow.init
    def __init__(self, start: OpenHandoff) -> None:
        super().__init__(start.case, start.handoff, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenHandoff) -> CaseView:
        """Run until the hand-off is completed or withdrawn."""
        await self.follow()
        ended = HandoffEnded(
            handoff_id=self.case.case_id,
            outcome=str(self.value.stage),
            by_city=self.value.with_city_last,
            to_city_at=self.value.to_city_at,
        )
        parent = CaseKind(start.parent_kind)
        await self.tell(parent, self.case.parent_id, "handoff_ended", ended)
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the hand-off cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("引継ぎの案件にはない操作です。")
        step = Step(act.action)
        self._after(act)
        if step in _WITH_REASON:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Take the step; whoever accepts is named in the record."""
        step = Step(act.action)
        after = self._after(act)
        now, deadline = workflow.now(), self.clock.deadline
        event = self.event_of(
            act,
            stage=str(after.stage),
            section=after.section if step is Step.PASS_ON else None,
            due_at=deadline.due_at.isoformat() if deadline else None,
            late=deadline.is_late(now) if deadline else None,
        )
        running = self.clock
        if step in OFFERS:
            running = running.set_to(act.deadline, now)
        elif not after.closed and not after.call_back:
            # What was due is that somebody takes it on or sends it back; how long the city
            # then works on it nobody has promised.
            running = running.set_to(None, now)
        await self.record(event, after, key=update_key(), running=running)
        return self.view()

    def _after(self, act: Act) -> Handoff:
        return self.value.take(
            Step(act.action),
            by=act.by.account_id,
            at=workflow.now(),
            section=str(act.fields.get("section") or ""),
        )
