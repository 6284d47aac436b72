"""What the citizen's link opens: the reservation as pages show it, and who asks for it.

Belongs here: what ``booking_details`` and ``booking_mine`` share. Does not belong here: what
a link is made of (``api.booking.links``), what happens to a reservation
(``api.booking.bookings``).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends

from api.booking import bookings
from api.booking.booking_access import Booked, Booker
from api.pages.booking.booking_frame import Public, ThePublic, Venue
from domain.booking.booking_rules import BookingChannel, BookingLine
from domain.booking.reservation_parts import Stage
from domain.calendars.hours import local
from store import guidance
from store.guidance import Guidance
from store.scope import scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One reservation, as a page shows it."""

    case_id: str
    number: str
    path: str
    line: BookingLine
    venue: Venue
    starts_at: datetime
    ends_at: datetime
    party: int
    stage: Stage
    held_until: datetime | None
    """On Tokyo's clock; ``None`` once nothing is on hold any more."""

    slot: str
    cause: str | None
    mail: bool
    changeable: bool


def booker_of(site: Public, token: str) -> Booker:
    """Return the citizen who asks with a link."""
    return Booker(municipality=site.slug, channel=BookingChannel.WEB, token=token)


def held_by(site: ThePublic, token: str) -> Held:
    """Return the reservation that the link in an address opens.

    Raises:
        LinkUnknown, LinkExpired: It opens none.
    """
    return view_of(site, bookings.by_link(site.desk, booker_of(site, token)))


TheHeld = Annotated[Held, Depends(held_by)]


def view_of(site: Public, found: Booked) -> Held:
    """Return a reservation as pages show it."""
    value = found.value
    starts_at = local(value.place.starts_at)
    return Held(
        case_id=found.case_id,
        number=found.case_number,
        path=f"{site.home}/r/{found.token}",
        line=site.contract.booking(value.line),
        venue=site.venue(value.place.site),
        starts_at=starts_at,
        ends_at=local(value.place.ends_at),
        party=value.party,
        stage=value.stage,
        held_until=local(value.held_until) if value.held_until else None,
        slot=f"{value.place.site}|{starts_at.isoformat()}",
        cause=value.cause,
        mail=value.mail,
        changeable=value.changeable,
    )


def waits(site: Public, held: Held) -> bool:
    """Tell whether its places are on hold, at this moment."""
    return held.held_until is not None and site.now < held.held_until


def guidance_for(site: Public, held: Held) -> Guidance | None:
    """Return what the people should know before they come; ``None`` if nobody wrote it."""
    return guidance_at(site, held.venue.id)


def guidance_at(site: Public, venue: str) -> Guidance | None:
    """Return what people who go to a venue should know; ``None`` if nobody wrote it."""
    with scope(site.desk.engine, site.slug) as connection:
        return guidance.current(
            connection,
            site.slug,
            site.slug,
            site=venue,
            language=site.look.language,
        )
