"""Alarms that ring again and again until somebody acts."""

from datetime import timedelta

from domain.deadlines.again import next_alarms, told_again
from domain.deadlines.deadline import Deadline, Meaning
from domain.deadlines.due_rules import LadderStep, Unit
from domain.parties import Role
from tests.builders import a_deadline, at, today

DAY = today() + timedelta(days=1)


def repeating(every: int = 15) -> Deadline:
    """Return what is due at half past ten and told every quarter of an hour."""
    step = LadderStep(role=Role.OPERATIONS_MANAGER, unit=Unit.MINUTES, every=every)
    return a_deadline(
        at(DAY, "10:00"), unit=Unit.MINUTES, amount=30, warnings=(), ladder=(step,)
    )


def rings(deadline: Deadline, until: str, day_after: int = 0) -> list[str]:
    """Return when somebody is told, one alarm after the other."""
    after, found = deadline.anchor, []
    last = at(DAY + timedelta(days=day_after), until)
    while after < last:
        alarms = next_alarms(deadline, after)
        if not alarms or alarms[0].at > last:
            break
        after = alarms[0].at
        found += [f"{after:%H:%M}" for alarm in alarms if alarm.meaning is Meaning.ESCALATE]
    return found


def test_what_is_not_taken_on_is_told_again_in_office_hours() -> None:
    """
    Until closing, and from the next opening on; nobody is called at night.
    """
    told = rings(repeating(120), "11:00", day_after=1)

    assert ["10:30", "12:30", "14:30", "16:30", "08:30", "10:30"] == told


def test_a_step_that_does_not_repeat_is_told_once() -> None:
    """
    The control: rules of before ring as they did.
    """
    deadline = repeating(0)

    assert ["10:30"] == rings(deadline, "17:00")
    assert deadline.next_alarms(deadline.anchor) == next_alarms(deadline, deadline.anchor)


def test_who_was_away_is_told_once_of_what_was_missed() -> None:
    """
    Ten quarters of an hour say the same.
    """
    deadline = repeating()
    (missed,) = told_again(deadline, at(DAY, "10:31"), at(DAY, "13:00"))

    assert "12:45" == f"{missed.at:%H:%M}"
    assert () == told_again(deadline, missed.at, at(DAY, "13:00"))


def test_a_clock_that_stands_still_repeats_nothing() -> None:
    """
    Only that it stands still has to be said.
    """
    stopped = repeating().suspend(at(DAY, "10:05"), reason="被災", by="manager-1")

    assert {Meaning.REVIEW} == {a.meaning for a in next_alarms(stopped, stopped.anchor)}
