"""By which way bookings come in, month by month (YOKOSUKA-27).

Counted in the month in which they were made, since that is when the way was chosen; a hold
that nobody confirmed never became a booking.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from domain.booking.booking_rules import BookingChannel
from domain.booking.reservation_list import LISTED
from domain.booking.reservation_parts import Stage
from domain.calendars.hours import TOKYO
from store.record import CASE_FILE
from store.reservation_lists import PROMISED
from store.tables.base import METADATA

_RESERVATION = METADATA.tables["reservation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthShare:
    """The bookings made in one month."""

    month: date
    bookings: int = 0
    web: int = 0


def by_month(
    connection: Connection, municipality: str, contract: str, first: date, last: date
) -> list[MonthShare]:
    """Return every month from that of ``first`` to that of ``last``."""
    begins = first.replace(day=1)
    ends = _next_month(last)
    month = func.date_trunc("month", func.timezone("Asia/Tokyo", _RESERVATION.c.made_at))
    by_web = func.count().filter(_RESERVATION.c.channel == BookingChannel.WEB)
    rows = connection.execute(
        select(month.label("month"), func.count().label("bookings"), by_web.label("web"))
        .join(
            CASE_FILE,
            and_(
                CASE_FILE.c.municipality == _RESERVATION.c.municipality,
                CASE_FILE.c.case_id == _RESERVATION.c.case_id,
            ),
        )
        .where(
            _RESERVATION.c.municipality == municipality,
            _RESERVATION.c.contract == contract,
            _RESERVATION.c.stage.in_(LISTED),
            or_(PROMISED, _RESERVATION.c.stage != Stage.CANCELLED),
            _RESERVATION.c.made_at >= _midnight(begins),
            _RESERVATION.c.made_at < _midnight(ends),
        )
        .group_by(month)
    )
    found = {
        row.month.date(): MonthShare(month=row.month.date(), bookings=row.bookings, web=row.web)
        for row in rows
    }
    months = []
    while begins < ends:
        months.append(found.get(begins, MonthShare(month=begins)))
        begins = _next_month(begins)
    return months


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TOKYO)
