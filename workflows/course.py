"""What every case has in common while it runs: its turn, its record, its clock.

A kind of case subclasses ``CaseCourse`` and says what its own steps are. The alarms of
the deadline ring here, hand-offs are offered here, and here every step is recorded
before it counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain import parties
from domain.case import CLOCK, CaseEvent, CaseKind, require_reason
from domain.deadlines.deadline import Deadline
from domain.errors import ActionUnknown, WrongStage
from domain.handoff import Handoff, Level, account
from domain.handoff import offered as offered_now
from domain.parties import Action, Standing
from workflows import clock, letters
from workflows.clock import Clock
from workflows.keeping import KeptCase, Value, change_of, update_id, update_key
from workflows.messages import Act, CaseView, HandoffEnded, OpenedCase, OpenHandoff
from workflows.names import workflow_id

_SEE_RECORD = "理由は履歴に記録"

_CLOCK_ACTIONS = {Action.SUSPEND_DEADLINE, Action.RESUME_DEADLINE, Action.EXTEND_DEADLINE}

_WITHOUT_LETTERS = {CaseKind.HANDOFF, CaseKind.CITY_RECORD, CaseKind.TICKET}
_TRIES_TO_TELL = 30
_LONGEST_PAUSE = timedelta(hours=1)


class CaseCourse(KeptCase[Value]):
    """One case while it runs.

    Update: ``act``, asynchronous because it waits for its turn and for the record.
    Signals: ``handoff_ended`` and ``catch_up``, likewise. Query: ``view``.
    """

    KIND: CaseKind

    # What a kind of case says of itself.

    def require_step(self, act: Act) -> None:
        """Refuse a step that the case cannot take now.

        Raises:
            ActionUnknown: Cases of this kind know no such action.
            WrongStage: It is not the time for it.
        """
        raise ActionUnknown("この種類の案件にはない操作です。")

    async def take_step(self, act: Act) -> CaseView:
        """Take a step that ``require_step`` let pass; the turn is held."""
        raise NotImplementedError

    def standing_for(self, action: Action) -> Standing:
        """Return where the case stands as far as ``action`` is concerned."""
        return self.value.standing

    def require_offer(self, act: Act) -> None:
        """Refuse to offer the case to an official now.

        Raises:
            ReasonMissing: Nobody says why.
        """
        require_reason(act.reason)

    def offered(self) -> tuple[Value, Clock]:
        """Return the case and its clock once it is offered to an official."""
        return self.value, self.clock

    async def handed_back(self, ended: HandoffEnded) -> tuple[Value, Clock]:
        """Return the case and its clock once a hand-off of it has ended."""
        return self.value, self.clock

    def after_handoff(self, value: Value, ended: HandoffEnded) -> Value:
        """Return the case with what it keeps of a hand-off that has ended, whoever had it."""
        return value

    # Messages.

    @workflow.update
    async def act(self, act: Act) -> CaseView:
        """Take one step for a person, and answer with how the case stands then."""

        async def once() -> CaseView:
            before = self.answered.get(update_id())
            if before is not None:
                return before
            # The validator ran before the wait for the turn; the case may have moved.
            self._require(act)
            answer = await self._take(Action(act.action), act)
            answer = replace(answer, action=act.action, digest=act.digest)
            self.answered[update_id()] = answer
            return answer

        async with self.turn:
            return await self.caught_up(once)

    @act.validator
    def _may_act(self, act: Act) -> None:
        if update_id() not in self.answered:
            self._require(act)

    @workflow.signal
    async def handoff_ended(self, ended: HandoffEnded) -> None:
        """Hear that a hand-off of this case is finished, withdrawn or completed."""

        async def once() -> None:
            if ended.handoff_id not in self.open_handoffs:
                return
            after, running = self.value, self.clock
            if ended.by_city:
                after, running = await self.handed_back(ended)
            after = self.after_handoff(after, ended)
            event = CaseEvent(
                action="handoff_ended",
                at=workflow.now(),
                actor=CLOCK,
                detail={
                    "handoff": ended.handoff_id,
                    "outcome": ended.outcome,
                    **self._moved_to(after),
                },
            )
            await self.record(
                event,
                after,
                key=f"handoff/{ended.handoff_id}",
                running=running,
                open_handoffs=self.open_handoffs - {ended.handoff_id},
            )

        async with self.turn:
            await self.caught_up(once)

    @workflow.signal
    async def catch_up(self) -> None:
        """Learn of a step that was lost; sent by whoever sees that the record has it."""
        async with self.turn:
            await self.compare()

    @workflow.query(name="view")
    def show(self) -> CaseView:
        """Show how the case stands."""
        return self.view()

    # What subclasses use.

    async def follow(self, interrupted: Callable[[], bool] = lambda: False) -> None:
        """Let alarms ring until the case is closed, and its last handler has finished."""
        while not self.value.closed and not interrupted():
            await self._wait_for_move_or_alarm(interrupted)
        await workflow.wait_condition(workflow.all_handlers_finished)

    def event_of(self, act: Act, **detail: str | int | bool | None) -> CaseEvent:
        """Return the event that says who took the step, why, and by which guide."""
        if act.guide:
            detail["guide"] = act.guide
        return CaseEvent(
            action=act.action,
            at=workflow.now(),
            actor=act.by,
            reason=act.reason,
            detail=detail,
        )

    async def hand_off(
        self,
        act: Act,
        value: Value | None = None,
        *,
        running: Clock | None = None,
        level: Level = Level.CITY,
        section: str = "",
        call_back: bool = False,
        detail: Mapping[str, str] | None = None,
    ) -> CaseView:
        """Record a step with the hand-off that begins with it; the case waits for its end.

        Args:
            act: The step.
            value: The case from now on, if the step changes it.
            running: Its clock from now on, if that changes.
            level: Whom it goes to.
            section: Which section of the city.
            call_back: Whether somebody waits for a call.
            detail: What the record of the case says beside it.
        """
        assert act.by.role is not None
        handoff_id = workflow.uuid7().hex
        begun = offered_now(
            handoff_id,
            level=level,
            section=section,
            by=act.by.role,
            at=workflow.now(),
            documents=tuple(str(act.fields.get("documents") or "").split()),
            call_back=call_back,
        )
        # What was written about a person is not written down twice.
        event = self.event_of(act, handoff=handoff_id, section=section, **(detail or {}))
        await self.record(
            replace(event, reason=None),
            value or self.value,
            key=update_key(),
            running=running,
            opens=self._opened_with(act, begun),
            open_handoffs=self.open_handoffs | {handoff_id},
        )
        return replace(self.view(), opened=handoff_id)

    async def tell(
        self, kind: CaseKind, case_id: str | None, signal: str, message: object
    ) -> None:
        """Tell another case something, also one that has not begun yet.

        One that has ended needs no telling, so this gives up after a day.
        """
        if case_id is None:
            return
        other = workflow.get_external_workflow_handle(
            workflow_id(self.case.municipality, kind, case_id)
        )
        for tries in range(_TRIES_TO_TELL):
            try:
                await other.signal(signal, message)
                return
            except ApplicationError:
                pause = min(timedelta(minutes=2**tries), _LONGEST_PAUSE)
                await workflow.sleep(pause, summary=f"{signal} to a case not begun yet")

    # Private steps.

    async def _take(self, action: Action, act: Act) -> CaseView:
        if action in _CLOCK_ACTIONS:
            return await self._set_clock(act)
        if self._begins_handoff(action):
            return await self._offer(act)
        if action is Action.SEND_LETTER:
            return await self._send_letter(act)
        return await self.take_step(act)

    def _require(self, act: Act) -> None:
        if act.action not in set(Action):
            raise ActionUnknown("この案件にない操作です。")
        action = Action(act.action)
        role = act.by.role
        assert role is not None, "only people act; timers record by themselves"
        parties.require(role, action, self.standing_for(action))
        if action in _CLOCK_ACTIONS:
            self._require_clock(act)
        elif self._begins_handoff(action):
            if action is Action.OFFER_HANDOFF:
                self.require_offer(act)
            require_reason(act.reason)
        elif action is Action.SEND_LETTER:
            self._require_letter(act)
        else:
            self.require_step(act)

    def _require_clock(self, act: Act) -> None:
        if self.value.closed or self.clock.deadline is None:
            raise WrongStage("この案件には動いている期限がありません。")
        self._clock_after(act, self.clock.deadline)

    def _clock_after(self, act: Act, deadline: Deadline) -> Clock:
        now, by = workflow.now(), act.by.account_id
        if act.action == Action.RESUME_DEADLINE:
            return self.clock.resumed(now)
        require_reason(act.reason)
        # Lists keep the deadline in clear; what a person wrote is sealed with the event.
        why = _SEE_RECORD
        if act.action == Action.SUSPEND_DEADLINE:
            review = act.fields.get("until")
            day = None if review is None else date.fromisoformat(str(review))
            stopped = deadline.suspend(now, reason=why, by=by, until=day)
            return self.clock.set_to(stopped, now)
        until = date.fromisoformat(str(act.fields["until"]))
        return self.clock.set_to(deadline.extend(until, now=now, reason=why, by=by), now)

    async def _set_clock(self, act: Act) -> CaseView:
        # What came due before the change has happened, even if nobody was told yet.
        await self._ring()
        before = self.clock.deadline
        assert before is not None
        after = self._clock_after(act, before)
        assert after.deadline is not None
        detail: dict[str, str] = {
            "due_before": before.due_at.isoformat(),
            "due_after": after.deadline.due_at.isoformat(),
        }
        stop = after.deadline.suspended
        if stop is not None:
            detail["review_on"] = stop.review_day(stop.reviewed + 1).isoformat()
        event = self.event_of(act, **detail)
        await self.record(event, self.value, key=update_key(), running=after)
        return self.view()

    async def _offer(self, act: Act) -> CaseView:
        if act.action == Action.ESCALATE:
            return await self.hand_off(act, level=Level.RESPONSIBLE)
        after, running = self.offered()
        section = str(act.fields.get("section") or "")
        return await self.hand_off(
            act, after, running=running, section=section, detail=self._moved_to(after)
        )

    def _opened_with(self, act: Act, begun: Handoff) -> OpenedCase:
        child = replace(self.case, case_id=begun.case_id, parent_id=self.case.case_id)
        escalated = begun.level is Level.RESPONSIBLE
        event = replace(
            self.event_of(act, section=begun.section),
            action=Action.ESCALATE if escalated else Action.OFFER_HANDOFF,
            reason=account(act.reason, str(act.fields.get("summary") or "")) or None,
        )
        return OpenedCase(
            case=child,
            kind=CaseKind.HANDOFF,
            change=change_of(begun, act.deadline),
            event=event,
            start=OpenHandoff(
                case=child, handoff=begun, parent_kind=self.KIND, deadline=act.deadline
            ),
        )

    def _require_letter(self, act: Act) -> None:
        if self.value.closed or self.KIND in _WITHOUT_LETTERS:
            raise WrongStage("この案件からは文書照会を始められません。")
        require_reason(act.reason)

    async def _send_letter(self, act: Act) -> CaseView:
        letter_id, now = workflow.uuid7().hex, workflow.now()
        told = self.event_of(act, about=str(act.fields["about"]))
        opened = letters.begun_with(
            self.case, self.KIND, act, told, letter_id=letter_id, now=now
        )
        event = replace(self.event_of(act, letter=letter_id), reason=None)
        waits = self.open_handoffs | {letter_id}
        await self.record(
            event, self.value, key=update_key(), opens=opened, open_handoffs=waits
        )
        return replace(self.view(), opened=letter_id)

    def _begins_handoff(self, action: Action) -> bool:
        if self.KIND in {CaseKind.HANDOFF, CaseKind.TICKET}:
            return False
        return action in {Action.OFFER_HANDOFF, Action.ESCALATE}

    def _moved_to(self, after: Value) -> dict[str, str]:
        """Return what a line says of where the case is, if it is not where it was."""
        return {} if after.stage == self.value.stage else {"stage": str(after.stage)}

    async def _wait_for_move_or_alarm(self, interrupted: Callable[[], bool]) -> None:
        before = self.clock.deadline
        alarms = self.clock.next_alarms()

        def moved() -> bool:
            set_anew = self.clock.deadline is not before
            return self.value.closed or set_anew or interrupted()

        if not alarms:
            await workflow.wait_condition(moved)
            return
        patience = alarms[0].at - workflow.now()
        if patience.total_seconds() > 0:
            try:
                await workflow.wait_condition(
                    moved,
                    timeout=patience,
                    timeout_summary=f"{alarms[0].meaning} {alarms[0].at.isoformat()}",
                )
                return
            except TimeoutError:
                pass
        async with self.turn:
            # A step that was under way when the alarm came due has the better right.
            if not moved():
                await self.caught_up(self._ring)

    async def _ring(self) -> None:
        now = workflow.now()
        for alarm in self.clock.to_ring(now):
            await self.record(
                clock.alarm_event(alarm, now),
                self.value,
                key=clock.alarm_key(alarm),
                running=self.clock.after(alarm),
            )
        self.clock = self.clock.rung(now)
