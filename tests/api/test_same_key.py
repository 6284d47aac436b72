"""A key belongs to one request: with another one it is refused, and gives no first answer."""

import asyncio
import secrets
from typing import Any

import pytest

from domain.case import Actor, CaseKind
from domain.parties import Role
from tests.stack import Stack
from tests.visits_at_hand import add_line, open_visit
from workflows.messages import Act, CaseView
from workflows.names import workflow_id

REFUSED = (422, "KeyUsedOtherwise")
SUSPECT = "本人確認書類の確認"


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("result", ["served", "left"])
async def test_the_same_request_again_is_given_its_first_answer(
    stack: Stack, result: str
) -> None:
    """
    Also after the case has ended: whoever lost the answer asks until it comes.
    """
    ref = open_visit(stack.engine, stack.keys)
    clerk, key = stack.as_(Role.CLERK), secrets.token_hex(8)
    async with stack.staffed():
        first = await clerk.act(ref.case_id, "close_visit", key=key, result=result)
        again = await clerk.act(ref.case_id, "close_visit", key=key, result=result)

    assert (200, first.json()) == (again.status_code, again.json())


async def test_a_key_that_came_with_another_request_is_refused(stack: Stack) -> None:
    """
    Another body, another action, another person: the first answer would say that what was
    never done is done.
    """
    ref = open_visit(stack.engine, stack.keys)
    clerk, key = stack.as_(Role.CLERK), secrets.token_hex(8)
    async with stack.staffed():
        offer = {"section": "住民係", "reason": SUSPECT}
        first = await clerk.act(ref.case_id, "offer_handoff", key=key, **offer)
        others = [
            await clerk.act(ref.case_id, "offer_handoff", key=key, **offer | {"section": "税"}),
            await clerk.act(ref.case_id, "offer_handoff", key=key, **offer | {"reason": "別"}),
            await clerk.act(ref.case_id, "close_visit", key=key, result="left"),
            await stack.as_(Role.SITE_MANAGER).act(
                ref.case_id, "offer_handoff", key=key, **offer
            ),
        ]
    timeline = await clerk.timeline(ref.case_id)

    assert 200 == first.status_code, first.text
    assert [REFUSED] * 4 == [told(answer) for answer in others]
    assert ["visitor_received", "offer_handoff"] == [line["action"] for line in timeline]


async def test_the_engine_alone_would_give_the_first_answer(stack: Stack) -> None:
    """
    The control: an update is told by its id, whatever it asks for.
    """
    ref = open_visit(stack.engine, stack.keys)
    clerk, key = stack.as_(Role.CLERK), secrets.token_hex(8)
    by = Actor(account_id="somebody", role=Role.CLERK)
    async with stack.staffed():
        first = await clerk.act(
            ref.case_id, "offer_handoff", key=key, section="住民係", reason=SUSPECT
        )
        handle = stack.temporal.get_workflow_handle(
            workflow_id("ota", CaseKind.VISIT, ref.case_id)
        )
        other = await handle.execute_update(
            "act", Act(action="close_visit", by=by), id=key, result_type=CaseView
        )

    assert first.json()["opened"] == other.opened


async def test_a_step_whose_answer_was_lost_is_told_from_another_action(stack: Stack) -> None:
    """
    Then the record alone knows what the key came with: that action, and no more.
    """
    ref = open_visit(stack.engine, stack.keys)
    clerk = stack.as_(Role.CLERK)
    add_line(
        stack.engine, stack.keys, ref, key="act/lost", action="offer_handoff", reason=SUSPECT
    )
    async with stack.staffed():
        other = await clerk.act(ref.case_id, "close_visit", key="lost", result="served")
        same = await clerk.act(
            ref.case_id, "offer_handoff", key="lost", section="住民係", reason=SUSPECT
        )

    assert REFUSED == told(other)
    assert 200 == same.status_code, same.text


async def test_of_two_requests_with_one_key_at_once_one_is_done_and_one_refused(
    stack: Stack,
) -> None:
    """
    Whichever comes first: neither is told that the other's work is its own.
    """
    ref = open_visit(stack.engine, stack.keys)
    clerk, key = stack.as_(Role.CLERK), secrets.token_hex(8)
    async with stack.staffed():
        answers = await asyncio.gather(
            *(
                clerk.act(
                    ref.case_id, "offer_handoff", key=key, section=section, reason=SUSPECT
                )
                for section in ("住民係", "税務係", "国保係")
            )
        )
    timeline = await clerk.timeline(ref.case_id)

    assert [200, 422, 422] == sorted(answer.status_code for answer in answers)
    assert 1 == [line["action"] for line in timeline].count("offer_handoff")
