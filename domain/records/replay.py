"""What a case decides when its history is run again, held against what was recorded.

The engine itself compares commands. Here the decisions are compared: the same step must
lead to the same line in the record. How a history is run again stands in ``ops.replays``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.case import CaseChange
from domain.records.audit import RecordedEvent

OPENED = "opened"
"""The key of the first line of every record, written before the course begins."""

BY_OPERATIONS = "ops/"
"""What the keys of lines begin with that an operator command wrote, and no course."""

CLAIMED = "claim/"
"""What the keys of lines begin with whose places were claimed in the database."""

AFTERWARDS = "after/"
"""What the keys of lines begin with that correct a case whose course had ended."""

_NOT_OF_A_COURSE = (BY_OPERATIONS, CLAIMED, AFTERWARDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One line that a course had recorded, as the code of today decides it."""

    key: str
    action: str
    at: datetime
    actor: str
    role: str | None
    detail: Mapping[str, Any]
    stage: str
    closed: bool
    state: Mapping[str, Any]
    """The case after the step, as ids, codes and counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One run of a course, run again."""

    decided: tuple[Decided, ...]
    failure: str | None = None
    """Why today's code does not get to the end of the history; ``None`` if it does."""

    began: CaseChange | None = None
    """The case when the run began, as lists show it; ``None`` if it never got so far."""

    began_after: int = 1
    """How many lines the record had then; more than one where a run follows another."""

    changes: tuple[CaseChange, ...] = ()
    """What lists show of the case after each of ``decided``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the record and the case as decided today part."""

    key: str
    seq: int | None
    """The line of the record; ``None`` where the record has none."""

    field: str
    """What differs; ``recorded`` or ``decided`` where one of the two is missing."""


def differences(
    record: Sequence[RecordedEvent], decided: Iterable[Decided]
) -> list[Difference]:
    """Return every difference, in the order of the record.

    The first line, claims, corrections and those of operator commands are not the course's
    own and are not expected from it.
    """
    again = {step.key: step for step in decided}
    found: list[Difference] = []
    for event in record:
        if event.key == OPENED or event.key.startswith(_NOT_OF_A_COURSE):
            continue
        step = again.pop(event.key, None)
        if step is None:
            found.append(Difference(key=event.key, seq=event.seq, field="decided"))
            continue
        found += [
            Difference(key=event.key, seq=event.seq, field=field)
            for field, recorded, now in _pairs(event, step)
            if recorded != now
        ]
    return found + [Difference(key=key, seq=None, field="recorded") for key in again]


def _pairs(event: RecordedEvent, step: Decided) -> Iterable[tuple[str, object, object]]:
    yield "action", event.action, step.action
    yield "at", event.at.astimezone(UTC), step.at.astimezone(UTC)
    yield "actor", event.actor, step.actor
    yield "role", event.role, step.role
    yield "detail", dict(event.detail), dict(step.detail)
