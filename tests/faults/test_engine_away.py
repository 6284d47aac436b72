"""What works while the workflow engine or its worker is away, and what answers meanwhile."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import Client

from api import ask
from domain.parties import Role
from store.codec import sealed_converter
from tests.lots import work
from tests.stack import Stack, eventually

NOBODY_LISTENS = "127.0.0.1:1"


@pytest.fixture
async def without_engine(stack: Stack) -> Stack:
    """The product whose web process cannot reach its engine."""
    away = await Client.connect(
        NOBODY_LISTENS, data_converter=sealed_converter(stack.keys), lazy=True
    )
    stack.app.state.desk = replace(stack.app.state.desk, temporal=away)
    return stack


async def stepped(stack: Stack, lot_id: str, **named: Any) -> tuple[int, str, str | None]:
    answer = await stack.as_(Role.CLERK).act(
        lot_id, "record_pre_issue_setup", terminal="T-01", **named
    )
    code = answer.json().get("code", "")
    return answer.status_code, code, answer.headers.get("Retry-After")


async def test_a_lot_is_taken_over_while_the_engine_is_away_and_begins_later(
    without_engine: Stack,
) -> None:
    """
    The city hands cards over in the morning, whatever our machines are doing.
    """
    stack = without_engine
    clerk = stack.as_(Role.CLERK)
    taken = await work.take_over(stack, work.small_lot(4, seed=5))
    listed = await clerk.stages(taken["case_id"])
    step = await stepped(stack, taken["case_id"])
    ready = await clerk.get("/readyz")
    stack.app.state.desk = replace(stack.app.state.desk, temporal=stack.temporal)
    async with stack.staffed():
        done = await stepped(stack, taken["case_id"])
        await work.settled(stack, taken["case_id"])

    assert {"matched": 4} == dict(listed)
    assert (503, "EngineAway", "3") == step
    assert (503, "unavailable") == (ready.status_code, ready.json()["temporal"])
    assert 200 == done[0]


async def test_without_a_worker_the_answer_is_not_yet_and_the_same_key_gets_it_later(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Whether the step was taken is not known; asking again with the key cannot take it twice.
    """
    monkeypatch.setattr(ask, "PATIENCE", timedelta(seconds=1))
    lot = (await work.take_over(stack, work.small_lot(4, seed=5)))["case_id"]
    await eventually(stack.relay().hand_over, lambda handed: handed == 0)
    first = await stepped(stack, lot, key="once")
    monkeypatch.undo()
    async with stack.staffed():
        later = await stepped(stack, lot, key="once")
        again = await stepped(stack, lot, key="once")
        await work.settled(stack, lot)
    events = [e["action"] for e in await stack.as_(Role.CLERK).timeline(lot)]

    assert (503, "NoAnswerYet", "3") == first
    assert [200, 200] == [later[0], again[0]]
    assert 1 == events.count("record_pre_issue_setup")


async def test_with_another_key_the_step_is_another_step(stack: Stack) -> None:
    """
    The control: it is the key that makes two requests one.
    """
    clerk = stack.as_(Role.CLERK)
    lot = (await work.take_over(stack, work.small_lot(4, seed=5)))["case_id"]
    card = (await work.cards_of(stack, lot))[0]["case_id"]
    async with stack.staffed():
        answers = [
            await clerk.act(card, "record_pre_issue_setup", key=key, terminal="T-01")
            for key in ("one", "one", "two")
        ]

    assert [200, 200, 409] == [answer.status_code for answer in answers]
