"""What stands beside the record of a case and follows each step of it, by its kind.

Belongs here: who follows. Does not belong here: what follows (``store.reservations``,
``store.agreed_venues``, ``store.queue_tickets``).
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from domain.case import CaseChange, CaseEvent, CaseKind, CaseRef
from store import agreed_venues, queue_tickets, reservations


def follow(
    connection: Connection,
    case: CaseRef,
    kind: str,
    before: Mapping[str, Any],
    event: CaseEvent,
    change: CaseChange,
) -> None:
    """Let what stands beside a case follow a step, in the caller's transaction.

    Raises:
        FullyBooked, SlotClosed, SlotUnknown: A reservation's places cannot be had.
        VenueDaysAhead: A venue is to end, and days of it are still planned.
    """
    if kind == CaseKind.RESERVATION:
        reservations.follow(connection, case, before, after=change.state, at=event.at)
    agreed_venues.follow(connection, case, kind, event, change)
    queue_tickets.follow(connection, case, kind, change.state, event.at)
