"""Whose data stands in a list that was made for a city, and to whom it was sent.

Belongs here: one row for each person of each file, so that it can be said of everybody where
their data went. Does not belong here: who looked at somebody's data (``store.access``), the
file itself (``store.vault``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from store import access
from store.tables.base import METADATA

SENT = "予約受付一覧を市へ送る"
"""As what the record of accesses has it that nobody looked and the data left the house."""

_LISTED = METADATA.tables["listed_person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Somebody's data left the house in a file."""

    case_id: str
    document_id: str
    sent_to: str
    sent_at: datetime


def keep(
    connection: Connection, municipality: str, document_id: str, case_ids: Iterable[str]
) -> None:
    """Note whose data stands in a file; noting it again changes nothing."""
    rows = [
        {"municipality": municipality, "document_id": document_id, "case_id": each}
        for each in case_ids
    ]
    if rows:
        connection.execute(upsert(_LISTED).values(rows).on_conflict_do_nothing())


def sent(
    connection: Connection, municipality: str, document_id: str, *, to: str, at: datetime
) -> None:
    """Note that a file was sent; the first time counts, and is an access to each person."""
    gone = connection.execute(
        update(_LISTED)
        .where(
            _LISTED.c.municipality == municipality,
            _LISTED.c.document_id == document_id,
            _LISTED.c.sent_at.is_(None),
        )
        .values(sent_to=to, sent_at=at)
        .returning(_LISTED.c.case_id)
    )
    access.record_access(
        connection,
        account_id=None,
        case_ids=sorted(row.case_id for row in gone),
        purpose=SENT,
        route="mail",
        now=at,
    )


def people_in(connection: Connection, municipality: str, document_id: str) -> set[str]:
    """Return the cases whose people stand in a file."""
    rows = connection.execute(
        select(_LISTED.c.case_id).where(
            _LISTED.c.municipality == municipality, _LISTED.c.document_id == document_id
        )
    )
    return {row.case_id for row in rows}


def disclosures(
    connection: Connection, municipality: str, case_id: str
) -> Sequence[Disclosure]:
    """Return where the data of a case's people was sent, the newest first."""
    columns = [_LISTED.c[name] for name in Disclosure.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(
            _LISTED.c.municipality == municipality,
            _LISTED.c.case_id == case_id,
            _LISTED.c.sent_at.is_not(None),
        )
        .order_by(_LISTED.c.sent_at.desc())
    )
    return [Disclosure(**row._mapping) for row in rows]
