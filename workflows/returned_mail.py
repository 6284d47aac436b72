"""The course of mail that came back, until it is sent again or an official has it."""

from temporalio import workflow

from domain.calls.contact import ContactOutcome
from domain.case import CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.lots import returned_mail
from domain.lots.returned_mail import ReturnedMail, Step
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView, OpenReturnedMail

_WITH_REASON = {Step.KEEP_ITEM, Step.HAND_ITEM_TO_OFFICIAL, Step.REFUSE_RECEIPT}


@workflow.defn(name="ReturnedMail", failure_exception_types=[DomainError])
class ReturnedMailWorkflow(CaseCourse[ReturnedMail]):
    """Count attempts to reach the person and know where the thing is."""

    KIND = CaseKind.RETURNED_MAIL
    VALUE = reader(ReturnedMail)

    @workflow.init
    def __init__(self, start: OpenReturnedMail) -> None:
        super().__init__(start.case, start.mail, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenReturnedMail) -> CaseView:
        """Run until the thing has left for good."""
        await self.follow()
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the case cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("返戻の案件にはない操作です。")
        step = Step(act.action)
        self._after(step, act)
        if step in _WITH_REASON:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Take the step, with what moves because of it."""
        step, before = Step(act.action), self.value
        after = self._after(step, act)
        event = self.event_of(act, stage=str(after.stage), **act.fields)
        await self.record(
            event, after, key=update_key(), movements=returned_mail.movements(before, after)
        )
        return self.view()

    def _after(self, step: Step, act: Act) -> ReturnedMail:
        if step is Step.RECORD_CONTACT_ATTEMPT:
            return self.value.contacted(ContactOutcome(str(act.fields["outcome"])))
        return self.value.take(step)
