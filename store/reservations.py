"""Reservations beside their record: the places they take, and the row that lists show.

Written in the transaction of the event, from what the case was before and is afterwards;
lists stand in ``store.reservation_lists``, the places themselves in ``store.inventory``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.booking.reservation import Reservation, moves
from domain.calendars.hours import local
from domain.case import CaseRef
from store import inventory
from store.tables.base import METADATA

_RESERVATION = METADATA.tables["reservation"]
_VALUE: TypeAdapter[Reservation] = TypeAdapter(Reservation)


def follow(
    connection: Connection,
    case: CaseRef,
    before: Mapping[str, Any] | None,
    *,
    after: Mapping[str, Any],
    at: datetime,
) -> None:
    """Let places and list follow a step of a reservation, in the caller's transaction.

    Args:
        connection: Whose transaction this is part of; a refusal has to roll it back.
        case: Which reservation.
        before: The case's state so far, as JSON; ``None`` when it begins.
        after: Its state from now on, as values or as JSON.
        at: When.

    Raises:
        FullyBooked, SlotClosed, SlotUnknown: The places cannot be had.
    """
    old = _VALUE.validate_python(before["value"]) if before is not None else None
    new = _VALUE.validate_python(to_jsonable_python(after["value"]))
    inventory.move(connection, case.municipality, case.contract, moves(old, new))
    _show(connection, case, new, at)


def row_of(case: CaseRef, value: Reservation, at: datetime) -> dict[str, Any]:
    """Return the row that lists show of a reservation that begins at ``at``."""
    return {
        "municipality": case.municipality,
        "case_id": case.case_id,
        "contract": case.contract,
        "made_at": at,
        **_shown(value, at),
    }


def _shown(value: Reservation, at: datetime) -> dict[str, Any]:
    return {
        "line": value.line,
        "site": value.place.site,
        "starts_at": value.place.starts_at,
        "ends_at": value.place.ends_at,
        "day": local(value.place.starts_at).date(),
        "party": value.party,
        "channel": value.channel,
        "stage": value.stage,
        "held_until": value.held_until,
        "guided": value.guided is not None,
        "must_phone": value.must_phone,
        "late": value.late,
        "reference": value.reference,
        "changed_at": at,
    }


def _show(connection: Connection, case: CaseRef, value: Reservation, at: datetime) -> None:
    connection.execute(
        upsert(_RESERVATION)
        .values(**row_of(case, value, at))
        .on_conflict_do_update(
            index_elements=["municipality", "case_id"], set_=_shown(value, at)
        )
    )
