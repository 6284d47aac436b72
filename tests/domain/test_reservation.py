"""What can be done with a reservation at each of its stages."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta

import pytest
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from domain.actions import forms_now
from domain.booking.booking_errors import HoldExpired, NotThatDay
from domain.booking.reservation import Reservation, detail_of, taken
from domain.booking.reservation_parts import ENDED, Entry, Freed, Guided, Means, Step
from domain.case import CaseKind
from domain.errors import WrongStage
from domain.parties import Action, Party, Role, Standing
from tests.builders import some_terms
from tests.domain.reservations import (
    AT,
    CONFIRMED,
    NOON,
    POSSIBLE,
    SOON,
    TO,
    elsewhere,
    held,
    place,
)


@pytest.mark.parametrize("step", TO)
@pytest.mark.parametrize("stage", AT)
def test_every_step_at_every_stage(stage: str, step: str) -> None:
    """
    A step that is possible where nobody thought of it would be taken some day.
    """
    wanted = POSSIBLE[stage].get(step)
    if wanted is None:
        with pytest.raises((WrongStage, HoldExpired)):
            TO[step](AT[stage])
    else:
        assert wanted == TO[step](AT[stage]).stage


OF_STAFF = {
    Step.CANCEL_RESERVATION: "cancel",
    Step.RECORD_GUIDANCE: "guide",
    Step.RECORD_EXTERNAL_ENTRY: "enter",
    Step.RECORD_ARRIVAL: "arrive",
    Step.RECORD_NO_SHOW: "miss",
    Step.RECORD_CONTACT_ATTEMPT: "call",
}


@pytest.mark.parametrize("stage", AT)
def test_staff_are_offered_exactly_what_is_possible(stage: str) -> None:
    """
    A button that is refused, or a step without a button, are both mistakes.
    """
    offered = {OF_STAFF[step] for step in AT[stage].steps()}

    assert offered == POSSIBLE[stage].keys() & set(OF_STAFF.values())
    assert AT[stage].changeable == ("change" in POSSIBLE[stage])


@pytest.mark.parametrize("stage", AT)
def test_who_has_it_at_every_stage(stage: str) -> None:
    """
    Whose calls they are is the contract's to say; nobody has what is settled.
    """
    value = AT[stage]
    city = value.terms.phone_party is Party.CITY
    role = Role.OFFICIAL if city else Role.CALL_AGENT
    standing = Standing.WITH_CITY if city else Standing.WITH_PROVIDER

    assert value.ended == (value.stage in ENDED)
    assert (None if value.closed else role) == value.owner
    assert (Standing.CLOSED if value.closed else standing) == value.standing


@pytest.mark.parametrize("stage", AT)
def test_a_reservation_is_not_handed_over(stage: str) -> None:
    """
    Its people may cancel at midnight: the case cannot wait for an official's answer then.
    """
    value = AT[stage]
    offered = forms_now(CaseKind.RESERVATION, value, None, Role.CLERK)

    assert Standing.CLOSED == value.standing_for(Action.OFFER_HANDOFF)
    assert value.standing == value.standing_for(Action.SEE_CASE)
    assert Action.OFFER_HANDOFF not in {form.action for form in offered}


@pytest.mark.parametrize(("offset", "kept"), [(-1, True), (0, False), (1, False)])
def test_the_end_of_a_hold_belongs_to_the_others(offset: int, *, kept: bool) -> None:
    """
    Confirmed a second before it ends it stands; at its end the places are free again.
    """
    hold = held()
    assert hold.held_until is not None
    now = hold.held_until + timedelta(seconds=offset)

    if kept:
        assert "confirmed" == hold.confirm(now).stage
        with pytest.raises(WrongStage):
            hold.lapse(now)
    else:
        assert "lapsed" == hold.lapse(now).stage
        with pytest.raises(HoldExpired):
            hold.confirm(now)


def test_whoever_confirms_a_lapsed_hold_is_told_why_it_is_gone() -> None:
    """
    "Wrong stage" would tell a citizen nothing.
    """
    with pytest.raises(HoldExpired, match="席は解放されました"):
        AT["lapsed"].confirm(NOON)


def test_a_hold_ends_and_nothing_else_does() -> None:
    """
    A hold without an end would keep its places for ever.
    """
    with pytest.raises(ValueError, match="end of its hold"):
        held(held_until=None)
    with pytest.raises(ValueError, match="end of its hold"):
        replace(CONFIRMED, held_until=NOON)
    with pytest.raises(ValueError, match="nobody comes"):
        held(party=0)


def test_a_visit_cannot_be_moved_to_where_it_is() -> None:
    """
    A form that is sent twice would count the places twice.
    """
    with pytest.raises(WrongStage):
        CONFIRMED.change(CONFIRMED.place, NOON)


def test_a_move_keeps_the_old_places_for_a_while_and_kills_old_links() -> None:
    """
    Who gives a place to a friend must not be sure that the friend gets it.
    """
    moved = CONFIRMED.change(place(6), NOON)

    (freed,) = moved.freed
    returns_at = NOON + timedelta(minutes=30)
    assert Freed(place=place(), places=2, returns_at=returns_at) == freed
    assert (2, place(6), place().starts_at) == (moved.generation, moved.place, moved.was_at)
    assert (freed,) == moved.give_back(returns_at - SOON).freed
    assert () == moved.give_back(returns_at).freed


def test_places_of_the_past_return_at_once() -> None:
    """
    Nobody can book them: holding them back would only keep the case open.
    """
    late = CONFIRMED.cancel(place().starts_at)

    assert ((), True) == (late.freed, late.closed)
    assert not AT["cancelled"].closed


def test_places_of_a_closed_time_were_given_up_when_it_was_closed() -> None:
    """
    Moving away from a closed day must not take places there again.
    """
    moved = AT["displaced"].change(place(6), NOON)

    assert {} == dict(taken(AT["displaced"]))
    assert ((), {place(6): 2}) == (moved.freed, dict(taken(moved)))
    assert (None, 0) == (moved.cause, moved.attempts)


def test_guidance_holds_for_its_place_only() -> None:
    """
    Another hall has another entrance; another hour in the same hall has not.
    """
    guided = CONFIRMED.guide("3", Means.SPOKEN, NOON)

    assert Guided(version="3", means=Means.SPOKEN, at=NOON) == guided.guided
    assert guided.guided == guided.change(place(6), NOON).guided
    assert guided.change(place(6, site="booth"), NOON).guided is None


def test_a_booking_changed_before_it_was_entered_is_still_to_be_booked() -> None:
    """
    The city's system knows nothing that could be changed.
    """
    waiting = elsewhere()
    given_up = waiting.cancel(NOON)

    assert Entry.BOOK == waiting.change(place(6), NOON).entry
    assert Entry.CHANGE == AT["to change"].change(place(7), NOON).entry
    assert ("cancelled", None, True) == (given_up.stage, given_up.entry, given_up.closed)
    assert ("to_enter", Entry.CANCEL) == (AT["to cancel"].stage, AT["to cancel"].entry)


def test_a_number_of_the_city_settles_what_was_to_be_entered() -> None:
    """
    From then on the people count on the time, and not before.
    """
    waiting = elsewhere()
    settled = waiting.entered("A-1", NOON)

    assert (False, None) == (waiting.promised, waiting.placed_at)
    assert (True, NOON, "A-1") == (settled.promised, settled.placed_at, settled.reference)
    assert AT["to cancel"].entered("A-9", NOON).closed


@pytest.mark.parametrize(("minutes", "late"), [(-10, False), (15, False), (16, True)])
def test_who_is_late_is_received_and_noted_as_late(minutes: int, *, late: bool) -> None:
    """
    The rule says who is late; whether they are served is decided at the window.
    """
    strict = replace(CONFIRMED, terms=some_terms(late_after=timedelta(minutes=15)))
    now = place().starts_at + timedelta(minutes=minutes)

    assert late == strict.arrive(now).late
    assert not CONFIRMED.arrive(now).late


def test_people_are_received_on_their_day() -> None:
    """
    Around midnight it is Tokyo's day that counts.
    """
    night = datetime(2026, 9, 5, 15, 0, tzinfo=UTC)

    assert "arrived" == CONFIRMED.arrive(night).stage
    with pytest.raises(NotThatDay):
        CONFIRMED.arrive(night - SOON)


def test_nobody_is_missed_before_the_time_is_over() -> None:
    """
    The rule may wait longer than the slot.
    """
    patient = replace(CONFIRMED, terms=some_terms(no_show_after=timedelta(minutes=20)))
    over = place().ends_at + timedelta(minutes=20)

    assert "no_show" == patient.miss(over).stage
    with pytest.raises(WrongStage):
        patient.miss(over - SOON)
    # Whoever stands there need not wait for the rule, but for the end of the time.
    assert "no_show" == patient.miss(place().ends_at, seen=True).stage
    with pytest.raises(WrongStage):
        patient.miss(place().ends_at - SOON, seen=True)


@pytest.mark.parametrize("step", ["arrive", "miss", "cancel", "change"])
def test_nobody_has_to_be_called_once_it_is_over_or_moved(step: str) -> None:
    """
    A call that is still owed after the visit would keep the case open for ever.
    """
    to_call = replace(CONFIRMED, must_phone=True)

    assert Step.RECORD_CONTACT_ATTEMPT in to_call.steps()
    assert not TO[step](to_call).must_phone


def test_calls_are_counted_until_somebody_is_reached() -> None:
    """
    Who was reached need not be called again; a displaced visit waits for a new time.
    """
    to_call = replace(CONFIRMED, must_phone=True)
    once = to_call.contacted(reached=False)
    twice = once.contacted(reached=True)

    assert (1, True) == (once.attempts, once.must_phone)
    assert (2, False) == (twice.attempts, twice.must_phone)
    assert 1 == AT["displaced"].contacted(reached=True).attempts


def test_a_line_of_the_record_tells_whether_something_is_left_to_do() -> None:
    """
    A cancelled visit with places to return is not closed, and the record alone says so.
    """
    assert {"stage": "confirmed", "generation": 1} == detail_of(CONFIRMED)
    assert detail_of(AT["cancelled"])["unsettled"]
    assert "unsettled" not in detail_of(AT["lapsed"])


def test_what_is_kept_of_a_reservation_is_the_reservation() -> None:
    """
    The course becomes what the record says; a lost type would be a lost rule.
    """
    full = replace(
        CONFIRMED.guide("3", Means.MAIL, NOON).change(place(6), NOON),
        told=("booking_confirmed/1",),
        terms=some_terms(late_after=timedelta(minutes=15), remind_at=time(17, 30)),
    )

    for value in (*AT.values(), full):
        kept = to_jsonable_python(asdict(value))
        assert value == TypeAdapter(Reservation).validate_python(kept)
