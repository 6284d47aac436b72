"""What came of one venue: who booked, who came and who did not.

Belongs here: counting for a report. Does not belong here: the days of a venue
(``store.venue_days``), lists of people (``store.reservation_lists``).
"""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from domain.booking.reservation_parts import Stage
from domain.case import CaseKind
from store.record import CASE_FILE
from store.tables.base import METADATA

_RESERVATION = METADATA.tables["reservation"]

BOOKED = (Stage.CONFIRMED, Stage.TO_ENTER, Stage.ARRIVED, Stage.NO_SHOW)
"""What counts as a booking; what was only held, cancelled or displaced does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueCounts:
    """One venue until now."""

    bookings: int
    people: int
    """For how many people the bookings were made."""
    arrivals: int
    """How many of the bookings came."""
    no_shows: int
    applications: int
    """Begun there."""


def of_site(connection: Connection, municipality: str, contract: str, site: str) -> VenueCounts:
    """Return what came of a place so far."""
    stage = _RESERVATION.c.stage
    booked = connection.execute(
        select(
            func.count().label("bookings"),
            func.coalesce(func.sum(_RESERVATION.c.party), 0).label("people"),
            func.count().filter(stage == Stage.ARRIVED).label("arrivals"),
            func.count().filter(stage == Stage.NO_SHOW).label("no_shows"),
        ).where(
            _RESERVATION.c.municipality == municipality,
            _RESERVATION.c.contract == contract,
            _RESERVATION.c.site == site,
            stage.in_(BOOKED),
        )
    ).one()
    applications = connection.execute(
        select(func.count()).where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.kind == CaseKind.APPLICATION,
            CASE_FILE.c.state["value"]["venue"].astext == site,
        )
    ).scalar_one()
    return VenueCounts(
        applications=applications,
        bookings=booked.bookings,
        people=int(booked.people),
        arrivals=booked.arrivals,
        no_shows=booked.no_shows,
    )
