"""Where texts that should be the same are not, character by character.

For the eye only: which difference matters is decided by ``domain.lots.matching``.
"""

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.words import LIST_TEXT
from domain.writing.eras import BirthDate, era_text

_FIELDS = (("name", "氏名"), ("kana", "カナ"), ("birth", "生年月日"), ("address", "住所"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a text."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that all lists say, and how each says it."""

    label: str
    cells: tuple[tuple[Part, ...] | None, ...]
    """``None`` where a list does not have the person, or not this of them."""

    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The lists side by side."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def compare_lists(lists: Mapping[str, Mapping[str, Any]]) -> Comparison:
    """Return the three lists side by side, what differs from the first marked."""
    names = tuple(LIST_TEXT)
    rows = []
    for field, label in _FIELDS:
        texts = [_text(lists.get(name), field) for name in names]
        known = [text for text in texts if text is not None]
        if not any(known):
            continue
        cells = tuple(None if text is None else marked(text, known) for text in texts)
        folded = {unicodedata.normalize("NFKC", text) for text in known}
        rows.append(Row(label=label, cells=cells, same=len(folded) < 2))
    return Comparison(heads=tuple(LIST_TEXT.values()), rows=tuple(rows))


def marked(text: str, others: Sequence[str]) -> tuple[Part, ...]:
    """Return ``text`` in parts; a character that any of ``others`` lacks there differs.

    Widths and half-size kana are told apart by no reader and are not marked.
    """
    differs = [False] * len(text)
    for other in others:
        matcher = difflib.SequenceMatcher(None, _folded(text), _folded(other), autojunk=False)
        for kind, start, end, _, _ in matcher.get_opcodes():
            if kind in {"replace", "delete"}:
                differs[start:end] = [True] * (end - start)
    parts: list[Part] = []
    for char, differing in zip(text, differs, strict=True):
        if parts and parts[-1].differs == differing:
            parts[-1] = Part(text=parts[-1].text + char, differs=differing)
        else:
            parts.append(Part(text=char, differs=differing))
    return tuple(parts)


def birth_words(birth: Any) -> str:
    """Return a date of birth as the era and the western year; what is unknown is 不詳."""
    if not isinstance(birth, Mapping):
        return ""
    known = BirthDate(**birth)
    if known.exact is not None:
        return f"{era_text(known.exact)}（{known.year}年）"
    if known.year is None:
        return "不詳"
    return f"{known.year}年{f'{known.month}月' if known.month else ''}不詳"


def _folded(text: str) -> list[str]:
    return [unicodedata.normalize("NFKC", char) for char in text]


def _text(person: Mapping[str, Any] | None, field: str) -> str | None:
    if person is None:
        return None
    value = person.get(field)
    return birth_words(value) if field == "birth" else (value or None)
