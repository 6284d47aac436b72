"""Opening what a contract owes, once it runs: one case for each of its promises.

Runs beside the worker, as the closing of days does, and looks every minute; several may
look at once. What is owed stands in the contract, the statements in ``store.obligations``.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

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
from domain.errors import CalendarNotKnown, ContractDateMissing
from domain.obligations.obligation import Obligation
from domain.obligations.terms import ObligationTerms
from store import contract_state, list_days, obligations
from store.cases import month_of
from store.keys import KeyGone, KeyRing
from store.opening import NewCase
from store.scope import scope
from workflows.keeping import change_of
from workflows.obligation_messages import OpenObligation

log = structlog.get_logger()

EVERY = timedelta(minutes=1)

Past = Callable[[Connection, CaseRef, Obligation], None]
"""Records what happened to a promise before the product came into use."""


def _no_past(_: Connection, __: CaseRef, ___: Obligation) -> None:
    """Record nothing: it begins now."""


def _as_opened(value: Obligation) -> Obligation:
    return value


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Runs:
    """A contract in force, and the day from which its promises count."""

    loaded: LoadedContract
    contract: Contract
    begun_on: date


class ObligationOpener:
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
        """Look every minute, for ever; nothing of it is urgent when a worker starts."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            await asyncio.to_thread(self.look)

    def look(self) -> int:
        """Open what is missing in every municipality; return how many cases were opened."""
        return sum(self.look_at(slug) for slug in self._book.slugs())

    def look_at(self, slug: str) -> int:
        """Open what is missing of one contract; return how many cases were opened."""
        loaded = self._book.current(slug)
        if not loaded.contract.obligations:
            return 0
        try:
            runs = self._runs(loaded)
            missing = self._missing(runs) if runs else []
            return sum(self._open(runs, terms) for terms in missing if runs)
        except (SQLAlchemyError, OSError, KeyGone, CalendarNotKnown) as error:
            # Away, or erased at the contract's end: nothing is lost, the next look finds it.
            log.warning("obligations_not_opened", municipality=slug, error=type(error).__name__)
            return 0

    def open_one(
        self, slug: str, code: str, past: Past, stands: Callable[[Obligation], Obligation]
    ) -> bool:
        """Open one promise, with what happened to it before the product came into use.

        Args:
            slug: Whose.
            code: Which.
            past: Records it, in the same transaction.
            stands: Gives how it stood after all of it; that is what its course begins with.

        Returns:
            False where the contract does not run yet, or somebody has opened it.
        """
        loaded = self._book.current(slug)
        runs = self._runs(loaded)
        wanted = [terms for terms in loaded.contract.obligations if terms.code == code]
        return runs is not None and all(
            self._open(runs, terms, past, stands) for terms in wanted
        )

    def _runs(self, loaded: LoadedContract) -> _Runs | None:
        """Return the contract as it runs; ``None`` while nobody has signed it."""
        slug = loaded.contract.slug
        with scope(self._engine, slug) as connection:
            signed = contract_state.contract_date(connection, slug, slug)
            longer = contract_state.extension(connection, slug, slug)
        try:
            contract = as_running(
                loaded.contract,
                signed=signed,
                until=longer.until if longer else None,
                agreement=longer.agreement if longer else "",
            )
        except ContractDateMissing:
            return None
        begun_on = signed or contract.term.start
        assert begun_on is not None, "a contract that runs has begun"
        return _Runs(loaded=loaded, contract=contract, begun_on=begun_on)

    def _missing(self, runs: _Runs) -> list[ObligationTerms]:
        with scope(self._engine, runs.contract.slug) as connection:
            known = obligations.standing(connection, runs.contract)
        return [terms for terms in runs.contract.obligations if terms.code not in known]

    def _open(
        self,
        runs: _Runs,
        terms: ObligationTerms,
        past: Past = _no_past,
        stands: Callable[[Obligation], Obligation] = _as_opened,
    ) -> bool:
        slug, now = runs.contract.slug, local(self._clock())
        with scope(self._engine, slug) as connection:
            case = CaseRef(
                case_id=obligations.case_id_of(slug, terms.code),
                municipality=slug,
                contract=slug,
                contract_version=runs.loaded.version,
                opened_on=month_of(now),
            )
            counted_from = None if terms.agreed_day else runs.begun_on
            value = Obligation(case_id=case.case_id, terms=terms, counted_from=counted_from)
            due = _deadline(connection, runs.contract, value)
            new = _new_case(case, value, due, now, stands(value))
            opened = list_days.open_once(connection, self._keys, new, recorded_at=now)
            if opened:
                past(connection, case, value)
            document = self._book.document(runs.loaded)
            contract_state.keep_version(
                connection, slug, slug, runs.loaded.version, document, at=now
            )
        return opened


def _new_case(
    case: CaseRef, value: Obligation, due: Deadline | None, now: datetime, stands: Obligation
) -> NewCase:
    # What is kept already is due no more.
    still_due = None if stands.kept else due
    return NewCase(
        case=case,
        kind=CaseKind.OBLIGATION,
        change=change_of(value, due),
        event=CaseEvent(
            action="obligation_opened",
            at=now,
            actor=CLOCK,
            detail={"stage": str(value.stage), "obligation": value.terms.code},
        ),
        start=to_jsonable_python(
            OpenObligation(case=case, obligation=stands, deadline=still_due)
        ),
    )


def _deadline(connection: Connection, contract: Contract, value: Obligation) -> Deadline | None:
    rules = {rule.id: rule for rule in contract.due_rules}
    rule = rules.get(value.terms.due or "")
    if rule is None or value.counted_from is None:
        return None
    added = contract_state.closures(connection, contract.slug, contract.slug, rule.calendar)
    closures = [each.closure for each in added]
    found = deadline(contract, rule.id, value.counted_from, closures)
    return None if isinstance(found, NotComputable) else found
