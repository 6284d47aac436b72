"""The three lists of a lot, from bytes to rows.

Belongs here: finding the columns, refusing what must not come in, telling which rows could
not be read and why. Does not belong here: encodings and quoting (``list_bytes``), a city's
names (``list_mapping``), comparing (``matching``).

A file that is not this list is refused as a whole. A row that cannot be read costs itself
only. Nothing said about a file repeats a value from it: header names are the most.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Literal, TypeVar, overload

from domain.errors import EmptyList, NotACardList, UnreadableDate
from domain.lots.card_rows import (
    CardFaceRow,
    IssueRow,
    ReceiptKind,
    ResidentRow,
    ResidentStatus,
)
from domain.lots.list_bytes import MAX_BYTES, Record, read_table
from domain.lots.list_columns import Header, find_header, refuse_forbidden_cells
from domain.lots.list_mapping import Column, ListKind, ListMapping, header_key
from domain.writing.eras import BirthDate, read_birth, read_date
from domain.writing.text import find_gaiji

Row_co = TypeVar("Row_co", bound=IssueRow | ResidentRow | CardFaceRow, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRow:
    """A row, or one cell of it, that a person has to look at in the file."""

    line: int
    reason: str
    """In words for the clerk, without any value."""

    kept: bool
    """Whether the rest of the row was read: then matching shows it as a difference."""

    inquiry_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList(Generic[Row_co]):
    """What a file turned out to hold."""

    rows: tuple[Row_co, ...]
    unreadable: tuple[UnreadableRow, ...]
    encoding: str
    """``utf-8-sig``, ``utf-8`` or ``cp932``."""

    notices: tuple[str, ...]
    """What a person should know before going on."""

    @property
    def lost(self) -> int:
        """How many rows are missing among ``rows``."""
        return sum(not row.kept for row in self.unreadable)


@overload
def read_list(
    data: bytes,
    kind: Literal[ListKind.ISSUE_LIST],
    mapping: ListMapping,
    *,
    max_bytes: int = ...,
) -> ReadList[IssueRow]: ...
@overload
def read_list(
    data: bytes, kind: Literal[ListKind.RESIDENT], mapping: ListMapping, *, max_bytes: int = ...
) -> ReadList[ResidentRow]: ...
@overload
def read_list(
    data: bytes,
    kind: Literal[ListKind.CARD_FACE],
    mapping: ListMapping,
    *,
    max_bytes: int = ...,
) -> ReadList[CardFaceRow]: ...
def read_list(
    data: bytes, kind: ListKind, mapping: ListMapping, *, max_bytes: int = MAX_BYTES
) -> ReadList[IssueRow] | ReadList[ResidentRow] | ReadList[CardFaceRow]:
    """Return the rows of one list as values, and what could not be read.

    Columns may come in any order and with others between them. Names and addresses stay as
    received, but for blanks around them; numbers and words of choice are folded.

    Raises:
        EmptyList: There are no rows.
        ForbiddenColumn: A column must not be taken over, by its name or its values.
        ForbiddenNumber: A cell holds a number that must never be kept.
        ListTooLarge: The file has more than ``max_bytes``.
        NotACardList: It is no text, no such list, or not one row can be read.
    """
    table = read_table(data, max_bytes=max_bytes)
    columns = mapping.columns(kind)
    header = find_header(table.records, kind, columns)
    records = [
        record
        for record in table.records[header.row + 1 :]
        # Printed lists repeat their header on every page.
        if record.cells != header.names
    ]
    if not records:
        raise EmptyList("見出しだけで、行がありません")
    notices = (*_notices(header, columns), *refuse_forbidden_cells(records, header))
    reading = _Reading(header=header, mapping=mapping, columns={c.field: c for c in columns})
    match kind:
        case ListKind.ISSUE_LIST:
            return _read(records, reading, reading.issue_row, table.encoding, notices)
        case ListKind.RESIDENT:
            return _read(records, reading, reading.resident_row, table.encoding, notices)
        case ListKind.CARD_FACE:
            return _read(records, reading, reading.card_face_row, table.encoding, notices)


def _notices(header: Header, columns: Sequence[Column]) -> list[str]:
    notices = []
    if header.row:
        notices.append(f"見出しの前の{header.row}行を読み飛ばしました")
    if header.unused:
        notices.append(f"使わない列: {'、'.join(name[:20] for name in header.unused)}")
    absent = [c.headers[0] for c in columns if c.field not in header.positions]
    if absent:
        notices.append(f"ない列: {'、'.join(absent)}")
    return notices


_RowT = TypeVar("_RowT", IssueRow, ResidentRow, CardFaceRow)


def _read(
    records: Sequence[Record],
    reading: "_Reading",
    build: Callable[[str, int], _RowT],
    encoding: str,
    notices: tuple[str, ...],
) -> ReadList[_RowT]:
    rows: list[_RowT] = []
    unreadable: list[UnreadableRow] = []
    gaiji = 0
    for record in records:
        number = reading.begin(record)
        if number:
            row = build(number, record.line)
            rows.append(row)
            gaiji += bool(find_gaiji(row.name) or find_gaiji(row.address))
        unreadable.extend(
            UnreadableRow(
                line=record.line, reason=reason, kept=bool(number), inquiry_number=number
            )
            for reason in reading.reasons
        )
    if not rows:
        raise NotACardList("読める行が一つもありません")
    if gaiji:
        notices = (*notices, f"外字のある行が{gaiji}行あります")
    return ReadList(
        rows=tuple(rows), unreadable=tuple(unreadable), encoding=encoding, notices=notices
    )


_INQUIRY_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]{0,39}")


@dataclass(slots=True, kw_only=True)
class _Reading:
    """Reads one record after the other and gathers what is wrong with the current one."""

    header: Header
    mapping: ListMapping
    columns: dict[str, Column]
    reasons: list[str] = field(default_factory=list)
    cells: tuple[str, ...] = ()
    receipts: dict[str, ReceiptKind] = field(init=False)
    statuses: dict[str, ResidentStatus] = field(init=False)
    dates: dict[str, date | None] = field(default_factory=dict)
    """Dates repeat: a lot has one delivery date on all its rows."""

    def __post_init__(self) -> None:
        self.receipts = {header_key(word): kind for word, kind in self.mapping.receipt_words}
        self.statuses = {header_key(word): kind for word, kind in self.mapping.status_words}

    def begin(self, record: Record) -> str | None:
        """Take up a record; return its 照会番号, or ``None`` if the row is lost."""
        self.reasons = []
        self.cells = record.cells
        if defect := record.defect or self._ragged():
            self.reasons.append(defect)
            return None
        folded = unicodedata.normalize("NFKC", self._cell("inquiry_number")).upper()
        number = "".join(folded.split())
        if not _INQUIRY_NUMBER.fullmatch(number):
            self._complain("inquiry_number")
            return None
        return number

    def issue_row(self, inquiry_number: str, line: int) -> IssueRow:
        """Return the current record as a line of the issue list."""
        receipt = self.receipts.get(header_key(self._cell("receipt")))
        if receipt is None:
            self._complain("receipt")
        return IssueRow(
            inquiry_number=inquiry_number,
            name=self._needed("name"),
            birth=self._birth(),
            address=self._needed("address"),
            receipt=receipt,
            delivered_on=self._date("delivered_on"),
            name_kana=self._cell("name_kana"),
            postal_code=self._cell("postal_code"),
            serial=self._cell("serial"),
            line=line,
        )

    def resident_row(self, inquiry_number: str, line: int) -> ResidentRow:
        """Return the current record as a line of the register extract."""
        word = header_key(self._cell("status"))
        status = self.statuses.get(word)
        if status is None:
            self._complain("status")
        return ResidentRow(
            inquiry_number=inquiry_number,
            name=self._needed("name"),
            birth=self._birth(),
            address=self._needed("address"),
            status=status or ResidentStatus.UNKNOWN,
            name_kana=self._cell("name_kana"),
            postal_code=self._cell("postal_code"),
            line=line,
        )

    def card_face_row(self, inquiry_number: str, line: int) -> CardFaceRow:
        """Return the current record as what is printed on one card."""
        return CardFaceRow(
            inquiry_number=inquiry_number,
            name=self._needed("name"),
            birth=self._birth(),
            address=self._needed("address"),
            line=line,
        )

    def _ragged(self) -> str:
        if any(self.cells[len(self.header.names) :]) or len(self.cells) < self.header.needed:
            return "列の数が見出しと合いません"
        return ""

    def _cell(self, name: str) -> str:
        place = self.header.positions.get(name)
        return "" if place is None else self.cells[place]

    def _needed(self, name: str) -> str:
        value = self._cell(name)
        if not value:
            self._complain(name)
        return value

    def _complain(self, name: str, why: str = "") -> None:
        what = "空です" if not self._cell(name) else why or "読めません"
        self.reasons.append(f"{self.columns[name].headers[0]}が{what}")

    def _birth(self) -> BirthDate | None:
        try:
            return read_birth(self._cell("birth"), self.columns["birth"].date_styles)
        except UnreadableDate as refusal:
            self._complain("birth", f"読めません（{refusal}）")
            return None

    def _date(self, name: str) -> date | None:
        text = self._cell(name)
        if text not in self.dates:
            try:
                self.dates[text] = read_date(text, self.columns[name].date_styles)
            except UnreadableDate:
                self.dates[text] = None
        if self.dates[text] is None:
            self._complain(name)
        return self.dates[text]
