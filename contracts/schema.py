"""The JSON schema of a contract file, for editors that complete and check while typing.

Generated from the shape, so it cannot say something else than the loader::

    python -m contracts.schema

writes ``contracts/schema.json``; a test compares the two. References between sections
(calendars, due rules) are beyond a schema and remain the loader's.
"""

import json
from pathlib import Path
from typing import Any

from contracts.profile_shape import PROFILE
from contracts.shape import NOTES, Kind, Leaf, Named, Rows, Shape, Table

FILE = Path(__file__).parent / "schema.json"

_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
    Kind.INTEGER: {"type": "integer"},
    Kind.INTEGERS: {"type": "array", "items": {"type": "integer"}},
    Kind.NUMBER: {"type": "number"},
    Kind.FLAG: {"type": "boolean"},
    Kind.DAY: {"type": "string", "format": "date"},
    Kind.CLOCK: {"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"},
}
_NOTES: dict[str, Any] = {
    key: {"type": "boolean" if key == "assumed" else "string"} for key in NOTES
}


def schema() -> dict[str, Any]:
    """Return the JSON schema of a whole contract file."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "契約ファイル",
    }
    return head | _of(PROFILE)


def text() -> str:
    """Return the schema as it stands in the file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Write ``contracts/schema.json``."""
    FILE.write_text(text(), encoding="utf-8")


def _of(shape: Shape) -> dict[str, Any]:
    described = {"description": shape.label} if getattr(shape, "label", "") else {}
    match shape:
        case Leaf():
            return described | _leaf(shape)
        case Table():
            return described | _table(shape)
        case Named():
            names = {f"^(?:{shape.names})$": _of(shape.entry)}
            return described | {
                "type": "object",
                "patternProperties": names,
                "additionalProperties": False,
            }
        case Rows():
            return described | {"type": "array", "items": _of(shape.row)}


def _table(shape: Table) -> dict[str, Any]:
    required = [
        key for key, entry in shape.entries.items() if getattr(entry, "required", False)
    ]
    return {
        "type": "object",
        "properties": {key: _of(entry) for key, entry in shape.entries.items()} | _NOTES,
        "additionalProperties": False,
    } | ({"required": required} if required else {})


def _leaf(shape: Leaf) -> dict[str, Any]:
    plain = dict(_TYPES[shape.kind])
    if shape.choices and shape.kind is Kind.TEXTS:
        plain["items"] = {"enum": list(shape.choices)}
    elif shape.choices:
        plain = {"enum": list(shape.choices)}
    plain |= {"minimum": shape.least} if shape.least is not None else {}
    plain |= {"maximum": shape.most} if shape.most is not None else {}
    valued = {
        "type": "object",
        "properties": {"value": plain} | _NOTES,
        "required": ["value"],
        "additionalProperties": False,
    }
    unset = {
        "type": "object",
        "properties": {"unset": {"const": True}} | _NOTES,
        "required": ["unset"],
        "additionalProperties": False,
    }
    return {"anyOf": [plain, valued] if shape.settled else [plain, valued, unset]}


if __name__ == "__main__":
    write()
