"""Who a case is about, and documents about them: sealed, and every reading recorded.

Nothing personal is kept anywhere else. Erasing a person here, with the key of the case,
anonymises the record, the documents and the workflow history at once.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.case import CaseRef
from domain.errors import DocumentUnknown
from domain.writing.text import name_search
from store.keys import KeyGone, KeyRing, seal, unseal
from store.opening import search_key
from store.tables.base import METADATA

_VAULT = METADATA.tables["person_vault"]
_DOCUMENT = METADATA.tables["document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """Bytes to keep with a case; the id makes keeping them twice the same."""

    document_id: str
    kind: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    """What is known of a document without opening it."""

    document_id: str
    case_id: str
    kind: str
    ordinal: int
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    made_at: datetime


def persons(
    connection: Connection, keys: KeyRing, municipality: str, case_ids: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return what is known of the persons of these cases; erased ones are missing.

    The caller records who reads and why; see ``store.people``.
    """
    rows = connection.execute(
        select(_VAULT.c.case_id, _VAULT.c.sealed).where(
            _VAULT.c.municipality == municipality,
            _VAULT.c.case_id.in_(case_ids),
            _VAULT.c.sealed.is_not(None),
        )
    ).all()
    if not rows:
        # The municipality may have no key any more.
        return {}
    case_keys = keys.case_keys(connection, municipality, [row.case_id for row in rows])
    return {
        row.case_id: json.loads(
            unseal(
                case_keys[row.case_id],
                bytes(row.sealed),
                about=f"{municipality}/{row.case_id}/person",
            )
        )
        for row in rows
    }


def find_by_name(
    connection: Connection, keys: KeyRing, municipality: str, name: str, *, limit: int = 50
) -> list[str]:
    """Return the cases whose person has exactly this name or kana, newest first."""
    try:
        city_key = keys.municipality_key(connection, municipality)
    except KeyGone:
        return []
    key = search_key(city_key, name_search(name))
    rows = connection.execute(
        select(_VAULT.c.case_id)
        .where(
            _VAULT.c.municipality == municipality,
            or_(_VAULT.c.name_key == key, _VAULT.c.kana_key == key),
        )
        .order_by(_VAULT.c.case_id.desc())
        .limit(limit)
    )
    return [row.case_id for row in rows]


def keep_documents(
    connection: Connection,
    keys: KeyRing,
    municipality: str,
    documents: Mapping[str, NewDocument],
    *,
    made_at: datetime,
) -> None:
    """Keep one document for each case; one that is kept already stays as it is."""
    case_keys = keys.case_keys(connection, municipality, documents)
    for case_id, document in documents.items():
        sealed = seal(
            case_keys[case_id],
            document.content,
            about=f"{municipality}/{case_id}/document/{document.document_id}",
        )
        connection.execute(
            upsert(_DOCUMENT)
            .values(
                municipality=municipality,
                document_id=document.document_id,
                case_id=case_id,
                kind=document.kind,
                ordinal=_next_ordinal(municipality, case_id, document.kind),
                name=document.name,
                media_type=document.media_type,
                size_bytes=len(document.content),
                sha256=hashlib.sha256(document.content).hexdigest(),
                sealed=sealed,
                made_at=made_at,
            )
            .on_conflict_do_nothing(index_elements=["municipality", "document_id"])
        )


def _next_ordinal(municipality: str, case_id: str, kind: str) -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.max(_DOCUMENT.c.ordinal), 0) + 1)
        .where(
            _DOCUMENT.c.municipality == municipality,
            _DOCUMENT.c.case_id == case_id,
            _DOCUMENT.c.kind == kind,
        )
        .scalar_subquery()
    )


def kept(connection: Connection, municipality: str, document_ids: Sequence[str]) -> set[str]:
    """Return those of the documents that exist."""
    rows = connection.execute(
        select(_DOCUMENT.c.document_id).where(
            _DOCUMENT.c.municipality == municipality,
            _DOCUMENT.c.document_id.in_(document_ids),
        )
    )
    return {row.document_id for row in rows}


def documents_of(connection: Connection, case: CaseRef) -> list[DocumentEntry]:
    """Return the documents of a case, oldest first."""
    columns = [c for c in _DOCUMENT.c if c.name not in {"sealed", "municipality"}]
    rows = connection.execute(
        select(*columns)
        .where(
            _DOCUMENT.c.municipality == case.municipality,
            _DOCUMENT.c.case_id == case.case_id,
        )
        .order_by(_DOCUMENT.c.made_at, _DOCUMENT.c.ordinal)
    )
    return [DocumentEntry(**row._mapping) for row in rows]


def erase_documents(connection: Connection, case: CaseRef, document_ids: Sequence[str]) -> int:
    """Empty documents of a case for good, and return how many were still there.

    That they were there stays known, with the digest of what they held: the caller records
    the act in the same transaction, so that neither is true without the other.
    """
    gone = connection.execute(
        update(_DOCUMENT)
        .where(
            _DOCUMENT.c.municipality == case.municipality,
            _DOCUMENT.c.case_id == case.case_id,
            _DOCUMENT.c.document_id.in_(document_ids),
            _DOCUMENT.c.sealed.is_not(None),
        )
        .values(sealed=None)
    )
    return gone.rowcount


def open_document(
    connection: Connection, keys: KeyRing, case: CaseRef, document_id: str
) -> bytes:
    """Return the bytes of a document of this case.

    Raises:
        DocumentUnknown: The case has no such document, or it was erased.
        KeyGone: The case was erased.
    """
    row = connection.execute(
        select(_DOCUMENT.c.sealed).where(
            _DOCUMENT.c.municipality == case.municipality,
            _DOCUMENT.c.case_id == case.case_id,
            _DOCUMENT.c.document_id == document_id,
        )
    ).one_or_none()
    if row is None or row.sealed is None:
        raise DocumentUnknown("書類が見つかりません。")
    key = keys.case_keys(connection, case.municipality, [case.case_id])[case.case_id]
    about = f"{case.municipality}/{case.case_id}/document/{document_id}"
    return unseal(key, bytes(row.sealed), about=about)
