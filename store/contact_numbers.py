"""The telephone number that residents are told, entered while a contract runs.

Specifications rarely name it; it is agreed on later. Never changed, only succeeded.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, literal, select

from store.tables.base import METADATA

_NUMBER = METADATA.tables["contact_number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactNumber:
    """One number, from when it was entered until the next one was."""

    telephone: str
    """As residents read it."""
    agreement: str
    """Where it is written or was agreed: a clause, minutes, a letter."""
    set_by: str
    set_at: datetime


def enter(
    connection: Connection, municipality: str, contract: str, entered: ContactNumber
) -> None:
    """Enter a number, which holds from now on."""
    mine = (_NUMBER.c.municipality == municipality, _NUMBER.c.contract == contract)
    # Two at once cannot get the same place: the key refuses the second.
    row = select(
        literal(municipality),
        literal(contract),
        func.coalesce(func.max(_NUMBER.c.number), 0) + 1,
        *(literal(value) for value in (entered.telephone, entered.agreement, entered.set_by)),
        literal(entered.set_at),
    ).where(*mine)
    names = ("municipality", "contract", "number", "telephone", "agreement", "set_by", "set_at")
    connection.execute(insert(_NUMBER).from_select([*names], row))


def current(connection: Connection, municipality: str, contract: str) -> ContactNumber | None:
    """Return the number that holds; ``None`` if nobody has entered one."""
    columns = [_NUMBER.c[name] for name in ContactNumber.__dataclass_fields__]
    row = connection.execute(
        select(*columns)
        .where(_NUMBER.c.municipality == municipality, _NUMBER.c.contract == contract)
        .order_by(_NUMBER.c.number.desc())
        .limit(1)
    ).one_or_none()
    return ContactNumber(**row._mapping) if row is not None else None
