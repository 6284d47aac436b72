"""What lists show of a case, as its course had it recorded step by step.

The lines of a record do not hold it (``domain.records.rebuilt`` tells what they do): it stands
in the history of the course, which is run again for it (``ops.replays``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.case import CaseChange
from domain.deadlines.deadline import Deadline
from domain.parties import Role
from domain.records.audit import RecordedEvent
from domain.records.replay import Replayed, differences


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """A case as its history tells it."""

    state: dict[str, Any]
    owner: Role | None
    deadline: Deadline | None
    stuck: str | None
    escalated_to: Role | None
    stuck_at: datetime | None
    """Of a case that was stuck before the history begins: ``None``, and not to be compared."""

    stuck_before: bool = False


def retold(record: Sequence[RecordedEvent], run: Replayed) -> Retold | str:
    """Return the case after the last line of its record, or why the history cannot tell.

    Args:
        record: All lines of the case.
        run: The last run of its course, run again.
    """
    if run.failure is not None or run.began is None:
        return f"its history cannot be run again: {run.failure}"
    later = [event for event in record if event.seq > run.began_after]
    if differences(later, run.decided):
        return "its history and its record part"
    if run.began_after > 1 and not run.changes:
        # What a lot heard of its cards since its last line is known to the course alone.
        return "nothing was recorded since its history began anew"
    return _after(run.began, list(zip(run.decided, run.changes, strict=True)))


def _after(began: CaseChange, steps: Sequence[tuple[Any, CaseChange]]) -> Retold:
    deadline, stuck_at = began.deadline, None
    before = began.stuck is not None
    for step, change in steps:
        if change.deadline_over or change.deadline is not None:
            deadline = None if change.deadline_over else change.deadline
        before = before and change.stuck is not None
        stuck_at = (stuck_at or step.at) if change.stuck is not None and not before else None
    last = steps[-1][1] if steps else began
    return Retold(
        state=last.state,
        owner=last.owner,
        deadline=deadline,
        stuck=last.stuck,
        escalated_to=last.escalated_to,
        stuck_at=stuck_at,
        stuck_before=before,
    )
