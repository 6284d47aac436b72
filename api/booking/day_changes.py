"""A day changes under those who booked it: a storm, a venue taken back, a closure withdrawn.

Belongs here: what follows in the same transaction (the inventory, what the relay is owed)
and at once after it (everybody who lost their time is displaced). Does not belong here: the
change itself (``api.contracts``, ``api.booking.venues``), what becomes of a displaced
reservation (``store.displacing``).
"""

from datetime import date

from sqlalchemy import Connection

from api.access.door import Person
from api.booking import booking_plan
from api.deps import Desk, running
from contracts.loader import LoadedContract
from domain.case import Actor
from domain.contract import Contract
from domain.errors import ContractDateMissing
from store import displacing, record, winding_up

TOPIC = "displace"
"""What the relay is owed: whoever lost their time is displaced, also after a crash."""


def contract_now(desk: Desk, municipality: str, loaded: LoadedContract) -> Contract:
    """Return the contract as it runs; one that nobody signed yet as its file says it."""
    try:
        return running(desk, municipality, loaded)
    except ContractDateMissing:
        return loaded.contract


def follow(
    connection: Connection,
    desk: Desk,
    person: Person,
    contract: Contract,
    day: date,
    *,
    because: str,
) -> int:
    """Let the inventory follow a change in its own transaction.

    Args:
        connection: Of the transaction of the change.
        desk: What the process works with.
        person: Who changed the day.
        contract: As it runs.
        day: Which day.
        because: What makes it the same change when asked again.

    Returns:
        How many bookings lose their time by it.
    """
    booking_plan.lay_out_day(connection, person.municipality, contract, day)
    now = desk.clock()
    body = {"at": now.isoformat(), "by": person.account_id, "role": str(person.role)}
    record.owe(connection, person.municipality, f"{TOPIC}/{because}", TOPIC, body)
    return displacing.losing(connection, person.municipality, day, at=now)


def settle(desk: Desk, person: Person) -> None:
    """Displace whoever lost their time, once the change has committed, and tell the visits.

    The relay does the same; who is faster does it, and who comes late finds nobody.
    """
    by = Actor(account_id=person.account_id, role=person.role)
    now = desk.clock()
    displacing.displace(desk.engine, desk.keys, person.municipality, by=by, at=now)
    winding_up.wind_up(desk.engine, desk.keys, person.municipality, by=by, at=now)
