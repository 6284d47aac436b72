"""The course of an inquiry, until it is answered or referred to the city."""

from temporalio import workflow

from domain.calls.inquiry import Inquiry, Outcome, Step
from domain.case import CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from workflows.call_messages import OpenInquiry
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView


@workflow.defn(name="Inquiry", failure_exception_types=[DomainError])
class InquiryWorkflow(CaseCourse[Inquiry]):
    """Wait for an answer; who is to be called back stays on the list until then."""

    KIND = CaseKind.INQUIRY
    VALUE = reader(Inquiry)

    @workflow.init
    def __init__(self, start: OpenInquiry) -> None:
        super().__init__(start.case, start.inquiry, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenInquiry) -> CaseView:
        """Run until the question is dealt with."""
        await self.follow()
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the inquiry cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("問合せの案件にはない操作です。")
        self._after(act)
        require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Record what was done about it; the answer is the line's sealed reason."""
        after = self._after(act)
        event = self.event_of(act, stage=str(after.stage), outcome=str(act.fields["outcome"]))
        if after.destination:
            event.detail["destination"] = after.destination
        await self.record(event, after, key=update_key())
        return self.view()

    def _after(self, act: Act) -> Inquiry:
        told = str(act.fields.get("destination") or "")
        return self.value.close(Outcome(str(act.fields["outcome"])), told)
