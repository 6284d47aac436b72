"""Handing over what committed transactions owe the workflow engine.

Runs beside the worker. Starting twice is starting once, because the id is the case's own;
so nothing is locked and several relays may run. While Temporal is away rows wait.
"""

import asyncio
import contextlib
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import structlog
from pydantic import TypeAdapter
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from temporalio.api.history.v1 import History
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHistory
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.case import Actor, CaseKind
from domain.parties import Role
from store import archive, displacing, outbox, winding_up
from store.engine import libpq_url
from store.keys import KeyGone, KeyRing
from store.outbox import Owed
from store.record import CATCH_UP
from workflows.application_messages import OpenApplication
from workflows.call_messages import OpenExternalEntry, OpenInquiry
from workflows.city_messages import OpenCityRecord
from workflows.defect_messages import OpenDefect
from workflows.incident_messages import OpenIncident
from workflows.list_messages import OpenListSending
from workflows.messages import (
    OpenCard,
    OpenHandoff,
    OpenLot,
    OpenReservation,
    OpenReturnedMail,
    OpenVisit,
)
from workflows.names import WINDOW_QUEUE, workflow_id
from workflows.obligation_messages import OpenObligation
from workflows.procedure_messages import OpenProcedure
from workflows.queue_messages import OpenTicket
from workflows.venue_messages import OpenVenue

log = structlog.get_logger()

_AT_ONCE = 32
_LOOK_AGAIN_AFTER = timedelta(seconds=1)
_ARCHIVE = "archive"
_INFORM = "inform"
_DISPLACE = "displace"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """The workflow that a kind of case is, and what it starts with."""

    workflow: str
    start: TypeAdapter[Any]


COURSES: Mapping[CaseKind, _Course] = {
    CaseKind.LOT: _Course(workflow="Lot", start=TypeAdapter(OpenLot)),
    CaseKind.CARD: _Course(workflow="Card", start=TypeAdapter(OpenCard)),
    CaseKind.RETURNED_MAIL: _Course(
        workflow="ReturnedMail", start=TypeAdapter(OpenReturnedMail)
    ),
    CaseKind.HANDOFF: _Course(workflow="Handoff", start=TypeAdapter(OpenHandoff)),
    CaseKind.INCIDENT: _Course(workflow="Incident", start=TypeAdapter(OpenIncident)),
    CaseKind.VISIT: _Course(workflow="Visit", start=TypeAdapter(OpenVisit)),
    CaseKind.PROCEDURE: _Course(workflow="Procedure", start=TypeAdapter(OpenProcedure)),
    CaseKind.LIST_SENDING: _Course(workflow="ListSending", start=TypeAdapter(OpenListSending)),
    CaseKind.RESERVATION: _Course(workflow="Reservation", start=TypeAdapter(OpenReservation)),
    CaseKind.EXTERNAL_ENTRY: _Course(
        workflow="ExternalEntry", start=TypeAdapter(OpenExternalEntry)
    ),
    CaseKind.CITY_RECORD: _Course(workflow="CityRecord", start=TypeAdapter(OpenCityRecord)),
    CaseKind.DEFECT: _Course(workflow="Defect", start=TypeAdapter(OpenDefect)),
    CaseKind.INQUIRY: _Course(workflow="Inquiry", start=TypeAdapter(OpenInquiry)),
    CaseKind.APPLICATION: _Course(workflow="Application", start=TypeAdapter(OpenApplication)),
    CaseKind.VENUE: _Course(workflow="Venue", start=TypeAdapter(OpenVenue)),
    CaseKind.OBLIGATION: _Course(workflow="Obligation", start=TypeAdapter(OpenObligation)),
    CaseKind.TICKET: _Course(workflow="Ticket", start=TypeAdapter(OpenTicket)),
}

_STARTS = frozenset(str(kind) for kind in COURSES)


class Relay:
    """One for the process; ``run`` until cancelled."""

    def __init__(
        self,
        engine: Engine,
        keys: KeyRing,
        client: Client,
        *,
        build_id: str,
        task_queue: str = WINDOW_QUEUE,
    ) -> None:
        """Put it together.

        Args:
            engine: Of the application's role.
            keys: For what is recorded while handing over.
            client: What workflows are started with; in a rehearsal it stamps their clock.
            build_id: Of this code, kept with each archived history.
            task_queue: Where the worker polls.
        """
        self._engine = engine
        self._keys = keys
        self._client = client
        self._build_id = build_id
        self._task_queue = task_queue

    async def run(self) -> None:
        """Hand over what is owed, at once when told and every second otherwise."""
        told = asyncio.Event()
        listener = asyncio.create_task(self._listen(told))
        try:
            while True:
                told.clear()
                if not await self.hand_over():
                    # wait_for would swallow a cancellation that comes with the news.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(_LOOK_AGAIN_AFTER.total_seconds()):
                            await told.wait()
        finally:
            listener.cancel()

    async def hand_over(self) -> int:
        """Try everything that waits once; return how much was handed over."""
        try:
            municipalities = await asyncio.to_thread(
                outbox.waiting_municipalities, self._engine
            )
            return sum([await self._of(each) for each in municipalities])
        except (SQLAlchemyError, OSError, RPCError) as error:
            # An engine is away: nothing is lost, the rows stay where they are.
            log.warning("relay_paused", error=type(error).__name__)
            return 0

    async def _of(self, municipality: str) -> int:
        waiting = await asyncio.to_thread(outbox.waiting, self._engine, municipality)
        # News of a case that was begun in the same transaction must find its course.
        owed = sorted(waiting, key=lambda item: item.topic not in _STARTS)
        starts = sum(item.topic in _STARTS for item in owed)
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(item: Owed) -> str | None:
            async with turns:
                return await self._hand_over(item)

        problems = await asyncio.gather(*(one(item) for item in owed[:starts]))
        problems += await asyncio.gather(*(one(item) for item in owed[starts:]))
        failed = {
            item.key: problem
            for item, problem in zip(owed, problems, strict=True)
            if problem is not None
        }
        settled = [item.key for item in owed if item.key not in failed]
        await asyncio.to_thread(
            outbox.settle, self._engine, municipality, settled, at=datetime.now(UTC)
        )
        await asyncio.to_thread(outbox.postpone, self._engine, municipality, failed)
        return len(settled)

    async def _hand_over(self, item: Owed) -> str | None:
        """Return why it failed, or ``None``."""
        hand_over: Mapping[str, Callable[[Owed], Awaitable[str | None]]] = {
            _ARCHIVE: self._archive,
            CATCH_UP: self._remind,
            _INFORM: self._remind,
            _DISPLACE: self._displace,
        }
        try:
            return await hand_over.get(item.topic, self._start)(item)
        except RPCError as error:
            return f"{error.status.name}"
        except (KeyGone, ValueError) as error:
            # One row that cannot be handed over must not hold up everybody's.
            return type(error).__name__

    async def _start(self, item: Owed) -> str | None:
        course = COURSES[CaseKind(item.topic)]
        start = course.start.validate_python(item.body)
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                course.workflow,
                start,
                id=workflow_id(item.municipality, CaseKind(item.topic), start.case.case_id),
                task_queue=self._task_queue,
                # Ended well is ended; one that was cut off is begun anew by ops.reconcile.
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            )
        return None

    async def _remind(self, item: Owed) -> str | None:
        """Let a course look at its record: it has grown, or the engine lost what began."""
        kind, case_id = CaseKind(item.body["kind"]), item.key.split("/")[1]
        handle = self._client.get_workflow_handle(workflow_id(item.municipality, kind, case_id))
        try:
            await handle.signal("catch_up")
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            if await asyncio.to_thread(
                outbox.is_waiting, self._engine, item.municipality, f"start/{case_id}"
            ):
                return "NOT_BEGUN"
            # It has ended, and left nothing behind; or ops.reconcile begins it anew: then it
            # learns of what it missed with its next step.
        return None

    async def _displace(self, item: Owed) -> str | None:
        """Displace who lost their time by a closure and tell visits, as of its entry.

        Who entered it does so at once; here is what a crash left undone.
        """
        by = Actor(account_id=item.body["by"], role=Role(item.body["role"]))
        at = datetime.fromisoformat(item.body["at"])
        await asyncio.to_thread(
            displacing.displace,
            self._engine,
            self._keys,
            item.municipality,
            by=by,
            at=at,
        )
        await asyncio.to_thread(
            winding_up.wind_up, self._engine, self._keys, item.municipality, by=by, at=at
        )
        return None

    async def _archive(self, item: Owed) -> str | None:
        case_id = item.key.removeprefix("archive/")
        kind = CaseKind(item.body["kind"])
        handle = self._client.get_workflow_handle(workflow_id(item.municipality, kind, case_id))
        description = await handle.describe()
        if description.status is WorkflowExecutionStatus.RUNNING:
            return "RUNNING"
        runs = await self._runs(handle.id, description.run_id)
        for run_id, history in reversed(runs):
            await asyncio.to_thread(
                archive.keep,
                self._engine,
                archive.Archived(
                    municipality=item.municipality,
                    case_id=case_id,
                    run_id=run_id,
                    workflow_id=handle.id,
                    workflow_type=description.workflow_type,
                    history=_packed(history),
                    build_id=self._build_id,
                    contract_version=str(item.body["contract_version"]),
                ),
                at=datetime.now(UTC),
            )
        return None

    async def _runs(self, course: str, last: str) -> list[tuple[str, WorkflowHistory]]:
        """Return the runs of a course, the last one first: a long one begins anew."""
        found: list[tuple[str, WorkflowHistory]] = []
        run_id = last
        while run_id:
            handle = self._client.get_workflow_handle(course, run_id=run_id)
            try:
                history = await handle.fetch_history()
            except RPCError as error:
                if found and error.status is RPCStatusCode.NOT_FOUND:
                    break  # the engine keeps ended runs for a time only
                raise
            found.append((run_id, history))
            started = history.events[0].workflow_execution_started_event_attributes
            run_id = started.continued_execution_run_id
        return found

    async def _listen(self, told: asyncio.Event) -> None:
        """Wake the relay when a transaction says that it owes something."""
        address = libpq_url(self._engine.url)
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    address, autocommit=True
                ) as connection:
                    await connection.execute("LISTEN outbox")
                    async for _ in connection.notifies():
                        told.set()
            except psycopg.Error:
                await asyncio.sleep(_LOOK_AGAIN_AFTER.total_seconds())


def _packed(history: WorkflowHistory) -> bytes:
    return zlib.compress(History(events=history.events).SerializeToString(), 9)
