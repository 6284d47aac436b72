"""A history tells a case only as far as it and the record go together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.case import CaseChange
from domain.parties import Role
from domain.records.audit import GENESIS, RecordedEvent
from domain.records.replay import OPENED, Decided, Replayed
from domain.records.retold import Retold, retold

AT = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)
BEGAN = CaseChange(stage="received", state={"value": {}}, closed=False, owner=Role.CLERK)


def step(number: int, **change: object) -> tuple[Decided, CaseChange]:
    """Return what a course decided an hour after the step before."""
    decided = Decided(
        key=f"act/{number}",
        action="noted",
        at=AT + timedelta(hours=number),
        actor="somebody",
        role=None,
        detail={},
        stage="received",
        closed=False,
        state={},
    )
    return decided, replace(BEGAN, **change)  # type: ignore[arg-type]


def record(*steps: tuple[Decided, CaseChange], first: int = 2) -> list[RecordedEvent]:
    """Return the lines that these steps left."""
    line = RecordedEvent(
        municipality="ota",
        case_id="case",
        seq=1,
        at=AT,
        action="visitor_received",
        actor="somebody",
        role=None,
        detail={},
        sealed_reason=None,
        key=OPENED,
        prev_hash=GENESIS,
        hash="",
    )
    return [
        line,
        *(
            replace(line, seq=seq, at=done.at, action=done.action, key=done.key)
            for seq, (done, _) in enumerate(steps, first)
        ),
    ]


def run(*steps: tuple[Decided, CaseChange], **other: object) -> Replayed:
    decided, changes = tuple(d for d, _ in steps), tuple(c for _, c in steps)
    return replace(
        Replayed(decided=decided, began=BEGAN, changes=changes),
        **other,  # type: ignore[arg-type]
    )


def test_a_case_without_a_step_is_as_it_began() -> None:
    """
    Most cases of a morning are.
    """
    told = retold(record(), run())

    assert isinstance(told, Retold)
    assert (BEGAN.state, Role.CLERK, None) == (told.state, told.owner, told.stuck)


def test_a_case_is_stuck_since_the_step_that_made_it_so() -> None:
    """
    Not since the last one that left it so.
    """
    steps = [step(1), step(2, stuck="late"), step(3, stuck="late"), step(4), step(5, stuck="x")]

    def since(count: int) -> datetime | None:
        told = retold(record(*steps[:count]), run(*steps[:count]))
        assert isinstance(told, Retold)
        return told.stuck_at

    hours = [None, 2, 2, None, 5]
    expected = [None if h is None else AT + timedelta(hours=h) for h in hours]
    assert expected == [since(count) for count in range(1, 6)]


def test_a_case_that_was_stuck_before_its_history_begins_does_not_say_since_when() -> None:
    """
    A long lot begins a new history; what it does not know it must not claim.
    """
    one = step(6, stuck="late")
    began = replace(BEGAN, stuck="late")

    told = retold(record(one, first=8), run(one, began=began, began_after=7))

    assert isinstance(told, Retold)
    assert (None, True) == (told.stuck_at, told.stuck_before)


def test_what_cannot_be_told_is_said_and_not_guessed() -> None:
    """
    Lines that no course decided, steps that left none, code that cannot run it again.
    """
    one, other = step(1), step(2)

    assert "part" in str(retold(record(one, other), run(one)))
    assert "part" in str(retold(record(one), run(one, other)))
    assert "NondeterminismError" in str(
        retold(record(one), run(one, failure="NondeterminismError"))
    )
    assert "anew" in str(retold(record(one), run(began_after=2)))
