"""The numbers of a month by line and residence, with names.

Belongs here: what the monthly counts say of waiting. Does not belong here: the statement
(``store.queue_counts``), the other counts (``api.catalogue.counts``).
"""

from datetime import date, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from domain.contract import Contract
from store import queue_counts

_RESIDENCE = {
    True: ("resident", "市に住民登録がある"),
    False: ("other", "ない"),
    None: ("", "尋ねていない"),
}


class QueueCountBody(BaseModel):
    """The numbers of one line, of residents or of others."""

    line: str
    label: str
    residence: str
    residence_label: str
    taken: int
    served: int
    left: int
    no_show: int
    day_ended: int
    waited_minutes_mean: float | None = Field(description="番号を取ってから呼ばれるまで")
    waited_minutes_max: float | None


def of_month(
    connection: Connection, municipality: str, contract: Contract, month: date
) -> list[QueueCountBody]:
    """Return what came of the numbers of a month; empty where nobody takes any."""
    if contract.queue is None:
        return []
    first = month.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    labels = {line.id: line.label for line in contract.queue.lines}
    found = queue_counts.between(connection, municipality, contract.slug, first, last)
    return [
        QueueCountBody(
            line=each.line,
            label=labels.get(each.line, each.line),
            residence=_RESIDENCE[each.resident][0],
            residence_label=_RESIDENCE[each.resident][1],
            taken=each.taken,
            served=each.served,
            left=each.left,
            no_show=each.no_show,
            day_ended=each.day_ended,
            waited_minutes_mean=_minutes(each.waited_seconds_mean),
            waited_minutes_max=_minutes(each.waited_seconds_max),
        )
        for each in found
    ]


def _minutes(seconds: int | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)
