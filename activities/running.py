"""A contract as it runs, read in a transaction of the caller.

Here: reading what happened to it and joining the two, for whoever stands beside or behind a
course. Not here: what joining means (``contracts.running``).
"""

from sqlalchemy import Connection

from contracts.running import as_running
from domain.contract import Contract
from store import contract_state


def running(connection: Connection, contract: Contract) -> Contract:
    """Return the contract with the day it was signed, and prolonged if it was.

    Raises:
        ContractDateMissing: Nobody entered the day it was signed.
    """
    slug = contract.slug
    longer = contract_state.extension(connection, slug, slug)
    return as_running(
        contract,
        signed=contract_state.contract_date(connection, slug, slug),
        until=longer.until if longer else None,
        agreement=longer.agreement if longer else "",
    )
