"""The schema that editors use says what the loader says."""

import tomllib
from datetime import date
from typing import Any

import jsonschema_rs
import pytest

from contracts.loader import FOLDER
from contracts.schema import FILE, schema, text
from tests.contracts.cities import SLUGS


def plain(value: Any) -> Any:
    """Return a parsed file with its dates as texts, as editors see them."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_committed_schema_is_the_generated_one() -> None:
    """Run ``python -m contracts.schema`` after changing the shape."""
    assert text() == FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_contract_file_fits_the_schema(slug: str) -> None:
    """An editor must not underline what the loader accepts."""
    parsed = tomllib.loads((FOLDER / f"{slug}.toml").read_text(encoding="utf-8"))
    found = jsonschema_rs.validator_for(schema()).iter_errors(plain(parsed))

    assert [] == [error.message for error in found]


@pytest.mark.parametrize(
    "wrong",
    [
        {"municipality": {"clause": "§1", "name": 3, "name_en": "x"}},
        {"term": {"clause": "§1", "start": {"unset": True}, "end": {"unset": True}}},
        {"planets": {}},
        {"duties": {"A": {"clause": "§7", "text": "x", "party": "city"}}},
        {"due": {"x": {"clause": "§1", "label": "x", "type": "someday", "calendar": "c"}}},
    ],
)
def test_a_wrong_file_does_not_fit_the_schema(wrong: dict[str, Any]) -> None:
    """The control: the schema can refuse."""
    parsed = plain(tomllib.loads((FOLDER / "ota.toml").read_text(encoding="utf-8")))

    assert not jsonschema_rs.validator_for(schema()).is_valid(parsed | wrong)
