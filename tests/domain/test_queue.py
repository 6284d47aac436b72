"""Numbers: every step from every stage, who goes first, and which desks a contract may have."""

from typing import Any

import pytest

from domain.errors import DomainError, ReasonMissing, WrongStage
from domain.parties import Action, Party, Role, allowed, who_may
from domain.queue.queue_errors import CalledTooFew, NoLineHere, NumberNeeded, ResidentsFirst
from domain.queue.queue_rules import Line, Numbering, QueueDesk, QueueRules, Rank
from domain.queue.ticket import ENDS, Stage, Step, Ticket
from tests.builders import at, today
from tests.queue.at_hand import a_ticket

NOON = at(today(), "12:00")
A, B = (Line(id=each, label=each, letter=each.upper(), channel="window") for each in "ab")


def rules(*desks: QueueDesk, **more: Any) -> QueueRules:
    return QueueRules(lines=(A, B), desks=desks, calls_before_absent=2, **more)


def take(value: Ticket, step: Step, result: Stage = Stage.LEFT) -> Ticket:
    match step:
        case Step.RECALL_TICKET:
            return value.recall()
        case Step.SERVE_TICKET:
            return value.serve(NOON)
        case Step.END_TICKET:
            return value.end(result)
        case Step.MOVE_TICKET:
            return value.move("b")
        case Step.PREFER_TICKET:
            return value.prefer()


@pytest.mark.parametrize("stage", Stage)
def test_the_steps_that_are_offered_are_those_that_are_possible(stage: Stage) -> None:
    """
    From every stage; whoever ended takes none.
    """
    value = a_ticket(stage=stage, desk="one", calls=1)
    possible = set()
    for step in Step:
        try:
            take(value, step)
        except WrongStage:
            continue
        possible.add(step)

    assert possible == set(value.steps())
    assert (stage in ENDS) == value.closed == (not possible)


def test_a_number_is_called_served_and_done_and_keeps_when_it_was_taken() -> None:
    """
    Put back by mistake or moved, it has lost nothing of its place.
    """
    called = a_ticket().call("one", NOON)
    back = called.move("a")
    moved = called.move("b")
    done = back.call("two", NOON).serve(NOON).end(Stage.SERVED)

    assert "A012" == called.label == moved.label
    assert (Stage.WAITING, "", NOON) == (back.stage, back.desk, back.taken_at)
    assert ("b", NOON) == (moved.line, moved.taken_at)
    assert (Stage.SERVED, 2, "two") == (done.stage, done.calls, done.desk)
    with pytest.raises(NoLineHere):
        called.move("elsewhere")


def test_nobody_is_absent_before_they_were_called_often_enough() -> None:
    """
    The contract's number of calls, the last one included.
    """
    once = a_ticket().call("one", NOON)
    with pytest.raises(CalledTooFew):
        once.end(Stage.NO_SHOW)

    assert Stage.NO_SHOW is once.recall().end(Stage.NO_SHOW).stage


@pytest.mark.parametrize(
    ("stage", "closing", "midnight"),
    [
        (Stage.WAITING, Stage.DAY_ENDED, Stage.DAY_ENDED),
        (Stage.CALLED, Stage.DAY_ENDED, Stage.DAY_ENDED),
        (Stage.SERVING, None, Stage.SERVED),
    ],
)
def test_a_day_that_is_over_leaves_no_number_without_an_end(
    stage: Stage, closing: Stage | None, midnight: Stage
) -> None:
    """
    Closing the line spares whoever is at a desk; midnight spares nobody.
    """
    value = a_ticket(stage=stage)
    if closing is None:
        with pytest.raises(WrongStage):
            value.end_day()
    else:
        assert closing is value.end_day().stage

    assert midnight is value.pass_midnight().stage


@pytest.mark.parametrize(
    ("first", "resident", "reason", "expected"),
    [
        (False, None, None, Rank.ORDINARY),
        (False, False, None, Rank.ORDINARY),
        (True, True, None, Rank.ORDINARY),
        (True, False, "空いている", Rank.AFTER),
        (True, False, " ", ReasonMissing),
        (True, None, "空いている", ReasonMissing),
    ],
)
def test_who_lives_elsewhere_waits_behind_residents_and_with_a_reason(
    first: bool, resident: bool | None, reason: str | None, expected: object
) -> None:
    """
    Only where the contract has residents first; then it has to be asked.
    """
    here = rules(residents_first=first)
    if isinstance(expected, Rank):
        assert expected is here.rank(resident, reason=reason)
        return
    with pytest.raises(ReasonMissing):
        here.rank(resident, reason=reason)


def test_nobody_from_elsewhere_is_preferred_to_residents() -> None:
    """
    Not even with a reason; a resident is.
    """
    with pytest.raises(ResidentsFirst):
        a_ticket(rank=Rank.AFTER).prefer()

    assert Rank.FIRST is a_ticket().prefer().rank


def test_where_lines_are_apart_no_desk_serves_two() -> None:
    """
    Such a contract cannot be made at all; elsewhere a desk may.
    """
    both = QueueDesk(id="one", label="one", lines=("a", "b"))
    assert both == rules(both).desk("one")
    for wrong in (both, QueueDesk(id="one", label="one", lines=())):
        with pytest.raises(ValueError, match="one"):
            rules(wrong, lines_apart=True)


@pytest.mark.parametrize(
    ("numbering", "number", "fits"),
    [
        (Numbering.ISSUED, None, True),
        (Numbering.ISSUED, 3, False),
        (Numbering.MACHINE, 3, True),
        (Numbering.MACHINE, None, False),
    ],
)
def test_a_number_comes_from_the_machine_or_from_us_and_never_from_both(
    numbering: Numbering, number: int | None, fits: bool
) -> None:
    """
    Otherwise two people would have the same.
    """
    line = Line(id="m", label="m", letter="", channel="window", numbering=numbering)
    here = QueueRules(lines=(line,), desks=(), calls_before_absent=1)
    if fits:
        here.require_numbering("m", number)
        return
    with pytest.raises(NumberNeeded):
        here.require_numbering("m", number)


def test_reception_and_guidance_are_the_providers() -> None:
    """
    Floor managers are whoever works at the windows; no role of the city has the duty.
    """
    for action in (Action.ISSUE_TICKET, Action.CALL_NEXT, Action.SEE_QUEUE, Action.CLOSE_LINE):
        assert {Party.PROVIDER} == {role.party for role in who_may(action)}
        assert allowed(Role.SUPPORT_STAFF, action)


def test_what_no_contract_has_is_refused() -> None:
    """
    A line or a desk by another name.
    """
    for ask in (rules().line, rules().desk):
        with pytest.raises(DomainError):
            ask("elsewhere")
