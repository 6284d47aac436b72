"""A contract as it runs: signed, and prolonged where an amendment says so.

Here: joining what the file says with what happened since, for whoever has read both. Not here:
reading what happened (``store.contract_state``).
"""

from datetime import date

from contracts.national_holidays import national_holidays
from domain.contract import Contract


def as_running(
    contract: Contract, *, signed: date | None, until: date | None, agreement: str
) -> Contract:
    """Return the contract with its term, and with the holidays of a longer one.

    Args:
        contract: As its file says it.
        signed: The day it was signed, if that was entered.
        until: The last day by an amendment, if there is one.
        agreement: Reference of the amendment.

    Raises:
        ContractDateMissing: Nobody entered the day it was signed.
    """
    activated = contract.activated(signed)
    # An agreement may have come before a new version of the file that says the same.
    if until is None or until <= activated.term.end:
        return activated
    known = activated.holidays
    longer = national_holidays(known.first.year, max(known.last.year, until.year))
    return activated.extended(until, agreement, longer)
