"""Applications that came back, by month, as they are reported; and who is to be called next.

Belongs here: counting them. Does not belong here: what the figures mean
(``domain.defects.return_rate``), single cases (``store.cases``).
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from domain.applications.application_parts import StepKind
from domain.applications.defect_kinds import DefectKind
from domain.case import CaseKind
from domain.defects.return_rate import DefectCounts
from store.calls import opened_in
from store.record import CASE_FILE


def counts(
    connection: Connection, municipality: str, contract: str, month: date
) -> DefectCounts:
    """Return what came back in a month, beside the photos that were looked at in it."""
    rows = connection.execute(
        select(
            CASE_FILE.c.state["value"]["kind"].astext.label("defect"),
            CASE_FILE.c.parent_id.is_not(None).label("ours"),
            CASE_FILE.c.stage,
            func.count().label("cases"),
        )
        .where(opened_in(municipality, contract, CaseKind.DEFECT, month))
        .group_by("defect", "ours", CASE_FILE.c.stage)
    ).all()
    ours: dict[DefectKind, int] = {}
    others: dict[DefectKind, int] = {}
    settled: dict[str, int] = {}
    for row in rows:
        of = ours if row.ours else others
        kind = DefectKind(row.defect)
        of[kind] = of.get(kind, 0) + row.cases
        settled[row.stage] = settled.get(row.stage, 0) + row.cases
    photos = _photos(connection, municipality, contract, month)
    return DefectCounts(photos=photos, ours=ours, others=others, settled=settled)


def _photos(connection: Connection, municipality: str, contract: str, month: date) -> int:
    """Return how many applications went out with a photo that was looked at."""
    looked_at: Mapping[str, str] = {"kind": str(StepKind.PHOTO)}
    done: ColumnElement[bool] = CASE_FILE.c.state["value"]["done"].contains(
        literal([looked_at], JSONB)
    )
    wanted = opened_in(municipality, contract, CaseKind.APPLICATION, month)
    return connection.execute(select(func.count()).where(wanted, done)).scalar_one()
