"""What the people of a reservation are told: each message once, and nothing waits for it."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from domain.booking.reservation import Reservation
from domain.booking.reservation_clock import remind_at
from domain.booking.reservation_parts import Means, Place
from tests.builders import CALL_AGENT, TOKYO, a_place, a_reservation, some_terms, today
from tests.stack import eventually
from tests.workflows.office import Course, Office

ID = "reservation-1"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
VISIT = today() + 5 * DAY
FOR_EVER = 10_000


async def confirmed(office: Office, **more: Any) -> tuple[Course, Reservation]:
    """Start a reservation and confirm it, as a citizen does."""
    held = a_reservation(**more)
    course = await office.reservation(held)
    value = held.confirm(course.now)
    await office.claimed(course, value, "reservation_confirmed")
    return course, value


def within(way: timedelta) -> Place:
    """Return half an hour that begins soon."""
    starts_at = datetime.now(TOKYO) + way
    return Place(site="hall", starts_at=starts_at, ends_at=starts_at + HOUR / 2)


async def told(office: Office, times: int = 1) -> Reservation:
    """Wait until so many messages have left; return the reservation."""
    await office.record.until(ID, "message_sent", times)
    return office.value(ID, Reservation)


def sent(office: Office) -> list[str]:
    """Return the keys of the messages that left, in their order."""
    return [key for _, key in office.messages.sent]


async def test_a_confirmation_tells_when_and_where_and_proves_the_guidance(
    office: Office,
) -> None:
    """
    Ids and moments only: names and words are put in where the vault is.
    """
    office.messages.guidance_version = "g-1"

    course, value = await confirmed(office)
    after = await told(office)

    (message,) = office.messages.tried
    assert ("booking_confirmed/1", "booking_confirmed", "mail") == (
        message.key,
        message.kind,
        message.means,
    )
    assert {
        "line": "application",
        "site": "hall",
        "starts_at": value.place.starts_at.isoformat(),
        "party": 2,
        "generation": 1,
        "language": "ja",
        "cause": None,
        "reference": None,
    } == message.facts
    assert after.guided is not None
    assert ("g-1", Means.MAIL) == (after.guided.version, after.guided.means)
    detail = office.record.recorded[ID][-1].event.detail
    assert ("booking_confirmed", "mail", "g-1", "confirmed") == (
        detail["kind"],
        detail["means"],
        detail["version"],
        detail["stage"],
    )
    assert "confirmed" == (await course.view()).stage


async def test_people_are_reminded_once_the_day_before(office: Office) -> None:
    """
    At ten in Tokyo; not before, and never again.
    """
    course, value = await confirmed(office)
    await told(office)

    await course.reach(remind_at(value) - timedelta(minutes=1))
    before = sent(office)
    await course.reach(remind_at(value))
    await told(office, 2)
    await course.reach(value.place.ends_at)
    await course.ended()

    assert ["booking_confirmed/1"] == before
    assert ["booking_confirmed/1", "reminder/1"] == sent(office)
    assert remind_at(value) <= office.messages.tried[-1].at < remind_at(value) + HOUR
    assert ["message_sent", "message_sent", "no_show"] == course.actions[1:]


async def test_a_mail_that_cannot_be_sent_for_an_hour_leaves_once(office: Office) -> None:
    """
    Tried again and again, the server there again, one mail, one line of the record.
    """
    office.messages.failures = 9
    course, _ = await confirmed(office)

    await course.reach(course.now + 2 * HOUR)
    await told(office)

    assert (10, ["booking_confirmed/1"]) == (len(office.messages.tried), sent(office))
    assert ["reservation_confirmed", "message_sent"] == course.actions


async def test_time_passes_while_a_mail_cannot_be_sent(office: Office) -> None:
    """
    Old places return, steps are taken, the visit is missed: nothing waits for a server.
    """
    office.messages.failures = FOR_EVER
    course, value = await confirmed(office, place=within(2 * HOUR))
    moved = value.change(within(3 * HOUR), course.now)
    office.claim(moved, "reservation_changed", course.now)
    await course.handle.signal("catch_up")

    await course.reach(moved.freed[0].returns_at)
    await office.record.until(ID, "places_returned")
    await course.act("record_guidance", CALL_AGENT, version="g-2")
    await course.reach(moved.place.ends_at)
    await course.ended()

    assert [] == sent(office)
    assert [
        "reservation_confirmed",
        "reservation_changed",
        "places_returned",
        "record_guidance",
        "message_failed",
        "no_show",
    ] == course.actions


async def test_what_was_tried_for_too_long_is_given_up_and_somebody_has_to_phone(
    office: Office,
) -> None:
    """
    Half of the time is left for the call; no mail comes out of the blue afterwards.
    """
    office.messages.failures = FOR_EVER
    course, _ = await confirmed(office, place=within(2 * HOUR))

    await course.reach(course.now + HOUR)
    await office.record.until(ID, "message_failed")
    waiting = office.value(ID, Reservation)
    await course.act("record_contact_attempt", CALL_AGENT, outcome="no_answer")
    await course.act("record_contact_attempt", CALL_AGENT, outcome="reached")

    assert waiting.must_phone
    assert ["booking_confirmed/1"] == [each.key for each in office.messages.given_up]
    after = office.value(ID, Reservation)
    assert (2, False, []) == (after.attempts, after.must_phone, sent(office))
    assert office.record.recorded[ID][1].event.detail["must_phone"]


async def test_a_refused_address_is_not_tried_again(office: Office) -> None:
    """
    Somebody phones at once; a reminder of what people know already is not worth a call.
    """
    office.messages.refuses = {"booking_confirmed", "reminder"}
    course, value = await confirmed(office)
    await office.record.until(ID, "message_failed")
    first = office.value(ID, Reservation)
    await course.act("record_contact_attempt", CALL_AGENT, outcome="reached")

    await course.reach(remind_at(value))
    await office.record.until(ID, "message_failed", times=2)

    assert (True, 2) == (first.must_phone, len(office.messages.tried))
    assert not office.value(ID, Reservation).must_phone


async def test_the_case_lives_until_its_last_mail_has_left(office: Office) -> None:
    """
    Cancelled and closed: the mail that says so is still owed.
    """
    course, value = await confirmed(office, terms=some_terms(return_after=timedelta()))
    cancelled = (await told(office)).cancel(course.now)
    office.messages.failures = 3
    await office.claimed(course, cancelled, "reservation_cancelled")
    closed = (await course.view()).closed

    await course.reach(course.now + HOUR)
    ended = await course.ended()

    assert (True, True) == (closed, ended.closed)
    assert ["booking_confirmed/1", "booking_cancelled/1"] == sent(office)
    assert ["reservation_cancelled", "message_sent"] == course.actions[2:]
    assert office.messages.tried[-1].facts["generation"] is None
    assert value.place.starts_at.isoformat() == office.messages.tried[-1].facts["starts_at"]


async def test_a_time_that_was_closed_is_told_and_a_new_one_too(office: Office) -> None:
    """
    Why, and of the new time from when it was moved; each with the link of its generation.
    """
    course, _ = await confirmed(office)
    displaced = (await told(office)).displace("storm")
    await office.claimed(course, displaced, "reservation_displaced")
    after = await told(office, 2)
    moved = after.change(a_place(VISIT + DAY), course.now)
    office.claim(moved, "reservation_changed", course.now)
    await course.handle.signal("catch_up")
    await told(office, 3)

    assert ["booking_confirmed/1", "displaced/1", "booking_changed/2"] == sent(office)
    of_closing, of_moving = (each.facts for each in office.messages.tried[1:])
    assert ("storm", 1) == (of_closing["cause"], of_closing["generation"])
    assert (2, after.place.starts_at.isoformat()) == (
        of_moving["generation"],
        of_moving["was_at"],
    )


async def test_a_notice_that_became_pointless_is_not_sent(office: Office) -> None:
    """
    Displaced, and cancelled before the server was there again: one mail, the last word.
    """
    course, _ = await confirmed(office)
    displaced = (await told(office)).displace("storm")
    office.messages.failures = 2
    await office.claimed(course, displaced, "reservation_displaced")
    await eventually(lambda: tried(office), lambda count: count > 1)
    await office.claimed(course, displaced.cancel(course.now), "reservation_cancelled")
    await course.reach(course.now + HOUR)
    await course.ended()

    assert ["booking_confirmed/1", "booking_cancelled/1"] == sent(office)
    assert ["displaced/1"] == [each.key for each in office.messages.given_up]
    assert ["reservation_displaced", "reservation_cancelled", "message_sent"] == (
        course.actions[2:]
    )


async def test_a_mail_that_left_all_the_same_is_known_to_have_left(office: Office) -> None:
    """
    The attempt was under way when it became pointless; the next one waits for its end.
    """
    office.messages.may_send.clear()
    course, value = await confirmed(office)
    await eventually(lambda: tried(office), lambda count: count == 1)
    await office.claimed(course, value.cancel(course.now), "reservation_cancelled")
    during = (await tried(office), sent(office))
    office.messages.may_send.set()
    await told(office, 2)

    assert (1, []) == during
    assert ["booking_confirmed/1", "booking_cancelled/1"] == sent(office)
    assert ["message_sent", "message_sent"] == course.actions[2:]


async def test_a_message_whose_record_was_lost_is_not_sent_again(office: Office) -> None:
    """
    Written down before the line broke; the course learns of it and sends nothing.
    """
    course, value = await confirmed(office, mail=False, sms=True)
    await told(office)
    await course.reach(remind_at(value) - HOUR)
    office.record.answers_to_lose = 1
    await course.reach(remind_at(value))
    await told(office, 2)
    await course.reach(value.place.ends_at)
    await course.ended()

    assert ["booking_confirmed/1", "reminder/1"] == sent(office)
    assert ["message_sent", "message_sent", "no_show"] == course.actions[1:]
    assert "sms" == office.messages.tried[0].means


async def test_who_left_no_address_is_told_by_nobody_but_staff(office: Office) -> None:
    """
    No message is tried, and nothing waits for one.
    """
    course, value = await confirmed(office, mail=False)
    await course.reach(value.place.ends_at)
    await course.ended()

    assert ([], ["reservation_confirmed", "no_show"]) == (office.messages.tried, course.actions)


async def test_two_who_ask_at_once_and_a_mail_under_way(office: Office) -> None:
    """
    Steps take turns with the record, and the mail with neither of them.
    """
    office.messages.may_send.clear()
    course, _ = await confirmed(office)
    both = [
        course.act("record_guidance", CALL_AGENT, version=version) for version in ("a", "b")
    ]
    await asyncio.gather(*both)
    office.messages.may_send.set()
    after = await told(office)

    assert after.guided is not None
    assert ["record_guidance", "record_guidance", "message_sent"] == course.actions[1:]


async def tried(office: Office) -> int:
    """Return how often a server was asked."""
    return len(office.messages.tried)
