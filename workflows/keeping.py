"""A case and its record: what is recorded counts, and nothing else does.

Belongs here: recording a step before it counts, and catching up with a record that knows
more than the course. Does not belong here: which steps there are and when they are taken
(``workflows.course`` and the kinds of cases).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter
from temporalio import workflow

from domain import handoff
from domain.case import CaseChange, CaseEvent, CaseRef
from domain.deadlines.deadline import Deadline
from domain.lots.custody import Movement, SlipChange
from domain.parties import Role, Standing
from workflows.clock import Clock
from workflows.messages import CaseView, Known, OpenedCase, Recorded, Recording
from workflows.options import record
from workflows.ports import RecordPort


class Behind(Exception):
    """The record knew of steps that this course had lost; now the course knows them."""


class CaseValue(Protocol):
    """What the domain's values of all kinds of cases have in common."""

    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def closed(self) -> bool: ...  # noqa: D102
    @property
    def standing(self) -> Standing: ...  # noqa: D102
    @property
    def owner(self) -> Role | None: ...  # noqa: D102


Value = TypeVar("Value", bound=CaseValue)
Answer = TypeVar("Answer")


class KeptCase(Generic[Value]):
    """One case with its record."""

    VALUE: TypeAdapter[Value]

    def __init__(
        self,
        case: CaseRef,
        value: Value,
        running: Clock,
        open_handoffs: frozenset[str] = frozenset(),
        answered: Mapping[str, CaseView] | None = None,
        last_seq: int = 1,
    ) -> None:
        self.case = case
        self.value = value
        self.clock = running
        self.open_handoffs = open_handoffs
        # The server knows repeated updates of one run; this knows those of earlier runs.
        self.answered = dict(answered or {})
        # How many events of the record this course knows; opening the case is the first.
        self.last_seq = last_seq
        # Held by whoever awaits between reading the case and replacing it.
        self.turn = asyncio.Lock()

    def view(self) -> CaseView:
        """Show how the case stands."""
        return CaseView(
            case_id=self.case.case_id,
            stage=self.value.stage,
            closed=self.value.closed,
            due_at=self.clock.deadline.due_at if self.clock.deadline else None,
        )

    def restored(self, value: dict[str, Any]) -> Value:
        """Return the case as the record has it."""
        return self.VALUE.validate_python(value)

    def opened_cases(self) -> frozenset[str]:
        """Return the cases that were opened from this one and are not finished."""
        return self.open_handoffs

    def beside(self) -> dict[str, Any]:
        """Return what the record keeps beside the value, to be learned from it again."""
        return {}

    def take_up(self, recorded: Recorded) -> None:
        """Go on with what the record says has begun; the value is learned already."""

    def answer_to(self, asked: str) -> CaseView | None:
        """Return what a step that was lost is answered; ``None`` if it is to be taken again.

        Args:
            asked: The id of its update.
        """
        return self.view()

    async def caught_up(self, once: Callable[[], Awaitable[Answer]]) -> Answer:
        """Do something with the case, anew if it first had to learn what it had lost."""
        while True:
            try:
                return await once()
            except Behind:
                continue

    async def record(
        self,
        event: CaseEvent,
        value: Value,
        *,
        key: str,
        movements: tuple[Movement, ...] = (),
        slip: SlipChange | None = None,
        opens: OpenedCase | None = None,
        running: Clock | None = None,
        open_handoffs: frozenset[str] | None = None,
        beside: dict[str, Any] | None = None,
        reminded: bool = False,
        erases: tuple[str, ...] = (),
    ) -> None:
        """Record the event, and only then let the case be what was recorded.

        Args:
            event: What happened.
            value: The case from now on.
            key: What makes the event the same event when it is recorded again.
            movements: What moves in the real world.
            slip: The hand-over slip that is made or settled.
            opens: The case that begins with this event.
            running: The clock from now on, if it changes.
            open_handoffs: The hand-offs that are not finished, if they change.
            beside: What is kept beside the value, if it changes.
            reminded: Whether something begins that goes on by itself, so that the course
                has to be told of it even if nobody ever asks again.
            erases: Documents that are gone once the event stands.

        Raises:
            HandoffOpen: The case would end while something of it is with an official.
            Behind: The course had lost a step and has learned of it; see ``caught_up``.
        """
        running = running or self.clock
        still_open = self.open_handoffs if open_handoffs is None else open_handoffs
        if value.closed:
            handoff.require_none_open(still_open)
        recording = Recording(
            case=self.case,
            key=key,
            event=event,
            change=self._change(value, running, still_open, beside),
            movements=movements,
            slip=slip,
            opens=opens,
            after=self.last_seq,
            reminded=reminded,
            erases=erases,
        )
        recorded = await workflow.execute_local_activity_method(
            RecordPort.record, recording, **record(event.action)
        )
        if recorded is not None:
            self.last_seq = recorded.last_seq
            if recorded.ahead:
                self._learn(recorded)
                raise Behind
        self.value, self.clock, self.open_handoffs = value, running, still_open

    async def compare(self) -> None:
        """Learn what the record has that this course does not know; the turn is held."""
        known = Known(case=self.case, last_seq=self.last_seq)
        recorded = await workflow.execute_local_activity_method(
            RecordPort.compare_record, known, **record("compare with the record")
        )
        self.last_seq = recorded.last_seq
        if recorded.ahead:
            self._learn(recorded)

    def _learn(self, recorded: Recorded) -> None:
        """Become what the record says the case is.

        The engine may lose a step whose event is committed: an update is durable only
        when its workflow task is. Whoever asks for that step again gets an answer.
        """
        assert recorded.state is not None
        before = self.opened_cases()
        self.value = self.restored(recorded.state["value"])
        self.open_handoffs = frozenset(recorded.state["open_handoffs"])
        self.clock = self.clock.learned(recorded.deadline, workflow.now())
        self.take_up(recorded)
        opened = next(iter(sorted(self.opened_cases() - before)), None)
        for key, action in recorded.unknown.items():
            step, _, asked = key.partition("/")
            answer = self.answer_to(asked) if step == "act" else None
            if answer is not None:
                self.answered[asked] = replace(answer, opened=opened, action=action)

    def _change(
        self,
        value: Value,
        running: Clock,
        open_handoffs: frozenset[str],
        beside: dict[str, Any] | None,
    ) -> CaseChange:
        # The record hears of the deadline when the case opens and when it is changed.
        changed = running.deadline is not self.clock.deadline
        change = change_of(value, running.deadline if changed else None, open_handoffs)
        return replace(
            change,
            state=change.state | (self.beside() if beside is None else beside),
            deadline_over=changed and running.deadline is None,
            stuck=None if value.closed else running.stuck,
            escalated_to=None if value.closed else running.escalated_to,
        )


@cache
def reader(kind: type[Any]) -> TypeAdapter[Any]:
    """Return what reads a value back; made once, and not once for every case.

    The sandbox loads what names it anew each time, but neither this module nor the domain.
    """
    return TypeAdapter(kind)


def change_of(
    value: CaseValue, deadline: Deadline | None, open_handoffs: frozenset[str] = frozenset()
) -> CaseChange:
    """Return what lists and pages show of a case at ``value``."""
    return CaseChange(
        stage=value.stage,
        # Every value is a dataclass; the protocol cannot say so.
        state={"value": asdict(value), "open_handoffs": sorted(open_handoffs)},  # type: ignore[call-overload]
        closed=value.closed,
        owner=value.owner,
        deadline=deadline,
    )


def update_id() -> str:
    """Return the id of the update that is being handled or validated."""
    info = workflow.current_update_info()
    assert info is not None, "called outside an update"
    return info.id


def update_key() -> str:
    """Return what makes the step under way the same step when it is asked for again."""
    return f"act/{update_id()}"
