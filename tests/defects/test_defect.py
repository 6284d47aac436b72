"""The steps of a follow-up: nothing ends without a contact, nobody is given up early."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.applications.application_parts import Settlement
from domain.applications.defect_kinds import DefectKind
from domain.calls.contact import ContactMeans, ContactOutcome, attempt
from domain.defects.defect import Defect
from domain.defects.defect_errors import ContactOutcomeMissing, RetakeNotBooked
from domain.defects.defect_parts import RetakeState, Stage, Step
from domain.errors import DomainError, FieldMissing, WrongStage
from domain.parties import Role, Standing
from tests.defects.at_hand import NOON, a_defect, a_retake, seen, tried

NO, MESSAGE, REACHED = tried(), tried("message_left"), tried("reached")
LETTER, BACK = tried("sent", "letter"), tried("undelivered", "letter")


def after(*attempts: object, start: Defect | None = None) -> Defect:
    value = start or a_defect()
    for each in attempts:
        value = value.contacted(each)  # type: ignore[arg-type]
    return value


@pytest.mark.parametrize(
    ("attempts", "stage"),
    [
        ((NO,), Stage.CONTACTING),
        ((NO, MESSAGE), Stage.LETTER_DUE),
        ((NO, REACHED), Stage.AWAITING),
        ((NO, REACHED, NO), Stage.CONTACTING),
        ((NO, REACHED, NO, NO), Stage.LETTER_DUE),
        ((NO, NO, LETTER), Stage.LETTER_SENT),
        ((NO, NO, LETTER, NO), Stage.LETTER_SENT),
        ((NO, NO, LETTER, REACHED), Stage.AWAITING),
        ((NO, NO, LETTER, BACK), Stage.UNREACHABLE),
        ((LETTER,), Stage.LETTER_SENT),
        ((tried("reached", "in_person"),), Stage.AWAITING),
    ],
)
def test_who_is_not_reached_gets_a_letter_after_the_contracts_tries(
    attempts: tuple[object, ...], stage: Stage
) -> None:
    """
    Two here; whoever answers in between begins the count anew.
    """
    assert stage is after(*attempts).stage


@pytest.mark.parametrize(
    ("means", "outcome", "possible"),
    [
        ("phone", "no_answer", True),
        ("phone", "sent", False),
        ("letter", "sent", True),
        ("letter", "no_answer", False),
        ("sms", "undelivered", True),
        ("in_person", "reached", True),
        ("in_person", "message_left", False),
    ],
)
def test_an_attempt_ends_as_its_means_can_end(means: str, outcome: str, possible: bool) -> None:
    """
    A letter does not go unanswered the moment it is written.
    """
    by, how, ended = "agent-1", ContactMeans(means), ContactOutcome(outcome)
    if possible:
        assert outcome == attempt(at=NOON, by=by, means=how, outcome=ended).outcome
        return
    with pytest.raises(FieldMissing):
        attempt(at=NOON, by=by, means=how, outcome=ended)


def test_nothing_is_settled_without_a_contact() -> None:
    """
    Neither submitted again, nor given up, nor handed to the city.
    """
    begun, called = a_defect(), after(NO)

    ends: tuple[Callable[[], Defect], ...] = (
        lambda: begun.resubmitted("A-1"),
        begun.given_up,
        begun.offered,
        called.given_up,
    )
    for refused in ends:
        with pytest.raises(ContactOutcomeMissing):
            refused()
    assert (Step.RECORD_CONTACT_ATTEMPT, Step.LINK_RETAKE) == begun.steps()
    assert Step.RECORD_GIVING_UP not in called.steps()
    assert not begun.may_be_offered


@pytest.mark.parametrize("kind", [DefectKind.DECEASED, DefectKind.MOVED_OUT])
def test_what_only_the_city_can_know_goes_there_at_once(kind: DefectKind) -> None:
    """
    Nobody telephones the dead.
    """
    assert Stage.WITH_CITY is a_defect(kind).offered().stage


def test_it_ends_in_three_ways_and_then_nothing_is_possible() -> None:
    """
    Submitted again, given up, or the city's; the words are the application's.
    """
    ends = {
        Settlement.RESUBMITTED: after(NO).resubmitted("A-1"),
        Settlement.WITHDRAWN: after(REACHED).given_up(),
        Settlement.TAKEN_OVER: after(NO).offered().handed_back(taken_over=True),
    }

    for settlement, value in ends.items():
        assert (settlement, True, ()) == (value.settlement, value.closed, value.steps())
        assert (None, Standing.CLOSED) == (value.owner, value.standing)
        with pytest.raises(WrongStage):
            value.contacted(NO)
    assert "A-1" == ends[Settlement.RESUBMITTED].receipt
    assert None is after(NO).settlement


@pytest.mark.parametrize("receipt", ["", "1" * 23, "x" * 41])
def test_only_a_receipt_ends_it_as_submitted_again(receipt: str) -> None:
    """
    The number of the form is none, and is not kept by accident.
    """
    with pytest.raises(FieldMissing):
        after(REACHED).resubmitted(receipt)


def test_what_the_city_gives_back_is_called_again_from_the_beginning() -> None:
    """
    While the city has it, it is the city's.
    """
    given = after(NO, NO).offered()
    back = given.handed_back(taken_over=False)

    assert (Role.OFFICIAL, Standing.WITH_CITY, ()) == (
        given.owner,
        given.standing,
        given.steps(),
    )
    with pytest.raises(WrongStage):
        given.resubmitted("A-1")
    assert (Stage.CONTACTING, 0, Role.CALL_AGENT) == (
        back.stage,
        back.failed_in_a_row,
        back.owner,
    )


def test_a_visit_for_a_new_photo_is_watched() -> None:
    """
    Who came submits again; who did not is called again.
    """
    booked = after(REACHED).booked(seen())
    came = booked.looked_at(seen(RetakeState.CAME))
    missed = booked.looked_at(seen(RetakeState.NOBODY_CAME))
    moved = booked.looked_at(seen(moment=NOON + timedelta(days=1)))

    assert (Stage.RETAKE_BOOKED, a_retake()) == (booked.stage, booked.retake)
    assert (Stage.RETAKEN, Step.RECORD_RESUBMISSION) == (came.stage, came.steps()[0])
    assert (Stage.CONTACTING, None) == (missed.stage, missed.retake)
    assert NOON + timedelta(days=1) == moved.retake.starts_at if moved.retake else None
    assert Stage.RETAKE_BOOKED is booked.contacted(NO).stage
    with pytest.raises(RetakeNotBooked):
        after(REACHED).booked(seen(RetakeState.GONE))


def test_a_visit_is_looked_at_daily_and_then_hourly_for_two_days() -> None:
    """
    A cancelled one is noticed within a day; whoever receives people may be slow.
    """
    retake = a_retake()
    before, over = retake.starts_at - timedelta(days=3), retake.ends_at

    assert before + timedelta(days=1) == retake.looks_at(before)
    assert over == retake.looks_at(retake.starts_at)
    assert over + timedelta(hours=1) == retake.looks_at(over)
    assert over + timedelta(days=4) == retake.looks_at(over + timedelta(days=3))


def test_a_letter_that_nobody_answers_leaves_the_official() -> None:
    """
    And one that is answered late still counts.
    """
    silent = after(NO, NO, LETTER).unanswered()

    assert (Stage.UNREACHABLE, True) == (silent.stage, silent.may_be_offered)
    assert Stage.UNREACHABLE is silent.contacted(NO).stage
    assert Stage.AWAITING is silent.contacted(REACHED).stage


def test_a_follow_up_needs_at_least_one_attempt() -> None:
    """
    Zero tries would send letters to people who were never called.
    """
    with pytest.raises(ValueError, match="at least one"):
        replace(a_defect(), tries=0)
    assert issubclass(ContactOutcomeMissing, DomainError)
