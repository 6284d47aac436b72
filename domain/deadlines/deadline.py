"""A running deadline: until when, what to aim at, who hears of it when.

A deadline is a value that travels in workflow messages. It carries its rule and a stretch of
open days, so that it can be suspended, resumed and extended without asking anybody. Here:
due, target, alarms and their changes. Not here: counting the first due day
(``domain/deadlines/due_rules.py``), on which days a stopped clock is looked at
(``domain/deadlines/suspension.py``), the sentence that explains it
(``domain/deadlines/due_words.py``), timers (workflows). Handing a case to somebody else is no
reason to touch its deadline: nothing here takes an owner.

A due day that is closed stays due; only the working target moves to the open day before.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.calendars.calendar import Calendar
from domain.calendars.hours import at_clock, local
from domain.deadlines.due_rules import (
    END_OF_DAY,
    Base,
    DueRule,
    LadderStep,
    Missing,
    NotComputable,
    Unit,
    WarningPoint,
    anchor_day,
    anchor_moment,
    due_moment,
    length,
)
from domain.deadlines.horizon import Horizon
from domain.deadlines.suspension import Suspension, begun
from domain.errors import (
    DeadlineNotSuspended,
    DeadlinePassed,
    DeadlineSuspended,
    ExtensionNotLater,
    ReasonMissing,
)
from domain.parties import Role

_BEHIND = timedelta(days=120)
_AHEAD = timedelta(days=150)
_SECOND = timedelta(seconds=1)
_GRACE = timedelta(minutes=1)
"""At the minute of closing people are still there to be told."""


class Meaning(StrEnum):
    """What an alarm says."""

    WARN = "warn"
    TARGET_PASSED = "target_passed"
    BREACH = "breach"
    ESCALATE = "escalate"
    REVIEW = "review"
    """The clock stands still, and somebody has to say whether it still must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A moment at which somebody must be told."""

    at: datetime
    meaning: Meaning
    step: int = 0
    """Which warning, step of the ladder or look, from 1; 0 where there is only one."""
    role: Role | None = None
    """Whom an escalation reaches."""


class Urgency(StrEnum):
    """How a deadline stands at a moment."""

    RUNNING = "running"
    NEAR = "near"
    BREACHED = "breached"
    SUSPENDED = "suspended"


class Flag(StrEnum):
    """What a person should know about a date beside the date."""

    CLOSED_DAY = "closed_day"
    """The due day is closed and the clause says nothing about it."""
    AFTER_TERM = "after_term"
    ASSUMED = "assumed"
    NOT_CONTRACTUAL = "not_contractual"
    CALENDAR_ENDS = "calendar_ends"
    """The due day lies beyond the days the deadline knows; the target is the due moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A later due moment, granted by somebody for a reason."""

    at: datetime
    until: datetime
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One promise with its date, as it stands after everything that happened to it."""

    rule: DueRule
    anchor: datetime
    anchor_is_day: bool
    """True where only the day of the anchor is known."""
    due_at: datetime
    """The last second in time."""
    target_at: datetime
    """What to aim at: closing time of the due day, or of the last open day before it."""
    horizon: Horizon
    term_end: date | None = None
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def late_from(self) -> datetime:
        """The first moment that is late."""
        return self.due_at + _SECOND

    @property
    def due_day(self) -> date:
        """The due day in Tokyo."""
        return local(self.due_at).date()

    @property
    def suspended(self) -> Suspension | None:
        """The suspension that holds now, if any."""
        last = self.suspensions[-1] if self.suspensions else None
        return last if last and last.ends is None else None

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Everything that should stand beside the date."""
        known = self.horizon.knows(self.due_day)
        raised = {
            Flag.CLOSED_DAY: known and not self.horizon.is_open(self.due_day),
            Flag.AFTER_TERM: self.term_end is not None and self.due_day > self.term_end,
            Flag.ASSUMED: bool(self.rule.assumed),
            Flag.NOT_CONTRACTUAL: not self.rule.contractual,
            Flag.CALENDAR_ENDS: not known,
        }
        return tuple(flag for flag, holds in raised.items() if holds)

    def is_late(self, moment: datetime) -> bool:
        """Say whether something done at ``moment`` is late."""
        return moment >= self.late_from

    def urgency(self, now: datetime) -> Urgency:
        """Return how the deadline stands at ``now``."""
        if self.suspended:
            return Urgency.SUSPENDED
        if self.is_late(now):
            return Urgency.BREACHED
        near = (alarm.at <= now for alarm in self.alarms if alarm.meaning is not Meaning.BREACH)
        return Urgency.NEAR if any(near) else Urgency.RUNNING

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Every alarm of the due day in order of time; those of one moment warn first."""
        found = [
            Alarm(at=at, meaning=Meaning.WARN, step=step)
            for step, point in enumerate(self.rule.warnings, 1)
            if (at := self._warned_at(point)) is not None
        ]
        if self.target_at < self.due_at:
            found.append(Alarm(at=self.target_at + _SECOND, meaning=Meaning.TARGET_PASSED))
        found.append(Alarm(at=self.late_from, meaning=Meaning.BREACH))
        found += [
            Alarm(at=self.told_at(step), meaning=Meaning.ESCALATE, step=number, role=step.role)
            for number, step in enumerate(self.rule.ladder, 1)
        ]
        order = list(Meaning)
        return tuple(sorted(found, key=lambda a: (a.at, order.index(a.meaning), a.step)))

    def next_alarms(self, after: datetime) -> tuple[Alarm, ...]:
        """Return the alarms of the next moment after ``after``.

        Several can share one moment (an office opens once a day). Pass the moment of the
        alarms handled last, not the clock, and none is lost when a worker was away. While
        the clock stands still there is one: the next look at it, told or not.
        """
        if self.suspended:
            return (self._review(self.suspended, self.suspended.reviewed + 1),)
        ahead = [alarm for alarm in self.alarms if alarm.at > after]
        return tuple(alarm for alarm in ahead if alarm.at == ahead[0].at)

    def next_alarm(self, after: datetime) -> Alarm | None:
        """Return the first of ``next_alarms``."""
        return next(iter(self.next_alarms(after)), None)

    def review_due(self, now: datetime) -> Alarm | None:
        """Return the latest look at a stopped clock that is due and was not told.

        Those before it say the same; whoever was away is told once.
        """
        stop = self.suspended
        if stop is None:
            return None
        numbers = range(stop.reviews_by(local(now).date()), stop.reviewed, -1)
        due = (self._review(stop, number) for number in numbers)
        return next((alarm for alarm in due if alarm.at <= now), None)

    def reviewed(self, number: int) -> "Deadline":
        """Return the deadline once it was told that its clock stands still."""
        assert self.suspended is not None, "asked of a clock that stands still"
        told = replace(self.suspended, reviewed=number)
        return replace(self, suspensions=(*self.suspensions[:-1], told))

    def suspend(
        self, now: datetime, *, reason: str, by: str, until: date | None = None
    ) -> "Deadline":
        """Stop the clock; ``until`` is the day on which somebody looks at it again.

        Raises:
            ReasonMissing: No reason or no author.
            DeadlineSuspended: It stands still already.
            DeadlinePassed: It is late; stopping the clock would hide the breach.
            ReviewDayOutOfRange: ``until`` is not to come, or too far ahead.
        """
        _require_reason(reason, by)
        if self.suspended:
            raise DeadlineSuspended("期限はすでに停止しています")
        if self.is_late(now):
            raise DeadlinePassed("期限を過ぎた後は停止できません")
        stop = begun(now, reason=reason, by=by, until=until)
        return replace(self, suspensions=(*self.suspensions, stop))

    def resume(self, now: datetime) -> "Deadline":
        """Start the clock again and move the due moment by what was lost.

        A count of calendar days moves by the days between stopping and resuming, a count of
        open days keeps the open days it had left, hours move by the exact time. Where the
        horizon does not reach (a pause of months), open days move like calendar days.

        Raises:
            DeadlineNotSuspended: The clock is running.
        """
        stop = self.suspended
        if stop is None:
            raise DeadlineNotSuspended("期限は停止していません")
        if now < stop.starts:
            raise ValueError("a suspension ends after it starts")
        ended = replace(stop, ends=local(now))
        moved = self._retimed(self._after_pause(stop.starts, local(now)))
        return replace(moved, suspensions=(*self.suspensions[:-1], ended))

    def extend(
        self, until: date | datetime, *, now: datetime, reason: str, by: str
    ) -> "Deadline":
        """Move the due moment to ``until``; a day keeps the rule's time of day.

        Raises:
            ReasonMissing: No reason or no author.
            ExtensionNotLater: ``until`` is no later than what is due now.
        """
        _require_reason(reason, by)
        later = (
            local(until)
            if isinstance(until, datetime)
            else at_clock(until, self.rule.at or END_OF_DAY)
        )
        if later <= self.due_at:
            raise ExtensionNotLater("延長後の期限は今の期限より後にしてください")
        granted = Extension(at=local(now), until=later, reason=reason, by=by)
        return replace(self._retimed(later), extensions=(*self.extensions, granted))

    def on_calendar(self, calendar: Calendar) -> "Deadline":
        """Return the deadline with the days of ``calendar`` as they are known today.

        A storm that closes a day moves targets and alarms, never what is due.
        """
        horizon = _horizon(calendar, local(self.anchor).date(), self.due_day)
        return replace(self, horizon=horizon)._retimed(self.due_at)

    def _retimed(self, due_at: datetime) -> "Deadline":
        target = _target(self.horizon, self.anchor, due_at)
        return replace(self, due_at=due_at, target_at=target)

    def _after_pause(self, start: datetime, end: datetime) -> datetime:
        if self.rule.unit in (Unit.HOURS, Unit.MINUTES):
            return self.due_at + (end - start)
        days = timedelta(days=(end.date() - start.date()).days)
        if self.rule.unit is Unit.OPEN_DAYS and days:
            left = self.horizon.count(start.date(), self.due_day)
            day = self._open_days_on(end.date(), left)
            if day is not None:
                return at_clock(day, local(self.due_at).time())
        return self.due_at + days

    def _open_days_on(self, day: date, left: int | None) -> date | None:
        if left is None:
            return None
        return self.horizon.after(day, left) if left else self.horizon.on_or_after(day)

    def _warned_at(self, point: WarningPoint) -> datetime | None:
        if point.unit in (Unit.HOURS, Unit.MINUTES):
            at = self.target_at - length(point.before, point.unit)
            return at if at > self.anchor else None
        target = local(self.target_at).date()
        day = (
            self.horizon.before(target, point.before)
            if point.unit is Unit.OPEN_DAYS
            else self.horizon.on_or_before(target - timedelta(days=point.before))
        )
        if day is None or not self.horizon.is_open(day):
            return None
        at = self.horizon.opens_at(day)
        early = self.due_at >= self.anchor and at <= self.anchor
        return None if early or at > self.target_at else at

    def told_at(self, step: LadderStep) -> datetime:
        """Return when a step of the ladder is told for the first time."""
        base = self.target_at + _SECOND if step.after is Base.TARGET else self.late_from
        if step.unit in (Unit.HOURS, Unit.MINUTES):
            return self.in_hours(base + length(step.delay, step.unit))
        if step.unit is Unit.CALENDAR_DAYS:
            return self.in_hours(base + timedelta(days=step.delay))
        first = self.in_hours(base)
        day = self.horizon.after(local(first).date(), step.delay)
        if step.delay == 0 or day is None:
            return first + timedelta(days=step.delay)
        return self.horizon.opens_at(day)

    def _review(self, stop: Suspension, number: int) -> Alarm:
        morning = at_clock(stop.review_day(number), time())
        return Alarm(at=self.in_hours(morning), meaning=Meaning.REVIEW, step=number)

    def in_hours(self, moment: datetime) -> datetime:
        """Return the moment, or the next opening: nobody is woken at midnight."""
        here = local(moment)
        if self.horizon.is_open(here.date()):
            if here < self.horizon.opens_at(here.date()):
                return self.horizon.opens_at(here.date())
            if here < self.horizon.closes_at(here.date()) + _GRACE:
                return here
        day = self.horizon.on_or_after(here.date() + timedelta(days=1))
        return self.horizon.opens_at(day) if day else here


def compute(
    rule: DueRule,
    anchor: date | datetime,
    calendar: Calendar,
    *,
    term_end: date | None = None,
) -> Deadline | NotComputable:
    """Return the deadline that ``anchor`` starts, or why it has no date.

    Args:
        rule: How to count.
        anchor: When the anchor event happened; a day where only the day is known.
        calendar: The calendar the rule names, with its holidays and closures.
        term_end: The contract's last day, for the flag on what is due after it.
    """
    due_at = due_moment(rule, anchor, calendar)
    if isinstance(due_at, Missing):
        return NotComputable(rule=rule, reason=due_at)
    horizon = _horizon(calendar, anchor_day(anchor), due_at.date())
    return Deadline(
        rule=rule,
        anchor=anchor_moment(anchor),
        anchor_is_day=not isinstance(anchor, datetime),
        due_at=due_at,
        target_at=_target(horizon, anchor_moment(anchor), due_at),
        horizon=horizon,
        term_end=term_end,
    )


def _horizon(calendar: Calendar, start: date, due: date) -> Horizon:
    first = max(min(start, due) - timedelta(days=7), due - _BEHIND)
    return Horizon.of(calendar, first, due + _AHEAD)


def _target(horizon: Horizon, anchor: datetime, due_at: datetime) -> datetime:
    day = horizon.on_or_before(local(due_at).date())
    if day is None:
        return due_at
    target = min(horizon.closes_at(day), due_at)
    # What begins on a Saturday and ends on Sunday has no open day to aim at.
    return target if target > anchor or due_at <= anchor else due_at


def _require_reason(reason: str, by: str) -> None:
    if not reason.strip() or not by.strip():
        raise ReasonMissing("理由と記録者が必要です")
