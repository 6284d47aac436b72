"""What is free, as everybody may see it: asked a hundred times for each time it changes.

Belongs here: the list of times as JSON, and remembering it for as long as nothing was taken
or given back. Does not belong here: taking places (``store.inventory``), which never looks
at what stands here.
"""

import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, text

from domain.calendars.hours import local
from store.inventory import Shelf
from store.scope import one_journey, scope

_REMEMBERED = 200
_SHAPE = 'YYYY-MM-DD"T"HH24:MI:SS"+09:00"'

_SHOWN = (
    "(SELECT slot.line, slot.site, slot.day, starts_at, ends_at, slot.capacity,"
    " (slot.closed_cause IS NOT NULL OR day.closed_cause IS NOT NULL) AS closed,"
    " CASE WHEN slot.closed_cause IS NOT NULL OR day.closed_cause IS NOT NULL THEN 0"
    " ELSE greatest(0, least(slot.capacity - slot.taken,"
    " coalesce(day.capacity - day.taken, slot.capacity),"
    " coalesce(hour.capacity - hour.taken, slot.capacity))) END AS free"
    " FROM booking_slot AS slot JOIN booking_day AS day"
    " ON day.municipality = slot.municipality AND day.contract = slot.contract"
    " AND day.line = slot.line AND day.site = slot.site AND day.day = slot.day"
    " LEFT JOIN booking_hour AS hour"
    " ON hour.municipality = slot.municipality AND hour.contract = slot.contract"
    " AND hour.line = slot.line AND hour.site = slot.site AND hour.day = slot.day"
    " AND hour.hour = slot.hour"
    " WHERE slot.municipality = :municipality AND slot.contract = :contract"
    " AND slot.line = :line AND slot.day BETWEEN :first AND :last"
    " AND (:site = '' OR slot.site = :site) AND starts_at > :after) AS shown"
)
"""Every time that was asked for, with what is free in it."""

_AVAILABLE = text(
    "SELECT coalesce(json_agg(json_build_object("  # noqa: S608 - put together from words of ours
    "'line', line, 'venue', site, 'day', day,"
    "'starts_at', to_char(starts_at AT TIME ZONE 'Asia/Tokyo', :shape),"
    "'ends_at', to_char(ends_at AT TIME ZONE 'Asia/Tokyo', :shape),"
    "'capacity', capacity, 'free', free, 'state', CASE WHEN closed THEN 'closed'"
    " WHEN free = 0 THEN 'full' WHEN free * 4 <= capacity THEN 'few' ELSE 'free' END)"
    " ORDER BY starts_at, site), '[]'::json)::text, min(starts_at)"
    f" FROM {_SHOWN}"
)

_NEXT = text(
    f"SELECT starts_at, site FROM {_SHOWN} WHERE free >= :places"  # noqa: S608 - as above
    " ORDER BY site <> :there, starts_at, site LIMIT :most"
)

_STAMP = (
    "SELECT coalesce(string_agg(xmin::text, ',' ORDER BY site, day), '') FROM booking_day"
    " WHERE municipality = %(municipality)s AND contract = %(contract)s AND line = %(line)s"
    " AND day BETWEEN %(first)s AND %(last)s AND (%(site)s = '' OR site = %(site)s)"
)
"""Changes with every place taken or given back and with every new plan: whoever writes a
time writes its day in the same transaction (``store.inventory``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A list of times, and for how long it holds."""

    stamp: str
    times: str
    since: datetime
    begins: datetime | None
    """When the first of them begins and is to be left out; ``None``: there is none."""

    def holds(self, stamp: str, after: datetime) -> bool:
        """Tell whether the list would be the same now."""
        begun = self.begins is not None and after >= self.begins
        return stamp == self.stamp and self.since <= after and not begun


class Availability:
    """Reads what is free, and remembers what it read until it changes."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self._told: OrderedDict[tuple[object, ...], _Told] = OrderedDict()
        self._lock = threading.Lock()

    def read(
        self, engine: Engine, shelf: Shelf, first: date, last: date, after: datetime
    ) -> str:
        """Return the times of some days as JSON text, in their order, with what is free.

        Built by the database: turning a month of rows into objects and back costs six times
        as much as reading them. ``shelf.site`` empty means all sites; ``after`` leaves out
        times that can no longer be booked.
        """
        key = (engine, shelf, first, last)
        asked = {
            "municipality": shelf.municipality,
            "contract": shelf.contract,
            "line": shelf.line,
            "site": shelf.site,
            "first": first,
            "last": last,
        }
        with one_journey(engine, shelf.municipality) as driver:
            found = driver.execute(_STAMP, asked, prepare=True)
        row = found.fetchone()
        stamp = str(row[0]) if row else ""
        with self._lock:
            told = self._told.get(key)
        if told is not None and told.holds(stamp, after):
            return told.times
        # Read after the stamp: should somebody book in between, the stamp is the older one.
        with scope(engine, shelf.municipality) as connection:
            times, begins = connection.execute(
                _AVAILABLE, {**asked, "after": after, "shape": _SHAPE}
            ).one()
        with self._lock:
            self._told[key] = _Told(stamp=stamp, times=times, since=after, begins=begins)
            self._told.move_to_end(key)
            while len(self._told) > _REMEMBERED:
                self._told.popitem(last=False)
        return str(times)


def next_free(
    connection: Connection,
    shelf: Shelf,
    last: date,
    after: datetime,
    *,
    places: int,
    most: int,
) -> list[tuple[datetime, str]]:
    """Return the next times with room, and where: first those at the shelf's own place.

    Args:
        connection: In the scope of the municipality.
        shelf: Whose places; other sites of the line come after its own.
        last: The last day that can be booked.
        after: When the times begin that can still be booked.
        places: How many are wanted.
        most: At most so many times.
    """
    asked = {**asdict(shelf), "first": local(after).date(), "last": last, "after": after}
    wanted = {"site": "", "there": shelf.site, "places": places, "most": most}
    return [(row[0], row[1]) for row in connection.execute(_NEXT, asked | wanted)]


AVAILABILITY = Availability()
"""The memory of this process."""
