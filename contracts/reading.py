"""Checks a parsed contract file against its shape and turns leaves into facts.

Here: types, choices, unknown keys, missing keys, clauses; every problem is collected, none
stops the reading. Not here: what values mean together (``contracts/build.py``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from contracts.lines import Lines, Path
from contracts.shape import KIND_JA, NOTES, Kind, Leaf, Named, Rows, Shape, Table
from domain.contract import Fact, FactValue

Tree = Any
"""Facts under the names of the file: nested dicts and lists with ``Fact`` leaves."""

_OURS = {"clause": "", "assumed": True, "note": "運用の設定（契約の定めではない）"}
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_MARKS = (*NOTES, "value", "unset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a file, and what would be right."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.line}行目 {self.field}：{self.message}"


@dataclass(slots=True, kw_only=True)
class Reader:
    """Walks a file and its shape together."""

    lines: Lines
    problems: list[Problem] = field(default_factory=list)
    _wrong: list[Path] = field(default_factory=list)

    def is_clean(self, path: Path) -> bool:
        """Say whether nothing at or below ``path`` was wrong so far.

        What merely follows from a mistake is not worth a second complaint.
        """
        return not any(wrong[: len(path)] == path for wrong in self._wrong)

    def complain(self, path: Path, message: str) -> None:
        """Note a problem at ``path``."""
        self._wrong.append(path)
        name = ".".join(str(part + 1 if isinstance(part, int) else part) for part in path)
        self.problems.append(
            Problem(line=self.lines.of(path), field=name or "ファイル全体", message=message)
        )

    def read(self, raw: object, shape: Shape, path: Path, around: Mapping[str, Any]) -> Tree:
        """Return facts for ``raw``; ``around`` holds the notes of the table around it."""
        match shape:
            case Leaf():
                return self._leaf(raw, shape, path, around)
            case Table():
                return self._table(raw, shape, path, around)
            case Named():
                return self._named(raw, shape, path, around)
            case Rows():
                return self._rows(raw, shape, path, around)

    def _table(self, raw: object, shape: Table, path: Path, around: Mapping[str, Any]) -> Tree:
        if not isinstance(raw, dict):
            self.complain(path, "表（[…] または { … }）にしてください")
            return {}
        notes = self._notes(raw, path, around) if shape.sourced else dict(_OURS)
        allowed = (*shape.entries, *NOTES)
        for key in raw:
            if key not in allowed:
                self.complain((*path, key), _unknown(key, allowed))
        for key, entry in shape.entries.items():
            if entry.required and key not in raw:
                self.complain((*path, key), f"{entry.label or key} がありません")
        return {
            key: self.read(raw[key], entry, (*path, key), notes)
            for key, entry in shape.entries.items()
            if key in raw
        }

    def _named(self, raw: object, shape: Named, path: Path, around: Mapping[str, Any]) -> Tree:
        if not isinstance(raw, dict):
            self.complain(path, "名前ごとの表にしてください")
            return {}
        for key in raw:
            if not re.fullmatch(shape.names, key):
                self.complain((*path, key), f"名前は {shape.names} の形にしてください")
        return {
            key: self.read(value, shape.entry, (*path, key), around)
            for key, value in raw.items()
        }

    def _rows(self, raw: object, shape: Rows, path: Path, around: Mapping[str, Any]) -> Tree:
        if not isinstance(raw, list):
            self.complain(path, "行の並び（[[…]]）にしてください")
            return []
        return [
            self.read(row, shape.row, (*path, number), around) for number, row in enumerate(raw)
        ]

    def _notes(
        self, raw: Mapping[str, Any], path: Path, around: Mapping[str, Any]
    ) -> dict[str, Any]:
        notes = {"clause": around.get("clause", "")}
        notes |= {key: around[key] for key in NOTES[1:] if key in around}
        for key in NOTES:
            if key not in raw:
                continue
            wanted = bool if key == "assumed" else str
            if isinstance(raw[key], wanted):
                notes[key] = raw[key]
            else:
                kind = KIND_JA[Kind.FLAG if wanted is bool else Kind.TEXT]
                self.complain((*path, key), f"{kind}にしてください")
        return notes

    def _leaf(self, raw: object, shape: Leaf, path: Path, around: Mapping[str, Any]) -> Fact:
        value, notes, unset = raw, dict(around if shape.sourced else _OURS), False
        if isinstance(raw, dict):
            notes = self._notes(raw, path, around)
            unset = raw.get("unset") is True
            value = raw.get("value")
            self._marks(raw, shape, path)
        if not notes.get("clause") and not notes.get("assumed"):
            self.complain(path, '出典の条項がありません。clause = "§…" を書いてください')
        good = None if unset else self._value(value, shape, path)
        return Fact(
            path=".".join(str(part) for part in path),
            value=good,
            label=shape.label,
            clause=notes.get("clause", ""),
            unset=good is None,
            assumed=bool(notes.get("assumed")) and good is not None,
            question=notes.get("question", ""),
            note=notes.get("note", ""),
        )

    def _marks(self, raw: Mapping[str, Any], shape: Leaf, path: Path) -> None:
        for key in raw:
            if key not in _MARKS:
                self.complain((*path, key), _unknown(key, _MARKS))
        if ("value" in raw) == (raw.get("unset") is True):
            self.complain(path, "value = … か unset = true のどちらか一つを書いてください")
        if shape.settled and raw.get("unset") is True:
            self.complain(path, f"{shape.label or path[-1]} は未定にできません")
        if raw.get("assumed") and not (raw.get("question") or raw.get("note")):
            self.complain(
                path, "仮定には question（市への確認番号）か note（理由）を書いてください"
            )

    def _value(self, value: object, shape: Leaf, path: Path) -> FactValue | None:
        if value is None:
            return None
        good = _typed(value, shape.kind)
        if good is None:
            self.complain(path, f"{KIND_JA[shape.kind]}にしてください")
            return None
        if good == "" and shape.settled:
            self.complain(path, f"{shape.label or path[-1]} は空にできません")
            return None
        for item in good if isinstance(good, tuple) else (good,):
            if shape.choices and item not in shape.choices:
                self.complain(path, _choose(str(item), shape.choices))
                return None
        low = shape.least is not None and isinstance(good, int | float) and good < shape.least
        high = shape.most is not None and isinstance(good, int | float) and good > shape.most
        if low or high:
            self.complain(path, _between(shape))
            return None
        return good


def _typed(value: object, kind: Kind) -> FactValue | None:
    if kind is Kind.TEXTS or kind is Kind.INTEGERS:
        wanted = str if kind is Kind.TEXTS else int
        listed = isinstance(value, list) and all(type(item) is wanted for item in value)
        return tuple(value) if listed else None  # type: ignore[arg-type]
    if kind is Kind.DAY:
        plain = isinstance(value, date) and not isinstance(value, datetime)
        return value.isoformat() if plain else None  # type: ignore[attr-defined]
    if kind is Kind.CLOCK:
        return value if isinstance(value, str) and _CLOCK.fullmatch(value) else None
    types: dict[Kind, tuple[type, ...]] = {
        Kind.TEXT: (str,),
        Kind.INTEGER: (int,),
        Kind.NUMBER: (int, float),
        Kind.FLAG: (bool,),
    }
    return value if type(value) in types[kind] else None  # type: ignore[return-value]


def _unknown(key: str, allowed: tuple[str, ...]) -> str:
    close = get_close_matches(key, allowed, n=1)
    if close:
        return f"「{key}」という項目はありません。「{close[0]}」ではありませんか"
    return f"「{key}」という項目はありません。使えるのは {'、'.join(allowed)} です"


def _choose(given: str, choices: tuple[str, ...]) -> str:
    close = get_close_matches(given, choices, n=1)
    hint = f"「{close[0]}」ではありませんか。" if close else ""
    return f"「{given}」は使えません。{hint}使えるのは {'、'.join(choices)} です"


def _between(shape: Leaf) -> str:
    if shape.least is not None and shape.most is not None:
        return f"{shape.least:g} から {shape.most:g} までにしてください"
    if shape.least is not None:
        return f"{shape.least:g} 以上にしてください"
    return f"{shape.most:g} 以下にしてください"
