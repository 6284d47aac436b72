"""The course of an incident, from its report to its end."""

from dataclasses import replace

from temporalio import workflow

from domain.case import CLOCK, CaseEvent, CaseKind, require_reason
from domain.deadlines.deadline import Deadline
from domain.errors import ActionUnknown, DomainError
from domain.forms import Asked
from domain.incidents.forms import FORMS
from domain.incidents.incident import CLOCK_ENDS, Incident, begun
from domain.incidents.kinds import IncidentKind, Step
from domain.parties import Action, Role
from workflows.clock import Clock, begin
from workflows.course import CaseCourse
from workflows.incident_messages import OpenIncident
from workflows.keeping import change_of, reader, update_key
from workflows.messages import Act, CaseView, HandoffEnded, OpenedCase


@workflow.defn(name="Incident", failure_exception_types=[DomainError])
class IncidentWorkflow(CaseCourse[Incident]):
    """Keep at it until it is dealt with; begin the consultation that it asks for."""

    KIND = CaseKind.INCIDENT
    VALUE = reader(Incident)

    @workflow.init
    def __init__(self, start: OpenIncident) -> None:
        super().__init__(start.case, start.incident, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenIncident) -> CaseView:
        """Run until the incident is over."""
        await self._consult_from_the_beginning(start.consult_by)
        await self.follow()
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the incident cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("事案にはない操作です。")
        self._after(act)
        if FORMS[Action(act.action)].reason is Asked.REQUIRED:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Take the step; what is grave begins a consultation with the city."""
        after = self._after(act)
        event = self.event_of(
            act, **act.fields, stage=str(after.stage), **self._lateness(act, after)
        )
        running = self._running(act, after)
        if after.to_be_consulted:
            return await self._consult(event, after, act.deadline, key=update_key())
        await self.record(event, after, key=update_key(), running=running)
        return self.view()

    def offered(self) -> tuple[Incident, Clock]:
        """Return the incident with the moment of its first hand-over to the city."""
        return self.value.handed_over(workflow.now()), self.clock

    def after_handoff(self, value: Incident, ended: HandoffEnded) -> Incident:
        """Return the incident with when it reached the city through the responsible person."""
        return value.handed_over(ended.to_city_at) if ended.to_city_at else value

    def opened_cases(self) -> frozenset[str]:
        """Return hand-offs that are not finished, and the consultation."""
        begun_from = {self.value.consultation} - {""}
        return super().opened_cases() | begun_from

    async def _consult_from_the_beginning(self, due: Deadline | None) -> None:
        async def once() -> None:
            if not self.value.to_be_consulted:
                return
            event = CaseEvent(
                action="consultation_needed",
                at=workflow.now(),
                actor=CLOCK,
                detail={"stage": str(self.value.stage)},
            )
            await self._consult(event, self.value, due, key="consultation")

        if self.value.to_be_consulted:
            async with self.turn:
                await self.caught_up(once)

    async def _consult(
        self, event: CaseEvent, after: Incident, due: Deadline | None, *, key: str
    ) -> CaseView:
        case_id = workflow.uuid7().hex
        child = replace(self.case, case_id=case_id, parent_id=self.case.case_id)
        consultation = begun(
            case_id, IncidentKind.CONSULTATION, Role.SITE_MANAGER, at=workflow.now()
        )
        cause = "vacancy" if after.kind is IncidentKind.VACANCY else "serious"
        opened = OpenedCase(
            case=child,
            kind=CaseKind.INCIDENT,
            change=change_of(consultation, due),
            event=CaseEvent(
                action="consultation_begun",
                at=workflow.now(),
                actor=CLOCK,
                detail={"incident": str(consultation.kind), "cause": cause},
            ),
            start=OpenIncident(case=child, incident=consultation, deadline=due),
        )
        told = replace(event, detail=event.detail | {"case": case_id})
        await self.record(told, after.with_consultation(case_id), key=key, opens=opened)
        return replace(self.view(), opened=case_id)

    def _after(self, act: Act) -> Incident:
        return self.value.take(Step(act.action), act.fields, now=workflow.now())

    def _running(self, act: Act, after: Incident) -> Clock:
        """Return the clock after a step: what was promised is kept, the next may begin."""
        if after.closed or Step(act.action) not in CLOCK_ENDS:
            return self.clock
        if act.deadline is None and self.clock.deadline is None:
            return self.clock
        return self.clock.set_to(act.deadline, workflow.now())

    def _lateness(self, act: Act, after: Incident) -> dict[str, bool]:
        deadline = self.clock.deadline
        kept = after.closed or Step(act.action) in CLOCK_ENDS
        if deadline is None or not kept:
            return {}
        return {"late": deadline.is_late(workflow.now())}
