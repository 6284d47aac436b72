"""What came of the numbers of a month: one statement.

Belongs here: numbers by line and residence, how they ended and how long people waited. Does
not belong here: one number (``store.queue_tickets``), names for people (``api.queue.month``).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from domain.queue.ticket import Stage
from store.tables.base import METADATA

_TICKET = METADATA.tables["queue_ticket"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCount:
    """The numbers of a line that are alike in residence."""

    line: str
    resident: bool | None
    taken: int
    served: int
    left: int
    no_show: int
    day_ended: int
    waited_seconds_mean: int | None
    """From taking the number to its last call; ``None``: nobody was called."""

    waited_seconds_max: int | None


def between(
    connection: Connection, municipality: str, contract: str, first: date, last: date
) -> list[QueueCount]:
    """Return the numbers of days from one to another, both included."""

    def ended(stage: Stage) -> ColumnElement[int]:
        return func.count().filter(_TICKET.c.stage == stage).label(str(stage))

    waited = func.extract("epoch", _TICKET.c.called_at - _TICKET.c.taken_at)
    alike = (_TICKET.c.line, _TICKET.c.resident)
    rows = connection.execute(
        select(
            *alike,
            func.count().label("taken"),
            *map(ended, (Stage.SERVED, Stage.LEFT, Stage.NO_SHOW, Stage.DAY_ENDED)),
            func.round(func.avg(waited)).label("mean"),
            func.round(func.max(waited)).label("longest"),
        )
        .where(
            _TICKET.c.municipality == municipality,
            _TICKET.c.contract == contract,
            _TICKET.c.day.between(first, last),
        )
        .group_by(*alike)
        .order_by(_TICKET.c.line, _TICKET.c.resident.desc().nulls_last())
    )
    return [
        QueueCount(
            line=row.line,
            resident=row.resident,
            taken=row.taken,
            served=row.served,
            left=row.left,
            no_show=row.no_show,
            day_ended=row.day_ended,
            waited_seconds_mean=None if row.mean is None else int(row.mean),
            waited_seconds_max=None if row.longest is None else int(row.longest),
        )
        for row in rows
    ]
