"""The JSON schema of a contract file, for editors that complete and check while typing.

Generated from the shape, so it cannot say something else than the loader::

    python -m contracts.schema

writes ``contracts/schema.json``; a test compares the two. References between sections
(calendars, due rules) are beyond a schema and remain the loader's.
"""

import json
import re
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
    """Return the JSON schema (draft 7, which editors read) of a whole contract file."""
    leaves: dict[str, Any] = {}
    whole = _of(PROFILE, leaves)
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "契約ファイル"}
    return head | whole | {"definitions": leaves}


def text() -> str:
    """Return the schema as it stands in the file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Write ``contracts/schema.json``."""
    FILE.write_text(text(), encoding="utf-8")


def _of(shape: Shape, leaves: dict[str, Any]) -> dict[str, Any]:
    described = {"description": shape.label} if getattr(shape, "label", "") else {}
    match shape:
        case Leaf():
            # Draft 7 ignores what stands beside a reference, hence the allOf.
            name = _leaf_name(shape)
            leaves.setdefault(name, _leaf(shape))
            return described | {"allOf": [{"$ref": f"#/definitions/{name}"}]}
        case Table():
            return described | _table(shape, leaves)
        case Named():
            names = {f"^(?:{shape.names})$": _of(shape.entry, leaves)}
            return described | {
                "type": "object",
                "patternProperties": names,
                "additionalProperties": False,
            }
        case Rows():
            return described | {"type": "array", "items": _of(shape.row, leaves)}


def _table(shape: Table, leaves: dict[str, Any]) -> dict[str, Any]:
    required = [
        key for key, entry in shape.entries.items() if getattr(entry, "required", False)
    ]
    below = {key: _of(entry, leaves) for key, entry in shape.entries.items()}
    return {
        "type": "object",
        "properties": below | _NOTES,
        "additionalProperties": False,
    } | ({"required": required} if required else {})


def _leaf_name(shape: Leaf) -> str:
    parts = [shape.kind.value, *shape.choices]
    parts += [f"from {shape.least:g}"] if shape.least is not None else []
    parts += [f"to {shape.most:g}"] if shape.most is not None else []
    parts += ["settled"] if shape.settled else []
    return re.sub(
        r"[^a-z0-9]+", "-", " ".join(parts).lower().replace(">=", "ge").replace(">", "gt")
    )


def _leaf(shape: Leaf) -> dict[str, Any]:
    plain = dict(_TYPES[shape.kind])
    if shape.choices and shape.kind is Kind.TEXTS:
        plain["items"] = {"enum": list(shape.choices)}
    elif shape.choices:
        plain = {"enum": list(shape.choices)}
    plain |= {"minimum": shape.least} if shape.least is not None else {}
    plain |= {"maximum": shape.most} if shape.most is not None else {}
    forms = [plain, _form({"value": plain}, "value")]
    if not shape.settled:
        forms.append(_form({"unset": {"const": True}}, "unset"))
    return {"anyOf": forms}


def _form(own: dict[str, Any], required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": own | _NOTES,
        "required": [required],
        "additionalProperties": False,
    }


if __name__ == "__main__":
    write()
