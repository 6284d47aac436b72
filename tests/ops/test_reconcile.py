"""After an engine was lost or restored, every open case has its course again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from temporalio.client import WorkflowHandle

from domain.case import CaseKind, CaseRef
from domain.parties import Role
from ops.reconcile import Unlike, What, reconcile
from store.engine import build_engine
from tests.stack import Stack, eventually
from tests.visits_at_hand import AT, add_line, open_visit, rows, tamper
from workflows.names import workflow_id

NOW = AT + timedelta(hours=3)


@pytest.fixture
def owner(stack: Stack) -> Iterator[Engine]:
    engine = build_engine(stack.database.owner_url)
    yield engine
    engine.dispose()


def course(stack: Stack, ref: CaseRef) -> WorkflowHandle[Any, Any]:
    name = workflow_id(ref.municipality, CaseKind.VISIT, ref.case_id)
    return stack.temporal.get_workflow_handle(name)


async def look(stack: Stack, *, write: bool = True) -> list[Unlike]:
    """Reconcile what is this test's own; the engine is shared by all tests."""
    found = await reconcile(stack.engine, stack.temporal, "ota", now=NOW, write=write)
    own = {str(row[0]) for row in _own_ids(stack)}
    return [each for each in found if each.thing.rpartition("/")[2] in own]


def _own_ids(stack: Stack) -> list[tuple[Any, ...]]:
    engine = build_engine(stack.database.owner_url)
    try:
        return rows(engine, "SELECT case_id FROM case_file")
    finally:
        engine.dispose()


async def begun(stack: Stack, ref: CaseRef) -> bool:
    """Tell whether the engine lists the course by now."""
    query = f"WorkflowId = '{course(stack, ref).id}' AND ExecutionStatus = 'Running'"
    return bool([each async for each in stack.temporal.list_workflows(query)])


async def test_where_all_is_well_nothing_is_found(stack: Stack) -> None:
    """
    Also a case that the relay has not come to yet is none of ours.
    """
    running = open_visit(stack.engine, stack.keys)
    await stack.relay().hand_over()
    await eventually(lambda: begun(stack, running))
    open_visit(stack.engine, stack.keys)

    assert [] == await look(stack)


async def test_a_case_whose_course_is_lost_is_begun_again_and_can_be_worked_on(
    stack: Stack, owner: Engine
) -> None:
    """
    An engine restored from yesterday does not know today's cases.
    """
    ref = open_visit(stack.engine, stack.keys)
    tamper(owner, "UPDATE outbox SET done_at = now()")

    seen = await look(stack, write=False)
    mended = await look(stack)
    async with stack.staffed():
        await eventually(lambda: begun(stack, ref))
        done = await stack.as_(Role.CLERK).act(ref.case_id, "close_visit", result="served")

    expected = Unlike(municipality="ota", what=What.NO_COURSE, thing=ref.case_id, mended=True)
    assert ([expected], False) == (mended, seen[0].mended)
    assert (200, "done") == (done.status_code, done.json()["stage"])


async def test_a_course_that_was_cut_off_goes_on_from_what_is_recorded(stack: Stack) -> None:
    """
    Somebody ended it in the engine's own pages; the case is as far as it was.
    """
    ref = open_visit(stack.engine, stack.keys)
    clerk = stack.as_(Role.CLERK)
    async with stack.staffed():
        offered = await clerk.act(
            ref.case_id, "offer_handoff", section="住民係", reason="本人確認"
        )
        assert 200 == offered.status_code, offered.text
        await course(stack, ref).terminate()
        # What the engine lists lags behind what it was told.
        mended = await eventually(
            lambda: look(stack), lambda unlike: ref.case_id in {each.thing for each in unlike}
        )
        await eventually(lambda: begun(stack, ref))
        early = await clerk.act(ref.case_id, "close_visit", result="served")
        again = await clerk.act(
            ref.case_id, "offer_handoff", section="戸籍係", reason="本人確認"
        )

    found = [(each.what, each.mended) for each in mended if each.thing == ref.case_id]
    assert [(What.CUT_OFF, True)] == found
    assert (409, "HandoffOpen") == (early.status_code, early.json()["code"])
    assert 200 == again.status_code, again.text


async def test_a_course_without_a_case_and_one_that_outlives_its_case_are_named_only(
    stack: Stack, owner: Engine
) -> None:
    """
    Ending a course cannot be undone: a person decides.
    """
    stray, closed = open_visit(stack.engine, stack.keys), open_visit(stack.engine, stack.keys)
    await stack.relay().hand_over()
    for ref in (stray, closed):
        await eventually(lambda ref=ref: begun(stack, ref))  # type: ignore[misc]
    add_line(stack.engine, stack.keys, closed, key="end", closed=True)
    for table in ("person_vault", "case_file"):
        tamper(owner, f"DELETE FROM {table} WHERE case_id = :id", id=stray.case_id)

    everything = await reconcile(stack.engine, stack.temporal, "ota", now=NOW, write=True)
    found = {each.thing: (each.what, each.mended) for each in everything}

    assert (What.STRAY, False) == found[course(stack, stray).id]
    assert (What.OUTLIVES, False) == found[course(stack, closed).id]
    assert (await course(stack, stray).describe()).status is not None


async def test_an_open_case_whose_course_has_ended_well_is_left_to_a_person(
    stack: Stack, owner: Engine
) -> None:
    """
    The record lost what the course knows: beginning again would do its steps twice.
    """
    ref = open_visit(stack.engine, stack.keys)
    async with stack.staffed():
        await stack.as_(Role.CLERK).act(ref.case_id, "close_visit", result="served")
        await course(stack, ref).result()
    tamper(owner, "UPDATE case_file SET closed_at = NULL")

    assert [(What.ENDED, False)] == [(each.what, each.mended) for each in await look(stack)]


async def test_a_closed_case_without_an_archive_is_archived_after_all(
    stack: Stack, owner: Engine
) -> None:
    """
    The engine forgets it after a month.
    """
    ref = open_visit(stack.engine, stack.keys)
    async with stack.staffed():
        await stack.as_(Role.CLERK).act(ref.case_id, "close_visit", result="served")
        await eventually(lambda: archives(owner))
        await eventually(lambda: nothing_waits(owner))
    tamper(owner, "DELETE FROM history_archive")
    tamper(owner, "UPDATE case_file SET closed_at = :at", at=AT)

    mended = await look(stack)
    await stack.relay().hand_over()

    assert [(What.UNARCHIVED, True)] == [(each.what, each.mended) for each in mended]
    assert 1 == await archives(owner)


async def nothing_waits(owner: Engine) -> bool:
    return not rows(owner, "SELECT FROM outbox WHERE done_at IS NULL")


async def archives(owner: Engine) -> int:
    return int(rows(owner, "SELECT count(*) FROM history_archive")[0][0])
