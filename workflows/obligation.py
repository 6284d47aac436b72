"""The course of one thing that a contract promises, from the day it is owed to its end."""

from datetime import date

from temporalio import workflow

from domain.case import CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.obligations.obligation import Obligation, Step, places
from workflows.clock import Clock, begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import Act, CaseView
from workflows.obligation_messages import OpenObligation


@workflow.defn(name="Obligation", failure_exception_types=[DomainError])
class ObligationWorkflow(CaseCourse[Obligation]):
    """Wait for versions and approvals; what is not kept in time rings as everywhere."""

    KIND = CaseKind.OBLIGATION
    VALUE = reader(Obligation)

    @workflow.init
    def __init__(self, start: OpenObligation) -> None:
        super().__init__(start.case, start.obligation, begin(start.deadline, workflow.now()))

    @workflow.run
    async def run(self, start: OpenObligation) -> CaseView:
        """Run until nothing more is to come."""
        await self.follow()
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the obligation cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("契約の約束の案件にはない操作です。")
        if act.action in {Step.RETURN_VERSION, Step.END_OBLIGATION}:
            require_reason(act.reason)
        self._after(act)

    async def take_step(self, act: Act) -> CaseView:
        """Record the step, and let the clock run for as long as the promise is not kept."""
        after = self._after(act)
        detail = {"stage": str(after.stage)} | _told(after, act)
        await self.record(
            self.event_of(act, **detail),
            after,
            key=update_key(),
            running=self._clock(after, act),
        )
        return self.view()

    def _after(self, act: Act) -> Obligation:
        now, late, given = workflow.now(), self._is_late(), act.fields
        match Step(act.action):
            case Step.SAVE_VERSION:
                after = self.value.save(
                    str(given["reference"]),
                    places(str(given.get("sections") or "")),
                    now,
                    provisional=given.get("provisional") == "yes",
                )
            case Step.SUBMIT_VERSION:
                after = self.value.submit(now, late=late)
            case Step.APPROVE_VERSION:
                after = self.value.approve(now, late=late)
            case Step.RETURN_VERSION:
                after = self.value.send_back(now)
            case Step.RECORD_EVIDENCE:
                assert act.by.role is not None, "only people act"
                (item,) = places(str(given.get("item") or 0))
                words = str(given["evidence"])
                after = self.value.show(item, words, now, act.by.role, late=late)
            case Step.AGREE_DAY:
                day = date.fromisoformat(str(given["day"]))
                after = self.value.agree(day, str(given["agreement"]))
            case Step.END_OBLIGATION:
                after = self.value.end()
        return after

    def _is_late(self) -> bool:
        deadline = self.clock.deadline
        return deadline is not None and deadline.is_late(workflow.now())

    def _clock(self, after: Obligation, act: Act) -> Clock:
        """Stop when the promise is kept, go on when it is not kept any more."""
        if after.kept and not after.closed:
            return self.clock.set_to(None, workflow.now())
        moved = act.action == Step.AGREE_DAY
        back = self.value.kept and not after.kept
        if moved or back:
            return self.clock.set_to(act.deadline, workflow.now())
        return self.clock


def _told(after: Obligation, act: Act) -> dict[str, str | int | bool | None]:
    """Return what the record says of a step beside who took it, and when."""
    told: dict[str, str | int | bool | None] = {"obligation": after.terms.code}
    match Step(act.action):
        case Step.AGREE_DAY:
            told |= {"counted_from": str(act.fields["day"])}
        case Step.RECORD_EVIDENCE:
            told |= {"item": after.evidence[-1].item}
        case Step.END_OBLIGATION:
            pass
        case _:
            told |= {"document_version": after.versions[-1].number}
            told |= {"provisional": True} if after.versions[-1].provisional else {}
    return told | ({"late": True} if after.late else {})
