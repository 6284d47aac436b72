"""The cases of a stretch of time, counted from the first line of each one's record.

Belongs here: one statement for everything that is counted. Does not belong here: sums and
what they mean (``domain.counts``).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from domain.calendars.hours import TOKYO
from domain.calls.inquiry import Nature
from domain.case import CaseKind
from domain.catalogue.counts import COUNTED, Line
from domain.procedures.procedure_parts import Group
from store import notes
from store.record import CASE_EVENT, CASE_FILE

_FIRST = CASE_EVENT.alias("first_event")
_PARENT = CASE_FILE.alias("parent_file")
_PARENT_FIRST = CASE_EVENT.alias("parent_first_event")
_RESIDENT: Mapping[str, bool] = {"true": True, "false": False}


def of_month(
    connection: Connection, municipality: str, contract: str, month: date
) -> list[Line]:
    """Return the cases opened in a month of Tokyo's calendar."""
    begins = month.replace(day=1)
    ends = (begins + timedelta(days=32)).replace(day=1)
    return between(connection, municipality, contract, midnight(begins), midnight(ends))


def midnight(day: date) -> datetime:
    """Return when a day begins in Tokyo."""
    return datetime(day.year, day.month, day.day, tzinfo=TOKYO)


def between(
    connection: Connection, municipality: str, contract: str, begins: datetime, ends: datetime
) -> list[Line]:
    """Return the cases opened from one moment on and before another."""
    told, parent = _FIRST.c.detail, _PARENT_FIRST.c.detail
    value = CASE_FILE.c.state["value"]
    alike = [
        CASE_FILE.c.kind.label("kind"),
        CASE_FILE.c.stage.label("stage"),
        func.coalesce(told["category"].astext, told["procedure"].astext, "").label("code"),
        func.coalesce(
            told["place"].astext, told["channel"].astext, parent["channel"].astext, ""
        ).label("place"),
        func.coalesce(told["resident"].astext, parent["resident"].astext, "").label("resident"),
        func.coalesce(told["group"].astext, "").label("group"),
        func.coalesce(told["nature"].astext, "").label("nature"),
        func.coalesce(value["outcome"].astext, "").label("outcome"),
        func.coalesce(value["result"].astext, "").label("result"),
    ]
    rows = connection.execute(
        select(*alike, func.count().label("number"))
        .join(_FIRST, _first_of(CASE_FILE, _FIRST))
        .outerjoin(
            _PARENT,
            and_(
                _PARENT.c.municipality == CASE_FILE.c.municipality,
                _PARENT.c.case_id == CASE_FILE.c.parent_id,
            ),
        )
        .outerjoin(_PARENT_FIRST, _first_of(_PARENT, _PARENT_FIRST))
        .where(_opened_in(municipality, contract, begins, ends), notes.stands())
        .group_by(*alike)
    )
    return [_line(row) for row in rows]


def _first_of(file: Any, event: Any) -> Any:
    return and_(
        event.c.municipality == file.c.municipality,
        event.c.opened_on == file.c.opened_on,
        event.c.case_id == file.c.case_id,
        event.c.seq == 1,
    )


def _opened_in(
    municipality: str, contract: str, begins: datetime, ends: datetime
) -> ColumnElement[bool]:
    return and_(
        CASE_FILE.c.municipality == municipality,
        CASE_FILE.c.contract == contract,
        CASE_FILE.c.kind.in_(COUNTED),
        # The first line is as old as its case, and has an index by time.
        _FIRST.c.at >= begins,
        _FIRST.c.at < ends,
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(
        kind=CaseKind(row.kind),
        code=row.code,
        stage=row.stage,
        number=row.number,
        group=Group(row.group) if row.group else None,
        place=row.place,
        resident=_RESIDENT.get(row.resident),
        nature=Nature(row.nature) if row.nature else None,
        outcome=row.outcome,
        result=row.result,
    )
