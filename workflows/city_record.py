"""The course of a record of the city, until it is done or made void."""

from temporalio import workflow

from domain.calendars.hours import local
from domain.case import CaseKind, require_reason
from domain.citywork.city_record import WITH_REASON, CityRecord, Step
from domain.errors import ActionUnknown, DomainError
from workflows.city_messages import OpenCityRecord
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView, HandoffEnded


@workflow.defn(name="CityRecord", failure_exception_types=[DomainError])
class CityRecordWorkflow(CaseCourse[CityRecord]):
    """Let each party take its steps; tell the case that waits for it when it is over."""

    KIND = CaseKind.CITY_RECORD
    VALUE = reader(CityRecord)

    @workflow.init
    def __init__(self, start: OpenCityRecord) -> None:
        super().__init__(start.case, start.record, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenCityRecord) -> CaseView:
        """Run until it is done or made void."""
        await self.follow()
        if start.parent_kind is not None:
            ended = HandoffEnded(
                handoff_id=self.case.case_id, outcome=str(self.value.stage), by_city=False
            )
            parent = CaseKind(start.parent_kind)
            await self.tell(parent, self.case.parent_id, "handoff_ended", ended)
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the record cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("市の記録にはない操作です。")
        step = Step(act.action)
        after = self._after(act)
        if step in WITH_REASON or after.missing:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Take the step; what it was told stands beside it."""
        after = self._after(act)
        told = {name: value for name, value in act.fields.items() if value is not None}
        event = self.event_of(act, **told, what=str(after.what), stage=str(after.stage))
        await self.record(event, after, key=update_key())
        return self.view()

    def _after(self, act: Act) -> CityRecord:
        today = local(workflow.now()).date()
        return self.value.take(Step(act.action), act.fields, today)
