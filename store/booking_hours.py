"""Hours that have a limit of their own, where several times share one.

Belongs here: laying out the hours of a day. Does not belong here: taking their places, which
is one statement with the time and its day (``store.inventory``).
"""

from collections.abc import Mapping

from sqlalchemy import Connection, and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.booking.slots import DayPlan
from store.tables.base import METADATA

_HOUR = METADATA.tables["booking_hour"]
_SLOT = METADATA.tables["booking_slot"]


def lay_out(connection: Connection, shelf: Mapping[str, str], plan: DayPlan) -> None:
    """Make the hours of a day as planned, counted anew from its times.

    The day is locked by whoever lays it out, so nobody takes a place meanwhile. An hour that
    is fuller than it may be now gives nothing out until enough has come back.

    Args:
        connection: Of the transaction that lays out the day.
        shelf: Whose places.
        plan: Of the day.
    """
    hours = {slot.hour for slot in plan.slots if slot.hour is not None}
    gone = [_HOUR.c[name] == value for name, value in shelf.items()]
    gone += [_HOUR.c.day == plan.day, _HOUR.c.hour.not_in(hours)]
    connection.execute(delete(_HOUR).where(and_(*gone)))
    if plan.per_hour is None or not hours:
        return
    taken = _taken(connection, shelf, plan)
    rows = [
        {
            **shelf,
            "day": plan.day,
            "hour": hour,
            "capacity": max(plan.per_hour, taken.get(hour, 0)),
            "taken": taken.get(hour, 0),
        }
        for hour in sorted(hours)
    ]
    made = upsert(_HOUR).values(rows)
    connection.execute(
        made.on_conflict_do_update(
            index_elements=["municipality", "contract", "line", "site", "day", "hour"],
            set_={"capacity": made.excluded.capacity, "taken": made.excluded.taken},
        )
    )


def _taken(connection: Connection, shelf: Mapping[str, str], plan: DayPlan) -> dict[int, int]:
    same = [_SLOT.c[name] == value for name, value in shelf.items()]
    rows = connection.execute(
        select(_SLOT.c.hour, func.sum(_SLOT.c.taken))
        .where(*same, _SLOT.c.day == plan.day, _SLOT.c.hour.is_not(None))
        .group_by(_SLOT.c.hour)
    )
    return {row[0]: int(row[1]) for row in rows}
