"""The course of a reservation: it owns every clock of it, and tells its people.

Places are claimed by whoever answers the people, in the record first
(``api.booking.bookings``); this course learns of it. What it does by itself is refused while
the record knows more, so that a confirmation and a lapse never both happen. Which moments there
are and what is to be told stands in ``domain.booking.reservation_clock``.
"""

import asyncio
import contextlib
from functools import partial

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.booking.reservation import Reservation, detail_of
from domain.booking.reservation_clock import (
    Due,
    MessageKind,
    Moment,
    OwedMessage,
    next_moment,
    owed_message,
    passed,
    patience,
    told,
)
from domain.booking.reservation_parts import Means, Stage, Step
from domain.calendars.hours import local
from domain.calls.contact import ContactOutcome
from domain.case import CLOCK, CaseEvent, CaseKind, require_reason
from domain.errors import ActionUnknown, DomainError
from domain.parties import Action, Standing
from workflows.clock import Clock, begin
from workflows.course import CaseCourse
from workflows.keeping import reader, update_key
from workflows.messages import (
    Act,
    CaseView,
    Facts,
    GivenUpMessage,
    GiveUpMessage,
    OpenReservation,
    SendMessage,
    SentMessage,
)
from workflows.options import SENT_WITHIN, record, send
from workflows.ports import MessagePort

ANSWERS_KEPT = 20
"""How many answers outlive a long history: whoever asks again does so within minutes."""


@workflow.defn(name="Reservation", failure_exception_types=[DomainError])
class ReservationWorkflow(CaseCourse[Reservation]):
    """Let time pass, tell the people, and end when nothing is left to be done or told.

    Three things go on side by side: alarms of the deadline, moments of the visit, and one
    message at a time. A mail that cannot be sent holds up neither of the others.
    """

    KIND = CaseKind.RESERVATION
    VALUE = reader(Reservation)

    @workflow.init
    def __init__(self, start: OpenReservation) -> None:
        super().__init__(
            start.case,
            start.reservation,
            start.clock or begin(start.deadline, workflow.now()),
            answered=start.answered,
            last_seq=start.last_seq,
        )
        self._telling = False

    @workflow.run
    async def run(self, start: OpenReservation) -> CaseView:
        """Run until the visit is over, its places are back and its people know."""
        if start.clock is None:
            async with self.turn:
                # Claims do not wait for the engine: the record may be far ahead by now.
                await self.compare()
        work = [
            asyncio.create_task(self._keep_time()),
            asyncio.create_task(self._keep_people_told()),
        ]

        def faulty() -> bool:
            return any(each.done() for each in work)

        while not self.value.closed:
            await self.follow(lambda: faulty() or self._history_is_long())
            if not faulty() and self._history_is_long():
                workflow.continue_as_new(self._again())
            self._surface(work)
        await workflow.wait_condition(lambda: faulty() or self._all_told())
        self._surface(work)
        await workflow.wait_condition(workflow.all_handlers_finished)
        for each in work:
            each.cancel()
        return self.view()

    def standing_for(self, action: Action) -> Standing:
        """Return where the reservation stands as far as ``action`` is concerned."""
        return self.value.standing_for(action)

    def require_step(self, act: Act) -> None:
        """Refuse a step that the reservation cannot take now."""
        if act.action not in set(Step):
            raise ActionUnknown("予約の案件にはない操作です。")
        step = Step(act.action)
        self._after(step, act)
        if step is Step.CANCEL_RESERVATION:
            require_reason(act.reason)

    async def take_step(self, act: Act) -> CaseView:
        """Take a step of staff; places go back with the record of it."""
        step = Step(act.action)
        after = self._after(step, act)
        detail = detail_of(after) | act.fields
        if step is Step.RECORD_GUIDANCE:
            detail["means"] = str(Means.SPOKEN)
        if after.late:
            detail["came_late"] = True
        await self.record(
            self.event_of(act, **detail),
            after,
            key=update_key(),
            running=self._entry_clock(act, after),
        )
        return self.view()

    def _after(self, step: Step, act: Act) -> Reservation:
        now = workflow.now()
        match step:
            case Step.CANCEL_RESERVATION:
                return self.value.cancel(now)
            case Step.RECORD_GUIDANCE:
                return self.value.guide(str(act.fields["version"]), Means.SPOKEN, now)
            case Step.RECORD_EXTERNAL_ENTRY:
                return self.value.entered(str(act.fields["reference"]), now)
            case Step.RECORD_ARRIVAL:
                return self.value.arrive(now)
            case Step.RECORD_NO_SHOW:
                return self.value.miss(now, seen=True)
            case Step.RECORD_CONTACT_ATTEMPT:
                outcome = ContactOutcome(str(act.fields["outcome"]))
                return self.value.contacted(reached=outcome is ContactOutcome.REACHED)

    def _entry_clock(self, act: Act, after: Reservation) -> Clock:
        """Return the clock of what is to be entered into the city's system."""
        if after.stage is self.value.stage or after.closed:
            # A closed case keeps the deadline it had: reports say whether it was met.
            return self.clock
        if after.stage is Stage.TO_ENTER:
            return self.clock.set_to(act.deadline, workflow.now())
        return self.clock.set_to(None, workflow.now())

    # Time.

    async def _keep_time(self) -> None:
        """Do what the passing of time does, for ever."""
        while True:
            moment = self._next()
            await self._wait_for(moment)
            if moment is not None and moment.at <= workflow.now():
                async with self.turn:
                    # A step that was under way when it came due has the better right.
                    await self.caught_up(partial(self._pass, moment))

    async def _wait_for(self, moment: Moment | None) -> None:
        """Return when ``moment`` has come, or is not the next one any more."""

        def moved() -> bool:
            return self._next() != moment

        if moment is None:
            await workflow.wait_condition(moved)
            return
        wait = moment.at - workflow.now()
        if wait.total_seconds() > 0:
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(
                    moved,
                    timeout=wait,
                    timeout_summary=f"{moment.due} {local(moment.at).isoformat()}",
                )

    def _next(self) -> Moment | None:
        return next_moment(self.value, workflow.now())

    async def _pass(self, moment: Moment) -> None:
        if self._next() != moment or moment.due is Due.REMIND:
            return
        now = workflow.now()
        after = passed(self.value, moment.due, now)
        event = CaseEvent(action=str(moment.due), at=now, actor=CLOCK, detail=detail_of(after))
        at = local(moment.at).isoformat()
        await self.record(event, after, key=f"due/{moment.due}/{at}")

    # Messages.

    async def _keep_people_told(self) -> None:
        """Send what is owed, one message after the other, for ever."""
        while True:
            await workflow.wait_condition(lambda: self._owed() is not None)
            message = self._owed()
            assert message is not None, "waited for"
            self._telling = True
            outcome = await self._send(message)
            async with self.turn:
                await self.caught_up(partial(self._record_told, message, outcome))
            self._telling = False

    def _owed(self) -> OwedMessage | None:
        return owed_message(self.value, workflow.now())

    def _all_told(self) -> bool:
        return not self._telling and self._owed() is None

    async def _send(self, message: OwedMessage) -> SentMessage | GivenUpMessage:
        """Send a message, or give it up once it is pointless or was tried for too long."""
        within = patience(self.value, message, workflow.now())
        sending = workflow.start_activity_method(
            MessagePort.send_message,
            self._message(message),
            **send(
                f"{message.kind} by {message.means}",
                within=SENT_WITHIN if within is None else min(within, SENT_WITHIN),
            ),
        )
        await workflow.wait_condition(lambda: sending.done() or self._owed() != message)
        if not sending.done():
            sending.cancel()
        try:
            sent: SentMessage = await sending
            return sent
        except ActivityError:
            given_up = GiveUpMessage(case=self.case, key=message.key)
            return await workflow.execute_local_activity_method(
                MessagePort.give_up_message, given_up, **record(f"give up {message.kind}")
            )

    def _message(self, message: OwedMessage) -> SendMessage:
        value = self.value
        facts: Facts = {
            "line": value.line,
            "site": value.place.site,
            "starts_at": local(value.place.starts_at).isoformat(),
            "party": value.party,
            "generation": None if value.ended else value.generation,
            "language": value.language,
            "cause": value.cause,
            "reference": value.reference,
        }
        if message.kind is MessageKind.CHANGED and value.was_at is not None:
            facts["was_at"] = local(value.was_at).isoformat()
        return SendMessage(
            case=self.case,
            key=message.key,
            kind=str(message.kind),
            means=str(message.means),
            at=workflow.now(),
            facts=facts,
        )

    async def _record_told(
        self, message: OwedMessage, outcome: SentMessage | GivenUpMessage
    ) -> None:
        sent = isinstance(outcome, SentMessage) or outcome.sent
        if message.key in self.value.told or not (sent or self._owed() == message):
            # Recorded before, or pointless by now: nobody waits for it, and nobody phones.
            return
        now = workflow.now()
        version = outcome.guidance_version if isinstance(outcome, SentMessage) else ""
        after = told(self.value, message, sent=sent, version=version, now=now)
        detail = detail_of(after) | {"kind": str(message.kind), "means": str(message.means)}
        if version:
            detail["version"] = version
        if after.must_phone:
            detail["must_phone"] = True
        event = CaseEvent(
            action="message_sent" if sent else "message_failed",
            at=now,
            actor=CLOCK,
            detail=detail,
        )
        await self.record(event, after, key=f"message/{message.key}")

    # A long life.

    def _history_is_long(self) -> bool:
        idle = not self._telling and not self.turn.locked()
        return idle and workflow.info().is_continue_as_new_suggested()

    def _again(self) -> OpenReservation:
        return OpenReservation(
            case=self.case,
            reservation=self.value,
            clock=self.clock,
            last_seq=self.last_seq,
            answered=dict(list(self.answered.items())[-ANSWERS_KEPT:]),
        )

    @staticmethod
    def _surface(work: list["asyncio.Task[None]"]) -> None:
        """Fail with what failed: these work for ever, and must not end unseen."""
        for each in work:
            if each.done():
                each.result()
