"""Where the columns of a list are, and that none of them must not come in.

Belongs here: the header row, columns left over, forbidden columns and cells. Does not
belong here: what a cell means (``card_lists``).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import ForbiddenColumn, ForbiddenNumber, NotACardList
from domain.lots.list_bytes import Record
from domain.lots.list_mapping import KIND_TEXT, REQUIRED, Column, ListKind, header_key
from domain.writing.privacy import (
    KIND_TEXT as FORBIDDEN_TEXT,
)
from domain.writing.privacy import (
    ForbiddenKind,
    Level,
    forbidden_header,
    scan_text,
    worth_scanning,
)

_TITLE_ROWS = 5
"""Printed lists carry a title and a date above their header."""

_FEWEST_SUSPECTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header row of a list and what of it is used."""

    row: int
    """Its place among the records; the rows of the list follow."""

    names: tuple[str, ...]
    positions: dict[str, int]
    """Field to column."""

    @property
    def needed(self) -> int:
        """How many cells a row needs so that no field is cut off."""
        return max(self.positions.values()) + 1

    @property
    def unused(self) -> tuple[str, ...]:
        """The names of columns that no field takes."""
        used = set(self.positions.values())
        return tuple(n for place, n in enumerate(self.names) if place not in used and n)


def find_header(records: Sequence[Record], kind: ListKind, columns: Sequence[Column]) -> Header:
    """Return the header row: the first of the top rows that has all required columns.

    Raises:
        ForbiddenColumn: It has a column that must never be taken over.
        NotACardList: There is none, or a needed column is there twice.
    """
    best: tuple[int, dict[str, list[int]]] = 0, {}
    for row, record in enumerate(records[:_TITLE_ROWS]):
        found = _positions(record, columns)
        if row == 0 or len(found) > len(best[1]):
            best = row, found
    row, found = best
    names = records[row].cells
    for name in names:
        if forbidden := forbidden_header(name):
            raise ForbiddenColumn(f"{FORBIDDEN_TEXT[forbidden]}の列があります。除いてください")
    first_name = {column.field: column.headers[0] for column in columns}
    if missing := [first_name[field] for field in REQUIRED[kind] if field not in found]:
        raise NotACardList(f"{KIND_TEXT[kind]}に必要な列がありません: {'、'.join(missing)}")
    if twice := [first_name[field] for field, places in found.items() if len(places) > 1]:
        raise NotACardList(f"同じ見出しの列が複数あります: {'、'.join(twice)}")
    positions = {field: places[0] for field, places in found.items()}
    return Header(row=row, names=names, positions=positions)


def refuse_forbidden_cells(records: Sequence[Record], header: Header) -> tuple[str, ...]:
    """Refuse rows with a number that must never be kept; return what only looks like one.

    Columns that no field takes are read as well: what is refused must not even pass by.

    Raises:
        ForbiddenColumn: Most of a column's twelve-digit values have a fitting check digit.
        ForbiddenNumber: A cell holds such a number beyond doubt.
    """
    suspects: Counter[int] = Counter()
    lines: list[int] = []
    for record in records:
        text = "\n".join(record.cells)
        if not worth_scanning(text):
            continue
        found = scan_text(text)
        certain = [finding for finding in found if finding.level is Level.BLOCK]
        if certain:
            kind = FORBIDDEN_TEXT[certain[0].kind]
            raise ForbiddenNumber(f"{record.line}行目に{kind}があります。除いてください")
        if found:
            lines.append(record.line)
        for finding in found:
            if finding.kind is ForbiddenKind.INDIVIDUAL_NUMBER:
                suspects[text.count("\n", 0, finding.where[0])] += 1
    for place, fitting in suspects.items():
        twelve = sum(_is_twelve(record, place) for record in records)
        # By chance one in ten fits; when most do, the column is what it looks like.
        if fitting >= _FEWEST_SUSPECTS and fitting * 2 > twelve:
            raise ForbiddenColumn(f"{place + 1}列目がマイナンバー（個人番号）に見えます")
    if not lines:
        return ()
    return (f"個人番号などに見える数字があります（{_some(lines)}）。確かめてください",)


def _positions(record: Record, columns: Sequence[Column]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(record.cells):
        places.setdefault(header_key(cell), []).append(place)
    found: dict[str, list[int]] = {}
    for column in columns:
        for name in column.headers:
            if here := places.get(header_key(name)):
                found[column.field] = here
                break
    return found


def _is_twelve(record: Record, place: int) -> bool:
    if place >= len(record.cells):
        return False
    return sum(char.isdigit() for char in record.cells[place]) == 12


def _some(lines: list[int]) -> str:
    shown = "、".join(f"{line}行目" for line in lines[:5])
    return shown if len(lines) <= 5 else f"{shown}ほか{len(lines) - 5}行"
