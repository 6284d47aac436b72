"""Where a call centre works: places that were proposed, and which of them the city approved."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, literal, select, update

from store.tables.base import METADATA

_PLACE = METADATA.tables["call_centre_place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCentrePlace:
    """One place; it may be used once it was approved, until another one is."""

    number: int
    """In the order in which they were proposed, from 1."""
    name: str
    address: str
    country: str
    """As two letters (ISO 3166-1)."""
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    approval_document: str | None = None
    """Number and date of the city's document, and where it lies."""


def propose(
    connection: Connection,
    municipality: str,
    contract: str,
    *,
    name: str,
    address: str,
    country: str,
    by: str,
    at: datetime,
) -> int:
    """Propose a place, which nobody has approved yet; return its number."""
    mine = (_PLACE.c.municipality == municipality, _PLACE.c.contract == contract)
    # Two at once cannot get the same number: the key refuses the second.
    proposed = select(
        literal(municipality),
        literal(contract),
        func.coalesce(func.max(_PLACE.c.number), 0) + 1,
        *(literal(each) for each in (name, address, country, by, at)),
    ).where(*mine)
    names = [
        *("municipality", "contract", "number", "name"),
        *("address", "country", "proposed_by", "proposed_at"),
    ]
    number: int = connection.execute(
        insert(_PLACE).from_select(names, proposed).returning(_PLACE.c.number)
    ).scalar_one()
    return number


def approve(
    connection: Connection,
    municipality: str,
    contract: str,
    number: int,
    *,
    by: str,
    at: datetime,
    document: str | None = None,
) -> bool:
    """Approve a place; False if there is none that waits for it."""
    approved = connection.execute(
        update(_PLACE)
        .where(
            _PLACE.c.municipality == municipality,
            _PLACE.c.contract == contract,
            _PLACE.c.number == number,
            _PLACE.c.approved_at.is_(None),
        )
        .values(approved_by=by, approved_at=at, approval_document=document)
    )
    return approved.rowcount == 1


def places(connection: Connection, municipality: str, contract: str) -> list[CallCentrePlace]:
    """Return every place that was proposed, in that order."""
    columns = [_PLACE.c[name] for name in CallCentrePlace.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(_PLACE.c.municipality == municipality, _PLACE.c.contract == contract)
        .order_by(_PLACE.c.number)
    )
    return [CallCentrePlace(**row._mapping) for row in rows]


def active(found: list[CallCentrePlace]) -> CallCentrePlace | None:
    """Return the place that may be used: the one approved last; ``None`` without any."""
    approved = [each for each in found if each.approved_at is not None]
    return max(approved, key=lambda each: (each.approved_at, each.number), default=None)
