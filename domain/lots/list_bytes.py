"""The bytes of a list that was handed over, as records of cells with their line numbers.

Belongs here: size, encoding, newlines and quoting, whatever the columns mean. Does not
belong here: which column is which (``card_lists``).
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import EmptyList, ListTooLarge, NotACardList

MAX_BYTES = 20_000_000
"""More than a year of the largest contract; a larger file is another kind of file."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "Excelブックまたは圧縮ファイル"),
    (b"PK\x05\x06", "圧縮ファイル"),
    (b"\xd0\xcf\x11\xe0", "古い形式のExcelブック"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "圧縮ファイル"),
    (b"7z\xbc\xaf", "圧縮ファイル"),
    (b"\x89PNG", "画像"),
    (b"\xff\xd8\xff", "画像"),
    (b"\xff\xfe", "UTF-16の文書"),
    (b"\xfe\xff", "UTF-16の文書"),
    (b"{\\rtf", "ワープロ文書"),
    (b"<", "HTMLまたはXMLの文書"),
)
_BOM = b"\xef\xbb\xbf"
_NEWLINE = re.compile(r"\r\n|\r|\n")
_DAMAGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\uf8f0-\uf8f3\ufffd]")
"""Control characters, bytes that are no character, and what CP932 makes of stray bytes."""

_LINES_PER_RECORD = 20
"""A quoted cell longer than this is a quotation mark that was never closed."""

QUOTE_OPEN = "引用符が閉じていません"
CELL_DAMAGED = "文字が壊れています"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of cells, or why there is none."""

    line: int
    """The line of the file on which it begins, counted from 1."""

    cells: tuple[str, ...]
    defect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All records of a file that hold anything."""

    records: tuple[Record, ...]
    encoding: str


def read_table(data: bytes, *, max_bytes: int = MAX_BYTES) -> Table:
    """Return the records of a CSV file; blank lines are left out.

    The encoding is UTF-8 if the file says so or is valid as such, else CP932 with its
    user-defined characters, which arrive in the private-use area.

    Raises:
        EmptyList: There is nothing in the file.
        ListTooLarge: It has more than ``max_bytes``.
        NotACardList: It is no text file.
    """
    if len(data) > max_bytes:
        raise ListTooLarge(f"{max_bytes // 1_000_000}MBまでの一覧表を取り込めます")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise NotACardList(f"{kind}です。CSVファイルを選んでください")
    text, encoding = _decode(data)
    records = tuple(record for record in _records(text) if record.defect or any(record.cells))
    if not records:
        raise EmptyList("一覧表に何も書かれていません")
    if sum(record.defect == CELL_DAMAGED for record in records) * 2 > len(records):
        raise NotACardList(
            "文字コードが分かりません。CP932かUTF-8のCSVファイルを選んでください"
        )
    return Table(records=records, encoding=encoding)


def _decode(data: bytes) -> tuple[str, str]:
    # A damaged byte costs its own row, not the file: hence "replace" once the kind is known.
    if data.startswith(_BOM):
        return data[len(_BOM) :].decode("utf-8", "replace"), "utf-8-sig"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    header = _first_line(data)
    if not header.isascii() and _is_utf8(header):
        return data.decode("utf-8", "replace"), "utf-8"
    return data.decode("cp932", "replace"), "cp932"


def _first_line(data: bytes) -> bytes:
    found = re.search(rb"[\r\n]", data)
    return data[: found.start()] if found else data


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _records(text: str) -> Iterator[Record]:
    # Ctrl-Z ends a file of old systems.
    lines = _NEWLINE.split(text.rstrip("\x1a"))
    place, width = 0, 0
    while place < len(lines):
        if '"' in lines[place]:
            record, after = _quoted(lines, place, width)
        else:
            record, after = _plain(place + 1, lines[place]), place + 1
        width = max(width, len(record.cells))
        yield record
        place = after


def _plain(line: int, text: str) -> Record:
    return Record(line=line, cells=_trimmed(text.split(",")), defect=_defect(text))


def _quoted(lines: list[str], first: int, width: int) -> tuple[Record, int]:
    """Return the record that begins on line ``first``, and where the next one begins."""
    text, after = lines[first], first + 1
    cells = _cells(text)
    last = min(len(lines), first + _LINES_PER_RECORD)
    while not cells and after < last:
        text, after = f"{text}\n{lines[after]}", after + 1
        cells = () if text.count('"') % 2 else _cells(text)
    stray = after > first + 1 and width > 0 and len(cells) != width
    if not cells or stray:
        # Only the line with the stray mark is lost; what follows is read again.
        return Record(line=first + 1, cells=(), defect=QUOTE_OPEN), first + 1
    return Record(line=first + 1, cells=cells, defect=_defect(text)), after


def _cells(text: str) -> tuple[str, ...]:
    # Excel writes ="0012" to keep zeros; the equals sign is not part of the value.
    text = re.sub(r'(^|,)="', r'\1"', text)
    try:
        return _trimmed(next(csv.reader([text], strict=True)))
    except csv.Error:
        return ()


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    """Return the cells without blanks around them: padding is no part of a value."""
    return tuple(cell.strip() for cell in cells)


def _defect(text: str) -> str:
    return CELL_DAMAGED if _DAMAGE.search(text) else ""
