"""The course of what is to be entered into a city's system, until it was or is given up."""

from temporalio import workflow

from domain.calls.external_entry import ExternalEntry, Step
from domain.case import CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from workflows.call_messages import OpenExternalEntry
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView


@workflow.defn(name="ExternalEntry", failure_exception_types=[DomainError])
class ExternalEntryWorkflow(CaseCourse[ExternalEntry]):
    """Wait for the entry; who does not make it in time is told by every course's alarms."""

    KIND = CaseKind.EXTERNAL_ENTRY
    VALUE = reader(ExternalEntry)

    @workflow.init
    def __init__(self, start: OpenExternalEntry) -> None:
        super().__init__(start.case, start.entry, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenExternalEntry) -> CaseView:
        """Run until it was entered or given up."""
        await self.follow()
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the entry cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("市のシステムへの入力の案件にはない操作です。")
        self._after(act)
        if act.action in {Step.WITHDRAW_ENTRY, Step.SEND_BACK_ENTRY}:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Record that it was entered, and as what, checked, sent back or given up."""
        after = self._after(act)
        event = self.event_of(act, stage=str(after.stage), **act.fields)
        running = self.clock
        if not after.closed:
            # Somebody else is to look at it now, or to enter it again.
            running = running.set_to(act.deadline, workflow.now())
        await self.record(event, after, key=update_key(), running=running)
        return self.view()

    def _after(self, act: Act) -> ExternalEntry:
        by = act.by.account_id
        match Step(act.action):
            case Step.WITHDRAW_ENTRY:
                return self.value.withdraw()
            case Step.CHECK_ENTRY:
                return self.value.check(by=by)
            case Step.SEND_BACK_ENTRY:
                return self.value.send_back(by=by)
        return self.value.enter(str(act.fields["reference"]), by=by)
