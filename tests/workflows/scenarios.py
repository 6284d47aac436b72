"""The paths of every workflow whose histories are worth keeping, to be walked once each.

Belongs here: people acting, days passing; every function returns the courses to record.
Does not belong here: expectations (the other modules of this folder have them).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from domain.case import Actor, CaseKind
from domain.lots.card import Route
from domain.lots.custody import Holder
from domain.lots.matching import MatchResult
from tests.builders import (
    CLERK,
    OFFICIAL,
    OPERATOR,
    OTHER_CLERK,
    SITE_MANAGER,
    a_card,
    a_deadline,
    a_handoff,
    a_lot,
    an_acceptance,
    at,
    today,
)
from tests.stack import eventually
from tests.workflows.office import Course, Office, refusal
from tests.workflows.scenarios_of_applications import APPLICATIONS
from tests.workflows.scenarios_of_calls import CALLS
from tests.workflows.scenarios_of_defects import DEFECTS
from tests.workflows.scenarios_of_handoffs import HANDOFFS
from tests.workflows.scenarios_of_incidents import INCIDENTS
from tests.workflows.scenarios_of_lists import LISTS
from tests.workflows.scenarios_of_obligations import OBLIGATIONS
from tests.workflows.scenarios_of_procedures import PROCEDURES
from tests.workflows.scenarios_of_queue import QUEUE
from tests.workflows.scenarios_of_reservations import RESERVATIONS
from tests.workflows.scenarios_of_venues import VENUES
from workflows.messages import CardSettled

DAY = timedelta(days=1)

Scenario = Callable[[Office], Awaitable[dict[str, Course]]]


async def card_received(office: Office) -> dict[str, Course]:
    """The straight path of a notice, told to a lot that waits for another card."""
    await office.lot(a_lot(cards=2))
    card = await office.card(a_deadline(), lot="lot-1")
    for action in ("record_pre_issue_setup", "make_notice", "seal", "hand_over"):
        await card.act(action, CLERK)
    await card.act("acknowledge_receipt", OFFICIAL, count=1)
    await card.ended()
    return {"card-received": card}


async def card_mailed(office: Office) -> dict[str, Course]:
    """The way of a card that is sent to its applicant."""
    card = await office.card(a_deadline(), a_card(route=Route.MAIL_TO_APPLICANT))
    for action in ("record_pre_issue_setup", "update_destination", "prepare_dispatch"):
        await card.act(action, CLERK)
    await card.act("hand_over", CLERK, slip_id="slip-1")
    await card.act("acknowledge_receipt", OFFICIAL, slip_id="slip-1")
    await card.ended()
    return {"card-mailed": card}


async def card_back_and_forth(office: Office) -> dict[str, Course]:
    """Steps taken back, a receipt refused, two people at once, a thing that is elsewhere."""
    card = await office.card(a_deadline())
    await card.act("record_pre_issue_setup", CLERK)
    office.notices.may_make.clear()
    both = [asyncio.create_task(card.act("make_notice", p)) for p in (CLERK, OTHER_CLERK)]
    await eventually(card.updates_in_history, lambda accepted: accepted == 3)
    office.notices.may_make.set()
    await asyncio.gather(*both, return_exceptions=True)
    await card.act("take_back", CLERK, "字体を直す")
    await card.act("make_notice", CLERK)
    await card.act("seal", CLERK)
    office.record.holders["card-1/card/1"] = Holder.CITY
    await refusal(card.act("hand_over", CLERK))
    office.record.holders["card-1/card/1"] = Holder.PROVIDER
    await card.act("hand_over", CLERK)
    await card.act("refuse_receipt", OFFICIAL, "枚数が違う")
    await card.act("hand_over", CLERK)
    await card.act("acknowledge_receipt", OFFICIAL, count=1)
    await card.ended()
    return {"card-back-and-forth": card}


async def card_that_learns(office: Office) -> dict[str, Course]:
    """Answers of the record lost in a step, in an alarm and in a change of the deadline."""
    office.record.answers_to_lose = 1
    card = await office.card(a_deadline(today() - 10 * DAY))
    await office.record.until("card-1", "deadline_warned")
    for action, by, reason in (
        ("record_pre_issue_setup", CLERK, None),
        ("suspend_deadline", SITE_MANAGER, "被災"),
        ("resume_deadline", SITE_MANAGER, None),
    ):
        office.record.answers_to_lose = 1
        await card.act(action, by, reason)
    return {"card-that-learns": card}


async def card_to_city(office: Office) -> dict[str, Course]:
    """A mismatch that goes back, through a hand-off, with a deadline long over."""
    card = await office.card(
        a_deadline(today() - 20 * DAY), a_card(result=MatchResult.MOVED_OUT)
    )
    await office.record.until("card-1", "escalated", times=3)
    await card.act("offer_handoff", CLERK, "転出の確認", section="citizens")
    handoff = await office.offered()
    await handoff.act("accept_handoff", OFFICIAL)
    await handoff.act("complete_handoff", OFFICIAL)
    await office.record.until("card-1", "handoff_ended")
    await card.act("decide_mismatch", CLERK, "転出", decision="return_to_city")
    await card.act("hand_over", CLERK)
    await card.act("acknowledge_receipt", OFFICIAL, count=1)
    await card.ended()
    await handoff.ended()
    return {"card-late-to-city": card, "handoff-completed": handoff}


async def card_watched(office: Office) -> dict[str, Course]:
    """Warned, suspended, asked, resumed, breached, extended, warned again; still open."""
    due = today() + 14 * DAY
    card = await office.card(a_deadline())
    await card.reach(at(due - 5 * DAY, "10:00"))
    await office.record.until("card-1", "deadline_warned")
    await card.act("suspend_deadline", SITE_MANAGER, "被災", until=str(due - 3 * DAY))
    await card.reach(at(due - 2 * DAY, "10:00"))
    await office.record.until("card-1", "suspension_review_due")
    await card.act("resume_deadline", SITE_MANAGER)
    await card.reach(at(due + 5 * DAY, "09:00"))
    await office.record.until("card-1", "escalated", times=3)
    await card.act("extend_deadline", OFFICIAL, "協議", until=str(due + 20 * DAY))
    await card.reach(at(due + 15 * DAY, "09:00"))
    await office.record.until("card-1", "deadline_warned", times=3)
    return {"card-watched": card}


async def card_before_its_lot(office: Office) -> dict[str, Course]:
    """A card that was discarded before its lot ran, and a lot that ended with it."""
    missing = a_card(result=MatchResult.CARD_MISSING)
    card = await office.card(a_deadline(), missing, lot="lot-1")
    await card.act("decide_mismatch", CLERK, "届いていない", decision="discard")
    await card.reach(card.now + timedelta(minutes=2))
    lot = await office.lot(a_lot(cards=1))
    await card.reach(card.now + timedelta(minutes=10))
    await card.ended()
    await lot.ended()
    return {"card-before-its-lot": card, "lot-of-one": lot}


async def lot_whole(office: Office) -> dict[str, Course]:
    """Every step of a lot: chunks of notices, a slip refused, papers, a discrepancy."""
    cards = tuple(f"card-{n}" for n in range(60))
    office.lots.ready = cards
    office.lots.refuses = {"card-7": "WrongStage"}
    lot = await office.lot(a_lot(cards=60, announced=61), a_deadline())
    slip = "lot-1-slip"
    steps: tuple[tuple[str, Actor, str | None, dict[str, str | int]], ...] = (
        ("record_pre_issue_setup", CLERK, None, {"terminal": "T-01"}),
        ("make_notice", CLERK, None, {}),
        ("seal", CLERK, None, {}),
        ("hand_over", CLERK, None, {"route": "pickup_notice"}),
        ("refuse_receipt", OFFICIAL, "枚数が違う", {"slip_id": slip}),
        ("acknowledge_receipt", OFFICIAL, None, {"slip_id": slip, "count": 60}),
    )
    office.lots.slips = {slip: 60}
    for done, (action, by, reason, fields) in enumerate(steps, 1):
        key = "slip" if action == "hand_over" else action
        await lot.act(action, by, reason, key=key, deadline=None, **fields)
        await office.record.until("lot-1", "batch_finished", times=done)
    await lot.act("register_documents", CLERK, application=2)
    await lot.act("acknowledge_documents", OFFICIAL, bundle=1, count=2)
    await lot.act("settle_discrepancy", SITE_MANAGER, "1枚は次回")
    for card_id in cards:
        await lot.signal("card_settled", CardSettled(card_id=card_id))
    await lot.ended()
    return {"lot-whole": lot}


async def lot_watched(office: Office) -> dict[str, Course]:
    """A lot with papers that cannot be printed, and alarms; still open."""
    office.lots.ready = ("card-1",)
    lot = await office.lot(a_lot(cards=1), a_deadline(today() - 13 * DAY))
    await lot.act("offer_handoff", CLERK, "数の確認", section="citizens")
    await lot.act("hand_over", CLERK)
    await office.record.until("lot-1", "batch_finished")
    await lot.reach(at(today() + 2 * DAY, "09:00"))
    await office.record.until("lot-1", "deadline_breached")
    return {"lot-watched": lot}


async def handoffs(office: Office) -> dict[str, Course]:
    """A visit whose hand-off is returned, offered again and withdrawn."""
    visit = await office.visit()
    await visit.act("offer_handoff", OPERATOR, "本人確認", section="citizens")
    handoff = await office.offered()
    await handoff.act("accept_handoff", OFFICIAL)
    await handoff.act("return_handoff", OFFICIAL, "書類が足りない")
    await handoff.act("offer_handoff", OPERATOR, deadline=an_acceptance(handoff.now))
    await handoff.act("withdraw_handoff", OPERATOR, "帰られた")
    await handoff.ended()
    await office.record.until("visit-1", "handoff_ended")
    await visit.act("close_visit", OPERATOR, result="left")
    await visit.ended()
    return {"visit-with-handoff": visit, "handoff-withdrawn": handoff}


async def handoff_escalated(office: Office) -> dict[str, Course]:
    """A hand-off that nobody takes on; still open."""
    day = today() + DAY
    handoff = await office.handoff(a_handoff(), CaseKind.VISIT, an_acceptance(at(day, "10:00")))
    await handoff.reach(at(day, "12:31"))
    await office.record.until("handoff-1", "escalated", times=2)
    return {"handoff-escalated": handoff}


async def mail_given(office: Office) -> dict[str, Course]:
    """Called three times, kept, given to an official, refused, given again."""
    mail = await office.mail()
    for _ in range(3):
        await mail.act("record_contact_attempt", CLERK, outcome="no_answer")
    for action, by, reason in (
        ("keep_item", CLERK, "連絡待ち"),
        ("hand_item_to_official", CLERK, "期間満了"),
        ("refuse_receipt", OFFICIAL, "封が開いている"),
        ("hand_item_to_official", CLERK, "確認済み"),
        ("acknowledge_receipt", OFFICIAL, None),
    ):
        await mail.act(action, by, reason)
    await mail.ended()
    return {"mail-given": mail}


async def mail_resent(office: Office) -> dict[str, Course]:
    """Reached by telephone and sent again, with a deadline that warned."""
    mail = await office.mail(deadline=a_deadline(today() - 10 * DAY))
    await office.record.until("mail-1", "deadline_warned")
    await mail.act("record_contact_attempt", CLERK, outcome="reached")
    await mail.act("resend", CLERK)
    await mail.ended()
    return {"mail-resent": mail}


SCENARIOS: Mapping[str, Scenario] = {
    found.__name__: found
    for found in (
        card_received,
        card_mailed,
        card_back_and_forth,
        card_that_learns,
        card_to_city,
        card_watched,
        card_before_its_lot,
        lot_whole,
        lot_watched,
        handoffs,
        handoff_escalated,
        mail_given,
        mail_resent,
        *APPLICATIONS,
        *CALLS,
        *DEFECTS,
        *HANDOFFS,
        *INCIDENTS,
        *LISTS,
        *OBLIGATIONS,
        *PROCEDURES,
        *QUEUE,
        *RESERVATIONS,
        *VENUES,
    )
}
