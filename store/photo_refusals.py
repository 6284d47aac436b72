"""Photos that were not taken at a window, for the month's report.

Belongs here: noting that there was one, and counting. Does not belong here: why a photo is
not taken (``domain.photos.photo_rules``); nothing of the photo itself is kept anywhere.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.case import CaseKind, CaseRef
from domain.photos.photo_words import REASON_OF, PhotoReason, Problem
from store.calls import opened_in
from store.counts import midnight
from store.record import CASE_FILE
from store.tables.base import METADATA

_REFUSAL = METADATA.tables["photo_refusal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCounts:
    """The photos of a month that a machine took for bad."""

    refused: int
    reasons: Counter[PhotoReason]
    """A photo counts once for each reason, however many problems it has of it."""

    overruled: int
    """Of how many photos a person said otherwise; by the month of the application."""


def note(
    connection: Connection,
    case: CaseRef,
    *,
    refusal_id: str,
    problems: Iterable[Problem],
    at: datetime,
) -> None:
    """Note that a photo was not taken; noted twice under one id it is one."""
    connection.execute(
        upsert(_REFUSAL)
        .values(
            municipality=case.municipality,
            refusal_id=refusal_id,
            contract=case.contract,
            case_id=case.case_id,
            problems=" ".join(problems),
            at=at,
        )
        .on_conflict_do_nothing(index_elements=["municipality", "refusal_id"])
    )


def counts(
    connection: Connection, municipality: str, contract: str, month: date
) -> RefusalCounts:
    """Return the counts of a month of Tokyo's calendar."""
    begins = month.replace(day=1)
    ends = (begins + timedelta(days=32)).replace(day=1)
    rows = connection.execute(
        select(_REFUSAL.c.problems).where(
            _REFUSAL.c.municipality == municipality,
            _REFUSAL.c.contract == contract,
            _REFUSAL.c.at >= midnight(begins),
            _REFUSAL.c.at < midnight(ends),
        )
    ).all()
    reasons: Counter[PhotoReason] = Counter()
    for row in rows:
        reasons.update({REASON_OF[Problem(each)] for each in row.problems.split()})
    overruled = CASE_FILE.c.state["value"]["overruled"].as_integer()
    said_otherwise = connection.execute(
        select(func.coalesce(func.sum(overruled), 0)).where(
            opened_in(municipality, contract, CaseKind.APPLICATION, begins)
        )
    ).scalar_one()
    return RefusalCounts(refused=len(rows), reasons=reasons, overruled=int(said_otherwise))
