"""When a reservation moves by itself, and what its people are told when."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from domain.booking.reservation import Reservation
from domain.booking.reservation_clock import (
    Due,
    MessageKind,
    Moment,
    OwedMessage,
    next_moment,
    owed_message,
    passed,
    patience,
    remind_at,
    told,
)
from domain.booking.reservation_parts import Means
from domain.calendars.hours import TOKYO
from domain.errors import WrongStage
from tests.builders import some_terms
from tests.domain.reservations import AT, CONFIRMED, DAY, NOON, SOON, elsewhere, held, place

REMINDED_AT = datetime(2026, 9, 5, 10, tzinfo=TOKYO)
TOLD = replace(CONFIRMED, told=("booking_confirmed/1",))
CONFIRMATION = OwedMessage(
    kind=MessageKind.CONFIRMED, key="booking_confirmed/1", means=Means.MAIL
)
REMINDER = OwedMessage(kind=MessageKind.REMINDER, key="reminder/1", means=Means.MAIL)

NEXT: dict[str, tuple[datetime, str] | None] = {
    "held": (NOON + timedelta(minutes=10), "hold_lapsed"),
    "confirmed": (REMINDED_AT, "reminder_due"),
    "displaced": None,
    "arrived": None,
    "no_show": None,
    "cancelled": (NOON + timedelta(minutes=30), "places_returned"),
    "lapsed": None,
    "to book": None,
    "entered": (REMINDED_AT, "reminder_due"),
    "to change": None,
    "to cancel": None,
}
OWED: dict[str, str | None] = {
    "held": None,
    "confirmed": "booking_confirmed/1",
    "displaced": "displaced/1",
    "arrived": None,
    "no_show": None,
    "cancelled": "booking_cancelled/1",
    "lapsed": None,
    "to book": None,
    "entered": "booking_confirmed/1",
    "to change": None,
    "to cancel": None,
}


@pytest.mark.parametrize("stage", AT)
def test_the_next_moment_of_every_stage(stage: str) -> None:
    """
    A stage nobody thought of would sleep for ever, or never.
    """
    moment = next_moment(AT[stage], NOON)

    assert NEXT[stage] == (moment and (moment.at, str(moment.due)))


@pytest.mark.parametrize("stage", AT)
def test_the_message_of_every_stage(stage: str) -> None:
    """
    Whoever counts on a time is told of it; nobody is told of what they were never promised.
    """
    owed = owed_message(AT[stage], NOON)

    assert OWED[stage] == (owed and owed.key)


def test_moments_come_one_after_the_other() -> None:
    """
    Reminded the day before, missed when the time is over; old places return in between.
    """
    moved = CONFIRMED.change(place(6), NOON)
    returns, reminded = NOON + timedelta(minutes=30), REMINDED_AT + DAY

    assert Moment(at=returns, due=Due.GIVE_BACK) == next_moment(moved, NOON)
    returned = passed(moved, Due.GIVE_BACK, returns)
    assert Moment(at=reminded, due=Due.REMIND) == next_moment(returned, reminded - SOON)
    missed = Moment(at=place(6).ends_at, due=Due.NO_SHOW)
    assert missed == next_moment(returned, reminded)
    assert "no_show" == passed(returned, Due.NO_SHOW, missed.at).stage


@pytest.mark.parametrize(
    ("value", "due"), [(held(), Due.LAPSE), (CONFIRMED, Due.NO_SHOW), (AT["lapsed"], Due.LAPSE)]
)
def test_nothing_passes_before_its_time_or_twice(value: Reservation, due: Due) -> None:
    """
    The course may be behind the record: then it is refused, not believed.
    """
    with pytest.raises(WrongStage):
        passed(value, due, NOON)


def test_what_came_due_while_nobody_looked_is_next() -> None:
    """
    A worker that was away for a week does it at once, with its own moment.
    """
    hold = held()

    assert next_moment(hold, NOON) == next_moment(hold, NOON + 7 * DAY)
    assert TOLD == passed(TOLD, Due.REMIND, REMINDED_AT)


@pytest.mark.parametrize(
    ("now", "key"),
    [
        (REMINDED_AT - SOON, None),
        (REMINDED_AT, "reminder/1"),
        (place().starts_at - SOON, "reminder/1"),
        (place().starts_at, None),
    ],
)
def test_a_reminder_is_owed_from_its_time_until_the_visit(
    now: datetime, key: str | None
) -> None:
    """
    Afterwards it would only confuse.
    """
    owed = owed_message(TOLD, now)

    assert key == (owed and owed.key)


def test_nobody_is_reminded_of_what_they_settled_a_moment_ago() -> None:
    """
    Booked on the evening before: the confirmation says it all.
    """
    evening = REMINDED_AT + timedelta(hours=7)
    late = replace(held(held_until=evening + DAY).confirm(evening), told=TOLD.told)
    moved = replace(TOLD.change(place(5, hour=15), evening), told=("booking_changed/2",))

    assert owed_message(late, evening) is None
    assert owed_message(moved, evening) is None
    assert Moment(at=place().ends_at, due=Due.NO_SHOW) == next_moment(late, evening)


def test_a_move_is_told_and_reminded_of_anew() -> None:
    """
    Who was reminded of Monday has to be reminded of Thursday.
    """
    both = replace(TOLD, told=("booking_confirmed/1", "reminder/1"))
    moved = both.change(place(8), REMINDED_AT)

    owed = owed_message(moved, REMINDED_AT)
    assert owed is not None
    assert (MessageKind.CHANGED, "booking_changed/2") == (owed.kind, owed.key)
    settled = told(moved, owed, sent=True, version="4", now=REMINDED_AT)
    again = owed_message(settled, remind_at(moved))
    assert again is not None
    assert "reminder/2" == again.key


def test_who_left_no_address_is_told_by_whoever_takes_the_calls() -> None:
    """
    No message, no reminder; a short message where the person agreed to one.
    """
    nobody, short = replace(CONFIRMED, mail=False), replace(CONFIRMED, mail=False, sms=True)
    by_sms = owed_message(short, NOON)

    assert owed_message(nobody, NOON) is None
    assert Moment(at=place().ends_at, due=Due.NO_SHOW) == next_moment(nobody, NOON)
    assert by_sms is not None
    assert Means.SMS == by_sms.means


def test_a_message_that_carries_guidance_is_the_proof_that_it_was_given() -> None:
    """
    With its version, its means and its time; a message without guidance proves nothing.
    """
    with_it = told(CONFIRMED, CONFIRMATION, sent=True, version="4", now=NOON)
    without = told(CONFIRMED, CONFIRMATION, sent=True, version="", now=NOON)

    assert with_it.guided is not None
    assert ("4", Means.MAIL, NOON) == (
        with_it.guided.version,
        with_it.guided.means,
        with_it.guided.at,
    )
    assert (None, ("booking_confirmed/1",)) == (without.guided, without.told)
    assert owed_message(with_it, NOON) is None


def test_guidance_of_a_time_that_was_moved_meanwhile_proves_nothing() -> None:
    """
    The message that left told of the old hall.
    """
    moved = CONFIRMED.change(place(6, site="booth"), NOON)

    after = told(moved, CONFIRMATION, sent=True, version="4", now=NOON)

    assert after.guided is None
    assert ("booking_confirmed/1",) == after.told


FAILED: dict[str, tuple[Reservation, OwedMessage, bool]] = {
    "who counts on the time": (CONFIRMED, CONFIRMATION, True),
    "who is only reminded": (TOLD, REMINDER, False),
    "who came all the same": (CONFIRMED.arrive(place().starts_at), CONFIRMATION, False),
    "who moved meanwhile": (CONFIRMED.change(place(6), NOON), CONFIRMATION, False),
    "who lost the time": (
        AT["displaced"],
        OwedMessage(kind=MessageKind.DISPLACED, key="displaced/1", means=Means.MAIL),
        True,
    ),
    "who gave it up": (
        AT["cancelled"],
        OwedMessage(kind=MessageKind.CANCELLED, key="booking_cancelled/1", means=Means.MAIL),
        False,
    ),
}


@pytest.mark.parametrize("who", FAILED)
def test_somebody_phones_where_a_message_failed_that_matters(who: str) -> None:
    """
    And only there: a list of needless calls hides those that are needed.
    """
    value, message, phone = FAILED[who]

    after = told(value, message, sent=False, version="", now=REMINDED_AT)

    assert (phone, (*value.told, message.key)) == (after.must_phone, after.told)


def test_what_people_must_know_is_tried_for_half_of_the_time_that_is_left() -> None:
    """
    The other half is for the one who then has to phone.
    """
    left = place().starts_at - NOON
    given_up = OwedMessage(
        kind=MessageKind.CANCELLED, key="booking_cancelled/1", means=Means.MAIL
    )

    assert left / 2 == patience(CONFIRMED, CONFIRMATION, NOON)
    assert left == patience(TOLD, REMINDER, NOON)
    assert patience(AT["cancelled"], given_up, NOON) is None
    assert timedelta() == patience(CONFIRMED, CONFIRMATION, place().ends_at)


def test_reminders_follow_the_contract_on_tokyos_clock() -> None:
    """
    Two days before at half past five, also where that is the day before in London.
    """
    terms = some_terms(remind_days_before=2, remind_at=time(17, 30))
    early = replace(elsewhere(), terms=terms, place=place(5, hour=0))

    assert datetime(2026, 9, 4, 17, 30, tzinfo=TOKYO) == remind_at(early)
