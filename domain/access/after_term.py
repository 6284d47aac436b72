"""What ends with a contract's term: whose eyes, and on which day.

Belongs here: who is still let in after the term, and its last day. Does not belong here: new
work outside the term (``domain.contract``), how long data is kept
(``domain.access.retention``).
"""

from datetime import date, timedelta
from typing import Final

from domain.access.access_errors import TermOver
from domain.calendars.day_rules import day_ja
from domain.contract import Contract
from domain.parties import Party, Role

RENDERS_ACCOUNT: Final = frozenset({Role.OPERATIONS_MANAGER})
"""Who of the provider is still needed: reports, invoices and what has to be given back fall due
after the term. The role never saw whom a case is about."""


def last_day(contract: Contract) -> date:
    """Return the last day on which the provider's people are let in.

    That of the term, unless the contract itself gives them days after it; without such a
    value there is none.
    """
    more = contract.integer("legal.access_after_term_days") or 0
    return contract.term.end + timedelta(days=more)


def stays(contract: Contract, role: Role, today: date) -> bool:
    """Say whether somebody of this role is still let in on a day."""
    needed = role.party is Party.CITY or role in RENDERS_ACCOUNT
    return needed or today <= last_day(contract)


def require_term(contract: Contract, role: Role, today: date) -> None:
    """Return if somebody of this role may still be in.

    Source: Ageo specification §6(4); Chiba 第2-6; Yokosuka §13: secrecy goes on after the
    contract, so that who needs nothing any more sees nothing any more.

    Raises:
        TermOver: The term is over; the city and its auditors keep what they see.
    """
    if not stays(contract, role, today):
        raise TermOver(
            f"{day_ja(contract.term.end, year=True)}で契約期間が終わり、委託先の閲覧は"
            "止まりました。記録は市と監査の担当が見られます。"
        )
