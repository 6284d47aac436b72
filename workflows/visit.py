"""The course of a visit at the counter, from reception to its end."""

from temporalio import workflow

from domain.case import CaseKind
from domain.errors import ActionUnknown, DomainError
from domain.visit import Result, Step, Visit
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView, OpenVisit


@workflow.defn(name="Visit", failure_exception_types=[DomainError])
class VisitWorkflow(CaseCourse[Visit]):
    """Wait until the visitor has been served; hand-offs are offered by every course."""

    KIND = CaseKind.VISIT
    VALUE = reader(Visit)

    @workflow.init
    def __init__(self, start: OpenVisit) -> None:
        super().__init__(start.case, start.visit, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenVisit) -> CaseView:
        """Run until the visit is closed."""
        await self.follow()
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the visit cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("来庁の案件にはない操作です。")
        self.value.close(Result(str(act.fields["result"])))

    async def take_step(self, act: Act) -> CaseView:
        """End the visit with its result."""
        after = self.value.close(Result(str(act.fields["result"])))
        event = self.event_of(act, result=str(act.fields["result"]))
        await self.record(event, after, key=update_key())
        return self.view()
