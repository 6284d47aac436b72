"""What was agreed to be offered, or not, from a day on; entries are only ever added."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from domain.catalogue.catalogue import OfferKind, Switch
from store.tables.base import METADATA

_SWITCH = METADATA.tables["catalogue_switch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredSwitch:
    """A switch, with who entered it and when."""

    number: int
    switch: Switch
    entered_by: str
    entered_at: datetime


def enter(
    connection: Connection,
    municipality: str,
    contract: str,
    switch: Switch,
    *,
    by: str,
    at: datetime,
) -> int:
    """Add a switch; return its number."""
    number: int = connection.execute(
        insert(_SWITCH)
        .values(
            municipality=municipality,
            contract=contract,
            kind=switch.kind,
            code=switch.code,
            switched_on=switch.on,
            from_day=switch.from_day,
            agreement=switch.agreement,
            entered_by=by,
            entered_at=at,
        )
        .returning(_SWITCH.c.number)
    ).scalar_one()
    return number


def entered(connection: Connection, municipality: str, contract: str) -> list[EnteredSwitch]:
    """Return every switch in the order in which they were entered."""
    rows = connection.execute(
        select(_SWITCH)
        .where(_SWITCH.c.municipality == municipality, _SWITCH.c.contract == contract)
        .order_by(_SWITCH.c.number)
    )
    return [
        EnteredSwitch(
            number=row.number,
            switch=Switch(
                kind=OfferKind(row.kind),
                code=row.code,
                on=row.switched_on,
                from_day=row.from_day,
                agreement=row.agreement,
            ),
            entered_by=row.entered_by,
            entered_at=row.entered_at,
        )
        for row in rows
    ]
