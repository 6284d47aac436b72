"""Lists uploaded for a preview and not taken over yet, sealed until somebody decides.

A draft is its uploader's alone and lives for a day. Reading lists stands in the domain,
taking a lot over in ``api.lots.lot_intake``.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from store.keys import KeyRing, seal, unseal
from store.tables.base import METADATA

_DRAFT = METADATA.tables["lot_draft"]

LIFETIME: Final = timedelta(days=1)
_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Files by name, and what was said with them."""

    files: Mapping[str, bytes]
    said: Mapping[str, Any]


def keep(
    connection: Connection,
    keys: KeyRing,
    municipality: str,
    draft: Draft,
    *,
    draft_id: str,
    account_id: str,
    now: datetime,
) -> None:
    """Keep a draft, and purge what is older than a day."""
    purge(connection, municipality, now=now)
    key = keys.municipality_key(connection, municipality)
    about = _about(municipality, account_id, draft_id)
    connection.execute(
        insert(_DRAFT).values(
            municipality=municipality,
            draft_id=draft_id,
            account_id=account_id,
            sealed=seal(key, _packed(draft), about=about),
            made_at=now,
        )
    )


def open_draft(
    connection: Connection,
    keys: KeyRing,
    municipality: str,
    *,
    draft_id: str,
    account_id: str,
    now: datetime,
) -> Draft | None:
    """Return a draft of this person, or ``None`` if there is none that is young enough."""
    row = connection.execute(
        select(_DRAFT.c.sealed).where(
            _DRAFT.c.municipality == municipality,
            _DRAFT.c.draft_id == draft_id,
            _DRAFT.c.account_id == account_id,
            _DRAFT.c.made_at > now - LIFETIME,
        )
    ).one_or_none()
    if row is None:
        return None
    key = keys.municipality_key(connection, municipality)
    about = _about(municipality, account_id, draft_id)
    return _unpacked(unseal(key, bytes(row.sealed), about=about))


def drop(connection: Connection, municipality: str, *, draft_id: str, account_id: str) -> None:
    """Forget a draft; one that is gone already is no error."""
    connection.execute(
        delete(_DRAFT).where(
            _DRAFT.c.municipality == municipality,
            _DRAFT.c.draft_id == draft_id,
            _DRAFT.c.account_id == account_id,
        )
    )


def purge(connection: Connection, municipality: str, *, now: datetime) -> int:
    """Forget every draft older than a day; return how many there were."""
    gone = connection.execute(
        delete(_DRAFT).where(
            _DRAFT.c.municipality == municipality, _DRAFT.c.made_at <= now - LIFETIME
        )
    )
    return gone.rowcount


def _about(municipality: str, account_id: str, draft_id: str) -> str:
    return f"{municipality}/draft/{account_id}/{draft_id}"


def _packed(draft: Draft) -> bytes:
    sizes = {name: len(content) for name, content in draft.files.items()}
    head = json.dumps({"sizes": sizes, "said": dict(draft.said)}).encode()
    body = b"".join(draft.files.values())
    return zlib.compress(len(head).to_bytes(_LENGTH_BYTES) + head + body)


def _unpacked(packed: bytes) -> Draft:
    whole = zlib.decompress(packed)
    start = _LENGTH_BYTES + int.from_bytes(whole[:_LENGTH_BYTES])
    head = json.loads(whole[_LENGTH_BYTES:start])
    files: dict[str, bytes] = {}
    for name, size in head["sizes"].items():
        files[name] = whole[start : start + size]
        start += size
    return Draft(files=files, said=head["said"])
