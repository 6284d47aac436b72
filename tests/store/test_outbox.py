"""What a transaction owes the engine is handed over once, whenever the engine is there."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.relay import Relay
from domain.case import CaseKind, CaseRef
from ops.temporal import EmbeddedTemporal
from store import archive, histories, outbox, record
from store.engine import build_engine
from store.scope import scope
from tests.stack import Stack
from tests.visits_at_hand import AT, open_visit, rows, tamper
from workflows.names import workflow_id


@workflow.defn(name="Again")
class AgainWorkflow:
    """Begins anew a few times, as a lot with a long history does."""

    @workflow.run
    async def run(self, times: int) -> int:
        if times:
            workflow.continue_as_new(times - 1)
        return times


@pytest.fixture
def owner(stack: Stack) -> Iterator[Engine]:
    engine = build_engine(stack.database.owner_url)
    yield engine
    engine.dispose()


def course(ref: CaseRef) -> str:
    return workflow_id(ref.municipality, CaseKind.VISIT, ref.case_id)


def waiting(stack: Stack) -> list[tuple[str, int]]:
    return [(owed.key, owed.tries) for owed in outbox.waiting(stack.engine, "ota")]


def owe_archive(stack: Stack, ref: CaseRef) -> None:
    body = {"kind": "visit", "contract_version": ref.contract_version}
    with scope(stack.engine, "ota") as connection:
        record.owe(connection, "ota", f"archive/{ref.case_id}", "archive", body)


async def test_while_the_engine_is_away_nothing_is_lost_or_refused(
    stack: Stack, owner: Engine, tmp_path: Path
) -> None:
    """
    People go on working; the courses begin when the engine is back.
    """
    engine = EmbeddedTemporal(tmp_path / "engine", in_memory=True)
    await asyncio.to_thread(engine.start)
    gone = await Client.connect(engine.address, data_converter=stack.temporal.data_converter)
    await asyncio.to_thread(engine.stop)
    ref = open_visit(stack.engine, stack.keys)

    away = Relay(stack.engine, stack.keys, gone, build_id="test", task_queue=stack.queue)
    lost = await away.hand_over()
    still = rows(owner, "SELECT key, tries, last_problem, done_at FROM outbox")
    handed = await stack.relay().hand_over()
    described = await stack.temporal.get_workflow_handle(course(ref)).describe()

    assert 0 == lost
    assert [(f"start/{ref.case_id}", 1, "UNAVAILABLE", None)] == still
    assert (1, [], "Visit") == (handed, waiting(stack), described.workflow_type)


async def test_handing_over_twice_begins_one_course(stack: Stack, owner: Engine) -> None:
    """
    A relay that dies between the engine's answer and its own note hands over again.
    """
    ref = open_visit(stack.engine, stack.keys)
    await stack.relay().hand_over()
    first = await stack.temporal.get_workflow_handle(course(ref)).describe()
    tamper(owner, "UPDATE outbox SET done_at = NULL")
    again = await stack.relay().hand_over()
    second = await stack.temporal.get_workflow_handle(course(ref)).describe()

    assert (1, first.run_id) == (again, second.run_id)


async def test_one_row_that_cannot_be_handed_over_holds_up_no_other(
    stack: Stack, owner: Engine
) -> None:
    """
    A poisoned row would otherwise stop the relay, and with it every city.
    """
    broken, keyless, fine = (open_visit(stack.engine, stack.keys) for _ in range(3))
    tamper(owner, "UPDATE outbox SET body = '{}' WHERE key LIKE '%' || :id", id=broken.case_id)
    tamper(owner, "UPDATE data_key SET wrapped = NULL WHERE case_id = :id", id=keyless.case_id)

    handed = await stack.relay().hand_over()
    problems = rows(owner, "SELECT key, last_problem FROM outbox WHERE done_at IS NULL")

    assert 1 == handed
    assert {
        f"start/{broken.case_id}": "ValidationError",
        f"start/{keyless.case_id}": "KeyGone",
    } == dict(problems)
    assert await stack.temporal.get_workflow_handle(course(fine)).describe()


async def test_what_failed_comes_after_what_never_failed(stack: Stack) -> None:
    """
    Two hundred rows that fail would otherwise keep the page of rows to themselves.
    """
    first, second = (open_visit(stack.engine, stack.keys) for _ in range(2))
    outbox.postpone(stack.engine, "ota", {f"start/{first.case_id}": "x" * 1000})

    assert [(f"start/{second.case_id}", 0), (f"start/{first.case_id}", 1)] == waiting(stack)
    assert 2 == outbox.backlog(stack.engine, "ota")
    assert ["ota"] == outbox.waiting_municipalities(stack.engine)


async def test_owing_twice_is_owing_once(stack: Stack) -> None:
    """
    The key is the id of what it starts.
    """
    ref = open_visit(stack.engine, stack.keys)
    for _ in range(2):
        owe_archive(stack, ref)

    assert 2 == outbox.backlog(stack.engine, "ota")


async def test_a_running_course_is_not_archived_yet(stack: Stack) -> None:
    """
    Half a history would look like a whole one.
    """
    ref = open_visit(stack.engine, stack.keys)
    await stack.relay().hand_over()
    owe_archive(stack, ref)

    assert 0 == await stack.relay().hand_over()
    assert [(f"archive/{ref.case_id}", 1)] == waiting(stack)


async def test_every_run_of_a_long_course_is_archived_oldest_first(
    stack: Stack, owner: Engine
) -> None:
    """
    The engine forgets them all; the last run alone does not tell what was decided before.
    """
    ref = open_visit(stack.engine, stack.keys)
    tamper(owner, "UPDATE outbox SET done_at = now()")
    again = Worker(
        stack.temporal,
        task_queue=f"{stack.queue}-again",
        workflows=[AgainWorkflow],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with again:
        await stack.temporal.execute_workflow(
            AgainWorkflow.run, 2, id=course(ref), task_queue=f"{stack.queue}-again"
        )
    owe_archive(stack, ref)
    await stack.relay().hand_over()
    with scope(stack.engine, "ota") as connection:
        kept = archive.runs_of(connection, ref)
    told = [
        histories.unpack(run).events[0].workflow_execution_started_event_attributes
        for run in kept
    ]

    assert 3 == len({run.run_id for run in kept})
    assert ["", *(run.run_id for run in kept[:-1])] == [
        each.continued_execution_run_id for each in told
    ]
    assert [True] * 3 == [run.whole for run in kept]


async def test_an_archive_is_kept_once_and_tells_when_it_was_changed(
    stack: Stack, owner: Engine
) -> None:
    """
    Archiving again after an interruption must not replace what was kept.
    """
    ref = open_visit(stack.engine, stack.keys)
    kept = archive.Archived(
        municipality="ota",
        case_id=ref.case_id,
        run_id="run",
        workflow_id=course(ref),
        workflow_type="Visit",
        history=b"first",
        build_id="build",
        contract_version="v1",
    )
    archive.keep(stack.engine, kept, at=AT)
    archive.keep(stack.engine, replace(kept, history=b"second"), at=AT)
    with scope(stack.engine, "ota") as connection:
        (before,) = archive.runs_of(connection, ref)
    tamper(owner, "UPDATE history_archive SET history = 'third'")
    with scope(stack.engine, "ota") as connection:
        (after,) = archive.runs_of(connection, ref)

    assert (b"first", True, False) == (before.history, before.whole, after.whole)
