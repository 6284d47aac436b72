"""A course hears of what was claimed in its record without it, whenever it begins."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from temporalio.api.enums.v1 import EventType

from domain.booking.booking_rules import BookingMode
from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Entry, Stage
from domain.parties import Role
from store import cases, outbox
from store.displacing import inform
from store.engine import build_engine
from store.scope import scope
from tests.builders import a_place, a_reservation, some_terms
from tests.reservations_at_hand import claim, course_of, open_reservation
from tests.stack import Stack, eventually
from tests.visits_at_hand import rows, tamper
from workflows.messages import CaseView


@pytest.fixture
def owner(stack: Stack) -> Iterator[Engine]:
    engine = build_engine(stack.database.owner_url)
    yield engine
    engine.dispose()


def book(stack: Stack) -> Reservation:
    """Begin one that waits to be entered into the city's system: it takes no places."""
    terms = some_terms(mode=BookingMode.CITY_SYSTEM)
    case_id = secrets.token_hex(16)
    value = a_reservation(
        case_id, stage=Stage.TO_ENTER, entry=Entry.BOOK, terms=terms, mail=False
    )
    return open_reservation(stack, value)


async def test_a_course_that_runs_learns_at_once(stack: Stack) -> None:
    """
    Cancelled by a citizen at midnight: the course hears of it, and ends.
    """
    value = book(stack)
    async with stack.staffed():
        await eventually(stack.relay().hand_over, lambda handed: handed == 0)
        before = await course_of(stack, value).query("view", result_type=CaseView)
        claim(stack, value.cancel(datetime.now(UTC)), "reservation_cancelled")
        ended = await course_of(stack, value).result()

    assert ("to_enter", False) == (before.stage, before.closed)
    assert ("cancelled", True) == (ended.stage, ended.closed)


async def test_news_that_come_before_the_course_are_not_lost(
    stack: Stack, owner: Engine
) -> None:
    """
    The relay hands over many rows at once, in no order; the course looks when it begins.
    """
    value = book(stack)
    claim(stack, value.change(a_place(clock="14:00"), datetime.now(UTC)), "reservation_changed")
    start = f"start/{value.case_id}"
    tamper(owner, "UPDATE outbox SET done_at = now() WHERE key = :key", key=start)
    handed = await stack.relay().hand_over()
    tamper(owner, "UPDATE outbox SET done_at = NULL WHERE key = :key", key=start)
    async with stack.staffed():
        await eventually(stack.relay().hand_over, lambda handed: handed == 0)
        answer = await stack.as_(Role.CALL_AGENT).act(
            value.case_id, "record_external_entry", reference="A-1"
        )

    assert (1, 200) == (handed, answer.status_code), answer.text
    kept = rows(
        owner,
        "SELECT action FROM case_event WHERE case_id = :id ORDER BY seq",
        id=value.case_id,
    )
    assert [
        ("reservation_held",),
        ("reservation_changed",),
        ("record_external_entry",),
    ] == kept


async def test_news_of_one_transaction_find_the_course_that_it_begins(
    stack: Stack, owner: Engine
) -> None:
    """
    A case that is begun and moved at once would otherwise not know that it was moved.
    """
    value = book(stack)
    claim(stack, value.cancel(datetime.now(UTC)), "reservation_cancelled")
    start = f"start/{value.case_id}"
    tamper(owner, "UPDATE outbox SET tries = 9 WHERE key = :key", key=start)
    waiting = [owed.key for owed in outbox.waiting(stack.engine, "ota")]
    await stack.relay().hand_over()
    history = await course_of(stack, value).fetch_history()

    assert waiting[-1] == start
    assert EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED in {
        each.event_type for each in history.events
    }


async def test_news_wait_as_long_as_the_course_cannot_begin(
    stack: Stack, owner: Engine
) -> None:
    """
    A start that fails is tried again, and what follows it with it.
    """
    value = book(stack)
    claim(stack, value.cancel(datetime.now(UTC)), "reservation_cancelled")
    start = f"start/{value.case_id}"
    tamper(
        owner,
        "UPDATE outbox SET body = jsonb_build_object('kept', body) WHERE key = :key",
        key=start,
    )
    handed = await stack.relay().hand_over()
    problems = dict(rows(owner, "SELECT topic, last_problem FROM outbox"))

    assert 0 == handed
    problems.pop("archive")
    assert {"reservation": "ValidationError", "inform": "NOT_BEGUN"} == problems


async def test_news_for_a_course_that_has_ended_wait_for_nobody(stack: Stack) -> None:
    """
    A row that can never be handed over would be tried every second for ever.
    """
    value = book(stack)
    async with stack.staffed():
        await eventually(stack.relay().hand_over, lambda handed: handed == 0)
        claim(stack, value.cancel(datetime.now(UTC)), "reservation_cancelled")
        await course_of(stack, value).result()
        with scope(stack.engine, "ota") as connection:
            inform(connection, cases.one_case(connection, value.case_id))

        async def left() -> int:
            return outbox.backlog(stack.engine, "ota")

        assert 0 == await eventually(left, lambda rows: rows == 0)
