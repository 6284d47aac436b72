"""Which alarms ring, without waiting for any."""

from datetime import datetime, timedelta

import pytest

from domain.deadlines.deadline import Alarm, Deadline, Meaning
from domain.parties import Role
from tests.builders import a_deadline, at, today
from workflows.clock import Clock, alarm_key, begin

DELIVERED = today()
DUE = DELIVERED + timedelta(days=14)
WARN, PASSED = Meaning.WARN, Meaning.TARGET_PASSED
BREACH, ESCALATE = Meaning.BREACH, Meaning.ESCALATE


def said(clock: Clock, now: datetime) -> list[tuple[Meaning, int]]:
    """Return what rings at a moment."""
    return [(alarm.meaning, alarm.step) for alarm in clock.to_ring(now)]


def after(clock: Clock, now: datetime) -> Clock:
    """Return the clock once everything due at a moment has rung."""
    for alarm in clock.to_ring(now):
        clock = clock.after(alarm)
    return clock.rung(now)


def suspended(clock: Clock, now: datetime) -> Clock:
    """Return the clock as a suspension leaves it."""
    assert clock.deadline is not None
    stopped = clock.deadline.suspend(now, reason="災害", by="manager-1")
    return after(clock, now).set_to(stopped, now)


@pytest.mark.parametrize(
    ("days_after_delivery", "told"),
    [
        (1, []),
        (10, [(WARN, 1)]),
        (13, [(WARN, 2)]),
        (15, [(PASSED, 0), (ESCALATE, 1), (BREACH, 0), (ESCALATE, 2)]),
        (20, [(PASSED, 0), (ESCALATE, 1), (BREACH, 0), (ESCALATE, 2), (ESCALATE, 3)]),
    ],
)
def test_a_case_that_begins_late_is_told_what_matters_now(
    days_after_delivery: int, told: list[tuple[Meaning, int]]
) -> None:
    """
    Old warnings are noise; that a date has passed, and who was to hear of it, is not.
    """
    now = at(DELIVERED + timedelta(days=days_after_delivery), "12:00")

    assert told == said(begin(a_deadline(DELIVERED), now), now)


def test_a_promise_due_before_its_anchor_is_breached_too() -> None:
    """
    A plan owed thirty days before the start is late from then on, not from the start.
    """
    deadline = a_deadline(DELIVERED, amount=-30, warnings=(), ladder=())
    now = at(DELIVERED, "12:00")

    assert (BREACH, 0) in said(begin(deadline, now), now)


def test_whoever_was_told_last_is_shown_until_the_deadline_moves() -> None:
    """
    A later date takes the alarm away; a date that has passed as well does not.
    """
    late = at(DUE + timedelta(days=1), "12:00")
    clock = after(begin(a_deadline(DELIVERED), at(DELIVERED, "12:00")), late)
    assert clock.deadline is not None

    def extended(days: int) -> Clock:
        assert clock.deadline is not None
        until = DUE + timedelta(days=days)
        later = clock.deadline.extend(until, now=late, reason="協議", by="official-1")
        return clock.set_to(later, at(DUE + timedelta(days=4), "12:00"))

    assert ("deadline_breached", Role.OPERATIONS_MANAGER) == (clock.stuck, clock.escalated_to)
    assert (None, None) == (extended(30).stuck, extended(30).escalated_to)
    assert "deadline_breached" == extended(2).stuck


def test_what_rang_before_a_suspension_does_not_ring_again_after_it() -> None:
    """
    The warning moves with the due day, but the same days are left as when it rang.
    """
    began = begin(a_deadline(DELIVERED), at(DELIVERED, "12:00"))
    stopped = suspended(began, at(DUE - timedelta(days=5), "08:31"))

    resumed = stopped.resumed(at(DUE - timedelta(days=3), "08:00"))
    moved = [alarm for alarm in alarms(resumed) if (alarm.meaning, alarm.step) == (WARN, 1)]

    assert [at(DUE - timedelta(days=3), "08:30")] == [alarm.at for alarm in moved]
    assert (WARN, 2) == _first(resumed.next_alarms())


def test_what_came_due_during_a_suspension_and_did_not_move_rings_after_it() -> None:
    """
    A pause within one day moves no date; the target that passed meanwhile has passed.
    """
    began = begin(a_deadline(DELIVERED), at(DELIVERED, "12:00"))
    stopped = suspended(began, at(DUE, "16:00"))
    now = at(DUE, "18:00")

    assert [] == said(stopped, now)
    assert [(PASSED, 0), (ESCALATE, 1)] == said(after(stopped, now).resumed(now), now)


def test_an_extension_of_a_clock_that_stands_still_loses_no_alarm() -> None:
    """
    Extended to a day that is over, resumed later: the breach is to come, and must ring.
    """
    began = begin(a_deadline(DELIVERED), at(DELIVERED, "12:00"))
    stopped = suspended(began, at(DUE - timedelta(days=7), "12:00"))
    now = at(DUE + timedelta(days=10), "12:00")
    assert stopped.deadline is not None
    later = stopped.deadline.extend(
        DUE + timedelta(days=5), now=now, reason="協議", by="official-1"
    )

    resumed = stopped.set_to(later, now).resumed(now)
    assert resumed.deadline is not None

    assert resumed.deadline.late_from > now
    assert resumed.deadline.late_from in {a.at for a in alarms(resumed) if _ahead(resumed, a)}
    assert (WARN, 1) == _first(resumed.next_alarms())


def test_a_look_that_was_lost_is_learned_with_the_record() -> None:
    """
    The record says that the case waits for an answer; so does the course that forgot.
    """
    began = begin(a_deadline(DELIVERED), at(DELIVERED, "12:00"))
    stopped = suspended(began, at(DUE - timedelta(days=9), "12:00"))
    assert stopped.deadline is not None
    now = at(DUE, "12:00")

    learned = stopped.learned(stopped.deadline.reviewed(1), now)
    rung = after(stopped, now)

    assert [(Meaning.REVIEW, 1)] == said(stopped, now)
    assert ("suspension_review_due", []) == (learned.stuck, said(learned, now))
    assert learned == rung
    assert learned.resumed(now).stuck is None


def test_an_alarm_is_the_same_alarm_only_at_the_same_moment() -> None:
    """
    A warning before another due day is another warning.
    """
    keys = [alarm_key(a) for a in a_deadline(DELIVERED).alarms + a_deadline(DUE).alarms]

    assert len(keys) == len(set(keys))


def alarms(clock: Clock) -> tuple[Alarm, ...]:
    """Return every alarm of a clock that has a deadline."""
    deadline = clock.deadline
    assert isinstance(deadline, Deadline)
    return deadline.alarms


def _ahead(clock: Clock, alarm: Alarm) -> bool:
    return alarm.at > clock.rung_until


def _first(found: tuple[Alarm, ...]) -> tuple[Meaning, int]:
    return found[0].meaning, found[0].step
