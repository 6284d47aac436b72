"""The parts of a contract profile: places, channels, procedures, papers, lists.

Here: what one row of each table holds. Not here: the contract that ties them together
(``domain/contract.py``), calendars and due rules (their own modules), files
(``contracts/``).
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from domain.citywork.city_record import What
from domain.deadlines.due_rules import DueType
from domain.incidents.kinds import IncidentKind
from domain.lots.notice import NoticeForm, NoticeTexts
from domain.procedures.procedure_parts import Group, Receiver, StepKind
from domain.roles import Party


class Duty(StrEnum):
    """Whose work a step is: 委, 市 or 委/市."""

    PROVIDER = "provider"
    CITY = "city"
    SHARED = "shared"
    """Either; who did it, and why that party, is recorded."""

    @property
    def ja(self) -> str:
        """The mark of the duty table."""
        return {"provider": "委", "city": "市", "shared": "委/市"}[self.value]


class SiteKind(StrEnum):
    """How firmly a place stands."""

    FIXED = "fixed"
    OPEN = "open"
    """The clause leaves the place to a later agreement or designation."""
    AD_HOC = "ad_hoc"
    """Added by agreement for certain days."""


class ChannelKind(StrEnum):
    """How people reach the service."""

    BOOTH = "booth"
    DESK = "desk"
    COUNTER = "counter"
    BACK_OFFICE = "back_office"
    PHONE = "phone"
    WEB = "web"
    OUTREACH = "outreach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The contract's first and last day."""

    start: date | None
    """``None``: the term begins on the contract date, entered at activation."""
    end: date
    start_planned: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end < self.start:
            raise ValueError("the term ends before it begins")

    def covers(self, day: date) -> bool:
        """Say whether ``day`` lies in the term; a term without a start covers no day."""
        return self.start is not None and self.start <= day <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A day by which something stands."""

    id: str
    label: str
    on: date | None = None
    at: time | None = None
    about: str = ""
    """The clause's own words where it gives no day: 7月上旬."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where the work is done."""

    id: str
    label: str
    address: str = ""
    floor: int | None = None
    kind: SiteKind = SiteKind.FIXED
    valid_from: date | None = None
    valid_to: date | None = None
    agreement: str = ""
    """Reference of the consultation that added it."""
    clause: str = ""

    def __post_init__(self) -> None:
        dated = self.valid_from is not None and self.valid_to is not None
        if self.kind is SiteKind.AD_HOC and not (dated and self.agreement.strip()):
            raise ValueError("an ad-hoc site needs its days and its agreement")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("the site closes before it opens")

    def takes_visitors_on(self, day: date) -> bool:
        """Say whether the place may be used on ``day``; open ones must be agreed first."""
        if self.kind is SiteKind.OPEN:
            return False
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way people are served, with its place and its calendar."""

    id: str
    label: str
    kind: ChannelKind
    calendar: str
    site: str | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepParty:
    """Whose one step of a procedure is, where the contract says it step by step."""

    step: StepKind
    duty: Duty
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One thing that can be done for a person."""

    code: str
    label: str
    duty: Duty
    channels: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    handoff: bool = False
    """Whether it includes handing over to an official (職員への引継ぎ)."""
    delegable: bool = True
    legal_basis: str = ""
    group: Group | None = None
    """``None``: it may be of any group, and whoever begins a case says of which."""
    valid_from: date | None = None
    valid_to: date | None = None
    agreement: str = ""
    """Reference of the consultation that settled from when, or until when, it is done."""
    steps: tuple[StepKind, ...] = ()
    """What is done at a window, in this order; empty where it is no case of a window."""
    receivers: tuple[Receiver, ...] = ()
    """Who may come for it; empty: anybody."""
    variant_of: str = ""
    """The procedure that this is the other row of, for other receivers."""
    mark: str = ""
    """Its row in the table of duties."""
    assigned: tuple[StepParty, ...] = ()
    delivers_card: bool = False
    clause: str = ""

    def __post_init__(self) -> None:
        if not self.delegable and self.duty is not Duty.CITY:
            raise ValueError(f"{self.code}: what may not be entrusted is the city's")


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """One row of a table that divides the work between 委 and 市."""

    mark: str
    """ア … ト."""
    text: str
    duty: Duty
    covers: tuple[str, ...] = ()
    step: StepKind | None = None
    """Which step of the rows it covers this row is about."""
    ambiguous: str = ""
    records: tuple[What, ...] = ()
    """What of it the city keeps a record of in the product."""
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable:
    """A document that was promised."""

    id: str
    label: str
    due_type: DueType
    due: str | None = None
    """Id of the due rule; ``None`` where the clause gives no date."""
    approval: str = ""
    forms: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRule:
    """One kind of incident that a contract speaks of."""

    kind: IncidentKind
    due: str | None = None
    """Id of the due rule of what comes first: a substitute, the report, the revision."""
    settle_due: str | None = None
    """Id of the due rule of dealing with it, from the report on."""
    written_if_serious: bool = False
    """Whether a serious one is reported in writing, with what prevents the next one."""
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """One thing that visitors are served with and that can fail."""

    id: str
    label: str
    channel: str
    owner: Party = Party.PROVIDER
    clause: str = ""


class Cadence(StrEnum):
    """How often a report is made."""

    DAILY = "daily"
    MONTHLY = "monthly"
    PERIODIC = "periodic"
    FINAL = "final"
    ON_EVENT = "on_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report and what it must contain."""

    id: str
    label: str
    cadence: Cadence
    due: str | None = None
    """Id of the due rule; ``None``: not agreed, and the product says so."""
    contents: tuple[str, ...] = ()
    personal_data: str = "none"
    """``none`` or ``contains``."""
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumn:
    """One field of a list, and the headers under which a city may send it."""

    field: str
    headers: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWord:
    """What a word in a column means."""

    field: str
    word: str
    """Empty: an empty cell."""
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFormat:
    """How one list that the city hands over is laid out."""

    id: str
    label: str
    columns: tuple[ListColumn, ...]
    formats: tuple[str, ...] = ("csv",)
    encodings: tuple[str, ...] = ("cp932", "utf-8-sig")
    date_styles: tuple[str, ...] = ("era", "western")
    words: tuple[ListWord, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """How this contract's notices look and what they say."""

    form: NoticeForm
    texts: NoticeTexts
    pickup_days: int | None = None
    """Days a resident has; ``None``: no clause, so no card expires."""
    clause: str = ""
