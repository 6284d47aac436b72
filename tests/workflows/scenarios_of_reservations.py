"""The paths of a reservation whose histories are worth keeping, to be walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from datetime import timedelta
from typing import Any

from domain.booking.booking_rules import BookingMode
from domain.booking.reservation import Reservation
from domain.booking.reservation_clock import remind_at
from domain.booking.reservation_parts import Entry, Stage
from domain.parties import Party
from tests.builders import (
    CALL_AGENT,
    OFFICIAL,
    OPERATOR,
    a_deadline,
    a_place,
    a_reservation,
    at,
    some_terms,
    today,
)
from tests.stack import eventually
from tests.workflows.office import Course, Office

ID = "reservation-1"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
VISIT = today() + 5 * DAY


async def _confirmed(office: Office, **more: Any) -> tuple[Course, Reservation]:
    held = a_reservation(**more)
    course = await office.reservation(held)
    await office.claimed(course, held.confirm(course.now), "reservation_confirmed")
    if held.mail:
        await office.record.until(ID, "message_sent")
    return course, office.value(ID, Reservation)


async def reservation_lapsed(office: Office) -> dict[str, Course]:
    """Held, and never confirmed."""
    held = a_reservation()
    assert held.held_until is not None
    course = await office.reservation(held)
    await course.reach(held.held_until)
    await course.ended()
    return {"reservation-lapsed": course}


async def reservation_kept(office: Office) -> dict[str, Course]:
    """Confirmed in the last second and learned of then; guided, reminded, received."""
    office.messages.guidance_version = "g-1"
    held = a_reservation()
    assert held.held_until is not None
    course = await office.reservation(held)
    await course.view()
    last = held.held_until - timedelta(seconds=1)
    office.claim(held.confirm(last), "reservation_confirmed", last)
    await course.reach(held.held_until)
    await office.record.until(ID, "message_sent")
    await course.act("record_guidance", CALL_AGENT, version="g-2")
    office.record.answers_to_lose = 1
    await course.reach(remind_at(held))
    await office.record.until(ID, "message_sent", times=2)
    await course.reach(held.place.starts_at)
    await course.act("record_arrival", OPERATOR)
    await course.ended()
    return {"reservation-kept": course}


async def reservation_missed(office: Office) -> dict[str, Course]:
    """Moved; the old places return, and nobody comes."""
    course, value = await _confirmed(office)
    moved = value.change(a_place(VISIT + DAY), course.now)
    office.claim(moved, "reservation_changed", course.now)
    await course.handle.signal("catch_up")
    await office.record.until(ID, "message_sent", times=2)
    await course.reach(moved.freed[0].returns_at)
    await office.record.until(ID, "places_returned")
    await course.reach(moved.place.ends_at)
    await course.ended()
    return {"reservation-missed": course}


async def reservation_cancelled(office: Office) -> dict[str, Course]:
    """Displaced while the server is away, and cancelled before it is there again."""
    course, value = await _confirmed(office)
    office.messages.failures = 2
    displaced = value.displace("storm")
    await office.claimed(course, displaced, "reservation_displaced")

    async def tried() -> int:
        return len(office.messages.tried)

    await eventually(tried, lambda count: count > 1)
    await course.act("record_contact_attempt", CALL_AGENT, outcome="reached")
    await course.act("cancel_reservation", CALL_AGENT, "本人の都合")
    await course.reach(course.now + HOUR)
    await course.ended()
    return {"reservation-cancelled": course}


async def reservation_given_back(office: Office) -> dict[str, Course]:
    """Cancelled by the citizen; the places return, and the last mail leaves meanwhile."""
    course, value = await _confirmed(office)
    cancelled = value.cancel(course.now)
    await office.claimed(course, cancelled, "reservation_cancelled")
    await office.record.until(ID, "message_sent", times=2)
    await course.reach(cancelled.freed[0].returns_at)
    await course.ended()
    return {"reservation-given-back": course}


async def reservation_to_call(office: Office) -> dict[str, Course]:
    """A refused address, a call, and a time that was closed; still open."""
    office.messages.refuses = {"booking_confirmed"}
    held = a_reservation()
    course = await office.reservation(held)
    await office.claimed(course, held.confirm(course.now), "reservation_confirmed")
    await office.record.until(ID, "message_failed")
    await course.act("record_contact_attempt", CALL_AGENT, outcome="reached")
    displaced = office.value(ID, Reservation).displace("storm")
    await office.claimed(course, displaced, "reservation_displaced")
    await office.record.until(ID, "message_sent")
    return {"reservation-to-call": course}


async def reservation_entered(office: Office) -> dict[str, Course]:
    """Entered late into the city's system, changed, entered, cancelled, entered."""
    terms = some_terms(mode=BookingMode.CITY_SYSTEM, phone_party=Party.CITY)
    waiting = a_reservation(stage=Stage.TO_ENTER, entry=Entry.BOOK, terms=terms)
    due = a_deadline(today(), amount=1, warnings=())
    course = await office.reservation(waiting, due)
    await course.reach(at(today() + 3 * DAY, "09:00"))
    await office.record.until(ID, "escalated", times=3)
    await course.act("record_external_entry", OFFICIAL, reference="A-1")
    await office.record.until(ID, "message_sent")
    value = office.value(ID, Reservation)
    changed = value.change(a_place(VISIT + DAY), course.now)
    later = a_deadline(today() + 3 * DAY, amount=1, warnings=())
    await office.claimed(course, changed, "reservation_changed", later)
    await course.act("record_external_entry", OFFICIAL, reference="A-2")
    await office.record.until(ID, "message_sent", times=2)
    await course.act("cancel_reservation", OFFICIAL, "本人の都合", deadline=later)
    await course.act("record_external_entry", OFFICIAL, reference="A-3")
    await course.ended()
    return {"reservation-entered": course}


RESERVATIONS = (
    reservation_lapsed,
    reservation_kept,
    reservation_missed,
    reservation_cancelled,
    reservation_given_back,
    reservation_to_call,
    reservation_entered,
)
