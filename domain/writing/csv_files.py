"""Tables as CSV, for councils' tools and for spreadsheets.

Belongs here: bytes of a table in an encoding, and what is done so that a spreadsheet runs
nothing. Does not belong here: reading lists (``domain.lots.list_bytes``), what a table holds.

Nothing is replaced by something similar: what an encoding cannot hold is refused, with the
place of every such character and with what can be done instead.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from domain.lots.list_errors import CharactersLost
from domain.writing.text import lost_in_cp932


class Encoding(StrEnum):
    """How the characters of a file are written."""

    UTF_8 = "utf-8"
    """With the mark by which a spreadsheet knows it."""

    CP932 = "cp932"
    """What councils' tools call Shift_JIS."""


_RUNS = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
"""What a spreadsheet takes for a formula, after any number of marks of ours."""

_MOST_TOLD = 20


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs.

    What would run gets one apostrophe in front, and so does what begins with apostrophes and
    would then run: taking one away gives every text back. No other text is changed.
    """
    return f"'{cell}" if _RUNS.match(cell) else cell


def to_csv(
    head: Sequence[str],
    rows: Mapping[str, Sequence[str]],
    encoding: Encoding,
) -> bytes:
    """Return a table with its head as a CSV file.

    Args:
        head: The words above the columns.
        rows: By the number that people use for a row; it stands in refusals.
        encoding: How it is written.

    Raises:
        CharactersLost: The encoding cannot hold a character, or gives back another one.
    """
    if encoding is Encoding.CP932:
        _require_cp932(head, rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([guarded(cell) for cell in row] for row in rows.values())
    return text.getvalue().encode("utf-8-sig" if encoding is Encoding.UTF_8 else "cp932")


def _require_cp932(head: Sequence[str], rows: Mapping[str, Sequence[str]]) -> None:
    found = [
        f"{number} の「{column}」の {_code_points(lost)}"
        for number, row in rows.items()
        for column, cell in zip(head, row, strict=True)
        if (lost := lost_in_cp932(cell))
    ]
    if not found:
        return
    more = f"、ほか{len(found) - _MOST_TOLD}か所" if len(found) > _MOST_TOLD else ""
    raise CharactersLost(
        f"Shift_JIS（CP932）にない文字：{'、'.join(found[:_MOST_TOLD])}{more}。"
        "UTF-8のCSVかExcel形式なら、文字を変えずに出力できます。"
    )


def _code_points(lost: Sequence[str]) -> str:
    return "・".join(" ".join(f"U+{ord(char):04X}" for char in each) for each in lost)
