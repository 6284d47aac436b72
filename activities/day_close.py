"""At the end of each operating day: opening the case that brings its list and report.

Looks at every day since it last could: a product that stood still for a week opens seven
cases, each with the deadline that it had. Which days those are stands in
``domain.sending.list_sending``, the statements in ``store.list_days``.
"""

from datetime import date, datetime

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection

from activities.passes import Pass
from activities.running import running
from contracts.loader import LoadedContract
from domain.calendars.hours import local
from domain.case import CLOCK, CaseEvent, CaseKind, CaseRef
from domain.contract import Contract, deadline
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import NotComputable
from domain.sending.daily_report import ReportTerms
from domain.sending.list_sending import DUE_RULE, DUE_RULES, REPORT_RULE, ListSending, begin
from store import list_days, list_recipients
from store.list_days import ClosedDay
from store.opening import NewCase
from store.scope import scope
from workflows.keeping import change_of
from workflows.list_messages import OpenListSending


class DayCloser(Pass):
    """Closes the operating days that are over."""

    TROUBLE = "days_not_closed"

    def concerns(self, contract: Contract) -> bool:
        """Say whether the contract owes a list."""
        return DUE_RULE in {rule.id for rule in contract.due_rules}

    def catch_up(self, loaded: LoadedContract) -> int:
        """Open the case of every day that has none; return how many were opened."""
        return sum(self._open(loaded, each) for each in self._missing(loaded))

    def close_day(self, loaded: LoadedContract, closed: ClosedDay) -> bool:
        """Open the case of one day; False if it has one. For days before the product ran."""
        return self._open(loaded, closed)

    def _missing(self, loaded: LoadedContract) -> list[ClosedDay]:
        slug = loaded.contract.slug
        with scope(self._engine, slug) as connection:
            since = list_days.activated_at(connection, slug, slug)
            if since is None:
                return []  # nobody entered the day it was signed
            contract = running(connection, loaded.contract)
            closed = list_days.closed_days(connection, contract, since=since, now=self.now())
            return list_days.without_case(connection, slug, slug, closed)

    def _open(self, loaded: LoadedContract, closed: ClosedDay) -> bool:
        slug, now = loaded.contract.slug, self.now()
        with scope(self._engine, slug) as connection:
            known = list_recipients.current(connection, self._keys, slug, slug) is not None
            contract = running(connection, loaded.contract)
            due = _deadline(connection, contract, closed.day)
            case = self.new_ref(loaded, list_days.case_id_of(slug, slug, closed.day), now)
            terms = _terms(connection, contract, closed)
            sending = begin(case.case_id, closed.day, by_itself=known, terms=terms)
            return self.open(connection, loaded, _new_case(case, sending, due, now), now)


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


def _terms(connection: Connection, contract: Contract, closed: ClosedDay) -> ReportTerms | None:
    """Return what the report beside the list is about, where the contract asks for one."""
    slug = contract.slug
    if REPORT_RULE not in {rule.id for rule in contract.due_rules}:
        return None
    since = list_days.counted_since(connection, slug, slug, closed.day)
    if since is None:
        begun = list_days.activated_at(connection, slug, slug)
        since = min(closed.day, local(begun).date()) if begun else closed.day
    return ReportTerms(since=since, venue=closed.venue)


def _deadline(connection: Connection, contract: Contract, day: date) -> Deadline | None:
    """Return until when the city is to have all of it: the earliest of the days."""
    closures = list_days.closures_by_calendar(connection, contract)
    found = [
        deadline(contract, rule.id, day, closures.get(rule.calendar, ()))
        for rule in contract.due_rules
        if rule.id in DUE_RULES
    ]
    computed = [each for each in found if not isinstance(each, NotComputable)]
    return min(computed, key=lambda each: each.due_at, default=None)
