"""The course of a procedure at a window, from its documents to its check."""

from temporalio import workflow

from domain.case import CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.parties import Action, Standing
from domain.procedures.procedure import Procedure
from domain.procedures.procedure_parts import KIND_OF, WITH_REASON, Step
from workflows.clock import Clock, begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView
from workflows.procedure_messages import OpenProcedure, ProcedureEnded


@workflow.defn(name="Procedure", failure_exception_types=[DomainError])
class ProcedureWorkflow(CaseCourse[Procedure]):
    """Let each party take its steps; tell the visit when it is over."""

    KIND = CaseKind.PROCEDURE
    VALUE = reader(Procedure)

    @workflow.init
    def __init__(self, start: OpenProcedure) -> None:
        super().__init__(start.case, start.procedure, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenProcedure) -> CaseView:
        """Run until it is done or given up."""
        await self.follow()
        ended = ProcedureEnded(case_id=self.case.case_id, outcome=str(self.value.stage))
        await self.tell(CaseKind.VISIT, self.case.parent_id, "procedure_ended", ended)
        return self.view()

    def standing_for(self, action: Action) -> Standing:
        """Return where the procedure stands as far as ``action`` is concerned."""
        return self.value.standing_for(action)

    def require_step(self, act: Act) -> None:
        """Refuse a step that the procedure cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("手続の案件にはない操作です。")
        step = Step(act.action)
        self.value.take(step, act.by, act.fields)
        if step in WITH_REASON:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Take the step; the record says whose it was and whose the next one is."""
        after = self.value.take(Step(act.action), act.by, act.fields)
        kind = KIND_OF.get(Action(act.action))
        party = self.value.party_of(kind) if kind else None
        event = self.event_of(
            act,
            **act.fields,
            stage=str(after.stage),
            procedure=after.plan.procedure,
            **({"done_by": str(party)} if party else {}),
        )
        await self.record(event, after, key=update_key(), running=self._waiting(act, after))
        return self.view()

    def _waiting(self, act: Act, after: Procedure) -> Clock:
        """Return the clock of the city's turn: until when somebody has to take it on."""
        if after.closed:
            return self.clock
        citys = after.standing is Standing.WITH_CITY
        if citys and self.value.standing is not Standing.WITH_CITY:
            return self.clock.set_to(act.deadline, workflow.now())
        if self.clock.deadline is None:
            return self.clock
        return self.clock.set_to(None, workflow.now())
