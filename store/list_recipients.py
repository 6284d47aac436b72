"""Where a city gets its lists: versions that succeed each other, the password sealed."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, literal, select

from domain.sending.list_recipient import ListRecipient
from store.keys import KeyRing, seal, unseal
from store.tables.base import METADATA

_RECIPIENT = METADATA.tables["list_recipient"]


def current(
    connection: Connection, keys: KeyRing, municipality: str, contract: str
) -> ListRecipient | None:
    """Return what holds now; ``None`` if nobody has entered anything.

    Raises:
        CityKeyGone: The municipality was erased at the end of its contract.
    """
    row = connection.execute(
        select(_RECIPIENT)
        .where(_RECIPIENT.c.municipality == municipality, _RECIPIENT.c.contract == contract)
        .order_by(_RECIPIENT.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    key = keys.municipality_key(connection, municipality)
    about = _about(municipality, contract)
    return ListRecipient(
        number=row.number,
        address=row.address,
        password=unseal(key, bytes(row.sealed_password), about=about).decode(),
        agreement=row.agreement,
        set_by=row.set_by,
        set_at=row.set_at,
    )


def succeed(
    connection: Connection,
    keys: KeyRing,
    municipality: str,
    contract: str,
    *,
    address: str,
    password: str,
    agreement: str,
    by: str,
    at: datetime,
) -> int:
    """Let a new version hold from now on; return its number."""
    key = keys.municipality_key(connection, municipality)
    sealed = seal(key, password.encode(), about=_about(municipality, contract))
    mine = (_RECIPIENT.c.municipality == municipality, _RECIPIENT.c.contract == contract)
    # Two at once cannot get the same number: the key refuses the second.
    successor = select(
        literal(municipality),
        literal(contract),
        func.coalesce(func.max(_RECIPIENT.c.number), 0) + 1,
        *(literal(each) for each in (address, sealed, agreement, by, at)),
    ).where(*mine)
    names = [
        *("municipality", "contract", "number", "address"),
        *("sealed_password", "agreement", "set_by", "set_at"),
    ]
    number: int = connection.execute(
        insert(_RECIPIENT).from_select(names, successor).returning(_RECIPIENT.c.number)
    ).scalar_one()
    return number


def _about(municipality: str, contract: str) -> str:
    return f"{municipality}/{contract}/list-password"
