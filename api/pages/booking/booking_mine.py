"""A citizen's own booking, opened by their link: see it, move it, give it up.

The receipt is the same page with the news on top. What can be done stands on it; what can no
longer be done says so and names the telephone.
"""

from collections.abc import Mapping
from typing import Final

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from api.booking import bookings, links
from api.pages.booking.booking_details import details_page, over_page
from api.pages.booking.booking_frame import Public, ThePublic, booking_page, refusal_page
from api.pages.booking.booking_held import (
    Held,
    TheHeld,
    booker_of,
    guidance_at,
    guidance_for,
    view_of,
    waits,
)
from api.pages.booking.booking_offers import (
    calendar_values,
    offer_at,
    read_choice,
    read_day,
    read_slot,
    times_by_venue,
)
from api.pages.desk.sending import Posted, see_other
from api.pages.rendering import new_key
from api.problems import told
from domain.booking.booking_errors import (
    FullyBooked,
    OutsideBookingWindow,
    SlotClosed,
    SlotUnknown,
)
from domain.booking.reservation_parts import Stage
from domain.errors import DomainError, WrongStage

router = APIRouter(include_in_schema=False)

_STANDS: Final = frozenset({Stage.CONFIRMED, Stage.TO_ENTER})
_OPEN: Final = _STANDS | {Stage.DISPLACED}
_TONE: Final[Mapping[Stage, str]] = {
    Stage.CONFIRMED: "good",
    Stage.ARRIVED: "good",
    Stage.DISPLACED: "bad",
}
_NEWS: Final[Mapping[tuple[str, Stage], str]] = {
    ("confirmed", Stage.CONFIRMED): "title_done",
    ("moved", Stage.CONFIRMED): "title_moved",
    ("cancelled", Stage.CANCELLED): "title_cancelled_now",
}
"""What has just happened, as far as it is still so."""

_NOT_HAD: Final = (FullyBooked, SlotClosed, SlotUnknown, OutsideBookingWindow)


@router.get("/book/{slug}/r/{token}")
def show(request: Request, site: ThePublic, held: TheHeld) -> Response:
    """Show how the booking stands; while places are on hold, the form for who comes."""
    if waits(site, held):
        return details_page(request, site, held)
    if held.stage in {Stage.HELD, Stage.LAPSED}:
        return over_page(request, site, held, {})
    done = request.query_params.get("done", "")
    news = _NEWS.get((done, held.stage))
    stands = held.stage in _STANDS
    return booking_page(
        request,
        site,
        "mine",
        personal=True,
        held=held,
        heading=news or f"title_{held.stage}",
        tone=_TONE.get(held.stage, ""),
        stands=stands,
        done=news is not None,
        guidance=guidance_for(site, held) if stands else None,
        qr=_code(held) if stands else None,
        address=f"{site.desk.public_url or _origin(request)}{held.path}",
        may_change=_may_change(site, held),
        may_cancel=held.stage in _OPEN and _in_time(site, held),
    )


@router.get("/book/{slug}/r/{token}/days")
def days(request: Request, site: ThePublic, held: TheHeld) -> Response:
    """Show the calendar for another day."""
    if not _may_change(site, held):
        return see_other(site.look.to(held.path))
    choice = read_choice(site, held.line, request.query_params, people=held.party)
    action = f"{held.path}/days"
    return booking_page(
        request,
        site,
        "calendar",
        personal=True,
        moved=held,
        back=held.path,
        action=action,
        hidden={},
        **calendar_values(
            site,
            held.line,
            choice,
            link=lambda day: site.look.to(f"{action}/{day}", venue=choice.venue),
            turn=lambda month: site.look.to(action, month=f"{month:%Y-%m}", venue=choice.venue),
        ),
    )


@router.get("/book/{slug}/r/{token}/days/{day}")
def times(request: Request, site: ThePublic, held: TheHeld, day: str) -> Response:
    """Show the times of another day."""
    asked = read_day(day)
    if asked is None or not _may_change(site, held):
        return see_other(site.look.to(held.path))
    choice = read_choice(site, held.line, request.query_params, people=held.party)
    venues = times_by_venue(site, held.line, asked, choice)
    return booking_page(
        request,
        site,
        "day",
        personal=True,
        day=asked,
        venues=venues,
        count=sum(time.choosable for _, each in venues for time in each),
        minutes=held.line.hold_minutes,
        moved=held,
        gone=False,
        back=f"{held.path}/days",
        back_query={"venue": choice.venue, "month": f"{asked:%Y-%m}"},
        action=f"{held.path}/move",
        hidden={},
        key=None,
    )


@router.get("/book/{slug}/r/{token}/move")
def ask_move(request: Request, site: ThePublic, held: TheHeld, slot: str = "") -> Response:
    """Show the old and the new time to be checked."""
    if not slot or not _may_change(site, held):
        return see_other(site.look.to(held.path))
    new = offer_at(site, held.line, slot)
    if new is None or new.free < held.line.places_for(held.party):
        refused = SlotUnknown() if new is None else FullyBooked()
        return _time_gone(request, site, held.path, refused)
    return booking_page(
        request,
        site,
        "move",
        personal=True,
        held=held,
        new=new,
        day=new.day,
        venue=site.venue(new.site),
        guidance=guidance_at(site, new.site) if new.site != held.venue.id else None,
        key=new_key(),
    )


@router.post("/book/{slug}/r/{token}/move")
def move(request: Request, site: ThePublic, token: str, posted: Posted) -> Response:
    """Move the booking; the old time is kept unless the new one is had.

    The link dies with the move, so whether it is still good is asked only of who has not
    sent this very form before.
    """
    venue, starts_at = read_slot(posted.text("slot"))
    key = site.desk.keys.city_key(site.slug)
    link = links.read(key, municipality=site.slug, token=token)
    try:
        moved = bookings.change(
            site.desk,
            booker_of(site, token),
            site.loaded,
            link.case_id,
            key=posted.key,
            venue=venue,
            starts_at=starts_at,
            guidance_version=posted.text("guidance")[:200] or None,
        )
    except _NOT_HAD as refused:
        return _time_gone(request, site, f"{site.home}/r/{token}", refused)
    return see_other(site.look.to(view_of(site, moved).path, done="moved"))


@router.get("/book/{slug}/r/{token}/cancel")
def ask_cancel(request: Request, site: ThePublic, held: TheHeld) -> Response:
    """Ask whether it is really to be given up."""
    if held.stage not in _OPEN or not _in_time(site, held):
        return see_other(site.look.to(held.path))
    return booking_page(request, site, "cancel", personal=True, held=held, key=new_key())


@router.post("/book/{slug}/r/{token}/cancel")
def cancel(site: ThePublic, held: TheHeld, token: str, posted: Posted) -> Response:
    """Give the booking up; sent twice, it is given up once."""
    try:
        bookings.cancel(
            site.desk, booker_of(site, token), site.loaded, held.case_id, key=posted.key
        )
    except WrongStage:
        return see_other(site.look.to(held.path))
    return see_other(site.look.to(held.path, done="cancelled"))


def _may_change(site: Public, held: Held) -> bool:
    """Tell whether another time can be taken here; one that was closed can be at any time."""
    return held.changeable and (_in_time(site, held) or held.stage is Stage.DISPLACED)


def _in_time(site: Public, held: Held) -> bool:
    return site.now < held.starts_at


def _time_gone(request: Request, site: Public, path: str, refused: DomainError) -> Response:
    onward = site.look.to(f"{path}/days")
    return refusal_page(request, site, told(refused), onward=onward)


def _origin(request: Request) -> str:
    """Return what the browser asked under: good for whoever sees this very page."""
    return str(request.url.replace(path="", query="", fragment=""))


def _code(held: Held) -> Markup:
    """Return the booking's number as a code for the reception's reader."""
    drawn = segno.make(held.number, error="m").svg_inline(scale=5, border=2, omitsize=True)
    return Markup(drawn)  # noqa: S704 (drawn here, from a number of ours)
