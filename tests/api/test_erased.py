"""What was erased stays erased: whoever still asks for something is told so in words."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import httpx
import pytest

from api.access.door import now_in_tokyo
from domain.case import CLOCK, CaseRef
from domain.parties import Role
from store import shredding
from store.scope import scope
from tests.lots import work
from tests.stack import Stack
from tests.visits_at_hand import open_visit

OPEN = datetime(2026, 11, 9, 10, 0, tzinfo=work.TOKYO)
CITY_ERASED, CASE_ERASED = (409, "CityErased"), (409, "CaseErased")

Ask = Callable[[Stack], Awaitable[httpx.Response]]


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def shred(stack: Stack) -> None:
    """Erase the whole city, as its contract ends."""
    with scope(stack.engine, "ota") as connection:
        shredding.shred_municipality(
            connection, stack.keys, "ota", by=CLOCK, why="contract_ended", at=now_in_tokyo()
        )


async def visitor(stack: Stack) -> httpx.Response:
    return await stack.as_(Role.CLERK).post(
        "/api/v1/contracts/ota/visits", json={"procedure": "card_delivery"}
    )


async def lot(stack: Stack) -> httpx.Response:
    return await stack.as_(Role.CLERK).take_over(work.small_lot(2).files)


@pytest.fixture
async def closed(stack: Stack) -> CaseRef:
    """A visit that has ended."""
    stack.clock.now = OPEN
    ref = open_visit(stack.engine, stack.keys)
    async with stack.staffed():
        done = await stack.as_(Role.CLERK).act(ref.case_id, "close_visit", result="served")
    assert 200 == done.status_code, done.text
    return ref


@pytest.mark.parametrize("ask", [visitor, lot])
async def test_nothing_can_be_opened_in_a_city_that_was_erased(
    stack: Stack, closed: CaseRef, ask: Ask
) -> None:
    """
    It was an error of ours, as if asking again could help.
    """
    shred(stack)

    assert CITY_ERASED == told(await ask(stack))


@pytest.mark.parametrize("ask", [visitor, lot])
async def test_the_same_is_opened_in_a_city_that_was_not(stack: Stack, ask: Ask) -> None:
    """
    The control: it is the erasure that is told, and nothing about the request.
    """
    stack.clock.now = OPEN

    assert 201 == (await ask(stack)).status_code


async def test_an_erased_case_refuses_every_step_and_keeps_its_record(
    stack: Stack, closed: CaseRef
) -> None:
    """
    Its record can still be read; what was sealed cannot.
    """
    clerk = stack.as_(Role.CLERK)
    with scope(stack.engine, "ota") as connection:
        shredding.shred_case(
            connection,
            stack.keys,
            "ota",
            closed.case_id,
            by=CLOCK,
            why="retention_over",
            at=now_in_tokyo(),
        )
    stack.keys.forget("ota", closed.case_id)

    step = await clerk.act(closed.case_id, "close_visit", result="served")
    timeline = await clerk.timeline(closed.case_id)

    assert CASE_ERASED == told(step)
    assert ["visitor_received", "close_visit", "case_erased"] == [e["action"] for e in timeline]


async def test_a_case_that_has_ended_refuses_a_step_as_any_case_does_at_a_wrong_stage(
    stack: Stack, closed: CaseRef
) -> None:
    """
    That the engine is away, as it said, would let a person try again for ever.
    """
    late = await stack.as_(Role.CLERK).act(closed.case_id, "close_visit", result="left")

    assert (409, "WrongStage") == told(late)
