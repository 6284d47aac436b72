"""The course of a visit at the counter, from reception to its end."""

from dataclasses import replace

from temporalio import workflow

from domain.applications.application import require_opener
from domain.case import CLOCK, CaseEvent, CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.procedures.consent import Consent, Consenter, versions
from domain.procedures.visit import Result, Stage, Step, Visit
from workflows.application_messages import OpenApplication
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import change_of, reader, update_key
from workflows.messages import Act, CaseView, OpenedCase, OpenVisit
from workflows.procedure_messages import OpenProcedure, ProcedureEnded
from workflows.queue_messages import VisitEnded


@workflow.defn(name="Visit", failure_exception_types=[DomainError])
class VisitWorkflow(CaseCourse[Visit]):
    """Wait until the visitor has been served; hand-offs are offered by every course.

    What is done for the visitor are procedures and applications, cases of their own; the
    visit begins them and cannot end before they are done here.
    """

    KIND = CaseKind.VISIT
    VALUE = reader(Visit)

    @workflow.init
    def __init__(self, start: OpenVisit) -> None:
        super().__init__(
            start.case,
            start.visit,
            begin(start.deadline, workflow.now()),
            open_handoffs=frozenset(start.open_handoffs),
        )

    @workflow.run
    async def run(self, start: OpenVisit) -> CaseView:
        """Run until the visit is closed, and the number it began with knows."""
        await self.follow()
        ended = VisitEnded(case_id=self.case.case_id, left=self.value.stage is Stage.LEFT)
        await self.tell(CaseKind.TICKET, self.case.parent_id, "visit_ended", ended)
        return self.view()

    @workflow.signal
    async def procedure_ended(self, ended: ProcedureEnded) -> None:
        """Hear that a procedure is done or given up, or an application left the window."""

        async def once() -> None:
            if ended.case_id not in self.value.procedures:
                return
            event = CaseEvent(
                action="procedure_ended",
                at=workflow.now(),
                actor=CLOCK,
                detail={"case": ended.case_id, "outcome": ended.outcome},
            )
            after = self.value.end(ended.case_id)
            await self.record(event, after, key=f"procedure/{ended.case_id}")

        async with self.turn:
            await self.caught_up(once)

    def require_step(self, act: Act) -> None:
        """Refuse a step that the visit cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("来庁の案件にはない操作です。")
        if act.action == Step.ADD_PROCEDURE:
            assert act.procedure is not None, "what is begun comes with its plan"
            self.value.begin(act.procedure.case_id, act.consents)
            return
        if act.action == Step.ADD_APPLICATION:
            assert act.application is not None, "what is begun comes with its row"
            # Whose it is the contract says, and not the visit, which stands with us.
            require_opener(act.by, act.application)
            self.value.begin(act.application.case_id, act.consents)
            return
        if act.action == Step.RECORD_CONSENT:
            self._consented(act)
            return
        if act.action == Step.WRAP_UP_VISIT:
            require_reason(act.reason)
        self._moved(act)

    async def take_step(self, act: Act) -> CaseView:
        """End the visit with its result, begin a procedure, or let another be in charge."""
        if act.action == Step.ADD_PROCEDURE:
            return await self._begin_procedure(act)
        if act.action == Step.ADD_APPLICATION:
            return await self._begin_application(act)
        if act.action == Step.RECORD_CONSENT:
            return await self._record_consent(act)
        after = self._moved(act)
        taken = act.action == Step.TAKE_CHARGE
        told = {"taken_from": self.value.in_charge} if taken else {"result": str(after.result)}
        event = self.event_of(act, **told)
        await self.record(event, after, key=update_key())
        return self.view()

    def opened_cases(self) -> frozenset[str]:
        """Return hand-offs, and what is done at the window and is not finished."""
        return super().opened_cases() | set(self.value.procedures)

    def _moved(self, act: Act) -> Visit:
        if act.action == Step.TAKE_CHARGE:
            return self.value.take_charge(act.by.account_id)
        if act.action == Step.WRAP_UP_VISIT:
            return self.value.wrap_up()
        return self.value.close(Result(str(act.fields["result"])), act.consents)

    def _consented(self, act: Act) -> Visit:
        by, said = Consenter(str(act.fields["consenter"])), Consent(str(act.fields["answer"]))
        return self.value.consent(by, said, act.consents)

    async def _record_consent(self, act: Act) -> CaseView:
        after = self._consented(act)
        event = self.event_of(
            act, **act.fields, versions=versions(act.consents), stage=str(after.stage)
        )
        await self.record(event, after, key=update_key())
        return self.view()

    async def _begin_procedure(self, act: Act) -> CaseView:
        assert act.procedure is not None
        case_id = workflow.uuid7().hex
        procedure = replace(act.procedure, case_id=case_id)
        child = replace(self.case, case_id=case_id, parent_id=self.case.case_id)
        detail = {"procedure": procedure.plan.procedure, "receiver": str(procedure.receiver)}
        begun = replace(
            self.event_of(act, **detail, stage=str(procedure.stage)), action="procedure_begun"
        )
        opened = OpenedCase(
            case=child,
            kind=CaseKind.PROCEDURE,
            change=change_of(procedure, act.deadline),
            event=begun,
            start=OpenProcedure(case=child, procedure=procedure, deadline=act.deadline),
        )
        await self.record(
            self.event_of(act, **detail, case=case_id),
            self.value.begin(case_id, act.consents),
            key=update_key(),
            opens=opened,
        )
        return replace(self.view(), opened=case_id)

    async def _begin_application(self, act: Act) -> CaseView:
        assert act.application is not None
        case_id = workflow.uuid7().hex
        application = replace(act.application, case_id=case_id)
        child = replace(self.case, case_id=case_id, parent_id=self.case.case_id)
        begun = replace(
            self.event_of(act, **act.fields, stage=str(application.stage)),
            action="application_begun",
        )
        opened = OpenedCase(
            case=child,
            kind=CaseKind.APPLICATION,
            change=change_of(application, None),
            event=begun,
            start=OpenApplication(case=child, application=application),
        )
        await self.record(
            self.event_of(act, **act.fields, case=case_id),
            self.value.begin(case_id, act.consents),
            key=update_key(),
            opens=opened,
        )
        return replace(self.view(), opened=case_id)
