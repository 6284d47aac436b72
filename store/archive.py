"""Finished courses: their workflow histories, kept longer than the engine keeps them.

A history is kept as it came, its payloads sealed with the key of the case: erasing the
key makes it unreadable here too.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.case import CaseRef
from store.scope import scope
from store.tables.base import METADATA

_ARCHIVE = METADATA.tables["history_archive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """One run of a course."""

    municipality: str
    case_id: str
    run_id: str
    workflow_id: str
    workflow_type: str
    history: bytes
    """``temporal.api.history.v1.History`` as protobuf, compressed with zlib."""

    build_id: str
    contract_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedRun(Archived):
    """One run as it was kept."""

    sha256: str
    archived_at: datetime

    @property
    def whole(self) -> bool:
        """Tell whether the history still is what was kept."""
        return hashlib.sha256(self.history).hexdigest() == self.sha256


def keep(engine: Engine, archived: Archived, *, at: datetime) -> None:
    """Keep a history; keeping it again changes nothing."""
    with scope(engine, archived.municipality) as connection:
        connection.execute(
            upsert(_ARCHIVE)
            .values(
                municipality=archived.municipality,
                case_id=archived.case_id,
                run_id=archived.run_id,
                workflow_id=archived.workflow_id,
                workflow_type=archived.workflow_type,
                history=archived.history,
                sha256=hashlib.sha256(archived.history).hexdigest(),
                build_id=archived.build_id,
                contract_version=archived.contract_version,
                archived_at=at,
            )
            .on_conflict_do_nothing()
        )


def runs_of(connection: Connection, case: CaseRef) -> list[ArchivedRun]:
    """Return the archived runs of a case, oldest first."""
    columns = [_ARCHIVE.c[name] for name in ArchivedRun.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(
            _ARCHIVE.c.municipality == case.municipality,
            _ARCHIVE.c.case_id == case.case_id,
        )
        .order_by(_ARCHIVE.c.archived_at)
    )
    return [ArchivedRun(**row._mapping) for row in rows]


def archived_since(
    connection: Connection, municipality: str, since: date | None = None
) -> list[str]:
    """Return the cases with archived runs, in the order in which they ended."""
    query = (
        select(_ARCHIVE.c.case_id)
        .where(_ARCHIVE.c.municipality == municipality)
        .group_by(_ARCHIVE.c.case_id)
        .order_by(func.min(_ARCHIVE.c.archived_at), _ARCHIVE.c.case_id)
    )
    if since is not None:
        query = query.where(_ARCHIVE.c.archived_at >= since)
    return [row.case_id for row in connection.execute(query)]
