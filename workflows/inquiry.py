"""The course of an inquiry, until it is answered or referred to the city."""

from temporalio import workflow

from domain.calls.inquiry import Inquiry, Outcome, Step, Transfer
from domain.case import CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.handoff import Stage as HandoffStage
from workflows.call_messages import OpenInquiry
from workflows.clock import Clock, begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView, HandoffEnded


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
        if act.action == Step.CLOSE_INQUIRY or _nobody_took(act):
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Record what was done about it; the answer is the line's sealed reason."""
        after = self._after(act)
        if act.action == Step.TRANSFER_CALL:
            return await self._transfer(act, after)
        event = self.event_of(act, stage=str(after.stage), outcome=str(act.fields["outcome"]))
        if after.destination:
            event.detail["destination"] = after.destination
        await self.record(event, after, key=update_key())
        return self.view()

    async def handed_back(self, ended: HandoffEnded) -> tuple[Inquiry, Clock]:
        """Return the inquiry as dealt with once the city has called back."""
        done = ended.outcome == HandoffStage.COMPLETED
        return self.value.called_back() if done else self.value, self.clock

    async def _transfer(self, act: Act, after: Inquiry) -> CaseView:
        told = {
            "target": after.destination,
            "result": str(act.fields["result"]),
            "stage": str(after.stage),
        }
        if _nobody_took(act):
            return await self.hand_off(
                act, after, section=after.destination, call_back=True, detail=told
            )
        await self.record(self.event_of(act, **told), after, key=update_key())
        return self.view()

    def _after(self, act: Act) -> Inquiry:
        if act.action == Step.TRANSFER_CALL:
            result = Transfer(str(act.fields["result"]))
            return self.value.transfer(str(act.fields["target"]), result)
        told = str(act.fields.get("destination") or "")
        return self.value.close(Outcome(str(act.fields["outcome"])), told)


def _nobody_took(act: Act) -> bool:
    return act.action == Step.TRANSFER_CALL and act.fields["result"] == Transfer.CALLBACK
