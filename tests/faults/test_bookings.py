"""Bookings while parts are away: answered is kept, and what the engine missed it learns."""

from dataclasses import replace
from functools import partial
from operator import eq

import pytest
from sqlalchemy import text
from temporalio.client import Client

from domain.case import CaseKind
from domain.parties import Role
from store.codec import sealed_converter
from store.scope import scope
from tests.bookings import venue
from tests.stack import Caller, Stack, eventually, has_begun
from workflows.messages import CaseView
from workflows.names import workflow_id

NOBODY_LISTENS = "127.0.0.1:1"
RESERVATIONS = "/api/v1/contracts/ota/reservations"


@pytest.fixture
async def without_engine(stack: Stack) -> Stack:
    """The product whose web process cannot reach its engine."""
    away = await Client.connect(
        NOBODY_LISTENS, data_converter=sealed_converter(stack.keys), lazy=True
    )
    stack.app.state.desk = replace(stack.app.state.desk, temporal=away)
    return stack


async def free_times(agent: Caller) -> list[str]:
    """Return times of the last day that can be booked; the courses' clocks are today's."""
    answer = await agent.get("/api/v1/contracts/ota/slots", line="card_delivery")
    return [item["starts_at"] for item in answer.json()["items"]][-8:]


async def book(agent: Caller, starts_at: str, phone: str) -> str:
    held = await agent.post(
        RESERVATIONS, json={"line": "card_delivery", "starts_at": starts_at, "people": 1}
    )
    assert 201 == held.status_code, held.text
    case_id = str(held.json()["case_id"])
    applicant = venue.PERSON | {"phone": phone}
    answer = await agent.post(
        f"{RESERVATIONS}/{case_id}/confirm", json={"applicant": applicant}
    )
    assert 200 == answer.status_code, answer.text
    return case_id


async def stage_in_course(stack: Stack, case_id: str) -> str:
    """Return where the course of a reservation stands; empty before it has begun."""
    course = workflow_id("ota", CaseKind.RESERVATION, case_id)
    handle = stack.temporal.get_workflow_handle(course)
    if not await has_begun(handle):
        return ""
    view: CaseView = await handle.query("view", result_type=CaseView)
    return str(view.stage)


async def test_a_visit_is_booked_moved_and_given_up_while_the_engine_is_away(
    without_engine: Stack,
) -> None:
    """
    The courses begin when the engine is back, and know all that happened meanwhile.
    """
    stack = without_engine
    agent = stack.as_(Role.CALL_AGENT)
    times = await free_times(agent)
    phones = ("090-1234-5671", "090-1234-5672", "090-1234-5673")
    kept, moved, given_up = [
        await book(agent, at, phone) for at, phone in zip(times, phones, strict=False)
    ]
    change = await agent.post(f"{RESERVATIONS}/{moved}/change", json={"starts_at": times[5]})
    cancel = await agent.post(f"{RESERVATIONS}/{given_up}/cancel", json={"reason": "都合"})
    assert [200, 200] == [change.status_code, cancel.status_code]
    ready = await agent.get("/readyz")
    assert "unavailable" == ready.json()["temporal"]

    async with stack.staffed():
        for case_id, stage in (
            (kept, "confirmed"),
            (moved, "confirmed"),
            (given_up, "cancelled"),
        ):
            await eventually(partial(stage_in_course, stack, case_id), partial(eq, stage))
        for case_id in (kept, moved, given_up):
            actions = [event["action"] for event in await agent.timeline(case_id)]
            assert 1 == actions.count("reservation_held")
            assert 1 == actions.count("reservation_confirmed")

    # Freed places wait out their delay; nothing else was counted twice.
    with scope(stack.engine, "ota") as connection:
        taken = connection.execute(text("SELECT sum(taken) FROM booking_slot")).scalar_one()
    assert 4 == taken
