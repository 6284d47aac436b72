"""Hand-offs to an official: the case they belong to waits for their end."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from api.problems import root_refusal
from domain.case import CaseKind
from domain.handoff import Handoff, Level
from domain.parties import Role
from tests.builders import (
    CLERK,
    OFFICIAL,
    OPERATOR,
    OTHER_OFFICIAL,
    SITE_MANAGER,
    a_handoff,
    an_acceptance,
    at,
    today,
)
from tests.stack import eventually
from tests.workflows.office import Course, Office, refusal
from workflows.messages import CaseView, OpenHandoff


async def offer(visit: Course, key: str | None = None) -> CaseView:
    """Offer a hand-off of a visit."""
    return await visit.act(
        "offer_handoff",
        OPERATOR,
        "本人確認が必要",
        key=key,
        section="citizens",
        documents="id_copy form",
    )


async def offered_by_visit(office: Office) -> tuple[Course, Course]:
    """Return a visit, and the hand-off that it offered."""
    visit = await office.visit()
    await offer(visit)
    return visit, await office.offered()


@pytest.mark.req("OTA-14")
async def test_a_case_cannot_close_while_a_hand_off_of_it_is_open(office: Office) -> None:
    """
    Somebody would wait at a counter for an official whose case is gone.
    """
    visit, handoff = await offered_by_visit(office)

    early = await refusal(visit.act("close_visit", OPERATOR, result="served"))
    await handoff.act("accept_handoff", OFFICIAL)
    still = await refusal(visit.act("close_visit", OPERATOR, result="served"))
    await handoff.act("complete_handoff", OFFICIAL)
    await handoff.ended()
    await office.record.until("visit-1", "handoff_ended")
    closed = await visit.act("close_visit", OPERATOR, result="served")

    assert ["HandoffOpen", "HandoffOpen"] == [early, still]
    assert ("done", "done") == (closed.stage, (await visit.ended()).stage)
    assert ["offer_handoff", "handoff_ended", "close_visit"] == visit.actions


async def test_the_hand_off_begins_in_the_transaction_of_the_offer(office: Office) -> None:
    """
    Offered and never begun, or begun and never offered, cannot happen.
    """
    visit, handoff = await offered_by_visit(office)

    (offer,) = office.record.recorded["visit-1"]
    assert offer.opens is not None
    assert [offer.opens] == office.record.opened
    assert handoff.case_id == offer.event.detail["handoff"] == offer.opens.case.case_id
    assert [handoff.case_id] == offer.change.state["open_handoffs"]
    assert isinstance(offer.opens.start, OpenHandoff)
    assert ("id_copy", "form") == offer.opens.start.handoff.documents
    assert visit.case_id == offer.opens.case.parent_id


async def test_the_reason_is_kept_once_with_the_hand_off(office: Office) -> None:
    """
    What was written about a person is not written down twice.
    """
    await offered_by_visit(office)

    (offer,) = office.record.recorded["visit-1"]
    assert offer.opens is not None
    assert (None, "本人確認が必要") == (offer.event.reason, offer.opens.event.reason)


async def test_an_offer_asked_for_twice_opens_one_hand_off(office: Office) -> None:
    """
    The same key is the same offer, also when the record's answer was lost.
    """
    visit = await office.visit()
    office.record.answers_to_lose = 1

    first = await offer(visit, key="key-1")
    again = await offer(visit, key="key-1")

    assert first == again
    assert [first.opened] == [each.case.case_id for each in office.record.opened]


@pytest.mark.req("OTA-14")
async def test_a_returned_hand_off_comes_back_to_the_group_and_can_be_offered_again(
    office: Office,
) -> None:
    """
    It goes back to those who offered it, and its parent stays open meanwhile.
    """
    visit, handoff = await offered_by_visit(office)

    await handoff.act("accept_handoff", OFFICIAL)
    returned = await handoff.act("return_handoff", OFFICIAL, "書類が足りない")
    owner = office.record.shown[handoff.case_id].owner
    by_city = await refusal(handoff.act("offer_handoff", OFFICIAL))
    again = await handoff.act("offer_handoff", OPERATOR)
    other = await handoff.act("accept_handoff", OTHER_OFFICIAL)

    assert ["returned", "offered", "accepted"] == [returned.stage, again.stage, other.stage]
    assert (Role.OPERATOR, "NotYourDuty") == (owner, by_city)
    assert "HandoffOpen" == await refusal(visit.act("close_visit", OPERATOR, result="left"))


async def test_the_second_official_is_told_that_it_is_taken(office: Office) -> None:
    """
    Two officials on one case would each think the other is idle.
    """
    _, handoff = await offered_by_visit(office)

    await handoff.act("accept_handoff", OFFICIAL)

    assert "AcceptedByOther" == await refusal(handoff.act("accept_handoff", OTHER_OFFICIAL))


async def test_only_an_official_accepts_and_completes(office: Office) -> None:
    """
    These are acts of the city itself, whoever asks for them.
    """
    _, handoff = await offered_by_visit(office)

    accepted = await refusal(handoff.act("accept_handoff", OPERATOR))
    completed = await refusal(handoff.act("complete_handoff", CLERK))

    assert ["NotYourDuty", "NotYourDuty"] == [accepted, completed]


async def test_a_withdrawn_hand_off_lets_its_parent_close(office: Office) -> None:
    """
    The visitor changed their mind: nothing keeps the case open any longer.
    """
    visit, handoff = await offered_by_visit(office)

    silent = await refusal(handoff.act("withdraw_handoff", OPERATOR))
    await handoff.act("withdraw_handoff", OPERATOR, "来庁者が帰られた")
    await handoff.ended()
    await office.record.until("visit-1", "handoff_ended")
    closed = await visit.act("close_visit", OPERATOR, result="left")

    assert ("ReasonMissing", "left") == (silent, closed.stage)
    assert "withdrawn" == office.record.recorded["visit-1"][1].event.detail["outcome"]


@pytest.mark.req("OTA-14")
async def test_a_hand_off_that_nobody_accepts_climbs_the_ladder(office: Office) -> None:
    """
    Ten minutes before the end it warns; then the managers hear of it.
    """
    offered = at(today() + timedelta(days=1), "10:00")
    handoff = await office.handoff(a_handoff(), CaseKind.VISIT, an_acceptance(offered))

    await handoff.reach(at(offered.date(), "12:31"))
    await office.record.until("handoff-1", "escalated", times=2)

    day = offered.date()
    assert [
        ("deadline_warned", at(day, "10:20"), None),
        ("deadline_breached", at(day, "10:30:01"), None),
        ("escalated", at(day, "10:30:01"), Role.SITE_MANAGER),
        ("escalated", at(day, "12:30:01"), Role.OPERATIONS_MANAGER),
    ] == handoff.rung


async def test_once_accepted_nothing_is_due_until_it_is_offered_again(
    office: Office,
) -> None:
    """
    The promise was to take it on, and says nothing of how long the city works on it.
    """
    day = today() + timedelta(days=1)
    handoff = await office.handoff(a_handoff(), CaseKind.VISIT, an_acceptance(at(day, "10:00")))
    await handoff.reach(at(day, "10:05"))

    accepted = await handoff.act("accept_handoff", OFFICIAL)
    over = office.record.deadlines["handoff-1"]
    await handoff.reach(at(day, "12:00"))
    await handoff.act("return_handoff", OFFICIAL, "書類が足りない")
    second = an_acceptance(at(day, "12:10"))
    offered = await handoff.act("offer_handoff", OPERATOR, deadline=second)
    await handoff.reach(at(day, "12:41"))
    await office.record.until("handoff-1", "deadline_breached")

    assert (None, None, second.due_at) == (accepted.due_at, over, offered.due_at)
    assert "late" in office.record.recorded["handoff-1"][0].event.detail
    assert at(day, "12:40:01") in [moment for _, moment, _ in handoff.rung]
    assert all(moment > at(day, "12:10") for _, moment, _ in handoff.rung)


async def test_a_hand_off_whose_end_is_told_twice_is_recorded_once(office: Office) -> None:
    """
    A signal may arrive twice, and one about a foreign hand-off may arrive at all.
    """
    visit, handoff = await offered_by_visit(office)

    for told in (handoff.case_id, handoff.case_id, "foreign"):
        await visit.signal("handoff_ended", {"handoff_id": told, "outcome": "completed"})
    await visit.act("close_visit", OPERATOR, result="served")

    assert ["offer_handoff", "handoff_ended", "close_visit"] == visit.actions


async def test_of_two_officials_who_accept_at_once_one_wins(office: Office) -> None:
    """
    Both were let in before either was recorded; the one who waited looks again.
    """
    _, handoff = await offered_by_visit(office)
    office.record.may_record.clear()
    office.record.asked.clear()
    both = [
        asyncio.create_task(handoff.act("accept_handoff", by))
        for by in (OFFICIAL, OTHER_OFFICIAL)
    ]
    # The control: until somebody was recorded, nobody is refused.
    await eventually(handoff.updates_in_history, lambda accepted: accepted == len(both))
    await asyncio.to_thread(office.record.asked.wait, 20)
    assert [False, False] == [each.done() for each in both]
    office.record.may_record.set()

    answers = await asyncio.gather(*both, return_exceptions=True)
    lost = [each for each in answers if isinstance(each, WorkflowUpdateFailedError)]
    told = root_refusal(lost[0].cause)

    assert ["accept_handoff"] == handoff.actions
    assert 1 == len(lost)
    assert told is not None
    assert "AcceptedByOther" == told.type


async def test_what_the_responsible_person_cannot_settle_goes_on_to_the_city(
    office: Office,
) -> None:
    """
    It is told again until it is taken on, comes back to whoever passed it on, and the case
    it belongs to waits for both levels.
    """
    visit = await office.visit()
    day = today() + timedelta(days=1)
    deadline = an_acceptance(at(day, "10:00"), every=15)
    await visit.act("escalate", OPERATOR, "判断に迷う", deadline=deadline)
    handoff = await office.offered()
    await handoff.reach(at(day, "11:01"))
    await office.record.until(handoff.case_id, "escalated", times=3)
    told = office.record.shown[handoff.case_id].escalated_to
    ours = await refusal(handoff.act("take_on", OPERATOR))
    await handoff.act("take_on", SITE_MANAGER)
    silence = office.record.shown[handoff.case_id].stuck
    passed = await handoff.act("pass_on", SITE_MANAGER, "市の判断が要る", section="citizens")
    forged = await refusal(handoff.act("complete_handoff", SITE_MANAGER))
    back = await handoff.act("return_handoff", OFFICIAL, "資料が足りない")
    early = await refusal(visit.act("close_visit", OPERATOR, result="left"))
    await handoff.act("settle", SITE_MANAGER, "資料を補って解決した")
    await handoff.ended()

    assert (Role.SITE_MANAGER, None) == (told, silence)
    assert ["NotYourDuty", "NotYourDuty", "HandoffOpen"] == [ours, forged, early]
    assert ["offered", "taken_on"] == [passed.stage, back.stage]
    waits = office.value(handoff.case_id, Handoff).waits
    assert [Level.RESPONSIBLE, Level.CITY] == [wait.level for wait in waits]
    assert all(wait.until is not None for wait in waits)
