"""What a contract file may contain: leaves, tables, rows.

Here: the vocabulary in which ``contracts/profile_shape.py`` describes a file. Not here: the
description itself, reading (``contracts/reading.py``), JSON schema (``contracts/schema.py``).

Every leaf may be written plainly (its clause is the table's) or as a small table::

    roll = { unset = true, clause = "§6(2)④", note = "定めなし" }
    first_day = { value = "day_after", assumed = true, question = "Q-OTA-02" }
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The type of a leaf's value."""

    TEXT = "text"
    TEXTS = "texts"
    INTEGER = "integer"
    INTEGERS = "integers"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    CLOCK = "clock"


KIND_JA: Mapping[Kind, str] = {
    Kind.TEXT: '文字（"…"）',
    Kind.TEXTS: '文字の並び（["…", "…"]）',
    Kind.INTEGER: "整数",
    Kind.INTEGERS: "整数の並び（[1, 2]）",
    Kind.NUMBER: "数",
    Kind.FLAG: "true か false",
    Kind.DAY: "日付（2027-03-31、引用符なし）",
    Kind.CLOCK: '時刻（"08:30"、終わりは "24:00" も可）',
}

NOTES = ("clause", "assumed", "question", "note")
"""Keys that say where a value comes from; in a table they hold for all its leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One value."""

    kind: Kind = Kind.TEXT
    label: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    """It must be written, though it may be written as unset unless ``settled``."""
    settled: bool = False
    """It may not be unset."""
    sourced: bool = True
    """Whether it needs a clause."""
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Named entries, each with its own shape."""

    entries: Mapping[str, "Shape"]
    label: str = ""
    required: bool = False
    sourced: bool = True
    """Whether its leaves need a clause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Entries of one shape under names of the author's choosing."""

    entry: "Shape"
    label: str = ""
    required: bool = False
    names: str = "[a-z][a-z0-9_]*"
    """What a name looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A list of tables of one shape."""

    row: Table
    label: str = ""
    required: bool = False


Shape = Leaf | Table | Named | Rows


def text(label: str = "", **more: object) -> Leaf:
    """Return a leaf of text."""
    return Leaf(kind=Kind.TEXT, label=label, **more)  # type: ignore[arg-type]


def texts(label: str = "", **more: object) -> Leaf:
    """Return a leaf of several texts."""
    return Leaf(kind=Kind.TEXTS, label=label, **more)  # type: ignore[arg-type]


def integer(label: str = "", **more: object) -> Leaf:
    """Return a leaf of a whole number."""
    return Leaf(kind=Kind.INTEGER, label=label, **more)  # type: ignore[arg-type]


def number(label: str = "", **more: object) -> Leaf:
    """Return a leaf of a number."""
    return Leaf(kind=Kind.NUMBER, label=label, **more)  # type: ignore[arg-type]


def integers(label: str = "") -> Leaf:
    """Return a leaf of several whole numbers."""
    return Leaf(kind=Kind.INTEGERS, label=label)


def flag(label: str = "") -> Leaf:
    """Return a leaf of yes or no."""
    return Leaf(kind=Kind.FLAG, label=label)


def day(label: str = "", **more: object) -> Leaf:
    """Return a leaf of a date."""
    return Leaf(kind=Kind.DAY, label=label, **more)  # type: ignore[arg-type]


def clock(label: str = "", **more: object) -> Leaf:
    """Return a leaf of a time of day."""
    return Leaf(kind=Kind.CLOCK, label=label, **more)  # type: ignore[arg-type]
