"""Passes over the contracts: what beside the worker opens the cases that nobody asks for.

A pass looks every minute at every contract, and several may look at once. Nothing is lost
while something is away: the next look finds what is still missing. Belongs here: looking
again, what counts as away, opening once. Does not belong here: which cases are missing
(``activities.day_close``, ``activities.obligations``).
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from contracts.book import ContractBook
from contracts.loader import LoadedContract
from domain.calendars.hours import local
from domain.case import CaseRef
from domain.contract import Contract
from domain.errors import CalendarNotKnown
from store import contract_state, opening
from store.cases import month_of
from store.keys import KeyGone, KeyRing
from store.opening import NewCase

log = structlog.get_logger()

EVERY = timedelta(minutes=1)


def _now() -> datetime:
    return datetime.now(UTC)


class Pass(ABC):
    """One for the process; ``run`` until cancelled. Several may run."""

    TROUBLE: ClassVar[str]
    """The line of the log that says that a contract could not be looked at."""

    AT_ONCE: ClassVar[bool] = True
    """Whether the first look comes when the worker starts, and not a minute later."""

    def __init__(
        self,
        engine: Engine,
        keys: KeyRing,
        book: ContractBook,
        *,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Put it together.

        Args:
            engine: Of the application's role.
            keys: For the keys of new cases.
            book: The contracts.
            clock: What time it is.
        """
        self._engine, self._keys, self._book, self._clock = engine, keys, book, clock

    async def run(self) -> None:
        """Look every minute, for ever."""
        if not self.AT_ONCE:
            await asyncio.sleep(EVERY.total_seconds())
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(EVERY.total_seconds())

    def look(self) -> int:
        """Open what is missing in every municipality; return how many cases were opened."""
        return sum(self.look_at(slug) for slug in self._book.slugs())

    def look_at(self, slug: str) -> int:
        """Open what is missing of one contract; return how many cases were opened."""
        loaded = self._book.current(slug)
        if not self.concerns(loaded.contract):
            return 0
        try:
            return self.catch_up(loaded)
        except (SQLAlchemyError, OSError, KeyGone, CalendarNotKnown) as error:
            # Away, or erased at the contract's end: nothing is lost, the next look finds it.
            log.warning(self.TROUBLE, municipality=slug, error=type(error).__name__)
            return 0

    @abstractmethod
    def concerns(self, contract: Contract) -> bool:
        """Say whether there is anything to look for in a contract."""

    @abstractmethod
    def catch_up(self, loaded: LoadedContract) -> int:
        """Open what is missing of a contract; return how many cases were opened."""

    def new_ref(self, loaded: LoadedContract, case_id: str, now: datetime) -> CaseRef:
        """Return the reference of a case that begins now."""
        slug = loaded.contract.slug
        return CaseRef(
            case_id=case_id,
            municipality=slug,
            contract=slug,
            contract_version=loaded.version,
            opened_on=month_of(now),
        )

    def open(
        self, connection: Connection, loaded: LoadedContract, new: NewCase, now: datetime
    ) -> bool:
        """Open a case and keep the version it began with; False if somebody else has."""
        opened = opening.open_once(connection, self._keys, new, recorded_at=now)
        slug, document = loaded.contract.slug, self._book.document(loaded)
        contract_state.keep_version(connection, slug, slug, loaded.version, document, at=now)
        return opened

    def now(self) -> datetime:
        """Return what time it is, in Tokyo."""
        return local(self._clock())
