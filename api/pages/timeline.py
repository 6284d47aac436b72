"""The record of a case as a person reads it: days, idle time folded, flags ahead.

Only the order and the grouping; the words for what happened stand in ``words``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from api.pages import words
from api.pages.detail_words import detail_words
from domain.calendars.hours import local
from domain.case import CaseKind
from domain.deadlines.deadline import Deadline, Meaning
from domain.parties import ROLE_TEXT
from store.cases import TimelineEvent

_LONG_PAUSE = 2
"""Days without an event before the time between is folded into one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event."""

    at: datetime
    side: str
    """委, 市 or 自動."""
    role: str
    name: str
    what: str
    why: str | None
    details: tuple[tuple[str, str], ...]
    alarming: bool
    times: int = 1
    """How often it happened at this minute; the clock may have missed several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfLines:
    """What happened on one day, after how many idle days."""

    day: date
    lines: tuple[Line, ...]
    idle_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A flag on the time that lies ahead."""

    at: datetime
    label: str
    is_due: bool


_ALARMING = frozenset(
    {
        "deadline_breached",
        "escalated",
        "refuse_receipt",
        "suspension_review_due",
        "target_passed",
    }
)
_FLAGS = {
    Meaning.WARN: "期限が近いことを知らせる",
    Meaning.TARGET_PASSED: "目標の時刻",
    Meaning.BREACH: "期限",
    Meaning.ESCALATE: "知らせる",
    Meaning.REVIEW: "停止の再確認",
}


def days_of(events: Sequence[TimelineEvent], kind: CaseKind) -> list[DayOfLines]:
    """Return the events by day, oldest first."""
    days: list[DayOfLines] = []
    for event in events:
        line, day = _line(event, kind), local(event.at).date()
        if days and days[-1].day == day:
            days[-1] = replace(days[-1], lines=_added(days[-1].lines, line))
            continue
        idle = (day - days[-1].day).days if days else 0
        days.append(
            DayOfLines(day=day, lines=(line,), idle_days=idle if idle >= _LONG_PAUSE else 0)
        )
    return days


def ahead_of(deadline: Deadline | None, now: datetime) -> list[Ahead]:
    """Return what will ring, the nearest first; while the clock stands, the next look."""
    if deadline is None:
        return []
    if deadline.suspended is not None:
        return [
            Ahead(at=alarm.at, label=_FLAGS[alarm.meaning], is_due=False)
            for alarm in deadline.next_alarms(now)
        ]
    return sorted(_flags(deadline, now), key=lambda flag: flag.at)


def _added(lines: tuple[Line, ...], line: Line) -> tuple[Line, ...]:
    last = lines[-1]
    same_minute = last.at.replace(second=0, microsecond=0) == line.at.replace(
        second=0, microsecond=0
    )
    if (
        line.side == "自動"
        and same_minute
        and (last.what, last.details) == (line.what, line.details)
    ):
        return (*lines[:-1], replace(last, times=last.times + 1))
    return (*lines, line)


def _flags(deadline: Deadline, now: datetime) -> Iterator[Ahead]:
    if deadline.target_at > now and deadline.target_at != deadline.due_at:
        yield Ahead(at=deadline.target_at, label="目標", is_due=False)
    if deadline.due_at > now:
        yield Ahead(at=deadline.due_at, label="期限", is_due=True)
    for alarm in deadline.alarms:
        if alarm.at <= now or alarm.meaning in {Meaning.BREACH, Meaning.TARGET_PASSED}:
            continue
        whom = f"{ROLE_TEXT[alarm.role]}に" if alarm.role else ""
        yield Ahead(at=alarm.at, label=f"{whom}{_FLAGS[alarm.meaning]}", is_due=False)


def _line(event: TimelineEvent, kind: CaseKind) -> Line:
    side, role = words.who_words(event.role)
    return Line(
        at=event.at,
        side=side,
        role=role,
        name=event.actor_name or "",
        what=words.event_words(event.action, kind, event.detail),
        why=event.reason,
        details=tuple(detail_words(event.detail, kind)),
        alarming=event.action in _ALARMING,
    )
