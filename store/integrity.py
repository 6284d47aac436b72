"""Reading the whole record of a municipality, case by case, and whether it still holds.

One snapshot of the database is read from a cursor, a month of cases after the other, so
that neither the memory of this process nor a case that moves meanwhile matters. The rule
of the chain stands in ``domain.records.audit``.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, text

from domain.case import CaseRef
from domain.records.audit import Break, RecordedEvent, breaks
from store.record import CASE_EVENT
from store.scope import scope

MOST_BREAKS = 1000
"""More than a person reads; the count goes on."""

_MONTHS = text(
    "SELECT opened_on FROM case_file WHERE municipality = :municipality"
    " UNION SELECT opened_on FROM case_event WHERE municipality = :municipality ORDER BY 1"
)
_MONTH = text(
    """
    SELECT coalesce(f.case_id, e.case_id) AS of_case,
           to_jsonb(f) - 'state' - 'deadline' AS file,
           e.seq, e.at, e.action, e.actor, e.role, e.detail, e.sealed_reason, e.key,
           e.prev_hash, e.hash
      FROM (SELECT * FROM case_file
             WHERE municipality = :municipality AND opened_on = :month) f
      FULL JOIN (SELECT * FROM case_event
             WHERE municipality = :municipality AND opened_on = :month) e
        ON e.case_id = f.case_id
     ORDER BY 1, e.seq
    """
)
_ARCHIVES = text(
    "SELECT case_id, sha256 = encode(sha256(history), 'hex') AS whole FROM history_archive"
    " WHERE municipality = :municipality"
)
_MISSING_NUMBERS = text(
    """
    SELECT c.kind, c.year, c.last - count(f.case_id) - drawn.unused AS missing
      FROM case_counter c
      CROSS JOIN LATERAL (SELECT count(*) AS unused FROM drawn_number d
             WHERE d.municipality = c.municipality AND d.kind = c.kind AND d.year = c.year
           ) drawn
      LEFT JOIN case_file f
        ON f.municipality = c.municipality AND f.kind = c.kind
       AND substring(f.case_number FROM '-[A-Z]([0-9]{2})-[0-9]+-[0-9]$')
           = lpad((c.year % 100)::text, 2, '0')
     WHERE c.municipality = :municipality
     GROUP BY c.kind, c.year, c.last, drawn.unused
    HAVING c.last <> count(f.case_id) + drawn.unused
    """
)
_STREAM = {"stream_results": True, "yield_per": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """One case as its file says it is, and the lines of its record."""

    case_id: str
    file: Mapping[str, Any] | None
    """The row of the case; ``None`` where lines are left of a case that is gone."""

    events: Sequence[RecordedEvent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a look at the whole record found."""

    municipality: str
    cases: int
    events: int
    archives: int
    breaks_found: int
    breaks: tuple[Break, ...]
    """The first of them."""

    @property
    def intact(self) -> bool:
        """Tell whether nothing was found."""
        return self.breaks_found == 0


@contextmanager
def snapshot(engine: Engine, municipality: str) -> Iterator[Connection]:
    """Open a transaction that sees one moment, however long it reads."""
    with scope(engine.execution_options(isolation_level="REPEATABLE READ"), municipality) as c:
        yield c


def whole_record(
    connection: Connection,
    municipality: str,
    *,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[CaseRecord]:
    """Yield every case with its lines, the oldest month first.

    Args:
        connection: From ``snapshot``.
        municipality: Whose record.
        since: Leave out the months before the one this day is in.
        until: Leave out the months behind the one this day is in.
    """
    wanted = {"municipality": municipality}
    for month in connection.execute(_MONTHS, wanted).scalars().all():
        if since is not None and month < since.replace(day=1):
            continue
        if until is not None and month > until:
            continue
        rows = connection.execute(_MONTH, {**wanted, "month": month}, execution_options=_STREAM)
        for case_id, lines in groupby(rows, key=lambda row: str(row.of_case)):
            yield _record(municipality, case_id, list(lines))


def record_of(connection: Connection, case: CaseRef) -> list[RecordedEvent]:
    """Return the lines of one case, as they are chained."""
    rows = connection.execute(
        select(CASE_EVENT)
        .where(
            CASE_EVENT.c.municipality == case.municipality,
            CASE_EVENT.c.opened_on == case.opened_on,
            CASE_EVENT.c.case_id == case.case_id,
        )
        .order_by(CASE_EVENT.c.seq)
    )
    return [_event(case.municipality, case.case_id, row) for row in rows]


def verify(
    engine: Engine,
    municipality: str,
    *,
    since: date | None = None,
    until: date | None = None,
) -> Verified:
    """Return what is broken in the record: lines changed, removed, reordered or cut."""
    cases = events = archives = 0
    found = _Findings()
    with snapshot(engine, municipality) as connection:
        for record in whole_record(connection, municipality, since=since, until=until):
            cases += 1
            events += len(record.events)
            found.add(broken(record))
        for row in connection.execute(
            _ARCHIVES, {"municipality": municipality}, execution_options=_STREAM
        ):
            archives += 1
            if not row.whole:
                found.add([Break(case_id=row.case_id, seq=0, problem="archive_changed")])
        if since is None and until is None:
            found.add(_missing_cases(connection, municipality))
    return Verified(
        municipality=municipality,
        cases=cases,
        events=events,
        archives=archives,
        breaks_found=found.count,
        breaks=tuple(found.first),
    )


def broken(record: CaseRecord) -> list[Break]:
    """Return where the record of one case does not hold."""
    if record.file is None:
        return [Break(case_id=record.case_id, seq=0, problem="case_missing")]
    last_seq, last_hash = record.file["last_seq"], record.file["last_hash"]
    return [
        Break(case_id=record.case_id, seq=each.seq, problem=each.problem)
        for each in breaks(record.events, last_seq=last_seq, last_hash=last_hash)
    ]


class _Findings:
    """Counts all, keeps the first."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Break] = []

    def add(self, found: Sequence[Break]) -> None:
        self.count += len(found)
        self.first += found[: MOST_BREAKS - len(self.first)]


def _missing_cases(connection: Connection, municipality: str) -> list[Break]:
    """Return a finding for each number that was given to a case that is no longer there."""
    rows = connection.execute(_MISSING_NUMBERS, {"municipality": municipality})
    return [
        Break(case_id=f"{row.kind}/{row.year}", seq=row.missing, problem="numbers_missing")
        for row in rows
    ]


def _record(municipality: str, case_id: str, rows: Sequence[Row[Any]]) -> CaseRecord:
    return CaseRecord(
        case_id=case_id,
        file=rows[0].file,
        events=[_event(municipality, case_id, row) for row in rows if row.seq is not None],
    )


def _event(municipality: str, case_id: str, row: Row[Any]) -> RecordedEvent:
    return RecordedEvent(
        municipality=municipality,
        case_id=case_id,
        seq=row.seq,
        at=row.at,
        action=row.action,
        actor=row.actor,
        role=row.role,
        detail=row.detail,
        sealed_reason=bytes(row.sealed_reason).hex() if row.sealed_reason is not None else None,
        key=row.key,
        prev_hash=row.prev_hash,
        hash=row.hash,
    )
