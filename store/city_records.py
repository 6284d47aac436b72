"""The city's records of a day, as they are reported.

Belongs here: reading them. Does not belong here: what they mean (``domain.citywork``).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from domain.calendars.hours import local
from domain.case import CaseKind
from domain.citywork.city_record import CityRecord, What
from store.record import CASE_EVENT, CASE_FILE
from store.tables.base import METADATA
from store.values import ADAPTERS

_ACCOUNT = METADATA.tables["account"]
_LAST_BY = (
    select(_ACCOUNT.c.display_name)
    .select_from(CASE_EVENT)
    .join(_ACCOUNT, _ACCOUNT.c.account_id == CASE_EVENT.c.actor)
    .where(
        CASE_EVENT.c.municipality == CASE_FILE.c.municipality,
        CASE_EVENT.c.opened_on == CASE_FILE.c.opened_on,
        CASE_EVENT.c.case_id == CASE_FILE.c.case_id,
        CASE_EVENT.c.seq == CASE_FILE.c.last_seq,
    )
    .scalar_subquery()
)
"""Who wrote the last line of a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """One record of a day, with who ended it."""

    case_id: str
    case_number: str
    value: CityRecord
    closed_at: datetime | None
    closed_by: str


def of_day(
    connection: Connection, municipality: str, contract: str, day: date
) -> list[RecordRow]:
    """Return the records that belong to a day, in the order in which they began."""
    rows = connection.execute(
        select(
            CASE_FILE.c.case_id,
            CASE_FILE.c.case_number,
            CASE_FILE.c.state,
            CASE_FILE.c.closed_at,
            _LAST_BY.label("closed_by"),
        )
        .where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.kind == CaseKind.CITY_RECORD,
            CASE_FILE.c.state["value"]["day"].astext == day.isoformat(),
        )
        .order_by(CASE_FILE.c.opened_at, CASE_FILE.c.case_id)
    )
    return [
        RecordRow(
            case_id=row.case_id,
            case_number=row.case_number,
            value=ADAPTERS[CaseKind.CITY_RECORD].validate_python(row.state["value"]),
            closed_at=row.closed_at,
            closed_by=(row.closed_by or "") if row.closed_at is not None else "",
        )
        for row in rows
    ]


def letters_open(connection: Connection, municipality: str, contract: str) -> list[RecordRow]:
    """Return the letters whose answer has not come, of whatever day."""
    rows = connection.execute(
        select(CASE_FILE.c.case_id, CASE_FILE.c.case_number, CASE_FILE.c.state)
        .where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.kind == CaseKind.CITY_RECORD,
            CASE_FILE.c.closed_at.is_(None),
            CASE_FILE.c.state["value"]["what"].astext == What.LETTER,
        )
        .order_by(CASE_FILE.c.due_at, CASE_FILE.c.case_id)
    )
    return [
        RecordRow(
            case_id=row.case_id,
            case_number=row.case_number,
            value=ADAPTERS[CaseKind.CITY_RECORD].validate_python(row.state["value"]),
            closed_at=None,
            closed_by="",
        )
        for row in rows
    ]


def cards_delivered(connection: Connection, municipality: str, contract: str, day: date) -> int:
    """Return how many cards were handed out on a day, going by the record of procedures."""
    carried_out = connection.execute(
        select(CASE_EVENT.c.at, CASE_FILE.c.state)
        .join(
            CASE_FILE,
            (CASE_FILE.c.municipality == CASE_EVENT.c.municipality)
            & (CASE_FILE.c.opened_on == CASE_EVENT.c.opened_on)
            & (CASE_FILE.c.case_id == CASE_EVENT.c.case_id),
        )
        .where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.kind == CaseKind.PROCEDURE,
            CASE_EVENT.c.action == "carry_out",
            func.date(func.timezone("Asia/Tokyo", CASE_EVENT.c.at)) == day,
        )
    )
    found = 0
    for row in carried_out:
        procedure = ADAPTERS[CaseKind.PROCEDURE].validate_python(row.state["value"])
        found += procedure.plan.delivers_card and local(row.at).date() == day
    return found
