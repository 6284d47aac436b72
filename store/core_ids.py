"""Who holds which ID of a system that is not ours, from when until when.

Never its password. Who may write here is decided in ``api.access.core_ids``; accounts of our
own stand in ``store.people``.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from domain.access.access_errors import CoreIdTaken
from store.tables.base import METADATA

_ID = METADATA.tables["core_system_id"]
_ACCOUNT = METADATA.tables["account"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreId:
    """One ID, and whose it is or was."""

    number: int
    """In the order in which they were entered, from 1."""
    system: str
    core_id: str
    account_id: str
    holder: str
    left_at: datetime | None
    """When the holder's account was taken out of use; ``None`` while they work here."""
    issued_on: date
    revoked_on: date | None

    @property
    def to_revoke(self) -> bool:
        """Whether the holder has left and the ID still works."""
        return self.left_at is not None and self.revoked_on is None


def issue(
    connection: Connection,
    municipality: str,
    contract: str,
    *,
    system: str,
    core_id: str,
    account_id: str,
    issued_on: date,
    by: str,
    at: datetime,
) -> int:
    """Enter that somebody was given an ID; return the number of the entry.

    Raises:
        CoreIdTaken: Somebody holds it, who has to give it back first.
    """
    mine = (_ID.c.municipality == municipality, _ID.c.contract == contract)
    names = [
        *("municipality", "contract", "system", "core_id", "account_id", "issued_on"),
        *("issued_by", "issued_at", "number"),
    ]
    values = (municipality, contract, system, core_id, account_id, issued_on, by, at)
    # Two at once cannot get the same number: the key refuses the second.
    fresh = select(
        *(literal(each) for each in values), func.coalesce(func.max(_ID.c.number), 0) + 1
    ).where(*mine)
    try:
        number: int = connection.execute(
            insert(_ID).from_select(names, fresh).returning(_ID.c.number)
        ).scalar_one()
    except IntegrityError as error:
        if "uq_core_system_id_in_use" in str(error.orig):
            raise CoreIdTaken("前の人のIDの失効を先に記録してください。") from None
        raise
    return number


def revoke(
    connection: Connection,
    municipality: str,
    contract: str,
    number: int,
    *,
    revoked_on: date,
    by: str,
    at: datetime,
) -> bool:
    """Enter that an ID works no more; False if there is none in use with this number."""
    revoked = connection.execute(
        update(_ID)
        .where(
            _ID.c.municipality == municipality,
            _ID.c.contract == contract,
            _ID.c.number == number,
            _ID.c.revoked_on.is_(None),
            _ID.c.issued_on <= revoked_on,
        )
        .values(revoked_on=revoked_on, revoked_by=by, revoked_at=at)
    )
    return revoked.rowcount == 1


def register(connection: Connection, municipality: str, contract: str) -> list[CoreId]:
    """Return every entry: what has to be revoked first, then what is in use, then the rest."""
    columns = [
        *(_ID.c[name] for name in ("number", "system", "core_id", "account_id")),
        *(_ID.c[name] for name in ("issued_on", "revoked_on")),
    ]
    rows = connection.execute(
        select(
            *columns,
            _ACCOUNT.c.display_name.label("holder"),
            _ACCOUNT.c.disabled_at.label("left_at"),
        )
        .join(
            _ACCOUNT,
            (_ACCOUNT.c.municipality == _ID.c.municipality)
            & (_ACCOUNT.c.account_id == _ID.c.account_id),
        )
        .where(_ID.c.municipality == municipality, _ID.c.contract == contract)
        .order_by(_ID.c.number)
    )
    found = [CoreId(**row._mapping) for row in rows]
    return sorted(found, key=lambda each: (not each.to_revoke, each.revoked_on is not None))
