"""Notes that were over at once: those of one person today, and those that were taken back.

Belongs here: statements about them. Does not belong here: who may take one back
(``domain.calls.taking_back``), sums (``store.counts``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, select

from domain.calls import taking_back
from domain.calls.inquiry import Inquiry
from domain.case import CaseKind
from store.record import CASE_EVENT, CASE_FILE
from store.values import ADAPTERS

_FIRST = CASE_EVENT.alias("first_line")
_BACK = CASE_EVENT.alias("taken_back")
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNote:
    """A note of today, as its author sees it."""

    case_id: str
    case_number: str
    made_at: datetime
    inquiry: Inquiry


def stands() -> ColumnElement[bool]:
    """Return which cases count: those that nobody has taken back."""
    return ~exists().where(
        _of_case(_BACK),
        # Taking back is a matter of one kind of case, and rare.
        CASE_FILE.c.kind == CaseKind.INQUIRY,
        _BACK.c.key == taking_back.KEY,
    )


def of_today(
    connection: Connection, municipality: str, contract: str, account_id: str, begins: datetime
) -> Sequence[OwnNote]:
    """Return what somebody noted since a day began and has not taken back, newest first."""
    rows = connection.execute(
        select(
            CASE_FILE.c.case_id,
            CASE_FILE.c.case_number,
            CASE_FILE.c.opened_at,
            CASE_FILE.c.state,
        )
        .join(_FIRST, and_(_of_case(_FIRST), _FIRST.c.seq == 1))
        .where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.kind == CaseKind.INQUIRY,
            CASE_FILE.c.closed_at == CASE_FILE.c.opened_at,
            _FIRST.c.at >= begins,
            _FIRST.c.actor == account_id,
            stands(),
        )
        .order_by(CASE_FILE.c.opened_at.desc(), CASE_FILE.c.case_number.desc())
        .limit(_MOST)
    )
    return [
        OwnNote(
            case_id=row.case_id,
            case_number=row.case_number,
            made_at=row.opened_at,
            inquiry=ADAPTERS[CaseKind.INQUIRY].validate_python(row.state["value"]),
        )
        for row in rows
    ]


def _of_case(event: Any) -> ColumnElement[bool]:
    return and_(
        event.c.municipality == CASE_FILE.c.municipality,
        event.c.opened_on == CASE_FILE.c.opened_on,
        event.c.case_id == CASE_FILE.c.case_id,
    )
