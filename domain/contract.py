"""A contract profile: what one city agreed, as values, each with its clause.

Here: the contract, its facts, and the questions asked of it (calendar, due rule, deadline,
term). Not here: rows of its tables (``domain/contract_parts.py``), files and their checking
(``contracts/``), who may do what (``domain/parties.py``).

A clause that is silent leaves a fact *unset*. Unset is not a default: whoever needs the
value says that it is missing. A value we chose where a clause is silent is *assumed* and
names its question to the city.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.applications.application_lines import ApplicationLine
from domain.booking.booking_errors import UnknownLine
from domain.booking.booking_rules import BookingLine, BookingMode
from domain.calendars.calendar import Calendar
from domain.calendars.day_rules import NationalHolidays, day_ja
from domain.calendars.hours import Closure
from domain.contract_parts import (
    Channel,
    Deliverable,
    Duty,
    DutyRow,
    Equipment,
    IncidentRule,
    ListFormat,
    Milestone,
    NoticeSettings,
    Procedure,
    Report,
    Site,
    Term,
)
from domain.deadlines.deadline import Deadline, compute
from domain.deadlines.due_rules import DueRule, NotComputable, Unit
from domain.defects.defect_rules import DefectRules
from domain.errors import (
    CalendarNotKnown,
    ContractDateMissing,
    ExtensionNotLater,
    FieldMissing,
    OutsideTerm,
    UnknownCalendar,
    UnknownDueRule,
)
from domain.incidents.kinds import IncidentKind
from domain.obligations.terms import ObligationTerms
from domain.procedures.consent import ConsentDocument
from domain.procedures.eligibility import EligibilityRule
from domain.queue.queue_rules import QueueRules
from domain.roster.posts import Post

FactValue = bool | int | float | str | tuple[str, ...] | tuple[int, ...]
"""Days are written ``YYYY-MM-DD`` and times of day ``HH:MM``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value of a contract and where it comes from."""

    path: str
    """``parameters.call_centre.answer_rate_min``."""
    value: FactValue | None
    """``None`` when unset."""
    label: str = ""
    """What the value is, in Japanese."""
    clause: str = ""
    unset: bool = False
    assumed: bool = False
    question: str = ""
    """The question to the city: Q-OTA-02."""
    note: str = ""

    def __post_init__(self) -> None:
        if self.unset != (self.value is None):
            raise ValueError(f"{self.path}: unset and a value exclude each other")
        if self.unset and self.assumed:
            raise ValueError(f"{self.path}: what is assumed has a value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One version of one city's contract."""

    slug: str
    municipality: str
    municipality_en: str
    title: str
    effective_from: date
    """From when this version of the profile holds; a case pins the one it began with."""
    agreement: str = ""
    """Reference of the consultation (協議) behind a later version."""
    term: Term
    holidays: NationalHolidays
    milestones: tuple[Milestone, ...] = ()
    sites: tuple[Site, ...] = ()
    channels: tuple[Channel, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    due_rules: tuple[DueRule, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    duties: tuple[DutyRow, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    obligations: tuple[ObligationTerms, ...] = ()
    reports: tuple[Report, ...] = ()
    lists: tuple[ListFormat, ...] = ()
    notice: NoticeSettings | None = None
    bookings: tuple[BookingLine, ...] = ()
    eligibility: tuple[EligibilityRule, ...] = ()
    """In the order in which they are asked; the first that fits decides."""
    applications: tuple[ApplicationLine, ...] = ()
    consents: tuple[ConsentDocument, ...] = ()
    """Every version of what an applicant has to agree to; empty: nothing."""
    defects: DefectRules | None = None
    """``None``: the contract has nobody follow up applications that come back."""
    equipment: tuple[Equipment, ...] = ()
    incidents: tuple[IncidentRule, ...] = ()
    queue: QueueRules | None = None
    """``None``: nobody takes a number."""
    roster: tuple[Post, ...] = ()
    """Empty: the contract names nobody who has to be there on every day."""
    facts: tuple[Fact, ...] = ()
    silent: tuple[str, ...] = ()
    """Known parameters on which this contract says nothing at all."""

    def activated(self, contract_date: date | None = None) -> "Contract":
        """Return the contract with its first day settled.

        Raises:
            ContractDateMissing: The term begins on the contract date and none is given.
        """
        start = self.term.start or contract_date
        if start is None:
            raise ContractDateMissing(
                f"{self.municipality}の契約は契約日から始まります。契約日を入力してください"
            )
        return replace(self, term=replace(self.term, start=start))

    def extended(
        self, until: date, agreement: str, holidays: NationalHolidays | None = None
    ) -> "Contract":
        """Return the contract with its term prolonged by an amendment (変更契約).

        Calendars that end with the term end with the new one. Days that a clause names, such
        as that of a final report, stay: only the amendment's own text could move them.

        Args:
            until: The new last day.
            agreement: Reference of the amendment.
            holidays: Those of the longer term; ``None`` where the contract's reach far enough.

        Raises:
            FieldMissing: No amendment is named.
            ExtensionNotLater: The term already runs that long.
            CalendarNotKnown: The contract knows the national holidays of no such year.
        """
        old = self.term.end
        if not agreement.strip():
            raise FieldMissing("変更契約の番号など、延長の根拠を入力してください")
        if until <= old:
            raise ExtensionNotLater(
                f"契約期間は{day_ja(old, year=True)}までです。その後の日を入力してください"
            )
        holidays = holidays or self.holidays
        if until > holidays.last:
            known = day_ja(holidays.last, year=True)
            raise CalendarNotKnown(f"国民の祝日が分かるのは{known}までです")
        return replace(
            self,
            term=replace(self.term, end=until),
            holidays=holidays,
            calendars=tuple(
                replace(each, valid_to=until) if each.valid_to == old else each
                for each in self.calendars
            ),
            facts=tuple(_extended(fact, old, until, agreement) for fact in self.facts),
        )

    def require_in_term(self, day: date) -> None:
        """Refuse new work on a day outside the term.

        Raises:
            OutsideTerm: The term has not begun, or is over.
        """
        if not self.term.covers(day):
            raise OutsideTerm(f"{day_ja(day, year=True)}は契約期間の外です")

    def with_site(self, site: Site) -> "Contract":
        """Return the contract with one more place, added by agreement for its days."""
        if any(known.id == site.id for known in self.sites):
            raise ValueError(f"the contract has a site {site.id}")
        return replace(self, sites=(*self.sites, site))

    def sites_on(self, day: date) -> tuple[Site, ...]:
        """Return the places that take visitors on ``day``."""
        return tuple(site for site in self.sites if site.takes_visitors_on(day))

    def channel(self, channel_id: str) -> Channel:
        """Return a channel; naming one the contract lacks is a bug."""
        for channel in self.channels:
            if channel.id == channel_id:
                return channel
        raise ValueError(f"the contract has no channel {channel_id}")

    def booking(self, line_id: str) -> BookingLine:
        """Return a line of bookings.

        Raises:
            UnknownLine: The contract names no such line.
        """
        for line in self.bookings:
            if line.id == line_id:
                return line
        raise UnknownLine(f"{self.municipality}の契約にこの名前の予約の受付はありません")

    def procedure(self, code: str) -> Procedure | None:
        """Return a procedure of the catalogue, or ``None`` if this city has it not."""
        return next((entry for entry in self.procedures if entry.code == code), None)

    def incident_rule(self, kind: IncidentKind) -> IncidentRule | None:
        """Return what the contract says of a kind of incident; ``None``: nothing."""
        return next((rule for rule in self.incidents if rule.kind is kind), None)

    def duty(self, mark: str) -> Duty | None:
        """Return whose work the row of the duty table is; ``None`` without such a row."""
        return next((row.duty for row in self.duties if row.mark == mark), None)

    def fact(self, path: str) -> Fact:
        """Return a parameter with its clause; one the contract is silent on is unset.

        Raises:
            ValueError: No contract knows such a parameter.
        """
        full = f"parameters.{path}"
        for fact in self.facts:
            if fact.path == full:
                return fact
        if full not in self.silent:
            raise ValueError(f"no contract knows the parameter {path}")
        return Fact(path=full, value=None, unset=True, note="この契約に定めがありません")

    def number(self, path: str) -> float | None:
        """Return a number among the parameters, or ``None`` when unset."""
        value = self.fact(path).value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value)

    def integer(self, path: str) -> int | None:
        """Return a whole number among the parameters, or ``None`` when unset."""
        value = self.fact(path).value
        return None if isinstance(value, bool) or not isinstance(value, int) else value

    def text(self, path: str) -> str | None:
        """Return a text among the parameters, or ``None`` when unset."""
        value = self.fact(path).value
        return value if isinstance(value, str) else None

    def flag(self, path: str) -> bool | None:
        """Return a yes or no among the parameters, or ``None`` when unset."""
        value = self.fact(path).value
        return value if isinstance(value, bool) else None

    def texts(self, path: str) -> tuple[str, ...]:
        """Return a list among the parameters, empty when unset."""
        value = self.fact(path).value
        return tuple(str(item) for item in value) if isinstance(value, tuple) else ()

    @property
    def open_questions(self) -> tuple[str, ...]:
        """Every question whose answer the contract assumes or waits for."""
        return tuple(sorted({fact.question for fact in self.facts if fact.question}))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is not settled and should be asked for, one Japanese sentence each."""
        undated = [
            f"{rule.label}の期限が定まっていません（{rule.clause}）"
            for rule in self.due_rules
            if rule.unit is Unit.NOT_SET
        ]
        reports = [
            f"{report.label}の期限が定まっていません（{report.clause}）"
            for report in self.reports
            if report.due is None
        ]
        unset = [
            f"{fact.label}が定まっていません（{fact.clause}）"
            for fact in self.facts
            if fact.unset and fact.path.startswith("parameters.")
        ]
        bookings = [
            f"{line.label}の予約をどこで管理するかが定まっていません（{line.clause}）"
            for line in self.bookings
            if line.mode is BookingMode.UNSET
        ]
        return tuple(dict.fromkeys((*undated, *reports, *bookings, *unset)))


def _extended(fact: Fact, old: date, until: date, agreement: str) -> Fact:
    group, _, key = fact.path.partition(".")
    ends = fact.path == "term.end" or (group == "calendars" and key.endswith(".valid_to"))
    if not ends or fact.value != old.isoformat():
        return fact
    note = f"「{agreement.strip()}」により{day_ja(old, year=True)}から延長"
    return replace(fact, value=until.isoformat(), assumed=False, note=note)


def calendar_of(contract: Contract, name: str, closures: Iterable[Closure] = ()) -> Calendar:
    """Return a calendar of the contract, holidays pinned and closures entered.

    Raises:
        UnknownCalendar: The contract names no such calendar.
    """
    for calendar in contract.calendars:
        if calendar.name == name:
            return calendar.with_holidays(contract.holidays).with_closures(*closures)
    raise UnknownCalendar(f"{contract.municipality}の契約にこの名前の暦はありません")


def calendar_of_channel(
    contract: Contract, channel_id: str, closures: Iterable[Closure] = ()
) -> Calendar:
    """Return the calendar a channel follows; channels that share one follow the same."""
    return calendar_of(contract, contract.channel(channel_id).calendar, closures)


def due_rule(contract: Contract, rule_id: str) -> DueRule:
    """Return a due rule of the contract.

    Raises:
        UnknownDueRule: The contract names no such rule.
    """
    for rule in contract.due_rules:
        if rule.id == rule_id:
            return rule
    raise UnknownDueRule(f"{contract.municipality}の契約にこの名前の期限はありません")


def deadline(
    contract: Contract,
    rule_id: str,
    anchor: date | datetime,
    closures: Iterable[Closure] = (),
) -> Deadline | NotComputable:
    """Return the deadline that ``anchor`` starts under a rule, or why there is none.

    Raises:
        UnknownDueRule: The contract names no such rule.
    """
    rule = due_rule(contract, rule_id)
    calendar = calendar_of(contract, rule.calendar, closures)
    return compute(rule, anchor, calendar, term_end=contract.term.end)
