"""Alarms that ring again and again, until what is late is done or taken on.

Here: when the steps of a ladder are told again. Not here: when they are told first
(``domain.deadlines.deadline``), waiting for it (workflows).
"""

from datetime import datetime, timedelta

from domain.deadlines.deadline import Alarm, Deadline, Meaning
from domain.deadlines.due_rules import LadderStep, Unit, length

_BREATH = timedelta(minutes=1)


def next_alarms(deadline: Deadline, after: datetime) -> tuple[Alarm, ...]:
    """Return the alarms of the next moment after ``after``, told for the first time or again.

    While the clock stands still only a look at it is due, as ever.
    """
    ahead = list(deadline.next_alarms(after))
    if not deadline.suspended:
        ahead += [_first_after(deadline, *step, after) for step in _repeating(deadline)]
    first = min((alarm.at for alarm in ahead), default=after)
    return tuple(alarm for alarm in ahead if alarm.at == first)


def told_again(deadline: Deadline, after: datetime, now: datetime) -> tuple[Alarm, ...]:
    """Return what was to be told again after ``after`` and up to ``now``.

    Of each step only the latest: those before it say the same.
    """
    found = (_last_before(deadline, *step, now) for step in _repeating(deadline))
    return tuple(alarm for alarm in found if alarm is not None and alarm.at > after)


def _repeating(deadline: Deadline) -> list[tuple[int, LadderStep]]:
    return [(n, step) for n, step in enumerate(deadline.rule.ladder, 1) if step.every]


def _first_after(deadline: Deadline, number: int, step: LadderStep, after: datetime) -> Alarm:
    times = max(1, (after - deadline.told_at(step)) // _pause(step) + 1)
    alarm = _alarm(deadline, number, step, times)
    # What was put off to the opening is not said again a second later.
    if alarm.at - after < _BREATH:
        return _alarm(deadline, number, step, times + 1)
    return alarm


def _last_before(
    deadline: Deadline, number: int, step: LadderStep, now: datetime
) -> Alarm | None:
    times = (now - deadline.told_at(step)) // _pause(step)
    while times > 0:
        alarm = _alarm(deadline, number, step, times)
        if alarm.at <= now:
            return alarm
        # It falls into a night that is not over yet.
        times -= 1
    return None


def _alarm(deadline: Deadline, number: int, step: LadderStep, times: int) -> Alarm:
    at = deadline.in_hours(deadline.told_at(step) + times * _pause(step))
    return Alarm(at=at, meaning=Meaning.ESCALATE, step=number, role=step.role)


def _pause(step: LadderStep) -> timedelta:
    if step.unit in (Unit.HOURS, Unit.MINUTES):
        return length(step.every, step.unit)
    return timedelta(days=step.every)
