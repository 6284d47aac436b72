"""Counts and selections for the pages that greet people: how much is late, due, stuck.

Lists of cases, one case and its timeline stand in ``store.cases``. Everything here looks at
one municipality's open cases or at one period, never at all cases ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from domain.case import CaseKind
from store.record import CASE_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many open cases stand how; a lot is counted by its cards."""

    late: int
    today: int
    """Due today and not late yet."""
    stuck: int
    open: int
    escalated: int
    """Told to the role that asks."""


def counts(
    connection: Connection,
    municipality: str,
    *,
    now: datetime,
    tomorrow: datetime,
    owner: str | None = None,
    told: str | None = None,
) -> Counts:
    """Return how many open cases stand how, of one owner or of all."""
    file = CASE_FILE.c
    late, stuck = file.due_at < now, file.stuck.is_not(None)
    query = select(
        func.count().filter(late).label("late"),
        func.count().filter(~late, file.due_at < tomorrow).label("today"),
        func.count().filter(stuck).label("stuck"),
        func.count().filter(file.escalated_to == (told or "")).label("escalated"),
        func.count().label("open"),
    ).where(*_open(municipality), file.kind != CaseKind.LOT)
    if owner is not None:
        query = query.where(file.owner == owner)
    return Counts(**connection.execute(query).one()._mapping)


def kinds_open(
    connection: Connection, municipality: str, owner: str | None = None
) -> dict[str, int]:
    """Return how many open cases there are of each kind."""
    query = select(CASE_FILE.c.kind, func.count().label("cases")).where(*_open(municipality))
    if owner is not None:
        query = query.where(CASE_FILE.c.owner == owner)
    rows = connection.execute(query.group_by(CASE_FILE.c.kind))
    return {row.kind: row.cases for row in rows}


def lot_stages(
    connection: Connection, municipality: str, lot_ids: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Return how many cards of each lot are at each stage."""
    rows = connection.execute(
        select(CASE_FILE.c.parent_id, CASE_FILE.c.stage, func.count().label("cards"))
        .where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.parent_id.in_(lot_ids),
            CASE_FILE.c.kind == CaseKind.CARD,
        )
        .group_by(CASE_FILE.c.parent_id, CASE_FILE.c.stage)
    )
    found: dict[str, dict[str, int]] = {lot_id: {} for lot_id in lot_ids}
    for row in rows:
        found[row.parent_id][row.stage] = row.cards
    return found


def escalated_to(
    connection: Connection, municipality: str, role: str, *, limit: int
) -> list[str]:
    """Return the open cases that this role was told of, the most urgent first."""
    rows = connection.execute(
        select(CASE_FILE.c.case_id)
        .where(*_open(municipality), CASE_FILE.c.escalated_to == role)
        .order_by(CASE_FILE.c.due_at, CASE_FILE.c.case_id)
        .limit(limit)
    )
    return [row.case_id for row in rows]


def opened_between(
    connection: Connection, municipality: str, first: datetime, last: datetime, *, limit: int
) -> list[str]:
    """Return the cases opened from one moment to before another, newest first."""
    rows = connection.execute(
        select(CASE_FILE.c.case_id)
        .where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.opened_at >= first,
            CASE_FILE.c.opened_at < last,
        )
        .order_by(CASE_FILE.c.opened_at.desc(), CASE_FILE.c.case_id)
        .limit(limit)
    )
    return [row.case_id for row in rows]


def last_change(connection: Connection, municipality: str, lot_id: str) -> tuple[int, int]:
    """Return something that differs whenever a lot or one of its cards has moved."""
    file = CASE_FILE.c
    row = connection.execute(
        select(
            func.coalesce(func.sum(file.last_seq).filter(file.case_id == lot_id), 0).label(
                "lot"
            ),
            func.coalesce(func.sum(file.last_seq).filter(file.parent_id == lot_id), 0).label(
                "cards"
            ),
        ).where(
            file.municipality == municipality,
            (file.case_id == lot_id) | (file.parent_id == lot_id),
        )
    ).one()
    return int(row.lot), int(row.cards)


def _open(municipality: str) -> tuple[ColumnElement[Any], ...]:
    return (CASE_FILE.c.municipality == municipality, CASE_FILE.c.closed_at.is_(None))
