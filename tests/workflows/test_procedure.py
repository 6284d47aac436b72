"""Procedures at a window: each party takes its own steps, and the visit waits for their end."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from api.problems import root_refusal
from contracts.loader import load
from domain.case import Actor, CaseEvent
from domain.parties import Party, Role
from domain.procedures.procedure import Procedure
from domain.procedures.procedure_parts import STEP_OF, Receiver, StepKind
from tests.builders import (
    CLERK,
    OFFICIAL,
    OPERATOR,
    OTHER_OFFICIAL,
    SITE_MANAGER,
    a_case,
    a_visit,
    an_acceptance,
    at,
    today,
)
from tests.procedures_at_hand import a_procedure, decided, doer, walked
from tests.workflows.office import Course, Office, refusal, refusals
from tests.workflows.scenarios_of_procedures import ID, begin, step
from workflows.keeping import change_of
from workflows.messages import CaseView, Recording


def plans() -> Iterator[tuple[str, str, Receiver]]:
    for city in ("yokosuka", "chiba", "ota"):
        for row in load(city).contract.procedures:
            for receiver in Receiver if row.steps and not row.variant_of else ():
                yield city, row.code, receiver


def wrong_side(value: Procedure) -> Actor:
    """Return somebody of the party whose step is not due."""
    return CLERK if doer(value).party is Party.CITY else OFFICIAL


async def at_the_check(office: Office) -> tuple[Course, Procedure]:
    """Return a delivery that everything was done of but the check."""
    value = a_procedure()
    course = await office.procedure(value)
    while value.stage != "check":
        value = await step(course, value)
    return course, value


@pytest.mark.parametrize(("city", "code", "receiver"), list(plans()))
async def test_a_procedure_is_carried_through_by_those_whose_steps_they_are(
    office: Office, city: str, code: str, receiver: Receiver
) -> None:
    """
    At every step the other party is refused, whatever the contract and whoever came.
    """
    value = a_procedure(code, receiver, city=city)
    course = await office.procedure(value)
    refused = []
    while (due := value.next) is not None:
        if value.undecided:
            await course.act("decide_party", OPERATOR, "端末の都合", party="provider")
            value = decided(value)
            continue
        action = STEP_OF[due.kind]
        refused.append(await refusal(course.act(action, wrong_side(value))))
        value = await step(course, value)

    ended = await course.view()

    assert {"NotYourDuty"} == set(refused)
    assert ("done", True) == (ended.stage, ended.closed)
    last = office.record.recorded[ID][-1]
    assert (True, "done") == (last.change.closed, last.event.detail["stage"])


@pytest.mark.req("YOKOSUKA-30")
async def test_who_turns_out_to_be_a_proxy_is_the_citys_from_then_on(office: Office) -> None:
    """
    The plan follows the receiver during the case; no program of ours gets hold of it again.
    """
    value = a_procedure()
    course = await office.procedure(value)
    await step(course, value)

    silent = await refusal(course.act("change_receiver", OPERATOR, receiver="proxy"))
    await course.act("change_receiver", OPERATOR, "代理人だった", receiver="proxy")
    proxy = a_procedure(receiver=Receiver.PROXY)
    forged = await refusal(course.act("carry_out", OPERATOR))
    proxy = await step(course, proxy)
    again = await refusals(
        [
            course.act("record_pin_set", OPERATOR),
            course.act("carry_out", SITE_MANAGER),
            course.act("change_receiver", OPERATOR, "本人に戻す", receiver="self"),
            course.act("end_procedure", OPERATOR, "取りやめ"),
        ]
    )
    while proxy.next is not None:
        proxy = await step(course, proxy)

    assert ("ReasonMissing", "NotYourDuty") == (silent, forged)
    assert ["NotYourDuty"] * 4 == again
    assert "done" == (await course.view()).stage
    owners = [each.change.owner for each in office.record.recorded[ID]]
    assert [Role.OPERATOR, Role.OPERATOR, Role.OFFICIAL] == owners[:3]


@pytest.mark.req("YOKOSUKA-36", "YOKOSUKA-47")
@pytest.mark.parametrize("code", ["printed_items_change", "other"])
async def test_what_either_may_do_is_recorded_with_who_chose_and_why(
    office: Office, code: str
) -> None:
    """
    Until then nothing goes on, neither here nor at the city.
    """
    value = a_procedure(code)
    course = await office.procedure(value)
    while not value.undecided:
        value = await step(course, value)
    assert value.next is not None
    action = STEP_OF[value.next.kind]

    early = await refusal(course.act(action, OPERATOR, **{}))
    silent = await refusal(course.act("decide_party", OPERATOR, party="city"))
    await course.act("decide_party", OPERATOR, "市の端末が要る", party="city")
    forged = await refusals(
        [
            course.act(action, OPERATOR),
            course.act("decide_party", OPERATOR, "やはり", party="provider"),
        ]
    )

    assert ("PartyUndecided", "ReasonMissing") == (early, silent)
    assert ["NotYourDuty", "NotYourDuty"] == forged
    event = office.record.recorded[ID][-1].event
    assert ("decide_party", "市の端末が要る", "city", "operator-1") == (
        event.action,
        event.reason,
        event.detail["party"],
        event.actor.account_id,
    )


@pytest.mark.req("YOKOSUKA-39")
async def test_a_check_that_fails_brings_it_back_to_the_provider(office: Office) -> None:
    """
    It waits for the city, comes back with a reason, and is checked once more.
    """
    course, _ = await at_the_check(office)
    owner = office.record.shown[ID].owner

    by_us = await refusals(
        [course.act("pass_check", OPERATOR), course.act("fail_check", OPERATOR, "誤り")]
    )
    silent = await refusal(course.act("fail_check", OFFICIAL))
    back = await course.act("fail_check", OFFICIAL, "受領欄が空白", back_to="receipt")
    again = office.record.shown[ID].owner
    await course.act("record_receipt", OPERATOR)
    passed = await course.act("pass_check", OFFICIAL)

    assert (Role.OFFICIAL, Role.OPERATOR) == (owner, again)
    assert (["NotYourDuty"] * 2, "ReasonMissing") == (by_us, silent)
    assert ("receipt", "done") == (back.stage, passed.stage)


async def test_of_two_officials_who_check_at_once_one_wins(office: Office) -> None:
    """
    The other is told that it was checked; the history names by whom.
    """
    course, _ = await at_the_check(office)
    office.record.may_record.clear()
    attempts = [
        asyncio.create_task(course.act(action, who, reason))
        for action, who, reason in (
            ("pass_check", OFFICIAL, None),
            ("fail_check", OTHER_OFFICIAL, "誤り"),
        )
    ]
    office.record.asked.clear()
    await asyncio.to_thread(office.record.asked.wait, 20)
    office.record.may_record.set()

    answers = await asyncio.gather(*attempts, return_exceptions=True)
    lost = [each for each in answers if isinstance(each, WorkflowUpdateFailedError)]
    won = [each for each in answers if isinstance(each, CaseView)]

    actions = [each for each in course.actions if each in {"pass_check", "fail_check"}]
    assert (1, 1, 1) == (len(won), len(lost), len(actions))
    told = root_refusal(lost[0].cause)
    assert told is not None
    assert told.type == ("CheckedByOther" if "pass_check" in actions else "WrongStage")


async def test_a_visit_waits_for_what_is_done_for_its_visitor(office: Office) -> None:
    """
    Two procedures are two cases and one visitor; the visit ends after both.
    """
    visit, delivery = await begin(office, a_procedure())
    await visit.begin_procedure(a_procedure("loss_abolition_return"), OPERATOR)
    loss = await office.begun()

    early = await refusal(visit.act("close_visit", OPERATOR, result="served"))
    value = a_procedure()
    while value.next is not None:
        value = await step(delivery, value)
    await office.record.until("visit-1", "procedure_ended")
    still = await refusal(visit.act("close_visit", OPERATOR, result="left"))
    await loss.act("end_procedure", OPERATOR, "本人の申し出")
    await office.record.until("visit-1", "procedure_ended", times=2)
    closed = await visit.act("close_visit", OPERATOR, result="served")

    assert ["ProceduresOpen", "ProceduresOpen"] == [early, still]
    assert "done" == closed.stage
    outcomes = [e.event.detail.get("outcome") for e in office.record.recorded["visit-1"]]
    assert ["done", "withdrawn"] == [each for each in outcomes if each]


async def test_a_procedure_asked_for_twice_begins_once(office: Office) -> None:
    """
    The same key is the same procedure, also when the record's answer was lost.
    """
    visit = await office.visit()
    office.record.answers_to_lose = 1

    first = await visit.begin_procedure(a_procedure(), OPERATOR, key="key-1")
    again = await visit.begin_procedure(a_procedure(), OPERATOR, key="key-1")

    assert first == again
    assert [first.opened] == [each.case.case_id for each in office.record.opened]


async def test_a_beginning_that_the_engine_lost_is_learned_from_the_record(
    office: Office,
) -> None:
    """
    Whoever asks again hears of the case that began, and no second one does.
    """
    visit = await office.visit()
    value = a_visit().begin("procedure-9")
    event = CaseEvent(action="add_procedure", at=visit.now, actor=OPERATOR)
    lost = Recording(
        case=a_case("visit-1", office.city),
        key="act/key-9",
        event=event,
        change=change_of(value, None),
    )
    office.record.record(lost)

    answer = await visit.begin_procedure(a_procedure(), OPERATOR, key="key-9")

    assert ("procedure-9", []) == (answer.opened, office.record.opened)
    assert ["add_procedure"] == visit.actions
    assert "ProceduresOpen" == await refusal(
        visit.act("close_visit", OPERATOR, result="served")
    )


async def test_a_step_whose_answer_was_lost_is_taken_once(office: Office) -> None:
    """
    The card leaves once, however often the line breaks.
    """
    value = a_procedure()
    course = await office.procedure(value)
    value = await step(course, value)
    office.record.answers_to_lose = 2

    answers: list[CaseView] = [
        await course.act("record_pin_set", OPERATOR, key="key-1") for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert ["take_in_documents", "record_pin_set"] == course.actions


async def test_the_citys_turn_has_a_clock_of_its_own(office: Office) -> None:
    """
    Somebody stands at the window: who does not come is sent for, and no longer once they do.
    """
    day = today() + timedelta(days=1)
    value = walked(a_procedure(receiver=Receiver.PROXY), StepKind.DOCUMENTS)
    course = await office.procedure(value)
    value = await step(course, value, deadline=an_acceptance(at(day, "10:00")))

    await course.reach(at(day, "12:31"))
    await office.record.until(ID, "escalated", times=2)
    stuck = office.record.shown[ID].stuck
    await step(course, value)

    assert "deadline_breached" == stuck
    assert (None, None) == (office.record.deadlines[ID], office.record.shown[ID].stuck)


async def test_a_hand_off_keeps_a_procedure_open(office: Office) -> None:
    """
    What needs an official besides goes to one by name, and comes back first.
    """
    value = walked(a_procedure("abolition", city="ota"), StepKind.RECEIPT)
    course = await office.procedure(value)
    await course.act("offer_handoff", OPERATOR, "本人確認に迷う", section="citizens")
    handoff = await office.offered()

    early = await refusal(course.act("record_receipt", OPERATOR))
    await handoff.act("accept_handoff", OFFICIAL)
    await handoff.act("complete_handoff", OFFICIAL)
    await office.record.until(ID, "handoff_ended")
    done = await course.act("record_receipt", OPERATOR)

    assert ("HandoffOpen", "done") == (early, done.stage)
