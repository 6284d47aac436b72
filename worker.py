"""The worker process: runs workflows and activities. Composition root, no rules.

DATABASE_URL=… TEMPORAL_ADDRESS=… python worker.py
"""

import asyncio
import inspect
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import structlog
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import settings
from activities.card_lots import TemporalLots
from activities.day_close import DayCloser
from activities.defects import PlannedDefects
from activities.notices import Press, PrintedNotices
from activities.obligations import ObligationOpener
from activities.passes import Pass
from activities.photos import VaultPhotos
from activities.records import PostgresRecord
from activities.refusals import RefusalInterceptor
from activities.relay import Relay
from activities.rosters import RosterWatch
from devices.photo_gate import PhotoGate
from ops import kept_modules, logs, wiring
from settings import Settings
from workflows.application import ApplicationWorkflow
from workflows.card import CardWorkflow
from workflows.city_record import CityRecordWorkflow
from workflows.defect import DefectWorkflow
from workflows.external_entry import ExternalEntryWorkflow
from workflows.handoff import HandoffWorkflow
from workflows.incident import IncidentWorkflow
from workflows.inquiry import InquiryWorkflow
from workflows.list_sending import ListSendingWorkflow
from workflows.lot import LotWorkflow
from workflows.names import WINDOW_QUEUE
from workflows.obligation import ObligationWorkflow
from workflows.procedure import ProcedureWorkflow
from workflows.reservation import ReservationWorkflow
from workflows.returned_mail import ReturnedMailWorkflow
from workflows.ticket import TicketWorkflow
from workflows.venue import VenueWorkflow
from workflows.visit import VisitWorkflow

log = structlog.get_logger()

WORKFLOWS: Sequence[type] = (
    ApplicationWorkflow,
    CardWorkflow,
    CityRecordWorkflow,
    DefectWorkflow,
    ExternalEntryWorkflow,
    HandoffWorkflow,
    IncidentWorkflow,
    InquiryWorkflow,
    ListSendingWorkflow,
    LotWorkflow,
    ObligationWorkflow,
    ProcedureWorkflow,
    ReservationWorkflow,
    ReturnedMailWorkflow,
    TicketWorkflow,
    VenueWorkflow,
    VisitWorkflow,
)
# The sandbox loads these for every case, and must find what this process began with: two
# versions in one process get stuck.
kept_modules.keep("workflows", *(each.__module__ for each in WORKFLOWS))

PASSES: Sequence[type[Pass]] = (DayCloser, ObligationOpener, RosterWatch)
"""What looks every minute beside the worker."""

ACTIVITY_THREADS = 12
CACHED_WORKFLOWS = 2000
"""As many cases as are touched in a busy hour; one that is not cached is replayed."""

# Everything a workflow may import is named here, and anything else is an error at
# start-up. What is passed through is loaded once instead of once per case, and is not
# watched by the sandbox: for these modules and the domain, tests/test_architecture.py
# looks for clocks and chance instead. The workflow modules themselves stay watched.
SANDBOX = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "domain",
        "workflows.application_messages",
        "workflows.batches",
        "workflows.call_messages",
        "workflows.city_messages",
        "workflows.clock",
        "workflows.course",
        "workflows.defect_messages",
        "workflows.incident_messages",
        "workflows.keeping",
        "workflows.letters",
        "workflows.list_messages",
        "workflows.messages",
        "workflows.names",
        "workflows.obligation_messages",
        "workflows.openings",
        "workflows.options",
        "workflows.photo_messages",
        "workflows.ports",
        "workflows.procedure_messages",
        "workflows.queue_messages",
        "workflows.venue_messages",
    ).with_import_notification_policy(
        workflow.SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
        | workflow.SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
    )
)


def activities_of(implementation: object) -> Iterator[Callable[..., Any]]:
    """Yield the bound activity methods of an implementation of a port."""
    for _, method in inspect.getmembers(implementation, inspect.ismethod):
        if hasattr(method, "__temporal_activity_definition"):
            yield method


def build_worker(
    client: Client,
    *implementations: object,
    threads: ThreadPoolExecutor,
    task_queue: str = WINDOW_QUEUE,
) -> Worker:
    """Build the worker as production runs it; tests differ only in ``implementations``.

    ``threads`` should have ``ACTIVITY_THREADS`` workers: the blocking activities run there.
    """
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=[m for i in implementations for m in activities_of(i)],
        activity_executor=threads,
        max_concurrent_activities=ACTIVITY_THREADS,
        max_concurrent_local_activities=ACTIVITY_THREADS,
        max_cached_workflows=CACHED_WORKFLOWS,
        workflow_runner=SANDBOX,
        interceptors=[RefusalInterceptor()],
        graceful_shutdown_timeout=timedelta(seconds=20),
    )


async def main(chosen: Settings) -> None:
    """Run until told to stop."""
    parts = wiring.parts(chosen, process="worker", pool_size=ACTIVITY_THREADS)
    client = await wiring.connect(chosen, parts.keys, measured=True)
    rehearsal = wiring.skipper(chosen, client)
    starting = rehearsal.client if rehearsal else client
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sig, stop.set)
    press = Press(wiring.printing_process)
    gate = PhotoGate()
    implementations = (
        PostgresRecord(parts.engine, parts.keys),
        TemporalLots(parts.engine, client),
        PrintedNotices(parts.engine, parts.keys, parts.book, press),
        wiring.messages(chosen, parts),
        wiring.city_lists(chosen, parts, press),
        VaultPhotos(parts.engine, parts.keys, gate, press),
        PlannedDefects(parts.engine, parts.book),
    )
    with ThreadPoolExecutor(ACTIVITY_THREADS) as threads:
        async with build_worker(client, *implementations, threads=threads):
            relay = Relay(parts.engine, parts.keys, starting, build_id=wiring.build_id())
            passes = [each(parts.engine, parts.keys, parts.book) for each in PASSES]
            runs = [relay.run(), *(each.run() for each in passes)]
            beside = [asyncio.create_task(each) for each in runs]
            for each in beside:
                each.add_done_callback(lambda _: stop.set())
            log.info("worker_started", queue=WINDOW_QUEUE, build=wiring.build_id())
            await stop.wait()
            for each in beside:
                if each.done():
                    each.result()
                each.cancel()
    press.close()
    gate.close()
    parts.engine.dispose()
    log.info("worker_stopped")


if __name__ == "__main__":
    try:
        found = settings.load()
    except settings.WrongSetting as wrong:
        sys.exit(str(wrong))
    logs.configure(found.log_level, process="worker")
    asyncio.run(main(found))
