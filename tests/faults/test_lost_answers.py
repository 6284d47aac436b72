"""Done, and the answer lost: an activity's, or a whole step's. Nothing is done again."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio import activity

from activities.card_lots import TemporalLots
from activities.notices import PrintedNotices
from activities.records import PostgresRecord
from domain.case import Actor, CaseEvent, CaseKind
from domain.lots.card import Card, Step
from domain.parties import Role
from store import cases
from store.scope import scope
from store.values import value_of
from tests.fakes import ScriptedNotices
from tests.lots import work
from tests.stack import Stack, eventually
from workflows.keeping import change_of
from workflows.messages import (
    AdvanceCards,
    Advanced,
    MadeNotices,
    MakeNotices,
    Recorded,
    Recording,
)

LOST: Counter[str] = Counter()


def lose(about: str) -> None:
    """Lose the first answer about something."""
    LOST[about] += 1
    if LOST[about] == 1:
        raise ConnectionError("done, and then the line broke")


class ForgetfulRecord(PostgresRecord):
    @activity.defn(name="record")
    def record(self, recording: Recording) -> Recorded:
        answer = super().record(recording)
        lose(f"record/{recording.case.case_id}/{recording.key}")
        return answer


class ForgetfulLots(TemporalLots):
    @activity.defn(name="advance_cards")
    async def advance_cards(self, advance: AdvanceCards) -> Advanced:
        answer = await super().advance_cards(advance)
        lose(f"advance/{advance.batch.batch_id}")
        return answer


class ForgetfulNotices(PrintedNotices):
    @activity.defn(name="make_notices")
    async def make_notices(self, make: MakeNotices) -> MadeNotices:
        answer = await super().make_notices(make)
        lose(f"notices/{make.batch_id}/{make.part}")
        return answer


def forgetful(stack: Stack) -> tuple[object, ...]:
    return (
        ForgetfulRecord(stack.engine, stack.keys),
        ForgetfulLots(stack.engine, stack.temporal),
        ForgetfulNotices(stack.engine, stack.keys, stack.book, stack.press),
    )


def actions(events: list[dict[str, Any]]) -> Counter[str]:
    return Counter(event["action"] for event in events)


async def test_an_activity_whose_answer_was_lost_is_not_done_again(stack: Stack) -> None:
    """
    Every record, every batch and every chunk of notices loses its first answer.
    """
    LOST.clear()
    clerk = stack.as_(Role.CLERK)
    lot_id = (await work.take_over(stack, work.small_lot(4, seed=5)))["case_id"]
    async with stack.staffed(*forgetful(stack)):
        slip = await work.hand_over(stack, lot_id)
        ended = await work.bulk(stack, lot_id, work.COUNTED, slip_id=slip, count=4)
        await work.closed(stack, lot_id)
    cards = await work.cards_of(stack, lot_id)
    kinds = {name.partition("/")[0] for name in LOST}

    assert {"record", "advance", "notices"} == kinds
    assert {2} <= set(LOST.values())
    assert (4, 0) == (ended["cards"], ended["refused"])
    for card in cards:
        once = actions(await clerk.timeline(card["case_id"]))
        steps = [name for name in once if name in set(Step)]
        assert [1] * len(steps) == [once[name] for name in steps], once
        notices = work.documents(stack, card).get("issue_notice", [])
        assert len(notices) == (card["state"]["route"] == "pickup_notice")
    assert {1} == set(actions(await clerk.timeline(lot_id)).values()) - set(range(2, 9))


async def committed_and_lost(stack: Stack, card_id: str, key: str) -> None:
    """Record a step of a card whose course does not know of it.

    As when the engine dies between the commit of the event and the end of the workflow
    task in which the step was taken.
    """
    with scope(stack.engine, "ota") as connection:
        file = cases.one_case(connection, card_id)
    card = value_of(file)
    assert isinstance(card, Card)
    after = card.take(Step.RECORD_PRE_ISSUE_SETUP)
    event = CaseEvent(
        action=Step.RECORD_PRE_ISSUE_SETUP,
        at=datetime.now(UTC),
        actor=Actor(account_id="a-clerk", role=Role.CLERK),
        detail={"stage": str(after.stage), "terminal": "T-01"},
    )
    recording = Recording(
        case=file.ref, key=f"act/{key}", event=event, change=change_of(after, None), after=1
    )
    recorded = PostgresRecord(stack.engine, stack.keys).record(recording)
    assert not recorded.ahead


@pytest.fixture
async def lost(stack: Stack) -> tuple[str, str]:
    """A lot with a running card whose course has lost its first step; both cases."""
    lot_id = (await work.take_over(stack, work.small_lot(3, seed=5)))["case_id"]
    card = (await work.cards_of(stack, lot_id))[0]["case_id"]
    return lot_id, card


async def test_whoever_asks_again_for_a_lost_step_is_answered_and_the_card_goes_on(
    stack: Stack, lost: tuple[str, str]
) -> None:
    """
    The interface tells programs to repeat with the key; the step is there exactly once.
    """
    clerk, (_, card) = stack.as_(Role.CLERK), lost
    async with stack.staffed(*stack.implementations()[:2], ScriptedNotices()):
        await committed_and_lost(stack, card, "lost")
        again = await clerk.act(card, "record_pre_issue_setup", key="lost", terminal="T-01")
        onward = await clerk.act(card, "take_back", reason="やり直し")

    assert (200, "preset") == (again.status_code, again.json()["stage"])
    assert (200, "matched") == (onward.status_code, onward.json()["stage"])
    once = actions(await clerk.timeline(card))
    assert (1, 1) == (once["record_pre_issue_setup"], once["take_back"])


async def test_who_never_asks_again_goes_on_from_where_the_record_says_the_card_is(
    stack: Stack, lost: tuple[str, str]
) -> None:
    """
    A page offers what follows the record; the course refused it for ever.
    """
    clerk, (_, card) = stack.as_(Role.CLERK), lost
    async with stack.staffed(*stack.implementations()[:2], ScriptedNotices()):
        await committed_and_lost(stack, card, "lost")
        offered = {form["action"] for form in (await clerk.case(card))["actions"]}
        alone = await clerk.act(card, "take_back", reason="やり直し")
        too_early = await clerk.act(card, "seal")

    assert "take_back" in offered
    assert (200, "matched") == (alone.status_code, alone.json()["stage"])
    assert (409, "WrongStage") == (too_early.status_code, too_early.json()["code"])


async def test_a_later_batch_goes_on_with_a_card_that_lost_the_step_before(
    stack: Stack, lost: tuple[str, str]
) -> None:
    """
    The lot picks cards by the record; one whose course is behind is not refused.
    """
    clerk, (lot_id, card) = stack.as_(Role.CLERK), lost
    route = (await clerk.case(card))["state"]["route"]
    step, fields = (
        ("make_notice", {})
        if route == "pickup_notice"
        else ("update_destination", {"terminal": "T-01"})
    )
    async with stack.staffed(*stack.implementations()[:2], ScriptedNotices()):
        await committed_and_lost(stack, card, "lost")
        end = await work.bulk(stack, lot_id, step, **fields)

    assert (1, 0) == (end["cards"], end["refused"])


async def test_an_alarm_does_not_write_the_old_stage_over_a_lost_step(
    stack: Stack, lost: tuple[str, str]
) -> None:
    """
    The deadline rings in a course that has lost a step: it learns, and then it rings.
    """
    clerk, (_, card) = stack.as_(Role.CLERK), lost
    async with stack.staffed():
        before = len(await clerk.timeline(card))
        await committed_and_lost(stack, card, "lost")
        await stack.fast_forward(CaseKind.CARD, card, timedelta(days=400))
        found = await eventually(
            lambda: clerk.case(card), lambda case: case["stuck"] == "deadline_breached"
        )
        onward = await clerk.act(card, "take_back", reason="やり直し")

    assert 1 == before
    assert "preset" == found["stage"]
    assert 200 == onward.status_code


async def test_a_batch_heals_the_cards_that_lost_it(
    stack: Stack, lost: tuple[str, str]
) -> None:
    """
    The lot asks every card again; one that took the step and forgot counts once.
    """
    clerk, (lot_id, card) = stack.as_(Role.CLERK), lost
    await committed_and_lost(stack, card, f"{lot_id}-batch")
    async with stack.staffed():
        answer = await clerk.act(lot_id, "record_pre_issue_setup", key="batch", terminal="T-01")
        await work.settled(stack, lot_id)
        (end,) = await work.ends(stack, lot_id)
        onward = await clerk.act(card, "take_back", reason="やり直し")

    assert 200 == answer.status_code
    assert 0 == end["detail"]["refused"]
    assert 1 == actions(await clerk.timeline(card))["record_pre_issue_setup"]
    assert 200 == onward.status_code
