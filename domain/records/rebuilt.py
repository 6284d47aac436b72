"""What the lines of a record say of their case: the stage it is at, and since when closed.

Only what lines tell by themselves. What a course knows beyond its lines stands in its
history; see ``domain.records.replay``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain import handoff
from domain.applications import application_parts
from domain.booking import reservation_parts, venue_case
from domain.calls import external_entry, inquiry
from domain.case import CaseKind
from domain.citywork import city_record
from domain.defects import defect_parts
from domain.incidents import kinds
from domain.lots import card, lot, returned_mail
from domain.obligations import obligation
from domain.procedures import procedure_parts, visit
from domain.queue import ticket
from domain.records.audit import RecordedEvent
from domain.sending import list_sending

LAST_STAGES: Mapping[CaseKind, frozenset[str]] = {
    CaseKind.CARD: frozenset({card.Stage.DONE, card.Stage.DISCARDED}),
    CaseKind.LOT: frozenset({lot.Stage.DONE}),
    CaseKind.INCIDENT: frozenset(kinds.ENDED),
    CaseKind.HANDOFF: frozenset({handoff.Stage.COMPLETED, handoff.Stage.WITHDRAWN}),
    CaseKind.RETURNED_MAIL: frozenset({returned_mail.Stage.RESENT, returned_mail.Stage.DONE}),
    CaseKind.VISIT: frozenset({visit.Stage.DONE, visit.Stage.LEFT}),
    CaseKind.RESERVATION: frozenset(reservation_parts.ENDED),
    CaseKind.LIST_SENDING: frozenset({list_sending.Stage.SENT}),
    CaseKind.PROCEDURE: frozenset(
        {procedure_parts.Stage.DONE, procedure_parts.Stage.WITHDRAWN}
    ),
    CaseKind.EXTERNAL_ENTRY: frozenset(
        {
            external_entry.Stage.ENTERED,
            external_entry.Stage.CHECKED,
            external_entry.Stage.WITHDRAWN,
        }
    ),
    CaseKind.DEFECT: frozenset(defect_parts.ENDS),
    CaseKind.INQUIRY: frozenset(
        {inquiry.Stage.ANSWERED, inquiry.Stage.REFERRED, inquiry.Stage.TRANSFERRED}
    ),
    CaseKind.CITY_RECORD: city_record.ENDS,
    CaseKind.APPLICATION: frozenset(application_parts.ENDS),
    CaseKind.VENUE: venue_case.ENDED,
    CaseKind.OBLIGATION: frozenset({obligation.Stage.MET, obligation.Stage.ENDED}),
    CaseKind.TICKET: frozenset(ticket.ENDS),
}
"""Where a case of each kind ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A case as its record tells it."""

    opened_at: datetime
    stage: str | None
    """``None`` while no line has named one: the case is where it began."""

    closed_at: datetime | None


def rebuilt(kind: CaseKind, record: Iterable[RecordedEvent]) -> Rebuilt | None:
    """Return the case as its lines tell it, in their order; ``None`` without a line."""
    opened_at = stage = closed_at = None
    for event in record:
        opened_at = opened_at or event.at
        stage = _stage_after(kind, event) or stage
        # A visit that is over may still have places to give back.
        unsettled = bool(event.detail.get("unsettled"))
        if closed_at is None and stage in LAST_STAGES[kind] and not unsettled:
            closed_at = event.at
    if opened_at is None:
        return None
    return Rebuilt(opened_at=opened_at, stage=stage, closed_at=closed_at)


def _stage_after(kind: CaseKind, event: RecordedEvent) -> str | None:
    named = event.detail.get("stage")
    if named is not None:
        return str(named)
    match kind, event.action:
        case CaseKind.LOT, "lot_completed":
            return lot.Stage.DONE
        case CaseKind.LOT, lot.Step.SETTLE_DISCREPANCY:
            return lot.Stage.IN_PROGRESS
        case CaseKind.VISIT, visit.Step.CLOSE_VISIT:
            left = event.detail.get("result") == visit.Result.LEFT
            return visit.Stage.LEFT if left else visit.Stage.DONE
    return None
