"""The rule by which the record of a case is chained, so that a change is noticed.

Where the record is kept and who may read it stands in ``store`` and ``parties``.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64
"""What the first event of a case names as its predecessor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """One numbered line of a case's record, as it is stored."""

    municipality: str
    case_id: str
    seq: int
    at: datetime
    action: str
    actor: str
    role: str | None
    detail: Mapping[str, str | int | bool | None]
    sealed_reason: str | None
    """The reason as stored: ciphertext in hexadecimal, ``None`` where there is none."""

    key: str
    """What makes a repeated request the same request; unique within the case."""

    prev_hash: str
    hash: str


def chained_hash(event: RecordedEvent) -> str:
    """Return what ``event.hash`` must be: SHA-256 over its content and its predecessor."""
    content = [
        event.prev_hash,
        event.municipality,
        event.case_id,
        event.seq,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.action,
        event.actor,
        event.role,
        dict(event.detail),
        event.sealed_reason,
        event.key,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a chain does not hold."""

    case_id: str
    seq: int
    problem: str


def breaks(events: Iterable[RecordedEvent], *, last_seq: int, last_hash: str) -> list[Break]:
    """Return every place where the record of one case was changed, cut or reordered.

    ``events`` come ordered by ``seq``; ``last_seq`` and ``last_hash`` are what the case
    itself says its record ends with, so that a record cut at its end is noticed too.
    """
    found: list[Break] = []
    expected_seq, prev, case_id = 1, GENESIS, ""
    for event in events:
        case_id = event.case_id
        if event.seq != expected_seq:
            found.append(Break(case_id=case_id, seq=expected_seq, problem="missing"))
        if event.prev_hash != prev:
            found.append(Break(case_id=case_id, seq=event.seq, problem="unlinked"))
        if chained_hash(event) != event.hash:
            found.append(Break(case_id=case_id, seq=event.seq, problem="changed"))
        expected_seq, prev = event.seq + 1, event.hash
    if (expected_seq - 1, prev) != (last_seq, last_hash):
        found.append(Break(case_id=case_id, seq=last_seq, problem="cut"))
    return found
