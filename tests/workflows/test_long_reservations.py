"""A reservation whose history grew long goes on in a new run, and nobody notices."""

from datetime import timedelta

import pytest
from temporalio import workflow

from domain.booking.booking_rules import BookingMode
from domain.booking.reservation import Reservation
from domain.booking.reservation_clock import remind_at
from domain.booking.reservation_parts import Entry, Stage
from domain.parties import Party, Role
from tests.builders import CALL_AGENT, OFFICIAL, a_deadline, a_reservation, some_terms, today
from tests.stack import eventually
from tests.workflows.office import Course, Office

ID = "reservation-1"
SHORT = 60
"""Events after which a history counts as long here; in production it is thousands."""


@pytest.fixture(autouse=True)
def _histories_are_soon_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def soon(info: workflow.Info) -> bool:
        return info.get_current_history_length() > SHORT

    monkeypatch.setattr(workflow.Info, "is_continue_as_new_suggested", soon)


async def run_of(course: Course) -> str:
    """Return which run of the course is the present one."""
    return str((await course.handle.describe()).run_id)


async def grown(course: Course) -> None:
    """Let the history grow until the course goes on in a new run."""
    before = await run_of(course)
    for _ in range(SHORT):
        await course.handle.signal("catch_up")
    await eventually(lambda: run_of(course), lambda run: run != before)


async def test_moments_and_messages_are_carried_over(office: Office) -> None:
    """
    Told once, reminded once, missed when the time is over: as in one run.
    """
    held = a_reservation()
    course = await office.reservation(held)
    value = held.confirm(course.now)
    await office.claimed(course, value, "reservation_confirmed")
    await office.record.until(ID, "message_sent")

    await grown(course)
    await course.reach(remind_at(value))
    await office.record.until(ID, "message_sent", times=2)
    await course.reach(value.place.ends_at)

    assert "no_show" == (await course.ended()).stage
    assert ["booking_confirmed/1", "reminder/1"] == [key for _, key in office.messages.sent]


async def test_a_breached_entry_stays_breached_and_rings_nothing_again(
    office: Office,
) -> None:
    """
    The deadline, how far it rang, and who was told, all go along.
    """
    terms = some_terms(mode=BookingMode.CITY_SYSTEM, phone_party=Party.CITY)
    waiting = a_reservation(stage=Stage.TO_ENTER, entry=Entry.BOOK, terms=terms, mail=False)
    due = a_deadline(today() - timedelta(days=20), amount=1)
    course = await office.reservation(waiting, due)
    await office.record.until(ID, "escalated", times=3)
    rung = list(course.rung)

    await grown(course)
    shown = office.record.shown[ID]
    await course.act("record_external_entry", OFFICIAL, reference="A-1")

    assert ("deadline_breached", Role.OFFICIAL) == (shown.stuck, shown.escalated_to)
    assert (rung, "confirmed") == (course.rung, office.value(ID, Reservation).stage)


async def test_a_step_asked_for_again_in_the_new_run_is_the_same_step(office: Office) -> None:
    """
    The engine knows repeated updates of one run only; two calls would be on record.
    """
    held = a_reservation(mail=False)
    course = await office.reservation(held)
    await office.claimed(course, held.confirm(course.now), "reservation_confirmed")
    first = await course.act("record_guidance", CALL_AGENT, key="key-1", version="g-1")

    await grown(course)
    again = await course.act("record_guidance", CALL_AGENT, key="key-1", version="g-1")

    assert first == again
    assert 1 == course.actions.count("record_guidance")


async def test_a_message_under_way_is_finished_before_the_new_run(office: Office) -> None:
    """
    A new run would not know whether it had left.
    """
    office.messages.may_send.clear()
    held = a_reservation()
    course = await office.reservation(held)
    await office.claimed(course, held.confirm(course.now), "reservation_confirmed")
    before = await run_of(course)
    for _ in range(SHORT):
        await course.handle.signal("catch_up")
    await course.view()

    during = await run_of(course)
    office.messages.may_send.set()
    await eventually(lambda: run_of(course), lambda run: run != before)

    assert before == during
    assert (1, 1) == (len(office.messages.tried), course.actions.count("message_sent"))
