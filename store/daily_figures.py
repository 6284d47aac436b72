"""What was asked and who came on a day, counted from the record.

Lines of the record never change, so a day that is over is counted the same for ever. Belongs
here: the statements. Does not belong here: what the numbers mean
(``domain.sending.daily_report``), months (``store.calls``, ``store.counts``).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Integer, and_, cast, func, or_, select

from domain.booking.reservation_parts import Stage
from domain.calendars.hours import TOKYO
from domain.case import CaseKind
from domain.sending.daily_report import (
    Asked,
    Count,
    Figures,
    ReportTerms,
    Visitors,
    Way,
    way_of,
)
from store.record import CASE_EVENT, CASE_FILE
from store.reservation_lists import PROMISED
from store.tables.base import METADATA

_RESERVATION = METADATA.tables["reservation"]

_ASKED: Mapping[str, Asked] = {
    "reservation_confirmed": Asked.BOOKING,
    "reservation_changed": Asked.CHANGE,
    "reservation_cancelled": Asked.CANCELLATION,
    "inquiry_received": Asked.OTHER,
}
_KINDS = (CaseKind.RESERVATION, CaseKind.INQUIRY)
_RECEIVED = "visitor_received"


def of_day(
    connection: Connection, municipality: str, contract: str, day: date, terms: ReportTerms
) -> Figures:
    """Return the numbers of a day's report; what was only held never became a booking."""
    visitors = _visitors(connection, municipality, contract, day) if terms.venue else None
    return Figures(
        counts=_counts(connection, municipality, contract, terms.since, day),
        visitors=visitors,
    )


def anybody_came(connection: Connection, municipality: str, contract: str, day: date) -> bool:
    """Say whether anybody was received on a day, whatever became of the venue afterwards."""
    return bool(_visitors(connection, municipality, contract, day))


def _counts(
    connection: Connection, municipality: str, contract: str, first: date, last: date
) -> tuple[Count, ...]:
    told = CASE_EVENT.c.detail
    channel = func.coalesce(told["channel"].astext, "")
    rows = connection.execute(
        select(
            CASE_EVENT.c.action,
            channel.label("channel"),
            func.count().label("number"),
            func.coalesce(func.sum(cast(told["people"].astext, Integer)), 0).label("people"),
        )
        .join(CASE_FILE, _of_case())
        .where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.kind.in_(_KINDS),
            CASE_EVENT.c.action.in_(_ASKED),
            _within(first, last),
            or_(CASE_EVENT.c.action != "reservation_cancelled", PROMISED),
        )
        .group_by(CASE_EVENT.c.action, channel)
    )
    numbers: Counter[tuple[Asked, Way]] = Counter()
    people: Counter[tuple[Asked, Way]] = Counter()
    for row in rows:
        cell = _ASKED[row.action], way_of(row.channel)
        numbers[cell] += row.number
        people[cell] += row.people
    return tuple(
        Count(asked=asked, way=way, number=numbers[asked, way], people=people[asked, way])
        for asked in Asked
        for way in Way
        if numbers[asked, way]
    )


def _visitors(
    connection: Connection, municipality: str, contract: str, day: date
) -> tuple[Visitors, ...]:
    """Return who came: all people of bookings that came, and who came without one."""
    booked = connection.execute(
        select(_RESERVATION.c.site, func.sum(_RESERVATION.c.party).label("people"))
        .where(
            _RESERVATION.c.municipality == municipality,
            _RESERVATION.c.contract == contract,
            _RESERVATION.c.day == day,
            _RESERVATION.c.stage == Stage.ARRIVED,
        )
        .group_by(_RESERVATION.c.site)
    )
    told = CASE_EVENT.c.detail
    site = func.coalesce(told["venue"].astext, "")
    walked_in = connection.execute(
        select(site.label("site"), func.count().label("people"))
        .join(CASE_FILE, _of_case())
        .where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.kind == CaseKind.VISIT,
            CASE_EVENT.c.action == _RECEIVED,
            _within(day, day),
            told["reservation"].astext.is_(None),
        )
        .group_by(site)
    )
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for place, rows in enumerate((booked, walked_in)):
        for row in rows:
            found[row.site][place] += int(row.people)
    return tuple(
        Visitors(site=each, booked=found[each][0], walk_ins=found[each][1])
        for each in sorted(found)
    )


def _of_case() -> ColumnElement[bool]:
    return and_(
        CASE_FILE.c.municipality == CASE_EVENT.c.municipality,
        CASE_FILE.c.opened_on == CASE_EVENT.c.opened_on,
        CASE_FILE.c.case_id == CASE_EVENT.c.case_id,
    )


def _within(first: date, last: date) -> ColumnElement[bool]:
    ends = last + timedelta(days=1)
    return and_(CASE_EVENT.c.at >= _midnight(first), CASE_EVENT.c.at < _midnight(ends))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TOKYO)
