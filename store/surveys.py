"""Answers to questionnaires, as counts of a venue's day.

Belongs here: adding one sheet to the counts, and reading them. Nothing here takes a person, an
account, a case or a moment, so nothing here can keep one. Does not belong here: what may be
answered (``domain.surveys``).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from store.tables.base import METADATA

_SHEET = METADATA.tables["survey_sheet"]
_COUNT = METADATA.tables["survey_count"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueDate:
    """A place on a day: all that answers belong to."""

    municipality: str
    contract: str
    site: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyCounts:
    """What was answered at some places on some days."""

    sheets: int
    answers: Mapping[tuple[str, str], int]
    """By question and choice."""


def add(
    connection: Connection, at: VenueDate, *, chance: str, form: str, answers: Mapping[str, str]
) -> bool:
    """Count one sheet; return whether it was counted, and not sent before.

    Args:
        connection: In the scope of the municipality.
        at: Where and on which day.
        chance: A number by chance that came with the sheet; only its digest is kept.
        form: Version of the questions.
        answers: The choice by question.
    """
    where = {
        "municipality": at.municipality,
        "contract": at.contract,
        "site": at.site,
        "day": at.day,
    }
    digest = hashlib.sha256(f"{at.site}/{at.day}/{chance}".encode()).hexdigest()
    fresh = connection.execute(
        upsert(_SHEET)
        .values(**where, sheet=digest)
        .on_conflict_do_nothing()
        .returning(_SHEET.c.sheet)
    ).first()
    if fresh is None:
        return False
    # Always in the same order, so that two sheets at once wait for each other and no more.
    for question, choice in sorted(answers.items()):
        row = upsert(_COUNT).values(
            **where, form=form, question=question, choice=choice, answers=1
        )
        connection.execute(
            row.on_conflict_do_update(
                index_elements=[each.name for each in _COUNT.primary_key],
                set_={"answers": _COUNT.c.answers + 1},
            )
        )
    return True


def counted(
    connection: Connection,
    municipality: str,
    contract: str,
    first: date,
    last: date,
    site: str = "",
) -> SurveyCounts:
    """Return what was answered from one day to another, at one place or at all."""
    sheets = connection.execute(
        select(func.count())
        .select_from(_SHEET)
        .where(
            and_(
                _SHEET.c.municipality == municipality,
                _SHEET.c.contract == contract,
                _SHEET.c.day.between(first, last),
                *((_SHEET.c.site == site,) if site else ()),
            )
        )
    ).scalar_one()
    rows = connection.execute(
        select(_COUNT.c.question, _COUNT.c.choice, func.sum(_COUNT.c.answers).label("n"))
        .where(
            _COUNT.c.municipality == municipality,
            _COUNT.c.contract == contract,
            _COUNT.c.day.between(first, last),
            *((_COUNT.c.site == site,) if site else ()),
        )
        .group_by(_COUNT.c.question, _COUNT.c.choice)
    )
    return SurveyCounts(
        sheets=sheets, answers={(row.question, row.choice): int(row.n) for row in rows}
    )
