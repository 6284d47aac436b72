"""Messages that older code wrote are still understood: fields are added, never changed.

A file in ``payloads/`` is what a running case, a waiting row of the outbox or an archived
history holds. Add one per new message (``make histories`` writes those that are missing);
never edit one to make this test pass.
"""

import dataclasses
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from temporalio.contrib.pydantic import pydantic_data_converter

from workflows import (
    application_messages,
    call_messages,
    city_messages,
    defect_messages,
    incident_messages,
    list_messages,
    messages,
    obligation_messages,
    photo_messages,
    procedure_messages,
    queue_messages,
    venue_messages,
)

PAYLOADS = Path(__file__).parent / "payloads"
FILES = sorted(PAYLOADS.glob("*.json"))
MESSAGES: dict[str, type[Any]] = {
    name: found
    for room in (
        messages,
        application_messages,
        call_messages,
        city_messages,
        defect_messages,
        incident_messages,
        list_messages,
        obligation_messages,
        photo_messages,
        procedure_messages,
        queue_messages,
        venue_messages,
    )
    for name, found in inspect.getmembers(room, inspect.isclass)
    if found.__module__ == room.__name__
}


def missing(written: Any, read: Any, where: str = "") -> list[str]:
    """Return what was written and is not read any more, or is read as something else."""
    if isinstance(written, dict) and isinstance(read, dict):
        gone = [f"{where}.{name}" for name in written if name not in read]
        kept = [name for name in written if name in read]
        return gone + [
            each for n in kept for each in missing(written[n], read[n], f"{where}.{n}")
        ]
    if isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        pairs = zip(written, read, strict=True)
        return [
            each for n, (w, r) in enumerate(pairs) for each in missing(w, r, f"{where}.{n}")
        ]
    return [] if written == read else [where]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_was_written_is_still_understood(path: Path) -> None:
    """
    As the worker reads it, and without losing a word of it.
    """
    kind = MESSAGES[path.stem]
    written = json.loads(path.read_text())
    converter = pydantic_data_converter.payload_converter

    (read,) = converter.from_payloads(converter.to_payloads([written]), [kind])

    assert isinstance(read, kind)
    assert [] == missing(written, TypeAdapter(kind).dump_python(read, mode="json"))


def test_every_message_has_been_written_once() -> None:
    """
    A message without a file could change unseen.
    """
    assert set(MESSAGES) == {path.stem for path in FILES}


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_a_message_is_one_closed_set_of_named_fields(name: str) -> None:
    """
    Only then can a field be added: with a default, by name, in one dataclass.
    """
    kind = MESSAGES[name]

    assert dataclasses.is_dataclass(kind)
    assert all(field.kw_only for field in dataclasses.fields(kind))


def test_a_field_that_was_renamed_or_retyped_would_be_noticed() -> None:
    """
    The control: what this folder guards against.
    """

    @dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
    class Renamed:
        card: str = ""

    @dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
    class Retyped:
        card_id: int

    written = json.loads((PAYLOADS / "CardSettled.json").read_text())
    renamed = TypeAdapter(Renamed)

    assert [".card_id"] == missing(
        written, renamed.dump_python(renamed.validate_python(written), mode="json")
    )
    with pytest.raises(ValidationError):
        TypeAdapter(Retyped).validate_python(written)
