"""Calls put through to officials: taken, or to be called back, and counted each by itself."""

from datetime import datetime
from typing import Any

import pytest

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.stack import Stack, eventually

PATH = "/api/v1/contracts/ota/inquiries"
ASKED = {"category": "system", "question": "在留期限と有効期限"}


async def asked(stack: Stack) -> str:
    """Record a question that came by telephone."""
    answer = await stack.as_(Role.CALL_AGENT).post(PATH, json=ASKED)
    assert 201 == answer.status_code, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


async def transfer(stack: Stack, case_id: str, result: str, **more: Any) -> dict[str, Any]:
    """Put a caller through to the city."""
    answer = await stack.as_(Role.CALL_AGENT).act(
        case_id, "transfer_call", target="市民課", result=result, **more
    )
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.req("OTA-27")
async def test_a_transfer_without_taker_is_a_task_until_the_city_has_called_back(
    stack: Stack,
) -> None:
    """
    It has a clock, an official's name once somebody has it, and is counted by itself.
    """
    stack.sign("ota", datetime(2026, 4, 1, tzinfo=TOKYO).date())
    agent, city = stack.as_(Role.CALL_AGENT), stack.as_(Role.OFFICIAL)
    async with stack.staffed():
        taken = await transfer(stack, await asked(stack), "taken")
        case_id = await asked(stack)
        missed = await transfer(stack, case_id, "callback", reason="折り返しの希望")
        task = await city.case(missed["opened"])
        early = await agent.act(case_id, "close_inquiry", outcome="answered", reason="済")
        await city.act(missed["opened"], "accept_handoff")
        still = await city.case(missed["opened"])
        await city.act(missed["opened"], "complete_handoff")

        async def inquiry() -> dict[str, Any]:
            return await agent.case(case_id)

        done = await eventually(inquiry, lambda case: case["closed_at"] is not None)
        month = f"{stack.clock():%Y-%m}"
        counted = (await city.get(PATH, month=month)).json()

    assert ("transferred", True) == (taken["stage"], taken["closed"])
    assert ("handoff", "official", True) == (
        task["kind"],
        task["owner"],
        task["state"]["call_back"],
    )
    assert "call_back" == task["deadlines"][0]["id"]
    assert (409, "HandoffOpen") == (early.status_code, early.json()["code"])
    assert task["due_at"] == still["due_at"]
    assert "transferred" == done["stage"]
    assert (2, 0, 1, 1) == tuple(
        counted[name]
        for name in ("total", "referred", "transferred", "transferred_without_taker")
    )


async def test_a_transfer_names_its_target_and_its_result(stack: Stack) -> None:
    """
    And one that nobody took says whom to call back.
    """
    async with stack.staffed():
        case_id = await asked(stack)
        agent = stack.as_(Role.CALL_AGENT)
        answers = [
            await agent.act(case_id, "transfer_call", **fields)
            for fields in (
                {"result": "taken"},
                {"target": "市民課"},
                {"target": "市民課", "result": "callback"},
            )
        ]
        by_city = await stack.as_(Role.OFFICIAL).act(
            case_id, "transfer_call", target="市民課", result="taken"
        )

    assert [422, 422, 422] == [each.status_code for each in answers]
    assert "ReasonMissing" == answers[2].json()["code"]
    assert 403 == by_city.status_code
