"""What every case has in common: kind, number, who acted, what is recorded.

The course of a kind of case stands in its own module (``card``, ``lot``, ``handoff`` …).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.deadlines.deadline import Deadline
from domain.errors import ReasonMissing
from domain.parties import Party, Role


class CaseKind(StrEnum):
    """What a case is about."""

    LOT = "lot"
    CARD = "card"
    RETURNED_MAIL = "returned_mail"
    HANDOFF = "handoff"
    VISIT = "visit"
    RESERVATION = "reservation"
    LIST_SENDING = "list_sending"
    PROCEDURE = "procedure"
    EXTERNAL_ENTRY = "external_entry"
    INQUIRY = "inquiry"
    APPLICATION = "application"
    VENUE = "venue"
    DEFECT = "defect"
    OBLIGATION = "obligation"
    INCIDENT = "incident"
    CITY_RECORD = "city_record"
    TICKET = "ticket"


KIND_TEXT: Mapping[CaseKind, str] = {
    CaseKind.LOT: "カード納品",
    CaseKind.CARD: "カード",
    CaseKind.RETURNED_MAIL: "返戻",
    CaseKind.HANDOFF: "引継ぎ",
    CaseKind.INCIDENT: "事案",
    CaseKind.VISIT: "来庁",
    CaseKind.RESERVATION: "予約",
    CaseKind.LIST_SENDING: "日次報告の送付",
    CaseKind.PROCEDURE: "手続",
    CaseKind.EXTERNAL_ENTRY: "市のシステムへの入力",
    CaseKind.INQUIRY: "問合せ",
    CaseKind.DEFECT: "申請不備",
    CaseKind.CITY_RECORD: "市の記録",
    CaseKind.APPLICATION: "申請",
    CaseKind.VENUE: "開設場所",
    CaseKind.OBLIGATION: "契約の約束",
    CaseKind.TICKET: "受付番号",
}

_NUMBER_LETTER: Mapping[CaseKind, str] = {
    CaseKind.LOT: "L",
    CaseKind.CARD: "K",
    CaseKind.RETURNED_MAIL: "H",
    CaseKind.HANDOFF: "T",
    CaseKind.INCIDENT: "J",
    CaseKind.VISIT: "V",
    CaseKind.RESERVATION: "R",
    CaseKind.LIST_SENDING: "S",
    CaseKind.PROCEDURE: "P",
    CaseKind.EXTERNAL_ENTRY: "X",
    CaseKind.INQUIRY: "Q",
    CaseKind.DEFECT: "D",
    CaseKind.CITY_RECORD: "C",
    CaseKind.APPLICATION: "A",
    CaseKind.VENUE: "E",
    CaseKind.OBLIGATION: "Y",
    CaseKind.TICKET: "N",
}


class StatusWord(StrEnum):
    """The words that every list and page uses for how a case stands."""

    RECEIVED = "受付"
    IN_PROGRESS = "処理中"
    WAITING = "待ち"
    DUE_SOON = "期限間近"
    OVERDUE = "期限超過"
    DONE = "完了"
    WITHDRAWN = "取りやめ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did something, and in which capacity."""

    account_id: str
    role: Role | None
    """``None`` for the product itself: a timer that fired."""

    @property
    def party(self) -> Party | None:
        """The party the actor works for; ``None`` for the product itself."""
        return self.role.party if self.role else None


CLOCK = Actor(account_id="system", role=None)
"""The product itself, when a timer fires."""

RESIDENT = Actor(account_id="resident", role=None)
"""The person the case is about, acting without an account: on the booking site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRef:
    """Which case, of whom, under which rules."""

    case_id: str
    municipality: str
    contract: str
    contract_version: str
    opened_on: date
    """The month in which its record lies."""

    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """One line of a case's record, before it is numbered and chained.

    ``detail`` holds codes, counts and ids, never personal data. ``reason`` is what a
    person wrote; the store seals it with the key of the case.
    """

    action: str
    at: datetime
    actor: Actor
    reason: str | None = None
    detail: dict[str, str | int | bool | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("an event needs an aware time")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """What a case is from now on, for lists and pages."""

    stage: str
    state: dict[str, Any]
    closed: bool
    owner: Role | None = None
    deadline: Deadline | None = None
    """Given when it begins and when it changed."""

    deadline_over: bool = False
    """Set when the case goes on and nothing is due any more."""

    stuck: str | None = None
    escalated_to: Role | None = None


def case_number(municipality: str, kind: CaseKind, year: int, serial: int) -> str:
    """Return the number that people use for a case, such as ``OTA-K26-000123-7``.

    The letters and hyphens keep it from ever being taken for a 12-digit number; the last
    figure is a check digit (Luhn), so that a slip of the pen on the telephone is noticed.
    """
    body = f"{year % 100:02d}{serial:06d}"
    return f"{municipality.upper()}-{_NUMBER_LETTER[kind]}{body[:2]}-{body[2:]}-{_luhn(body)}"


def _luhn(digits: str) -> int:
    doubled = (int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return -sum(d - 9 if d > 9 else d for d in doubled) % 10


def require_reason(reason: str | None) -> str:
    """Return the reason without surrounding blanks.

    Raises:
        ReasonMissing: There is none.
    """
    if reason is None or not reason.strip():
        raise ReasonMissing("理由のない操作は記録できません。")
    return reason.strip()
