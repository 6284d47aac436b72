"""Who may be in at all, whatever they want to do: from where, and until when.

Asked at every login and again with every request, so that whoever carries an open session
out of the call centre, or over the end of the term, is out. What somebody who is in may do
stands in ``domain.parties``.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from contracts.book import ContractBook
from contracts.running import as_running
from domain.access.access_errors import NetworkNotRegistered
from domain.access.after_term import last_day, require_term
from domain.access.networks import is_bound, lies_within
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import UnknownContract
from domain.parties import Party, Role
from store import contract_state, networks
from store.scope import scope

_REMEMBERED_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    """What is asked of a contract with every request."""

    contract: Contract
    last_day: date
    bound: frozenset[Role]
    """The roles that work from registered networks only."""


class Admission:
    """One for the whole process; remembers for a second until when a contract runs."""

    def __init__(
        self, engine: Engine, book: ContractBook, clock: Callable[[], datetime]
    ) -> None:
        """Put it together.

        Args:
            engine: Of the application's role.
            book: The contracts.
            clock: What time it is.
        """
        self._engine, self._book, self._clock = engine, book, clock
        self._known: dict[str, tuple[float, _Running | None]] = {}
        self._lock = threading.Lock()

    def require(self, municipality: str, role: Role, address: str) -> None:
        """Return if somebody of this role may be in from this address at this moment.

        Blocks: call it from a thread.

        Raises:
            TermOver: The contract is over, and the role is of no more use.
            NetworkNotRegistered: The role works from registered networks, which this is not.
        """
        if role.party is Party.CITY:
            return
        today = local(self._clock()).date()
        try:
            running = self._running(municipality, today)
        except UnknownContract:
            # An account of a city whose contract is not here yet sees nothing anyway.
            return
        if today > running.last_day:
            require_term(running.contract, role, today)
        if role not in running.bound:
            return
        with scope(self._engine, municipality) as connection:
            known = networks.in_use(connection, municipality, running.contract.slug)
        if not lies_within(address, known):
            raise NetworkNotRegistered(
                "コールセンターの業務は、市が承認した場所の登録された回線からだけ行えます。"
                "業務責任者か現地管理者に、この場所の回線の登録を頼んでください。"
            )

    def _running(self, municipality: str, today: date) -> _Running:
        """Return the contract as it runs; one of a second ago if its term is not over.

        A term only ever becomes longer, so that what is remembered never lets in too long.
        """
        now = time.monotonic()
        until, known = self._known.get(municipality, (0.0, None))
        if known is not None and until > now and today <= known.last_day:
            return known
        contract = self._book.current(municipality).contract
        with scope(self._engine, municipality) as connection:
            signed = contract_state.contract_date(connection, municipality, contract.slug)
            longer = contract_state.extension(connection, municipality, contract.slug)
        if longer is not None:
            contract = as_running(
                contract, signed=signed, until=longer.until, agreement=longer.agreement
            )
        found = _Running(
            contract=contract,
            last_day=last_day(contract),
            bound=frozenset(role for role in Role if is_bound(contract, role)),
        )
        with self._lock:
            self._known[municipality] = now + _REMEMBERED_SECONDS, found
        return found
