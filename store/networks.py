"""Networks of call centres' places: registered, withdrawn, and which of them count now.

What may be registered stands in ``domain.access.networks``, places and their approval in
``store.call_centre_places``.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from domain.access.access_errors import NetworkTaken
from store import call_centre_places
from store.tables.base import METADATA

_NETWORK = METADATA.tables["call_centre_network"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One network of one place; it counts while the place is the one in use."""

    number: int
    """In the order in which they were registered, from 1."""
    place: int
    network: str
    label: str
    registered_by: str
    registered_at: datetime


def register(
    connection: Connection,
    municipality: str,
    contract: str,
    place: int,
    *,
    network: str,
    label: str,
    by: str,
    at: datetime,
) -> int:
    """Register a network of a place; return its number.

    Raises:
        NetworkTaken: It is registered for the place already.
    """
    mine = (_NETWORK.c.municipality == municipality, _NETWORK.c.contract == contract)
    values = (municipality, contract, place, network, label, by, at)
    names = [
        *("municipality", "contract", "place", "network", "label"),
        *("registered_by", "registered_at", "number"),
    ]
    # Two at once cannot get the same number: the key refuses the second.
    fresh = select(
        *(literal(each) for each in values), func.coalesce(func.max(_NETWORK.c.number), 0) + 1
    ).where(*mine)
    try:
        number: int = connection.execute(
            insert(_NETWORK).from_select(names, fresh).returning(_NETWORK.c.number)
        ).scalar_one()
    except IntegrityError as error:
        if "uq_call_centre_network_in_use" in str(error.orig):
            raise NetworkTaken("この場所の回線として、すでに登録されています。") from None
        raise
    return number


def withdraw(
    connection: Connection,
    municipality: str,
    contract: str,
    place: int,
    number: int,
    *,
    by: str,
    at: datetime,
) -> bool:
    """Withdraw a network; False if there is none in use with this number."""
    withdrawn = connection.execute(
        update(_NETWORK)
        .where(
            _NETWORK.c.municipality == municipality,
            _NETWORK.c.contract == contract,
            _NETWORK.c.place == place,
            _NETWORK.c.number == number,
            _NETWORK.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_by=by, withdrawn_at=at)
    )
    return withdrawn.rowcount == 1


def registered(connection: Connection, municipality: str, contract: str) -> list[Network]:
    """Return the networks that were not withdrawn, of every place, in their order."""
    columns = [_NETWORK.c[name] for name in Network.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(
            _NETWORK.c.municipality == municipality,
            _NETWORK.c.contract == contract,
            _NETWORK.c.withdrawn_at.is_(None),
        )
        .order_by(_NETWORK.c.number)
    )
    return [Network(**row._mapping) for row in rows]


def in_use(connection: Connection, municipality: str, contract: str) -> list[str]:
    """Return the networks of the place in use: none while the city has approved none."""
    found = call_centre_places.places(connection, municipality, contract)
    place = call_centre_places.active(found)
    if place is None:
        return []
    return [
        each.network
        for each in registered(connection, municipality, contract)
        if each.place == place.number
    ]
