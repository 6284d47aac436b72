"""What following up a defect asks of the world: when to call again, what became of a visit.

Belongs here: reading calendars with their closures, and reservations. Does not belong here:
the rules that decide with them (``domain.defects``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy import Connection, Engine
from temporalio import activity

from activities.running import running
from contracts.book import ContractBook
from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Stage as Booking
from domain.calendars.hours import Closure, at_clock, local
from domain.case import CaseKind
from domain.contract import Contract, calendar_of, deadline, due_rule
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import END_OF_DAY, NotComputable
from domain.defects.defect_parts import RetakeState, Stage
from domain.defects.defect_rules import HAND_OFF_DUE, LETTER_DUE, RETRY_DUE, DefectRules
from domain.defects.next_try import TryTimes, Wish, next_look, next_try, wished_try
from domain.errors import CalendarNotKnown, CaseUnknown
from store import cases, list_days
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of
from workflows.defect_messages import FoundRetake, LookAtRetake, PlannedTry, PlanTry
from workflows.ports import DefectPort

log = structlog.get_logger()

_STATES = {
    Booking.ARRIVED: RetakeState.CAME,
    Booking.NO_SHOW: RetakeState.NOBODY_CAME,
    Booking.CANCELLED: RetakeState.GONE,
    Booking.LAPSED: RetakeState.GONE,
    Booking.DISPLACED: RetakeState.GONE,
}


class PlannedDefects(DefectPort):
    """The calendars and bookings of the city whose case it is."""

    def __init__(self, engine: Engine, book: ContractBook) -> None:
        self._engine = engine
        self._book = book

    @activity.defn(name="plan_try")
    def plan_try(self, plan: PlanTry) -> PlannedTry:
        with scope(self._engine, plan.case.municipality) as connection:
            pinned = self._book.pinned(plan.case.contract, plan.case.contract_version)
            contract = running(connection, pinned)
            rules = contract.defects
            assert rules is not None, "who follows up a defect has rules for it"
            closures = list_days.closures_by_calendar(connection, contract)
        try:
            return _planned(plan, _Year(contract=contract, rules=rules, closures=closures))
        except CalendarNotKnown:
            # Years after the contract's end nobody knows which days are open; the case must
            # come up again all the same.
            log.warning("defect_calendar_ended", case_id=plan.case.case_id)
            return PlannedTry(next_try=plan.now + timedelta(days=1))

    @activity.defn(name="look_at_retake")
    def look_at_retake(self, wanted: LookAtRetake) -> FoundRetake | None:
        with scope(self._engine, wanted.case.municipality) as connection:
            file = _reservation(connection, wanted.reservation)
        if file is None:
            return None
        value = value_of(file)
        assert isinstance(value, Reservation)
        return FoundRetake(
            reservation=file.ref.case_id,
            number=file.case_number,
            starts_at=value.place.starts_at,
            ends_at=value.place.ends_at,
            state=_STATES.get(value.stage, RetakeState.AHEAD),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    """A contract with the closures entered in its calendars."""

    contract: Contract
    rules: DefectRules
    closures: Mapping[str, Iterable[Closure]]

    def times(self) -> TryTimes:
        """Return when somebody calls."""
        name = self.rules.calendar
        calendar = calendar_of(self.contract, name, self.closures.get(name, ()))
        return TryTimes(calendar=calendar, at=self.rules.try_at)

    def due(self, rule_id: str, anchor: datetime) -> Deadline | None:
        """Return until when something is due; ``None`` where it cannot be worked out."""
        rule = due_rule(self.contract, rule_id)
        closures = self.closures.get(rule.calendar, ())
        found = deadline(self.contract, rule_id, anchor, closures)
        return None if isinstance(found, NotComputable) else found


def _planned(plan: PlanTry, year: _Year) -> PlannedTry:
    match plan.stage:
        case Stage.LETTER_DUE:
            return PlannedTry(deadline=year.due(LETTER_DUE, plan.now))
        case Stage.UNREACHABLE:
            return PlannedTry(deadline=year.due(HAND_OFF_DUE, plan.now))
        case Stage.LETTER_SENT:
            last = local(plan.now).date() + timedelta(days=year.rules.letter_wait_days)
            return PlannedTry(waits_until=at_clock(last, END_OF_DAY))
    moment = _moment(plan, year)
    return PlannedTry(next_try=moment, deadline=year.due(RETRY_DUE, moment))


def _moment(plan: PlanTry, year: _Year) -> datetime:
    """Return when the person is tried again, or somebody looks what they have done."""
    times = year.times()
    if plan.on is not None or plan.at is not None:
        return wished_try(times, plan.now, Wish(on=plan.on, at=plan.at))
    if plan.stage is Stage.AWAITING:
        later = local(plan.now).date() + timedelta(days=year.rules.own_wait_days)
        return next_look(times, at_clock(later, time()))
    if plan.stage in {Stage.RETAKE_BOOKED, Stage.RETAKEN}:
        return next_look(times, max(plan.now, plan.visit_ends_at or plan.now))
    return next_try(times, plan.now, tries=plan.tries)


def _reservation(connection: Connection, wanted: str) -> CaseFile | None:
    """Return a reservation by its number, or by its id."""
    for read, words in ((cases.by_number, wanted.upper()), (cases.one_case, wanted.lower())):
        try:
            file = read(connection, words)
        except CaseUnknown:
            continue
        return file if file.kind is CaseKind.RESERVATION else None
    return None
