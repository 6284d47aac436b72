"""Workflow payloads as ciphertext, under the key of the case they belong to.

Temporal sees, keeps and backs up only what leaves here. The workflow id says which case
(``municipality/kind/case_id``); ids, workflow types and search attributes stay readable
and hold nothing personal. No workflow module may import this one: the sandbox cannot load
the cipher.
"""

import asyncio
import dataclasses
import json
from collections.abc import Sequence
from typing import Self

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
)

from store.keys import KeyGone, KeyRing, seal, unseal

_ENCODING = b"binary/encrypted"
_ERASED = Payload(
    metadata={"encoding": b"json/plain"},
    data=json.dumps("[消去済み]", ensure_ascii=False).encode(),
)

_CONVERTERS = tuple(PydanticPayloadConverter().converters.values())


class SharedConverter(CompositePayloadConverter):
    """pydantic's conversion, with the types of all messages prepared once for a process.

    The SDK makes a converter for every run of a workflow; preparing ``Recording`` and the
    others anew in each of them costs more than the steps of a case.
    """

    def __init__(self) -> None:
        super().__init__(*_CONVERTERS)


class CaseCodec(PayloadCodec, WithSerializationContext):
    """AES-256-GCM under the case's key; bound to the case, so payloads cannot be swapped."""

    def __init__(self, keys: KeyRing, municipality: str = "", case_id: str = "") -> None:
        self._keys = keys
        self._municipality = municipality
        self._case_id = case_id

    def with_context(self, context: SerializationContext) -> Self:
        """Return the codec for the workflow that the payload belongs to."""
        workflow_id = getattr(context, "workflow_id", None) or ""
        municipality, _, rest = workflow_id.partition("/")
        return type(self)(self._keys, municipality, rest.rpartition("/")[2])

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal payloads.

        Raises:
            KeyGone: The case has no key: it was never opened, or was erased.
        """
        if not payloads:
            return []
        key = await self._key(self._municipality, self._case_id)
        about = f"{self._municipality}/{self._case_id}"
        return [
            Payload(
                metadata={"encoding": _ENCODING, "about": about.encode()},
                data=seal(key, payload.SerializeToString(), about=about),
            )
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open payloads; what was erased comes back as a text that says so."""
        opened = []
        for payload in payloads:
            if payload.metadata.get("encoding") != _ENCODING:
                opened.append(payload)
                continue
            about = payload.metadata["about"].decode()
            municipality, _, case_id = about.partition("/")
            try:
                key = await self._key(municipality, case_id)
            except KeyGone:
                opened.append(_ERASED)
                continue
            opened.append(Payload.FromString(unseal(key, payload.data, about=about)))
        return opened

    async def _key(self, municipality: str, case_id: str) -> bytes:
        known = self._keys.remembered(municipality, case_id)
        if known is not None:
            return known
        return await asyncio.to_thread(self._keys.case_key, municipality, case_id)


def sealed_converter(keys: KeyRing) -> DataConverter:
    """Return the data converter that client, worker and replayer share."""
    return dataclasses.replace(
        pydantic_data_converter,
        payload_converter_class=SharedConverter,
        payload_codec=CaseCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
