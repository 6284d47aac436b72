"""A reservation while time passes and people act: each thing happens, and happens once."""

from datetime import datetime, timedelta
from typing import Any

from domain.booking.booking_rules import BookingMode
from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Entry, Means, Stage
from domain.deadlines.deadline import Deadline
from domain.parties import Party, Role
from tests.builders import (
    CALL_AGENT,
    CLERK,
    OFFICIAL,
    OPERATOR,
    TOKYO,
    a_deadline,
    a_place,
    a_reservation,
    at,
    some_terms,
    today,
)
from tests.workflows.office import Course, Office, refusal, refusals

ID = "reservation-1"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
VISIT = today() + 5 * DAY


def of(office: Office) -> Reservation:
    """Return the reservation as the record has it."""
    return office.value(ID, Reservation)


async def confirmed(office: Office, **more: Any) -> tuple[Course, Reservation]:
    """Start a reservation and confirm it, as a citizen does."""
    course = await office.reservation(a_reservation(**more))
    value = a_reservation(**more).confirm(course.now)
    await office.claimed(course, value, "reservation_confirmed")
    if value.mail:
        await office.record.until(ID, "message_sent")
        value = of(office)
    return course, value


def elsewhere(**more: Any) -> Reservation:
    """Return a booking that the city takes by telephone and enters into its own system."""
    terms = some_terms(mode=BookingMode.CITY_SYSTEM, phone_party=Party.CITY)
    given: dict[str, Any] = {"stage": Stage.TO_ENTER, "entry": Entry.BOOK, "terms": terms}
    return a_reservation(**(given | more))


async def test_a_hold_nobody_confirms_lapses_when_it_ends(office: Office) -> None:
    """
    Not a second earlier; and once is enough.
    """
    held = a_reservation()
    assert held.held_until is not None
    course = await office.reservation(held)

    await course.reach(held.held_until - 3 * SECOND)
    before = list(course.actions)
    await course.reach(held.held_until)
    ended = await course.ended()

    assert ([], ["hold_lapsed"]) == (before, course.actions)
    assert ("lapsed", True, []) == (ended.stage, ended.closed, office.messages.tried)
    (kept,) = office.record.recorded[ID]
    assert {"stage": "lapsed", "generation": 1} == kept.event.detail
    assert held.held_until <= kept.event.at < held.held_until + 30 * SECOND


async def test_a_confirmation_of_the_last_second_beats_the_lapse(office: Office) -> None:
    """
    The course has not heard of it when the hold ends: the record refuses it, and teaches it.
    """
    held = a_reservation()
    assert held.held_until is not None
    course = await office.reservation(held)
    await course.view()
    last = held.held_until - SECOND
    office.claim(held.confirm(last), "reservation_confirmed", last)

    await course.reach(held.held_until)
    await office.record.until(ID, "message_sent")

    assert ["reservation_confirmed", "message_sent"] == course.actions
    assert "confirmed" == (await course.view()).stage


async def test_a_course_that_begins_late_begins_where_the_record_is(office: Office) -> None:
    """
    Booked and confirmed while the engine was away; nobody has to tell it.
    """
    held = a_reservation()
    moment = datetime.now(TOKYO)
    office.claim(held.confirm(moment), "reservation_confirmed", moment)

    course = await office.reservation(held)
    await office.record.until(ID, "message_sent")

    assert ["reservation_confirmed", "message_sent"] == course.actions


async def test_what_came_due_while_the_worker_was_away_is_done_at_once(
    office: Office,
) -> None:
    """
    A hold of yesterday holds nothing today.
    """
    old = a_reservation(held_until=datetime.now(TOKYO) - DAY)

    ended = await (await office.reservation(old)).ended()

    assert "lapsed" == ended.stage


async def test_who_does_not_come_is_missed_when_the_time_is_over(office: Office) -> None:
    """
    By itself, at the end of the slot and the patience of the contract; then it ends.
    """
    terms = some_terms(no_show_after=timedelta(minutes=15))
    course, value = await confirmed(office, terms=terms, mail=False)

    await course.reach(value.place.ends_at + timedelta(minutes=14))
    before = (await course.view()).stage
    await course.reach(value.place.ends_at + timedelta(minutes=15))
    ended = await course.ended()

    assert ("confirmed", "no_show", True) == (before, ended.stage, ended.closed)
    assert ["reservation_confirmed", "no_show"] == course.actions


async def test_who_is_seen_not_to_come_is_noted_by_staff_before_the_rule(
    office: Office,
) -> None:
    """
    Once the time is over, and not before it.
    """
    terms = some_terms(no_show_after=timedelta(minutes=15))
    course, value = await confirmed(office, terms=terms, mail=False)
    early = await refusal(course.act("record_no_show", OPERATOR))
    await course.reach(value.place.ends_at + timedelta(minutes=1))

    await course.act("record_no_show", OPERATOR)
    ended = await course.ended()

    assert ("WrongStage", "no_show") == (early, ended.stage)
    assert ["reservation_confirmed", "record_no_show"] == course.actions


async def test_who_came_is_not_missed(office: Office) -> None:
    """
    Received at the window, a quarter of an hour late; the course ends with it.
    """
    terms = some_terms(late_after=timedelta(minutes=10))
    course, value = await confirmed(office, terms=terms, mail=False)
    await course.reach(value.place.starts_at + timedelta(minutes=15))

    await course.act("record_arrival", OPERATOR)
    ended = await course.ended()

    assert ("arrived", True) == (ended.stage, ended.closed)
    assert office.record.recorded[ID][-1].event.detail["came_late"]


async def test_places_given_up_return_after_the_delay_and_not_before(office: Office) -> None:
    """
    The citizen cancels; the case is closed when nothing is left to return.
    """
    course, value = await confirmed(office, mail=False)
    cancelled = value.cancel(course.now)
    (freed,) = cancelled.freed
    await office.claimed(course, cancelled, "reservation_cancelled")

    await course.reach(freed.returns_at - 3 * SECOND)
    before = (list(course.actions), (await course.view()).closed)
    await course.reach(freed.returns_at)
    ended = await course.ended()

    actions = ["reservation_confirmed", "reservation_cancelled"]
    assert (actions, False) == before
    assert ([*actions, "places_returned"], True) == (course.actions, ended.closed)
    assert [True, None] == [
        each.event.detail.get("unsettled") for each in office.record.recorded[ID][1:]
    ]


async def test_a_move_takes_its_moments_along(office: Office) -> None:
    """
    Nobody is missed on the old day; the old places return meanwhile.
    """
    course, value = await confirmed(office, mail=False)
    moved = value.change(a_place(VISIT + DAY), course.now)
    await office.claimed(course, moved, "reservation_changed")

    await course.reach(value.place.ends_at + timedelta(hours=1))
    before = list(course.actions)
    await course.reach(moved.place.ends_at)
    await course.ended()

    actions = ["reservation_confirmed", "reservation_changed", "places_returned"]
    assert (actions, [*actions, "no_show"]) == (before, course.actions)


async def test_staff_take_the_steps_that_claim_nothing(office: Office) -> None:
    """
    Guidance read out, a call, a cancellation with its reason: each with who and when.
    """
    course, _ = await confirmed(office, mail=False)

    await course.act("record_guidance", CALL_AGENT, version="g-2")
    guided = of(office).guided
    await course.act("cancel_reservation", CALL_AGENT, "本人からの電話")

    assert guided is not None
    assert ("g-2", Means.SPOKEN) == (guided.version, guided.means)
    read, given_up = office.record.recorded[ID][1:]
    assert ("spoken", CALL_AGENT) == (read.event.detail["means"], read.event.actor)
    assert "本人からの電話" == given_up.event.reason
    assert "cancelled" == (await course.view()).stage


async def test_what_is_not_the_time_or_not_ones_duty_is_refused(office: Office) -> None:
    """
    A refusal leaves the reservation as it was.
    """
    course, _ = await confirmed(office, mail=False)

    refused = await refusals(
        [
            course.act("record_arrival", OPERATOR),
            course.act("record_no_show", OPERATOR),
            course.act("cancel_reservation", CALL_AGENT),
            course.act("cancel_reservation", OFFICIAL, "都合"),
            course.act("record_contact_attempt", CALL_AGENT, outcome="reached"),
            course.act("record_external_entry", CALL_AGENT, reference="A-1"),
            course.act("seal", CLERK),
        ]
    )

    assert [
        "NotThatDay",
        "WrongStage",
        "ReasonMissing",
        "NotYourDuty",
        "WrongStage",
        "WrongStage",
        "ActionUnknown",
    ] == refused
    assert ["reservation_confirmed"] == course.actions


async def test_a_step_that_was_lost_is_learned_from_the_record(office: Office) -> None:
    """
    Committed before the line broke: it is there once, and whoever asks gets an answer.
    """
    course, value = await confirmed(office, mail=False)

    office.record.answers_to_lose = 1
    await course.act("record_guidance", CALL_AGENT, version="g-2")
    office.record.answers_to_lose = 1
    await course.reach(value.place.ends_at)
    await course.ended()

    assert ["reservation_confirmed", "record_guidance", "no_show"] == course.actions


async def test_what_is_not_entered_in_time_is_stuck_and_escalated(office: Office) -> None:
    """
    None is forgotten: the deadline climbs until somebody has entered it, and then stops.
    """
    course = await office.reservation(elsewhere(), due_tomorrow())

    await course.reach(at(today() + 3 * DAY, "09:00"))
    await office.record.until(ID, "escalated", times=3)
    stuck = office.record.shown[ID]
    await course.act("record_external_entry", OFFICIAL, reference="A-1")
    await office.record.until(ID, "message_sent")

    assert ("deadline_breached", Role.OFFICIAL) == (stuck.stuck, stuck.escalated_to)
    assert (None, None) == (office.record.shown[ID].stuck, office.record.deadlines[ID])
    assert ("A-1", "confirmed") == (of(office).reference, of(office).stage)


async def test_a_change_after_the_entry_has_a_deadline_of_its_own(office: Office) -> None:
    """
    Claimed in the record, with until when it is to be entered; the course learns of both.
    """
    course = await office.reservation(elsewhere(mail=False), due_tomorrow())
    await course.act("record_external_entry", OFFICIAL, reference="A-1")
    moved = of(office).change(a_place(VISIT + DAY), course.now)
    due = due_tomorrow()
    await office.claimed(course, moved, "reservation_changed", due)

    await course.reach(at(today() + 2 * DAY, "00:00"))
    await office.record.until(ID, "deadline_breached")
    await course.act("record_external_entry", OFFICIAL, reference="A-2")
    later = due_tomorrow()
    await course.act("cancel_reservation", OFFICIAL, "本人の都合", deadline=later)
    waiting = await course.view()
    await course.act("record_external_entry", OFFICIAL, reference="A-3")
    ended = await course.ended()

    assert ("to_enter", later.due_at) == (waiting.stage, waiting.due_at)
    assert ("cancelled", True) == (ended.stage, ended.closed)


async def test_a_reservation_is_not_handed_over(office: Office) -> None:
    """
    It could not end while an official has it, and its people may end it at any moment.
    """
    course, _ = await confirmed(office, mail=False)

    offered = course.act("offer_handoff", CLERK, "確認", section="citizens")

    assert "NotYourDuty" == await refusal(offered)


async def test_a_displaced_visit_waits_for_people(office: Office) -> None:
    """
    Nobody is silently dropped: it stays open, however long, until somebody has called.
    """
    course, value = await confirmed(office, mail=False)
    displaced = value.displace("storm")
    await office.claimed(course, displaced, "reservation_displaced")

    await course.reach(value.place.ends_at + 30 * DAY)
    await course.act("record_contact_attempt", CALL_AGENT, outcome="no_answer")
    await course.act("record_contact_attempt", CALL_AGENT, outcome="reached")
    moved = of(office).change(a_place(VISIT + 40 * DAY), course.now)
    await office.claimed(course, moved, "reservation_changed")
    await course.reach(moved.place.ends_at)

    assert "no_show" == (await course.ended()).stage
    assert 2 == course.actions.count("record_contact_attempt")


def due_tomorrow() -> Deadline:
    """Return until when a booking is to be entered: the end of tomorrow."""
    return a_deadline(today(), amount=1, warnings=())
