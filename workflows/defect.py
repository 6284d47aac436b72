"""The course of an application that came back, until it is settled."""

import asyncio
import contextlib
from datetime import date, datetime, time

from temporalio import workflow

from domain.calendars.hours import local
from domain.calls.contact import ContactMeans, ContactOutcome, attempt
from domain.case import CLOCK, CaseEvent, CaseKind, require_reason
from domain.defects.defect import Defect
from domain.defects.defect_errors import RetakeNotBooked
from domain.defects.defect_parts import Retake, RetakeState, SeenRetake, Stage, Step
from domain.errors import ActionUnknown, DomainError
from domain.handoff import Stage as HandoffStage
from workflows.application_messages import DefectSettled
from workflows.clock import Clock, begin
from workflows.course import CaseCourse
from workflows.defect_messages import FoundRetake, LookAtRetake, OpenDefect, PlannedTry, PlanTry
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView, HandoffEnded
from workflows.options import record
from workflows.ports import DefectPort

_WAITS = frozenset({Stage.LETTER_DUE, Stage.LETTER_SENT, Stage.UNREACHABLE})
"""Where one more attempt that fails moves nothing that is due."""


@workflow.defn(name="Defect", failure_exception_types=[DomainError])
class DefectWorkflow(CaseCourse[Defect]):
    """See that somebody calls again, watch the visit for a new photo, wait for an answer.

    Two things go on side by side: alarms of what is due, and moments that come by
    themselves. It may run for months.
    """

    KIND = CaseKind.DEFECT
    VALUE = reader(Defect)

    @workflow.init
    def __init__(self, start: OpenDefect) -> None:
        super().__init__(start.case, start.defect, begin(start.deadline, workflow.now()))
        self._looked_at = workflow.now()

    @workflow.run
    async def run(self, start: OpenDefect) -> CaseView:
        """Run until it is settled."""
        passing = asyncio.create_task(self._let_time_pass())
        while not self.value.closed:
            await self.follow(passing.done)
            if passing.done():
                passing.result()  # it works for ever, and must not end unseen
        passing.cancel()
        settlement = self.value.settlement
        assert settlement is not None, "it ends with how it ended"
        told = DefectSettled(
            case_id=self.case.case_id, settlement=settlement, receipt=self.value.receipt
        )
        await self.tell(CaseKind.APPLICATION, self.case.parent_id, "defect_settled", told)
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the follow-up cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("申請不備の案件にはない操作です。")
        step = Step(act.action)
        if step is Step.LINK_RETAKE:
            self.value.require_open()
            return
        self._after(step, act)
        if step is Step.RECORD_GIVING_UP:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Take the step, with what is due next because of it."""
        step = Step(act.action)
        if step is Step.LINK_RETAKE:
            seen = await self._look(str(act.fields["reservation"]))
            if seen is None:
                raise RetakeNotBooked("この番号の予約はありません。")
            after = self.value.booked(seen)
        else:
            after = self._after(step, act)
        after, running = await self._planned(after, act)
        detail = self._detail(step, act, after)
        await self.record(
            self.event_of(act, **detail), after, key=update_key(), running=running
        )
        return self.view()

    def require_offer(self, act: Act) -> None:
        """Refuse to ask the city before anybody has tried to reach the person."""
        super().require_offer(act)
        self.value.offered()

    def offered(self) -> tuple[Defect, Clock]:
        """Return it with the city; its hand-off has a clock of its own."""
        return self.value.offered(), self.clock.set_to(None, workflow.now())

    async def handed_back(self, ended: HandoffEnded) -> tuple[Defect, Clock]:
        """Return it settled by the city, or with when somebody calls again."""
        taken_over = ended.outcome == HandoffStage.COMPLETED
        return await self._planned(self.value.handed_back(taken_over=taken_over))

    def _after(self, step: Step, act: Act) -> Defect:
        match step:
            case Step.RECORD_RESUBMISSION:
                return self.value.resubmitted(str(act.fields["receipt"]))
            case Step.RECORD_GIVING_UP:
                return self.value.given_up()
            case Step.LINK_RETAKE:
                raise ValueError("a visit is looked at first")
        made = attempt(
            at=workflow.now(),
            by=act.by.account_id,
            means=ContactMeans(str(act.fields["means"])),
            outcome=ContactOutcome(str(act.fields["outcome"])),
        )
        return self.value.contacted(made)

    def _detail(
        self, step: Step, act: Act, after: Defect
    ) -> dict[str, str | int | bool | None]:
        detail: dict[str, str | int | bool | None] = {"stage": str(after.stage)}
        deadline = self.clock.deadline
        if step is Step.RECORD_CONTACT_ATTEMPT:
            detail |= {"means": act.fields["means"], "outcome": act.fields["outcome"]}
            detail["late"] = deadline.is_late(workflow.now()) if deadline else None
        elif step is Step.LINK_RETAKE:
            assert after.retake is not None, "just linked"
            detail |= _of_retake(after.retake)
        elif step is Step.RECORD_RESUBMISSION:
            detail["receipt"] = after.receipt
        if after.next_try is not None and not after.closed:
            detail["next_try"] = local(after.next_try).isoformat()
        return detail

    # What is due next.

    async def _planned(self, after: Defect, act: Act | None = None) -> tuple[Defect, Clock]:
        """Return the follow-up and its clock with what is due from now on."""
        if after.closed or (after.stage in _WAITS and after.stage is self.value.stage):
            return after, self.clock
        fields = act.fields if act is not None else {}
        wished_on, wished_at = fields.get("next_on"), fields.get("next_at")
        plan = PlanTry(
            case=self.case,
            stage=after.stage,
            tries=after.attempts,
            now=workflow.now(),
            on=date.fromisoformat(str(wished_on)) if wished_on else None,
            at=time.fromisoformat(str(wished_at)) if wished_at else None,
            visit_ends_at=after.retake.ends_at if after.retake else None,
        )
        planned: PlannedTry = await workflow.execute_local_activity_method(
            DefectPort.plan_try, plan, **record("plan the next try")
        )
        running = self.clock.set_to(planned.deadline, workflow.now())
        return after.planned(planned.next_try, planned.waits_until), running

    async def _look(self, reservation: str) -> SeenRetake | None:
        asked = LookAtRetake(case=self.case, reservation=reservation)
        found: FoundRetake | None = await workflow.execute_local_activity_method(
            DefectPort.look_at_retake, asked, **record("look at the visit")
        )
        self._looked_at = workflow.now()
        if found is None:
            return None
        retake = Retake(
            reservation=found.reservation,
            number=found.number,
            starts_at=found.starts_at,
            ends_at=found.ends_at,
        )
        return SeenRetake(retake=retake, state=found.state)

    # Moments that come by themselves.

    async def _let_time_pass(self) -> None:
        """Do what the passing of time does, for ever."""
        while True:
            moment = self._next_moment()
            await self._wait_for(moment)
            if moment is not None and moment <= workflow.now():
                async with self.turn:
                    # A step that was under way when it came due has the better right.
                    await self.caught_up(self._pass)

    async def _wait_for(self, moment: datetime | None) -> None:
        """Return when ``moment`` has come, or is not the next one any more."""

        def moved() -> bool:
            return self._next_moment() != moment

        if moment is None:
            await workflow.wait_condition(moved)
            return
        wait = moment - workflow.now()
        if wait.total_seconds() > 0:
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(
                    moved, timeout=wait, timeout_summary=f"look {local(moment).isoformat()}"
                )

    def _next_moment(self) -> datetime | None:
        if self.value.stage is Stage.LETTER_SENT:
            return self.value.waits_until
        if self.value.stage is Stage.RETAKE_BOOKED and self.value.retake is not None:
            return self.value.retake.looks_at(self._looked_at)
        return None

    async def _pass(self) -> None:
        moment = self._next_moment()
        if moment is None or moment > workflow.now():
            return
        if self.value.stage is Stage.LETTER_SENT:
            await self._record_moment("letter_unanswered", self.value.unanswered(), moment)
            return
        before = self.value.retake
        assert before is not None, "a visit is watched"
        seen = await self._look(before.reservation)
        after = self.value.looked_at(seen or SeenRetake(retake=before, state=RetakeState.GONE))
        if after.stage is not self.value.stage:
            happened = "retake_came" if after.stage is Stage.RETAKEN else "retake_missed"
            await self._record_moment(happened, after, moment, before)
        elif after.retake != before:
            await self._record_moment("retake_moved", after, moment, after.retake)

    async def _record_moment(
        self, action: str, after: Defect, moment: datetime, retake: Retake | None = None
    ) -> None:
        after, running = await self._planned(after)
        detail: dict[str, str | int | bool | None] = {"stage": str(after.stage)}
        if retake is not None:
            detail |= _of_retake(retake)
        event = CaseEvent(action=action, at=workflow.now(), actor=CLOCK, detail=detail)
        key = f"moment/{action}/{local(moment).isoformat()}"
        await self.record(event, after, key=key, running=running)


def _of_retake(retake: Retake) -> dict[str, str | int | bool | None]:
    return {
        "reservation": retake.number,
        "starts_at": local(retake.starts_at).isoformat(),
    }
