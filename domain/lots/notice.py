"""What goes on the paper that is sent to a resident, as values.

Here: the data of one notice, the texts a contract gives for all of them, the papers that
hand notices over, and the rules that hold for every form: nothing secret is printed or asked
for, one order, one file name. Not here: how a form looks (``report_templates/``), how it
becomes a PDF (``activities/render.py``), and when it is due (``domain/deadlines/deadline.py``).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from domain.errors import SecretOnPaper


class NoticeForm(StrEnum):
    """The forms of the issue notice (交付通知書)."""

    ISSUE_A4 = "issue_notice_a4"
    ISSUE_POSTCARD = "issue_notice_postcard"

    @property
    def pages(self) -> int:
        """How many pages one person's notice has, never more and never less."""
        return {NoticeForm.ISSUE_A4: 1, NoticeForm.ISSUE_POSTCARD: 2}[self]


_POSTAL_CODE = re.compile(r"[0-9]{7}", re.ASCII)
_CASE_NUMBER = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*", re.ASCII)
_TWELVE_DIGITS = re.compile(r"(?<!\d)(?:\d{12}|\d{4}([-・. ])\d{4}\1\d{4})(?!\d)")
_PIN_WORD = re.compile(r"暗証番号|パスワード|(?<![A-Z])PIN(?![A-Z])")
_PLACE_TO_WRITE = re.compile(r"[□▢◻☐_]|\(\s*\)|[【\[]\s*[】\]]|記入|書いて|書き|欄")
_SENTENCE_END = re.compile(r"[。\n]")


def refuse_secrets(text: str) -> None:
    """Refuse a text that shows a 12-digit number or gives a PIN a place to be written.

    A text may speak of PINs ("think of one beforehand"); it may not ask for one on paper,
    because what is written on a notice travels by mail and lies in files.

    Raises:
        SecretOnPaper: The text does one of the two.

    Source: 番号法 第19条・第20条 (no collection or keeping of the Individual Number).
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    if _TWELVE_DIGITS.search(folded):
        raise SecretOnPaper("12桁の番号は印字しません")
    if any(
        _PIN_WORD.search(sentence) and _PLACE_TO_WRITE.search(sentence)
        for sentence in _SENTENCE_END.split(folded)
    ):
        raise SecretOnPaper("暗証番号を書く場所は印字しません")


def printed_texts(value: object) -> list[str]:
    """Return every text in a value of this module, in the order of its fields."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in printed_texts(part)]
    if hasattr(type(value), "__dataclass_fields__"):
        parts = (getattr(value, field.name) for field in fields(value))  # type: ignore[arg-type]
        return [text for part in parts for text in printed_texts(part)]
    return []


def _check_case_number(case_number: str) -> None:
    if not _CASE_NUMBER.fullmatch(case_number) or case_number.isdecimal():
        raise ValueError("a case number is capitals, digits and hyphens, never digits alone")


def _check_postal_code(postal_code: str) -> None:
    if not _POSTAL_CODE.fullmatch(postal_code):
        raise ValueError("a postal code is seven digits without a hyphen")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeData:
    """One person's notice: whom it reaches, and what is theirs alone on it."""

    case_number: str
    name: str
    """As received, never normalised: NFC changes some names."""

    postal_code: str
    """Seven digits."""

    address: str
    building: str = ""
    """方書; empty when the address has none."""

    issued_on: date
    pickup_until: date | None = None
    """``None`` leaves the line about the last day out."""

    def __post_init__(self) -> None:
        _check_case_number(self.case_number)
        _check_postal_code(self.postal_code)
        if not self.name.strip() or not self.address.strip():
            raise ValueError("a notice needs a name and an address")
        for text in (self.name, self.address, self.building):
            refuse_secrets(text)

    def file_name(self, form: NoticeForm) -> str:
        """Return the name of this notice's file; it tells the case and nothing else."""
        return f"{self.case_number}.{form}.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTexts:
    """What a contract prints on every notice; whatever is unset is left out."""

    city_name: str
    issuer: str | None = None
    """The line of the mayor, as it stands above the seal."""

    office: str | None = None
    office_postal_code: str | None = None
    office_address: str | None = None
    telephone: str | None = None
    hours: str | None = None
    pickup_place: tuple[str, ...] = ()
    """Lines: the place, its address, how to get there."""

    booking: str | None = None
    booking_url: str | None = None
    """Printed as text and as a QR code; the same for everybody, so it identifies nobody."""

    bring: tuple[str, ...] = ()
    """What the person brings, one thing an entry."""

    agent_bring: tuple[str, ...] = ()
    """What an agent brings in addition."""

    postage_mark: str | None = None
    """Printed in the place of the stamp, such as 料金後納郵便."""

    def __post_init__(self) -> None:
        if self.office_postal_code is not None:
            _check_postal_code(self.office_postal_code)
        for text in printed_texts(self):
            refuse_secrets(text)


def page_order(notices: Iterable[NoticeData]) -> tuple[NoticeData, ...]:
    """Return the notices in the order they are printed and listed: by case number.

    Raises:
        ValueError: A case number occurs twice.
    """
    ordered = tuple(sorted(notices, key=lambda notice: notice.case_number))
    _refuse_twice([notice.case_number for notice in ordered])
    return ordered


def _refuse_twice(case_numbers: Sequence[str]) -> None:
    if len(set(case_numbers)) != len(case_numbers):
        raise ValueError("a case number occurs twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What every paper that hands things over says: which one, whose, from whom to whom."""

    slip_number: str
    city_name: str
    made_on: date
    from_party: str
    to_party: str
    reference: str | None = None
    """The lot or delivery the slip belongs to."""

    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One notice on the hand-over list; no name, the case number finds it."""

    case_number: str
    sealed: bool
    remark: str = ""

    def __post_init__(self) -> None:
        _check_case_number(self.case_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeList:
    """交付通知書 引継表: the notices handed to the city with one slip."""

    slip: Slip
    rows: tuple[NoticeRow, ...]

    def __post_init__(self) -> None:
        _refuse_twice([row.case_number for row in self.rows])

    @property
    def sealed_count(self) -> int:
        """How many of the notices are sealed."""
        return sum(row.sealed for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchRow:
    """One card that goes to its applicant by mail."""

    case_number: str
    name: str
    postal_code: str
    """Seven digits; empty where the address has to be found out, as ``remark`` says."""

    address: str
    building: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        _check_case_number(self.case_number)
        if self.postal_code or not self.remark:
            _check_postal_code(self.postal_code)
        for text in (self.name, self.address, self.building, self.remark):
            refuse_secrets(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchList:
    """発送一覧: cards mailed to applicants, with room for the carrier's number."""

    slip: Slip
    rows: tuple[DispatchRow, ...]
    mail_kind: str | None = None
    """How they are sent, such as 簡易書留・転送不要; ``None`` leaves the line out."""

    def __post_init__(self) -> None:
        _refuse_twice([row.case_number for row in self.rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCount:
    """How many papers of one kind are in the bundle."""

    kind: str
    count: int
    remark: str = ""

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"a count cannot be negative: {self.count}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSlip:
    """書類引渡し票: kinds and counts of papers handed over together."""

    slip: Slip
    rows: tuple[DocumentCount, ...]

    def __post_init__(self) -> None:
        if len({row.kind for row in self.rows}) != len(self.rows):
            raise ValueError("a kind occurs twice")

    @property
    def total(self) -> int:
        """All papers on the slip."""
        return sum(row.count for row in self.rows)


PrintedList = NoticeList | DispatchList | DocumentSlip
"""The papers that go along with notices, cards and documents.

For calls only: on the wire an empty list does not tell its kind, so messages name one type.
"""
