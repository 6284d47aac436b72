"""Running a finished or running course again, with the code and the sandbox of today.

Nothing is done to the world: activities are not run, the history answers for them. What
the steps are compared with stands in ``domain.records.replay``.
"""

import asyncio
from dataclasses import replace
from typing import Any

from pydantic_core import to_jsonable_python
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from domain.case import CaseChange
from domain.records.replay import Decided, Replayed
from workflows.keeping import KeptCase, change_of
from workflows.messages import Recording

_NOTE = "note_recording"
_BEGAN = "note_beginning"
_LONGEST_FAILURE = 600


class Replays:
    """Replays histories one after the other; awaitable from many requests at once."""

    def __init__(self, converter: DataConverter) -> None:
        self._converter = converter
        # A history of thousands of events takes seconds of the process: one at a time.
        self._turn = asyncio.Lock()

    async def __call__(self, history: WorkflowHistory) -> Replayed:
        """Return what the course decided at each recorded step, and whether it got through."""
        # Imported at the first replay: with the worker come the fonts and the printing.
        from worker import SANDBOX, WORKFLOWS  # noqa: PLC0415

        watch = _Watch()
        replayer = Replayer(
            workflows=WORKFLOWS,
            workflow_runner=SANDBOX,
            data_converter=self._converter,
            interceptors=[watch],
        )
        async with self._turn:
            result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        began, after = watch.began[0] if watch.began else (None, 1)
        return Replayed(
            decided=tuple(_decided(each) for each in watch.seen),
            failure=_told(result.replay_failure),
            began=began,
            began_after=after,
            changes=tuple(each.change for each in watch.seen),
        )


def _decided(recording: Recording) -> Decided:
    event, change = recording.event, recording.change
    return Decided(
        key=recording.key,
        action=event.action,
        at=event.at,
        actor=event.actor.account_id,
        role=event.actor.role,
        detail=to_jsonable_python(event.detail),
        stage=change.stage,
        closed=change.closed,
        state=to_jsonable_python(change.state),
    )


def _told(failure: Exception | None) -> str | None:
    """Return why a replay failed; texts of anything but the engine could quote a payload."""
    if failure is None:
        return None
    if isinstance(failure, workflow.NondeterminismError):
        return f"NondeterminismError: {failure}"[:_LONGEST_FAILURE]
    return type(failure).__name__


class _Watch(Interceptor):
    """Notes the case as it began, and every line that reached the record, in order."""

    def __init__(self) -> None:
        self.seen: list[Recording] = []
        self.began: list[tuple[CaseChange, int]] = []

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        input.unsafe_extern_functions[_NOTE] = self.seen.append
        input.unsafe_extern_functions[_BEGAN] = self.began.append
        return _Inbound


class _Inbound(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Outbound(outbound))

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        case = workflow.instance()
        assert isinstance(case, KeptCase), "every course is one"
        shown = change_of(case.value, case.clock.deadline, case.open_handoffs)
        shown = replace(shown, stuck=case.clock.stuck, escalated_to=case.clock.escalated_to)
        workflow.extern_functions()[_BEGAN]((shown, case.last_seq))
        return await super().execute_workflow(input)


class _Outbound(WorkflowOutboundInterceptor):
    def start_local_activity(
        self, input: StartLocalActivityInput
    ) -> workflow.ActivityHandle[Any]:
        handle = super().start_local_activity(input)
        if input.activity == "record":
            note = workflow.extern_functions()[_NOTE]
            recording = input.args[0]

            def recorded(done: asyncio.Task[Any]) -> None:
                # A refused step left no line, nor did one that found the record ahead.
                if done.cancelled() or done.exception() is not None:
                    return
                if not getattr(done.result(), "ahead", False):
                    note(recording)

            handle.add_done_callback(recorded)
        return handle
