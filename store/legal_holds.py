"""Cases that have to be kept whatever their retention says: an inquiry, a lawsuit, a doubt.

What is due otherwise stands in ``store.disposal``; making it unreadable in
``store.shredding``, which asks here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from domain.access.access_errors import AlreadyHeld
from store.record import CASE_FILE
from store.tables.base import METADATA

_HOLD = METADATA.tables["legal_hold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """A case that is kept, and why."""

    hold_id: str
    case_id: str
    case_number: str
    cause: str
    placed_at: datetime


def place(
    connection: Connection,
    municipality: str,
    *,
    hold_id: str,
    case_id: str,
    cause: str,
    by: str,
    at: datetime,
) -> None:
    """Keep a case from now on; the caller has locked its file.

    Raises:
        AlreadyHeld: It is kept already.
    """
    try:
        connection.execute(
            insert(_HOLD).values(
                municipality=municipality,
                hold_id=hold_id,
                case_id=case_id,
                cause=cause,
                placed_by=by,
                placed_at=at,
            )
        )
    except IntegrityError as error:
        if "uq_legal_hold_in_force" in str(error.orig):
            raise AlreadyHeld("解除するまで廃棄されません。") from None
        raise


def lift(
    connection: Connection, municipality: str, hold_id: str, *, by: str, at: datetime
) -> bool:
    """Let a case go its way again; False if none in force was meant."""
    lifted = connection.execute(
        update(_HOLD)
        .where(
            _HOLD.c.municipality == municipality,
            _HOLD.c.hold_id == hold_id,
            _HOLD.c.lifted_at.is_(None),
        )
        .values(lifted_by=by, lifted_at=at)
    )
    return lifted.rowcount == 1


def in_force(connection: Connection, municipality: str) -> list[LegalHold]:
    """Return what is kept, the longest first."""
    rows = connection.execute(
        select(
            _HOLD.c.hold_id,
            _HOLD.c.case_id,
            CASE_FILE.c.case_number,
            _HOLD.c.cause,
            _HOLD.c.placed_at,
        )
        .join(
            CASE_FILE,
            (CASE_FILE.c.municipality == _HOLD.c.municipality)
            & (CASE_FILE.c.case_id == _HOLD.c.case_id),
        )
        .where(_HOLD.c.municipality == municipality, _HOLD.c.lifted_at.is_(None))
        .order_by(_HOLD.c.placed_at, _HOLD.c.hold_id)
    )
    return [LegalHold(**row._mapping) for row in rows]


def is_held(connection: Connection, municipality: str, case_id: str | None = None) -> bool:
    """Say whether a case is kept, or any case of the municipality."""
    query = select(_HOLD.c.hold_id).where(
        _HOLD.c.municipality == municipality, _HOLD.c.lifted_at.is_(None)
    )
    if case_id is not None:
        query = query.where(_HOLD.c.case_id == case_id)
    return connection.execute(query.limit(1)).first() is not None
