"""Workflow histories as people can read them: one line per event, payloads opened.

Where histories are kept stands in ``store.archive``; what sealed their payloads in
``store.codec``.
"""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.converter import PayloadCodec

from store.archive import Archived

HIDDEN = "（表示できません）"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableEvent:
    """One event of a history."""

    event_id: int
    type: str
    at: datetime
    summary: str | None
    """What the workflow says the event is about; nothing personal."""

    payloads: dict[str, Any]
    """What the event carries, by its place in the event; empty unless asked for."""


def unpack(archived: Archived) -> WorkflowHistory:
    """Return an archived history as the engine's client gives them."""
    packed = zlib.decompress(archived.history)
    return WorkflowHistory(archived.workflow_id, History.FromString(packed).events)


async def readable(
    history: WorkflowHistory, codec: PayloadCodec | None, *, opened: bool
) -> list[ReadableEvent]:
    """Return the events of a history.

    Args:
        history: Whose payloads may be sealed.
        codec: Opens them; ``None`` where nothing is sealed.
        opened: Whether payloads are to be read at all.
    """
    return [await _readable(event, codec, opened=opened) for event in history.events]


async def _readable(
    event: HistoryEvent, codec: PayloadCodec | None, *, opened: bool
) -> ReadableEvent:
    summary = None
    if event.HasField("user_metadata") and event.user_metadata.HasField("summary"):
        (summary,) = await _open(codec, [event.user_metadata.summary])
    found = list(_payloads(event, "")) if opened else []
    values = await _open(codec, [payload for _, payload in found])
    return ReadableEvent(
        event_id=event.event_id,
        type=EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower(),
        at=event.event_time.ToDatetime(UTC),
        summary=None if summary is None else str(summary),
        payloads={place: value for (place, _), value in zip(found, values, strict=True)},
    )


async def _open(codec: PayloadCodec | None, payloads: Sequence[Payload]) -> list[Any]:
    plain = payloads if codec is None else await codec.decode(payloads)
    return [_value(payload) for payload in plain]


def _value(payload: Payload) -> Any:
    encoding = payload.metadata.get("encoding", b"").decode()
    if encoding == "binary/null":
        return None
    if encoding.startswith("json/"):
        try:
            return json.loads(payload.data)
        except ValueError:
            return HIDDEN
    return HIDDEN


def _payloads(message: Message, place: str) -> Iterator[tuple[str, Payload]]:
    """Yield every payload below ``message`` with the way to it."""
    for field, value in message.ListFields():
        if field.type != FieldDescriptor.TYPE_MESSAGE or field.name == "user_metadata":
            continue
        # The name of the event's own attributes says no more than its type does.
        own = field.name.endswith("_event_attributes")
        here = place if own else f"{place}.{field.name}".lstrip(".")
        kind = field.message_type
        entries = kind is not None and kind.GetOptions().map_entry
        for key, each in _each(value, repeated=field.is_repeated, entries=entries):
            if entries and not isinstance(each, Message):
                continue
            at = f"{here}.{key}" if key else here
            if isinstance(each, Payload):
                yield at, each
            else:
                yield from _payloads(each, at)


def _each(value: Any, *, repeated: bool, entries: bool) -> Iterator[tuple[str, Any]]:
    if entries:
        yield from ((str(key), value[key]) for key in value)
    elif repeated:
        yield from ((str(n) if len(value) > 1 else "", each) for n, each in enumerate(value))
    else:
        yield "", value
