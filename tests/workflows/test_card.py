"""The course of one card, with the people around it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.errors import MissingGlyph
from domain.lots.card import Route, Step
from domain.lots.custody import Holder, ItemKind
from domain.lots.matching import MatchResult
from tests.builders import (
    AUDITOR,
    CLERK,
    OFFICIAL,
    OPERATOR,
    OTHER_CLERK,
    a_card,
    a_case,
    a_deadline,
    a_lot,
    an_event,
)
from tests.stack import eventually
from tests.workflows.office import Course, Office, refusal
from workflows.keeping import change_of
from workflows.messages import Recording

CITY, OUTSIDE, OURS, BETWEEN = Holder.CITY, Holder.OUTSIDE, Holder.PROVIDER, Holder.HAND_OVER


async def steps(course: Course, *actions: str, **fields: Any) -> list[str]:
    """Take steps as a clerk and return the stages they lead to."""
    return [(await course.act(action, CLERK, **fields)).stage for action in actions]


async def sealed(office: Office, case_id: str = "card-1", lot: str | None = "lot-1") -> Course:
    """Return a card that is ready to be handed over."""
    course = await office.card(a_deadline(), a_card(case_id), lot=lot)
    await steps(course, "record_pre_issue_setup", "make_notice", "seal")
    return course


async def test_a_card_goes_from_the_match_to_the_officials_receipt(office: Office) -> None:
    """
    The straight path: card and notice travel together, and the case ends with the receipt.
    """
    course = await office.card(a_deadline(), lot="lot-1")
    lot = await office.lot(a_lot(cards=2))

    taken = await steps(course, "record_pre_issue_setup", "make_notice", "seal", "hand_over")
    await course.act("acknowledge_receipt", OFFICIAL, count=1)
    ended = await course.ended()

    assert ["preset", "notice_made", "sealed", "handed_over"] == taken
    assert ("done", True) == (ended.stage, ended.closed)
    card, notice = "card-1/card/1", "card-1/notice/1"
    assert [(card, OURS, BETWEEN), (card, BETWEEN, CITY)] == office.paths_of(
        "card-1", ItemKind.CARD
    )
    assert [
        (notice, OUTSIDE, OURS),
        (notice, OURS, BETWEEN),
        (notice, BETWEEN, CITY),
    ] == office.paths_of("card-1", ItemKind.NOTICE)
    slips = [s for each in office.record.recorded["card-1"] if (s := each.slip) is not None]
    assert [None, "acknowledge_receipt"] == [slip.settled for slip in slips]
    assert 1 == len({slip.slip_id for slip in slips})
    assert not (await lot.view()).closed


@pytest.mark.req("OTA-21")
async def test_a_mailed_card_is_prepared_for_dispatch_and_never_gets_a_notice(
    office: Office,
) -> None:
    """
    Who applied in person is sent the card: a notice to come and fetch it would be wrong.
    """
    card = a_card(route=Route.MAIL_TO_APPLICANT)
    course = await office.card(a_deadline(), card, lot="lot-1")

    await steps(course, "record_pre_issue_setup", terminal="T-01")
    refused = await refusal(course.act("make_notice", CLERK))
    taken = await steps(course, "update_destination", "prepare_dispatch", "hand_over")

    assert "WrongStage" == refused
    assert ["destination_updated", "dispatch_ready", "handed_over"] == taken
    assert [] == office.notices.made
    assert [] == office.paths_of("card-1", ItemKind.NOTICE)


async def test_a_mismatch_waits_for_a_decision_with_its_reason(office: Office) -> None:
    """
    A named person decides; without a reason, and in a way that is not open, nobody does.
    """
    card = a_card(result=MatchResult.MOVED_OUT)
    course = await office.card(a_deadline(), card, lot="lot-1")

    early = await refusal(course.act("record_pre_issue_setup", CLERK))
    silent = await refusal(course.act("decide_mismatch", CLERK, decision="return_to_city"))
    barred = await refusal(course.act("decide_mismatch", CLERK, "x", decision="proceed"))
    decided = await course.act("decide_mismatch", CLERK, "転出", decision="return_to_city")
    await steps(course, "hand_over")

    assert ["WrongStage", "ReasonMissing", "DecisionNotOpen"] == [early, silent, barred]
    assert "returning" == decided.stage
    event = office.record.recorded["card-1"][0].event
    assert ("decide_mismatch", CLERK, "転出") == (event.action, event.actor, event.reason)


async def test_a_card_that_never_came_is_discarded_and_its_lot_hears_of_it(
    office: Office,
) -> None:
    """
    A lot could never end if cards that were announced and did not come stayed open.
    """
    lot = await office.lot(a_lot(cards=1))
    missing = a_card(result=MatchResult.CARD_MISSING)
    course = await office.card(a_deadline(), missing, lot="lot-1")

    await course.act("decide_mismatch", CLERK, "届いていない", decision="discard")

    assert "discarded" == (await course.ended()).stage
    assert "done" == (await lot.ended()).stage


async def test_a_step_at_the_wrong_stage_leaves_no_trace(office: Office) -> None:
    """
    A validator's refusal writes nothing: neither history nor record grow by mistakes.
    """
    course = await office.card(a_deadline())

    refused = await refusal(course.act("seal", CLERK))

    assert "WrongStage" == refused
    assert 0 == await course.updates_in_history()
    assert [] == course.actions


async def test_a_step_that_is_taken_does_leave_a_trace(office: Office) -> None:
    """
    The control of the test above: this is what it would see.
    """
    course = await office.card(a_deadline())

    await steps(course, "record_pre_issue_setup")

    assert 1 == await course.updates_in_history()
    assert ["record_pre_issue_setup"] == course.actions


async def test_the_course_refuses_roles_as_well_as_the_screen(office: Office) -> None:
    """
    The screen is not the only way in.
    """
    course = await sealed(office)

    by_city = await refusal(course.act("hand_over", OFFICIAL))
    by_booth = await refusal(course.act("hand_over", OPERATOR))
    await steps(course, "hand_over")
    by_us = await refusal(course.act("acknowledge_receipt", CLERK, count=1))
    watching = await refusal(course.act("acknowledge_receipt", AUDITOR, count=1))

    assert ["NotYourDuty"] * 4 == [by_city, by_booth, by_us, watching]


async def test_unknown_steps_are_refused(office: Office) -> None:
    """
    What a card does not know it must not record.
    """
    course = await office.card(a_deadline())

    assert "ActionUnknown" == await refusal(course.act("fly", CLERK))
    assert "ActionUnknown" == await refusal(course.act("resend", CLERK))


async def test_two_people_at_once_take_one_step(office: Office) -> None:
    """
    Both pass the validator; whoever waits for the turn is checked again and refused.
    """
    course = await office.card(a_deadline())
    await steps(course, "record_pre_issue_setup")
    office.notices.may_make.clear()

    both = [asyncio.create_task(course.act("make_notice", who)) for who in (CLERK, OTHER_CLERK)]
    await eventually(course.updates_in_history, lambda accepted: accepted == 3)
    office.notices.may_make.set()
    results = await asyncio.gather(*both, return_exceptions=True)

    assert 1 == sum(isinstance(each, WorkflowUpdateFailedError) for each in results)
    assert (1, 1) == (course.actions.count("make_notice"), len(office.notices.made))


async def test_the_same_update_is_the_same_step(office: Office) -> None:
    """
    Who asks again with the same key gets the first answer, and nothing happens twice.
    """
    course = await office.card(a_deadline())

    first = await course.act("record_pre_issue_setup", CLERK, key="key-1")
    again = await course.act("record_pre_issue_setup", CLERK, key="key-1")

    assert first == again
    assert ["record_pre_issue_setup"] == course.actions


async def test_a_lost_answer_of_the_record_is_not_a_second_event(office: Office) -> None:
    """
    The transaction was committed, then the line broke: the attempt is made again.
    """
    course = await office.card(a_deadline())
    office.record.answers_to_lose = 2

    answer = await course.act("record_pre_issue_setup", CLERK)

    assert "preset" == answer.stage
    assert ["record_pre_issue_setup"] == course.actions


async def test_a_course_learns_of_a_step_that_the_engine_lost(office: Office) -> None:
    """
    The event was committed, then engine and worker died: asked again, it is not taken again.
    """
    course = await office.card(a_deadline())
    after = a_card().take(Step.RECORD_PRE_ISSUE_SETUP)
    lost = Recording(
        case=a_case("card-1", office.city),
        key="act/lost",
        event=an_event("record_pre_issue_setup"),
        change=change_of(after, None),
    )
    office.record.record(lost)

    again = await course.act("record_pre_issue_setup", CLERK, key="lost")
    next_one = await course.act("make_notice", CLERK)

    assert ["preset", "notice_made"] == [again.stage, next_one.stage]
    assert ["record_pre_issue_setup", "make_notice"] == course.actions


async def test_what_the_record_refuses_has_not_happened(office: Office) -> None:
    """
    A card that is not where it leaves from stays at its stage, and the course lives on.
    """
    course = await sealed(office)
    office.record.holders["card-1/card/1"] = CITY

    refused = await refusal(course.act("hand_over", CLERK))

    assert "ItemElsewhere" == refused
    assert "sealed" == (await course.view()).stage


async def test_steps_are_taken_back_while_nothing_has_left_the_house(office: Office) -> None:
    """
    A notice that is taken back is void; the next one is another notice.
    """
    course = await sealed(office)

    for _ in range(2):
        await course.act("take_back", CLERK, "氏名の字体を直す")
    again = await steps(course, "make_notice", "seal")

    assert ["notice_made", "sealed"] == again
    first, second = "card-1/notice/1", "card-1/notice/2"
    assert [
        (first, OUTSIDE, OURS),
        (first, OURS, OUTSIDE),
        (second, OUTSIDE, OURS),
    ] == office.paths_of("card-1", ItemKind.NOTICE)
    assert [1, 2] == [each.ordinals["card-1"] for each in office.notices.made]


async def test_a_card_handed_over_alone_can_be_fetched_back(office: Office) -> None:
    """
    Until an official has acknowledged it, it is still the provider's to put right.
    """
    course = await sealed(office)
    await steps(course, "hand_over")

    back = await course.act("take_back", CLERK, "誤って引き渡した")

    assert "sealed" == back.stage
    assert OURS is office.record.holders["card-1/card/1"]
    slip = office.record.recorded["card-1"][-1].slip
    assert slip is not None
    assert "take_back" == slip.settled


async def test_a_refused_receipt_brings_card_and_notice_back(office: Office) -> None:
    """
    What the official does not take is again with the provider, and can be given again.
    """
    course = await sealed(office)
    await steps(course, "hand_over")

    refused = await course.act("refuse_receipt", OFFICIAL, "枚数が違う")
    again = await steps(course, "hand_over")

    assert ("sealed", ["handed_over"]) == (refused.stage, again)
    assert {BETWEEN} == {
        office.record.holders[f"card-1/{kind}/1"] for kind in ("card", "notice")
    }


async def test_a_receipt_with_another_count_is_refused(office: Office) -> None:
    """
    The count is the official's own; a different one means that something is missing.
    """
    course = await sealed(office)
    await steps(course, "hand_over")

    assert "CountDiffers" == await refusal(course.act("acknowledge_receipt", OFFICIAL, count=2))


async def test_a_card_on_a_slip_with_others_is_settled_with_them(office: Office) -> None:
    """
    One card taken from a bundle would make the slip's count wrong.
    """
    course = await sealed(office)
    await steps(course, "hand_over", slip_id="slip-1")

    alone = await refusal(course.act("acknowledge_receipt", OFFICIAL, count=1))
    back = await refusal(course.act("take_back", CLERK, "戻す"))
    other = await refusal(course.act("refuse_receipt", OFFICIAL, "違う", slip_id="slip-2"))
    whole = await course.act("acknowledge_receipt", OFFICIAL, slip_id="slip-1")

    assert ["OnSlip"] * 3 == [alone, back, other]
    assert "done" == whole.stage


async def test_a_notice_that_cannot_be_made_leaves_the_card_where_it_was(
    office: Office,
) -> None:
    """
    Whoever asked is told why; the course waits for the name to be put right.
    """
    course = await office.card(a_deadline())
    await steps(course, "record_pre_issue_setup")
    office.notices.refuses_to_make = MissingGlyph("U+2B740")

    refused = await refusal(course.act("make_notice", CLERK))
    office.notices.refuses_to_make = None
    made = await steps(course, "make_notice")

    assert ("MissingGlyph", ["notice_made"]) == (refused, made)


async def test_a_card_whose_lot_has_not_begun_tells_it_later(office: Office) -> None:
    """
    The relay hands over one case after the other: a card may be done before its lot runs.
    """
    missing = a_card(result=MatchResult.CARD_MISSING)
    course = await office.card(a_deadline(), missing, lot="lot-1")
    await course.act("decide_mismatch", CLERK, "届いていない", decision="discard")

    await course.reach(course.now + timedelta(minutes=2))
    lot = await office.lot(a_lot(cards=1))
    await course.reach(course.now + timedelta(minutes=10))

    assert "discarded" == (await course.ended()).stage
    assert "done" == (await lot.ended()).stage
