"""The rows of the three lists of a lot, as values, each as it was received.

Belongs here: what a row holds. Does not belong here: how files are read (``card_lists``),
how rows are compared (``matching``).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.writing.eras import BirthDate


class ReceiptKind(StrEnum):
    """How the applicant is to receive the card (受取方法)."""

    VISIT_AT_ISSUE = "visit_at_issue"
    VISIT_AT_APPLICATION = "visit_at_application"
    OUTREACH = "outreach"


class ResidentStatus(StrEnum):
    """What the register says of a person (異動区分)."""

    REGISTERED = "registered"
    MOVED_OUT = "moved_out"
    DECEASED = "deceased"
    REMOVED = "removed"
    """Struck off by the city itself (職権消除)."""

    UNKNOWN = "unknown"
    """A word that the contract's mapping does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """One line of the カード交付一覧表, as received."""

    inquiry_number: str
    name: str
    birth: BirthDate | None
    """``None`` if it could not be read; likewise below."""

    address: str
    receipt: ReceiptKind | None
    delivered_on: date | None
    name_kana: str = ""
    postal_code: str = ""
    serial: str = ""
    line: int = 0
    """Where it stands in its file; 0 if it came by another way."""

    def __post_init__(self) -> None:
        _require(self.inquiry_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRow:
    """One line of the 住民登録 extract, as received."""

    inquiry_number: str
    name: str
    birth: BirthDate | None
    address: str
    status: ResidentStatus = ResidentStatus.REGISTERED
    name_kana: str = ""
    postal_code: str = ""
    line: int = 0

    def __post_init__(self) -> None:
        _require(self.inquiry_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFaceRow:
    """What is printed on one card (券面), typed or read."""

    inquiry_number: str
    name: str
    birth: BirthDate | None
    address: str
    line: int = 0

    def __post_init__(self) -> None:
        _require(self.inquiry_number)


def _require(inquiry_number: str) -> None:
    if not inquiry_number.strip():
        raise ValueError("a row needs its 照会番号")
