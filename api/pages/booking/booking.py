"""The booking site up to a held place: what can be booked, the question, calendar, times.

Public, without a session: nothing here is anybody's until a place is held, and from then on
the citizen's own link is what opens it (``booking_details``, ``booking_mine``).
"""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from api.booking import booking_holds
from api.booking.booking_access import Booker
from api.booking.booking_throttle import AdmittedHold
from api.booking.public_hours import public_hours
from api.pages.booking.booking_frame import Public, ThePublic, booking_page
from api.pages.booking.booking_offers import (
    bookable_here,
    calendar_values,
    next_free,
    read_choice,
    read_day,
    read_slot,
    times_by_venue,
)
from api.pages.desk.sending import Posted, see_other
from api.pages.rendering import new_key
from api.problems import STATE, told
from domain.booking.booking_errors import (
    FullyBooked,
    NotBookable,
    OutsideBookingWindow,
    ReissueRefused,
    SlotClosed,
    SlotUnknown,
)
from domain.booking.booking_form import read_people
from domain.booking.booking_rules import BookingChannel, BookingLine, BookingMode

router = APIRouter(include_in_schema=False)

_NO, _YES = "no", "yes"
_TIME_GONE = (FullyBooked, SlotClosed, SlotUnknown, OutsideBookingWindow)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line on the first page."""

    name: Markup
    path: str
    bookable: bool
    next: datetime | None = None
    instead: str = ""
    """What to do where it is not booked here, as the name of the words."""


@router.get("/book/{slug}")
def home(request: Request, site: ThePublic) -> Response:
    """Say what can be booked, when the next place is free, and where to go otherwise."""
    lines = [_line_view(site, line) for line in site.contract.bookings]
    hours = public_hours(site.desk, site.contract, site.closures)
    return booking_page(request, site, "home", lines=lines, hours=hours)


@router.get("/book/{slug}/{line_id}")
def question(request: Request, site: ThePublic, line_id: str) -> Response:
    """Ask whether it is about a card to be issued again, where that has to be asked."""
    line = _line(site, line_id)
    if not line.reissue_question:
        return see_other(site.look.to(_days(site, line)))
    return booking_page(request, site, "question", action=_days(site, line), missing=False)


@router.get("/book/{slug}/{line_id}/days")
def days(request: Request, site: ThePublic, line_id: str) -> Response:
    """Show a month: free, few or full, by place and for so many people."""
    line = _line(site, line_id)
    stopped = _stopped(request, site, line)
    if stopped is not None:
        return stopped
    choice, action = read_choice(site, line, request.query_params), _days(site, line)
    kept = {"reissue": _NO if line.reissue_question else None, "people": choice.people}
    first_page = f"{site.home}/{quote(line.id)}" if line.reissue_question else site.home
    return booking_page(
        request,
        site,
        "calendar",
        moved=None,
        back=first_page,
        action=action,
        hidden={"reissue": _NO} if line.reissue_question else {},
        **calendar_values(
            site,
            line,
            choice,
            link=lambda day: site.look.to(f"{action}/{day}", venue=choice.venue, **kept),
            turn=lambda month: site.look.to(
                action, month=f"{month:%Y-%m}", venue=choice.venue, **kept
            ),
        ),
    )


@router.get("/book/{slug}/{line_id}/days/{day}")
def times(request: Request, site: ThePublic, line_id: str, day: str) -> Response:
    """Show the times of a day, place by place; choosing one holds it."""
    line, asked = _line(site, line_id), read_day(day)
    stopped = _stopped(request, site, line)
    if stopped is not None:
        return stopped
    if asked is None:
        return see_other(site.look.to(_days(site, line), reissue=_reissue(line)))
    return _times_page(request, site, line, asked)


@router.get("/book/{slug}/{line_id}/hold")
def reloaded(site: ThePublic, line_id: str) -> Response:
    """Begin again with whoever opens the address of the step."""
    return see_other(site.look.to(f"{site.home}/{quote(_line(site, line_id).id)}"))


@router.post("/book/{slug}/{line_id}/hold")
def hold(
    request: Request, site: ThePublic, line_id: str, posted: Posted, _: AdmittedHold
) -> Response:
    """Hold places and go on to the form; a time that has just gone shows the others."""
    line = _line(site, line_id)
    answer = posted.text("reissue")
    if line.reissue_question and answer != _NO:
        return _question_again(request, site, line, answer)
    venue, starts_at = read_slot(posted.text("slot"))
    wanted = booking_holds.Wanted(
        line=line.id,
        starts_at=starts_at,
        people=read_people(posted.text("people"), party_max=line.party_max),
        venue=venue,
        reissue=False if answer == _NO else None,
        language=site.look.language,
    )
    booker = Booker(municipality=site.slug, channel=BookingChannel.WEB)
    try:
        held = booking_holds.hold(site.desk, booker, site.loaded, wanted, key=posted.key)
    except _TIME_GONE:
        return _times_page(request, site, line, starts_at.date(), posted.given, status=STATE)
    return see_other(site.look.to(f"{site.home}/r/{held.token}"))


def _line_view(site: Public, line: BookingLine) -> LineView:
    here = bookable_here(line) and site.begun
    return LineView(
        name=site.line_name(line),
        path=f"{site.home}/{quote(line.id)}",
        bookable=here,
        next=next_free(site, line) if here else None,
        instead="" if here else _instead(site, line),
    )


def _instead(site: Public, line: BookingLine) -> str:
    match line.mode:
        case BookingMode.WALK_IN:
            return "walk_in"
        case BookingMode.UNSET:
            return "unset"
        case BookingMode.CITY_SYSTEM if BookingChannel.BOOTH in line.channels:
            return "phone_booth"
        case BookingMode.CITY_SYSTEM:
            return "city_system"
    return "not_begun" if bookable_here(line) and not site.begun else "phone_only"


def _line(site: Public, line_id: str) -> BookingLine:
    """Return a line that can be booked on this site.

    Raises:
        UnknownLine, NotBookable: It is none of the contract's, or not booked here.
    """
    line = site.contract.booking(line_id)
    if not bookable_here(line):
        raise NotBookable(f"「{line.label}」はここでは予約できません。")
    return line


def _days(site: Public, line: BookingLine) -> str:
    return f"{site.home}/{quote(line.id)}/days"


def _reissue(line: BookingLine) -> str | None:
    return _NO if line.reissue_question else None


def _stopped(request: Request, site: Public, line: BookingLine) -> Response | None:
    """Return the page that stops whoever has not answered no; ``None`` for the others."""
    answer = request.query_params.get("reissue", "")
    if not line.reissue_question or answer == _NO:
        return None
    return _question_again(request, site, line, answer)


def _question_again(request: Request, site: Public, line: BookingLine, answer: str) -> Response:
    if answer == _YES:
        return booking_page(
            request,
            site,
            "refused",
            status=told(ReissueRefused()).status,
            at=(_days(site, line), {"reissue": _YES}),
            back=f"{site.home}/{quote(line.id)}",
        )
    return booking_page(
        request,
        site,
        "question",
        status=422,
        at=(f"{site.home}/{quote(line.id)}", {}),
        action=_days(site, line),
        missing=True,
    )


def _times_page(
    request: Request,
    site: Public,
    line: BookingLine,
    day: date,
    sent: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    choice = read_choice(site, line, sent if sent is not None else request.query_params)
    venues = times_by_venue(site, line, day, choice)
    action = f"{site.home}/{quote(line.id)}/hold"
    hidden = {"people": str(choice.people)}
    if line.reissue_question:
        hidden["reissue"] = _NO
    return booking_page(
        request,
        site,
        "day",
        status=status,
        at=(f"{_days(site, line)}/{day}", {**hidden, "venue": choice.venue}),
        day=day,
        venues=venues,
        count=sum(time.choosable for _, each in venues for time in each),
        minutes=line.hold_minutes,
        moved=None,
        gone=sent is not None,
        back=_days(site, line),
        back_query={**hidden, "venue": choice.venue, "month": f"{day:%Y-%m}"},
        action=action,
        hidden=hidden,
        key=new_key(),
    )
