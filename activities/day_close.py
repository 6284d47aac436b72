"""At the end of each operating day: opening the case that brings its list to the city.

Runs beside the worker, as the relay does. Looks every minute, and at every day since it last
could: a product that stood still for a week opens seven cases, each with the deadline that
it had. Which days those are stands in ``domain.sending.list_sending``, the statements in
``store.list_days``.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from contracts.book import ContractBook
from contracts.loader import LoadedContract
from contracts.running import as_running
from domain.calendars.hours import local
from domain.case import CLOCK, CaseEvent, CaseKind, CaseRef
from domain.contract import Contract, deadline
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import NotComputable
from domain.errors import CalendarNotKnown
from domain.sending.list_sending import DUE_RULE, ListSending, begin
from store import contract_state, list_days, list_recipients
from store.cases import month_of
from store.keys import KeyGone, KeyRing
from store.list_days import ClosedDay
from store.opening import NewCase
from store.scope import scope
from workflows.keeping import change_of
from workflows.list_messages import OpenListSending

log = structlog.get_logger()

EVERY = timedelta(minutes=1)


def _now() -> datetime:
    return datetime.now(UTC)


class DayCloser:
    """One for the process; ``run`` until cancelled. Several may run."""

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
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(EVERY.total_seconds())

    def look(self) -> int:
        """Open what is missing in every municipality; return how many cases were opened."""
        return sum(self._look_at(slug) for slug in self._book.slugs())

    def _look_at(self, slug: str) -> int:
        loaded = self._book.current(slug)
        if DUE_RULE not in {rule.id for rule in loaded.contract.due_rules}:
            return 0
        try:
            days = self._missing(loaded)
            return sum(self._open(loaded, each) for each in days)
        except (SQLAlchemyError, OSError, KeyGone, CalendarNotKnown) as error:
            # Away, or erased at the contract's end: nothing is lost, the next look finds it.
            log.warning("days_not_closed", municipality=slug, error=type(error).__name__)
            return 0

    def _missing(self, loaded: LoadedContract) -> list[ClosedDay]:
        slug = loaded.contract.slug
        with scope(self._engine, slug) as connection:
            since = list_days.activated_at(connection, slug, slug)
            if since is None:
                return []  # nobody entered the day it was signed
            contract = _running(connection, loaded.contract)
            closed = list_days.closed_days(connection, contract, since=since, now=self._clock())
            return list_days.without_case(connection, slug, slug, closed)

    def _open(self, loaded: LoadedContract, closed: ClosedDay) -> bool:
        slug, now = loaded.contract.slug, local(self._clock())
        with scope(self._engine, slug) as connection:
            known = list_recipients.current(connection, self._keys, slug, slug) is not None
            due = _deadline(connection, _running(connection, loaded.contract), closed)
            case = CaseRef(
                case_id=list_days.case_id_of(slug, slug, closed.day),
                municipality=slug,
                contract=slug,
                contract_version=loaded.version,
                opened_on=month_of(now),
            )
            sending = begin(case.case_id, closed.day, by_itself=known)
            new = _new_case(case, sending, due, now)
            opened = list_days.open_once(connection, self._keys, new, recorded_at=now)
            document = self._book.document(loaded)
            contract_state.keep_version(
                connection, slug, slug, loaded.version, document, at=now
            )
        return opened


def _new_case(
    case: CaseRef, sending: ListSending, due: Deadline | None, now: datetime
) -> NewCase:
    start = OpenListSending(case=case, sending=sending, deadline=due)
    return NewCase(
        case=case,
        kind=CaseKind.LIST_SENDING,
        change=change_of(sending, due),
        event=CaseEvent(
            action="operating_day_closed",
            at=now,
            actor=CLOCK,
            detail={"stage": str(sending.stage), "day": sending.day.isoformat()},
        ),
        start=to_jsonable_python(start),
    )


def _running(connection: Connection, contract: Contract) -> Contract:
    """Return the contract with the day it was signed, and prolonged if it was."""
    slug = contract.slug
    longer = contract_state.extension(connection, slug, slug)
    return as_running(
        contract,
        signed=contract_state.contract_date(connection, slug, slug),
        until=longer.until if longer else None,
        agreement=longer.agreement if longer else "",
    )


def _deadline(connection: Connection, contract: Contract, closed: ClosedDay) -> Deadline | None:
    rule = next(rule for rule in contract.due_rules if rule.id == DUE_RULE)
    closures = list_days.closures_by_calendar(connection, contract)
    found = deadline(contract, DUE_RULE, closed.day, closures.get(rule.calendar, ()))
    return None if isinstance(found, NotComputable) else found
