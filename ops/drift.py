"""One value of a list that is not what it should be, and putting it right.

What it should be is found by ``ops.rebuild`` (from the lines of the record) and
``ops.retold`` (from the histories of the courses).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, null, update

from store.record import CASE_FILE, CUSTODY_ITEM

COLUMNS = frozenset(
    {
        "stage",
        "opened_at",
        "closed_at",
        "owner",
        "stuck",
        "stuck_at",
        "escalated_to",
        "state",
        "deadline",
        "due_at",
        "target_at",
    }
)
"""What of a case can be put right; never the end of its chain, which is evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One value that is not what the record or the history says."""

    thing: str
    """The id of a case or of a thing."""

    column: str
    kept: Any
    recorded: Any
    seq: int | None = None
    """The line up to which the record was read; ``None`` for a thing."""

    source: str = "record"
    """Where it is told: the record, or the history of the course."""

    def __str__(self) -> str:
        """Say what differs; of a value made of many, only which of them."""
        if isinstance(self.kept, Mapping) and isinstance(self.recorded, Mapping):
            return f"{', '.join(_unlike(self.kept, self.recorded))} differ in the {self.source}"
        if isinstance(self.recorded, Mapping):
            return f"is given in the {self.source}"
        return f"{self.kept} is {self.recorded} in the {self.source}"


def _unlike(kept: Mapping[str, Any], recorded: Mapping[str, Any], place: str = "") -> list[str]:
    found: list[str] = []
    for name in sorted({*kept, *recorded}):
        one, other = kept.get(name), recorded.get(name)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            found += _unlike(one, other, f"{place}{name}.")
        elif one != other:
            found.append(f"{place}{name}")
    return found


def put_right(connection: Connection, municipality: str, drift: Drift) -> int:
    """Return 1 if it was put right, 0 if the case or the thing has moved meanwhile."""
    if drift.seq is None:
        item = CUSTODY_ITEM.c
        holder = update(CUSTODY_ITEM).where(
            item.municipality == municipality,
            item.item_id == drift.thing,
            item.holder == drift.kept,
        )
        return connection.execute(holder.values(holder=drift.recorded)).rowcount
    assert drift.column in COLUMNS, "the rest of a case is not rebuilt"
    file = CASE_FILE.c
    value = null() if drift.recorded is None else drift.recorded
    case = update(CASE_FILE).where(
        file.municipality == municipality,
        file.case_id == drift.thing,
        file.last_seq == drift.seq,
    )
    return connection.execute(case.values({drift.column: value})).rowcount
