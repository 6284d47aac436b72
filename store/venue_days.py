"""Days on which places without regular hours are open, planned while a contract runs.

Which day may be planned is the contract's to say (its calendar); here is what was planned.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from store.tables.base import METADATA

_VENUE_DAY = METADATA.tables["venue_day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueDay:
    """One place on one day."""

    site: str
    day: date
    planned_by: str
    planned_at: datetime
    withdrawn_at: datetime | None = None
    cause: str | None = None
    """Why it was withdrawn."""


def plan(connection: Connection, municipality: str, contract: str, planned: VenueDay) -> None:
    """Plan a day; one that was withdrawn is planned again, one that stands stays as it is."""
    connection.execute(
        upsert(_VENUE_DAY)
        .values(
            municipality=municipality,
            contract=contract,
            site=planned.site,
            day=planned.day,
            planned_by=planned.planned_by,
            planned_at=planned.planned_at,
        )
        .on_conflict_do_update(
            index_elements=["municipality", "contract", "site", "day"],
            set_={
                "planned_by": planned.planned_by,
                "planned_at": planned.planned_at,
                "withdrawn_by": None,
                "withdrawn_at": None,
                "cause": None,
            },
            where=_VENUE_DAY.c.withdrawn_at.is_not(None),
        )
    )


def withdraw(
    connection: Connection,
    municipality: str,
    contract: str,
    site: str,
    day: date,
    *,
    cause: str,
    by: str,
    at: datetime,
) -> bool:
    """Take a day back, with the cause that people are told; False if none stands."""
    withdrawn = connection.execute(
        update(_VENUE_DAY)
        .where(
            _VENUE_DAY.c.municipality == municipality,
            _VENUE_DAY.c.contract == contract,
            _VENUE_DAY.c.site == site,
            _VENUE_DAY.c.day == day,
            _VENUE_DAY.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_by=by, withdrawn_at=at, cause=cause)
    )
    return withdrawn.rowcount == 1


def between(
    connection: Connection, municipality: str, contract: str, first: date, last: date
) -> list[VenueDay]:
    """Return the days from one to another, both included, withdrawn ones too, in order."""
    columns = [_VENUE_DAY.c[name] for name in VenueDay.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(
            _VENUE_DAY.c.municipality == municipality,
            _VENUE_DAY.c.contract == contract,
            _VENUE_DAY.c.day.between(first, last),
        )
        .order_by(_VENUE_DAY.c.day, _VENUE_DAY.c.site)
    )
    return [VenueDay(**row._mapping) for row in rows]
