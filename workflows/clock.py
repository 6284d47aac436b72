"""What runs against a case: its deadline, how far it was told of it, who knows.

Belongs here: which alarms ring, and what a case is after each. Does not belong here: when
an alarm is due (``domain.deadlines.deadline``), waiting for it and recording it
(``workflows.course``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.case import CLOCK, CaseEvent
from domain.deadlines.again import next_alarms, told_again
from domain.deadlines.deadline import Alarm, Deadline, Meaning, Urgency
from domain.parties import Role

_EVENTS: Mapping[Meaning, str] = {
    Meaning.WARN: "deadline_warned",
    Meaning.TARGET_PASSED: "target_passed",
    Meaning.BREACH: "deadline_breached",
    Meaning.ESCALATE: "escalated",
    Meaning.REVIEW: "suspension_review_due",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One value per moment."""

    deadline: Deadline | None
    rung_until: datetime
    """Every alarm up to here has rung, or was not worth ringing any more."""

    stuck: str | None = None
    escalated_to: Role | None = None

    def next_alarms(self) -> tuple[Alarm, ...]:
        """Return the alarms of the next moment; none without a deadline."""
        return next_alarms(self.deadline, self.rung_until) if self.deadline else ()

    def to_ring(self, now: datetime) -> tuple[Alarm, ...]:
        """Return what has to be said at ``now``, in the order it came due.

        Usually one alarm. A case that began late, or whose worker was away, is told that a
        target or a deadline has passed and who was to hear of it, but not every warning it
        missed: only the latest, and none once the deadline is breached. While the clock
        stands still, only that is said, again and again.
        """
        if self.deadline is None:
            return ()
        if self.deadline.suspended:
            review = self.deadline.review_due(now)
            return () if review is None else (review,)
        past = [a for a in self.deadline.alarms if self.rung_until < a.at <= now]
        past += told_again(self.deadline, self.rung_until, now)
        stale = [a for a in past if a.meaning is Meaning.WARN]
        if not self.deadline.is_late(now):
            stale = stale[:-1]
        return tuple(alarm for alarm in past if alarm not in stale)

    def after(self, alarm: Alarm) -> "Clock":
        """Return the clock once ``alarm`` has rung."""
        match alarm.meaning:
            case Meaning.ESCALATE:
                return replace(self, escalated_to=alarm.role)
            case Meaning.BREACH:
                return replace(self, stuck=_EVENTS[Meaning.BREACH])
            case Meaning.REVIEW:
                assert self.deadline is not None, "only a deadline rings"
                told = self.deadline.reviewed(alarm.step)
                return replace(self, deadline=told, stuck=_EVENTS[Meaning.REVIEW])
        return self

    def rung(self, now: datetime) -> "Clock":
        """Return the clock once all that was due at ``now`` has rung."""
        if self.deadline is not None and self.deadline.suspended:
            # What came due while it stands still has not rung, and may yet be moved.
            return self
        return replace(self, rung_until=max(self.rung_until, now))

    def set_to(self, deadline: Deadline | None, now: datetime) -> "Clock":
        """Return the clock with another deadline, or with none to keep any more.

        Alarms that the new deadline would have had before ``now`` do not ring; of one that
        stands still, those before it stopped, for the others may yet be moved. Unless it is
        breached all the same, nobody has to be told any longer.
        """
        breached = deadline is not None and deadline.urgency(now) is Urgency.BREACHED
        stop = deadline.suspended if deadline else None
        return Clock(
            deadline=deadline,
            rung_until=stop.starts if stop else now,
            stuck=self.stuck if breached else None,
            escalated_to=self.escalated_to if breached else None,
        )

    def resumed(self, now: datetime) -> "Clock":
        """Return the clock as it runs on after a suspension.

        What rang before does not ring again because it was moved; what came due while the
        clock stood still, and is over all the same, rings at once.

        Raises:
            DeadlineNotSuspended: The clock is running.
        """
        assert self.deadline is not None, "asked of a case that has a deadline"
        return self._moved_to(self.deadline.resume(now))

    def learned(self, deadline: Deadline | None, now: datetime) -> "Clock":
        """Return the clock once it is known that the record has another deadline."""
        if deadline == self.deadline:
            return self
        stood = self.deadline is not None and self.deadline.suspended
        if deadline is not None and stood and not deadline.suspended:
            return self._moved_to(deadline)
        told = _reviewed(deadline) > _reviewed(self.deadline)
        found = self.set_to(deadline, now)
        return replace(found, stuck=_EVENTS[Meaning.REVIEW]) if told else found

    def _moved_to(self, moved: Deadline) -> "Clock":
        assert self.deadline is not None, "something was moved"
        rung = {(a.meaning, a.step) for a in self.deadline.alarms if a.at <= self.rung_until}
        again = [a.at for a in moved.alarms if (a.meaning, a.step) in rung]
        rung_until = max([_start(moved), *again])
        # A clock that is late cannot be stopped: all that was said is that it stood still.
        return replace(self, deadline=moved, rung_until=rung_until, stuck=None)


def begin(deadline: Deadline | None, now: datetime) -> Clock:
    """Return the clock of a case that begins now, however long its deadline has run."""
    return Clock(deadline=deadline, rung_until=_start(deadline) if deadline else now)


def _reviewed(deadline: Deadline | None) -> int:
    stop = deadline.suspended if deadline else None
    return stop.reviewed if stop else 0


def _start(deadline: Deadline) -> datetime:
    """Return a moment before every alarm; some promises are due before their anchor."""
    return min(deadline.anchor, deadline.due_at)


def alarm_event(alarm: Alarm, now: datetime) -> CaseEvent:
    """Return the event that says that ``alarm`` rang."""
    return CaseEvent(
        action=_EVENTS[alarm.meaning],
        at=now,
        actor=CLOCK,
        detail={"alarm_at": alarm.at.isoformat(), "step": alarm.step, "to": alarm.role},
    )


def alarm_key(alarm: Alarm) -> str:
    """Return what makes an alarm the same alarm, so that it is recorded once."""
    return f"alarm/{alarm.meaning}/{alarm.step}/{alarm.at.isoformat()}"
