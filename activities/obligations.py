"""Opening what a contract owes, once it runs: one case for each of its promises.

What is owed stands in the contract, the statements in ``store.obligations``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection

from activities.passes import Pass
from activities.running import running
from contracts.loader import LoadedContract
from domain.case import CLOCK, CaseEvent, CaseKind, CaseRef
from domain.contract import Contract, deadline
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import NotComputable
from domain.errors import ContractDateMissing
from domain.obligations.obligation import Obligation
from domain.obligations.terms import ObligationTerms
from store import contract_state, obligations
from store.opening import NewCase
from store.scope import scope
from workflows.keeping import change_of
from workflows.obligation_messages import OpenObligation

Past = Callable[[Connection, CaseRef, Obligation], None]
"""Records what happened to a promise before the product came into use."""


def _no_past(_: Connection, __: CaseRef, ___: Obligation) -> None:
    """Record nothing: it begins now."""


def _as_opened(value: Obligation) -> Obligation:
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Runs:
    """A contract in force, and the day from which its promises count."""

    loaded: LoadedContract
    contract: Contract
    begun_on: date


class ObligationOpener(Pass):
    """Opens what is owed."""

    TROUBLE = "obligations_not_opened"
    AT_ONCE = False
    """Nothing of it is urgent when a worker starts."""

    def concerns(self, contract: Contract) -> bool:
        """Say whether the contract promises anything."""
        return bool(contract.obligations)

    def catch_up(self, loaded: LoadedContract) -> int:
        """Open the case of every promise that has none; return how many were opened."""
        runs = self._runs(loaded)
        missing = self._missing(runs) if runs else []
        return sum(self._open(runs, terms) for terms in missing if runs)

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
            try:
                contract = running(connection, loaded.contract)
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
        slug, now = runs.contract.slug, self.now()
        with scope(self._engine, slug) as connection:
            case = self.new_ref(runs.loaded, obligations.case_id_of(slug, terms.code), now)
            counted_from = None if terms.agreed_day else runs.begun_on
            value = Obligation(case_id=case.case_id, terms=terms, counted_from=counted_from)
            due = _deadline(connection, runs.contract, value)
            new = _new_case(case, value, due, now, stands(value))
            opened = self.open(connection, runs.loaded, new, now)
            if opened:
                past(connection, case, value)
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
