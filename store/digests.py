"""Reading how the record of a city ended each day, for the digests that leave the house.

The rule of a digest stands in ``domain.records.digests``; checking the chains in
``store.integrity``.
"""

from datetime import date
from itertools import groupby

from sqlalchemy import Connection, text

from domain.records.digests import Day, DayEnd, day_of

_ENDS = text(
    """
    SELECT DISTINCT ON (day, case_id) day, case_id, seq, hash
      FROM (SELECT (recorded_at AT TIME ZONE 'Asia/Tokyo')::date AS day,
                   case_id COLLATE "C" AS case_id, seq, hash
              FROM case_event
             WHERE municipality = :municipality) AS lines
     WHERE day <= :until
     ORDER BY day, case_id, seq DESC
    """
)
_STREAM = {"stream_results": True, "yield_per": 1000}


def days(connection: Connection, municipality: str, until: date) -> dict[date, Day]:
    """Return what was added each day, for the days on which something was.

    A line belongs to the day on which it was written, whatever its own time says.

    Args:
        connection: From ``store.integrity.snapshot``.
        municipality: Whose record.
        until: The last day; it must be over.
    """
    rows = connection.execute(
        _ENDS, {"municipality": municipality, "until": until}, execution_options=_STREAM
    )
    ends = ((row.day, DayEnd(case_id=row.case_id, seq=row.seq, hash=row.hash)) for row in rows)
    return {
        day: day_of(end for _, end in of_day) for day, of_day in groupby(ends, lambda e: e[0])
    }
