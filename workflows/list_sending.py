"""The course of one operating day's list and report, from its end until the city has them.

Where it is known where to send it, it goes by itself; a mail that does not leave comes back
to staff, and whoever hands the list over in another way ends the trying. Its deadline warns,
is breached and climbs the ladder as every other.
"""

import asyncio
from dataclasses import dataclass
from functools import partial

from pydantic import TypeAdapter
from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from domain.case import CLOCK, CaseEvent, CaseKind
from domain.errors import ActionUnknown, DomainError
from domain.refusals import refusals
from domain.sending.daily_report import ReportTerms
from domain.sending.list_sending import ListFile, ListSending, Means, Step
from domain.sending.outgoing import Problem
from workflows.clock import begin
from workflows.course import CaseCourse
from workflows.keeping import update_key
from workflows.list_messages import MakeList, OpenListSending, SendList
from workflows.messages import Act, CaseView, GiveUpMessage
from workflows.options import make, record, send
from workflows.ports import ListPort, MessagePort


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """How an order to send ended."""

    file: ListFile | None = None
    sent: bool = False
    trouble: str = ""


@workflow.defn(name="ListSending", failure_exception_types=[DomainError])
class ListSendingWorkflow(CaseCourse[ListSending]):
    """Send, wait for staff, and end when the city has the list."""

    KIND = CaseKind.LIST_SENDING
    VALUE = TypeAdapter(ListSending)

    @workflow.init
    def __init__(self, start: OpenListSending) -> None:
        super().__init__(start.case, start.sending, begin(start.deadline, workflow.now()))
        self._busy = False

    @workflow.run
    async def run(self, start: OpenListSending) -> CaseView:
        """Run until the city has the list."""
        work = asyncio.create_task(self._keep_sending())
        while not self.value.closed:
            await self.follow(work.done)
            if work.done():
                work.result()
        await workflow.wait_condition(lambda: work.done() or not self._busy)
        if work.done():
            work.result()
        await workflow.wait_condition(workflow.all_handlers_finished)
        work.cancel()
        return self.view()

    def require_step(self, act: Act) -> None:
        """Refuse a step that the case cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("日次報告の送付の案件にはない操作です。")
        match Step(act.action):
            case Step.SEND_LIST:
                self.value.order()
            case Step.MAKE_LIST_FILE:
                self.value.require(Step.MAKE_LIST_FILE)
            case Step.RECORD_LIST_DELIVERY:
                self._delivered(act)

    async def take_step(self, act: Act) -> CaseView:
        """Take a step of staff."""
        match Step(act.action):
            case Step.SEND_LIST:
                after = self.value.order()
            case Step.MAKE_LIST_FILE:
                name = f"{self.case.case_id}-file-{self.value.files + 1}"
                after = self.value.made(await self._make(name))
            case Step.RECORD_LIST_DELIVERY:
                after = self._delivered(act)
        detail = {"stage": str(after.stage)} | act.fields
        if act.action != Step.SEND_LIST and after.file is not None:
            detail |= _told(after.file, after.terms)
        if after.late:
            detail["late"] = True
        await self.record(self.event_of(act, **detail), after, key=update_key())
        return self.view()

    def _delivered(self, act: Act) -> ListSending:
        means = Means(str(act.fields["means"]))
        return self.value.delivered(means, workflow.now(), late=self._is_late())

    def _is_late(self) -> bool:
        deadline = self.clock.deadline
        return deadline is not None and deadline.is_late(workflow.now())

    async def _make(self, document_id: str) -> ListFile:
        made = await workflow.execute_activity_method(
            ListPort.make_list,
            MakeList(
                case=self.case,
                document_id=document_id,
                day=self.value.day,
                as_of=workflow.now(),
                terms=self.value.terms,
            ),
            **make("make the list"),
        )
        return made.file

    # Sending by itself.

    async def _keep_sending(self) -> None:
        """Send as often as it is ordered, for ever."""
        while True:
            await workflow.wait_condition(lambda: self.value.is_being_sent(self.value.orders))
            order = self.value.orders
            self._busy = True
            outcome = await self._send(order)
            # A case that is over records nothing while something of it is with an official.
            await workflow.wait_condition(
                lambda: not (self.value.closed and self.open_handoffs)
            )
            async with self.turn:
                await self.caught_up(partial(self._record_outcome, order, outcome))
            self._busy = False

    async def _send(self, order: int) -> _Outcome:
        """Make the file and send it, or say why not; given up once nobody waits for it."""
        try:
            file = await self._make(f"{self.case.case_id}-mail-{order}")
        except ActivityError as error:
            return _Outcome(trouble=_why(error))
        key = f"list/{order}"
        message = SendList(
            case=self.case,
            key=key,
            day=self.value.day,
            file=file,
            at=workflow.now(),
            terms=self.value.terms,
        )
        sending = workflow.start_activity_method(
            ListPort.send_list, message, **send("list by mail")
        )
        await workflow.wait_condition(
            lambda: sending.done() or not self.value.is_being_sent(order)
        )
        if not sending.done():
            sending.cancel()
        try:
            await sending
        except ActivityError as error:
            given_up = await workflow.execute_local_activity_method(
                MessagePort.give_up_message,
                GiveUpMessage(case=self.case, key=key),
                **record("give up the mail"),
            )
            return _Outcome(file=file, sent=given_up.sent, trouble=_why(error))
        return _Outcome(file=file, sent=True)

    async def _record_outcome(self, order: int, outcome: _Outcome) -> None:
        """Record that it left, or that somebody has to see to it."""
        waiting = self.value.is_being_sent(order)
        if not waiting and not outcome.sent:
            # Delivered otherwise meanwhile: nobody waits for the mail any more.
            return
        now, after = workflow.now(), self.value
        if waiting and outcome.sent and outcome.file is not None:
            after = after.mailed(outcome.file, now, late=self._is_late())
        elif waiting:
            after = after.not_mailed(outcome.trouble)
        detail: dict[str, str | int | bool | None] = {"stage": str(after.stage)}
        if outcome.sent and outcome.file is not None:
            detail |= {"means": str(Means.MAIL)} | _told(outcome.file, after.terms)
            # What a person handed over before counts as the delivery, late or not.
            detail |= {"late": True} if waiting and after.late else {}
        else:
            detail["trouble"] = outcome.trouble
        event = CaseEvent(
            action="list_sent" if outcome.sent else "list_not_sent",
            at=now,
            actor=CLOCK,
            detail=detail,
        )
        await self.record(event, after, key=f"list/{order}")


def _told(file: ListFile, terms: ReportTerms | None) -> dict[str, str | int | bool | None]:
    """Return what the record says of a file, so that it can be recognised for ever."""
    told: dict[str, str | int | bool | None] = {
        "document": file.document_id,
        "sha256": file.sha256,
        "rows": file.rows,
        "people": file.people,
        "printed": file.printed,
    }
    if terms is not None:
        told |= {"parts": len(terms.parts), "document_version": terms.version}
    return told


def _why(error: ActivityError) -> str:
    """Return in a word why something was not done; words of servers are not repeated."""
    cause = error.cause
    if isinstance(cause, ApplicationError):
        if cause.type in refusals():
            return str(cause.type)
        if cause.message in set(Problem):
            return cause.message
    return str(Problem.TIMEOUT)
