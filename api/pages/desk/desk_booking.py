"""Booking for somebody who calls or stands here: a time first, then who comes.

The places are held while the agent types. What holding and confirming do stands in
``api.booking.booking_holds`` and ``api.booking.bookings``; times to choose from in
``desk_times``.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.booking import booking_holds, bookings, telephone
from api.booking.booking_access import Booked
from api.booking.booking_holds import Wanted
from api.deps import AccessedCase, TheDesk
from api.pages.desk import desk_times
from api.pages.desk.desk_frame import City, Way, city_of
from api.pages.desk.sending import Failed, Posted, Sent, failed, see_other
from api.pages.rendering import page
from domain.booking.booking_errors import NotBookable
from domain.booking.booking_form import Applicant, Asked, read_applicant, read_people
from domain.booking.booking_rules import BookingChannel
from domain.errors import DomainError
from domain.parties import Action

router = APIRouter(prefix="/reservations", include_in_schema=False)

Maker = Annotated[Person, Depends(require_action(Action.MAKE_RESERVATION))]

_OF_PERSON: Final = (
    Asked.KANA,
    Asked.BIRTH_DATE,
    Asked.ADDRESS,
    Asked.PHONE,
    Asked.MAIL,
    Asked.NAME,
)
"""What is asked of who comes, in the order in which it is asked on the telephone."""

_REISSUE: Final[Mapping[str, bool]] = {"yes": True, "no": False}


@router.get("/new")
def ask_time(request: Request, person: Maker, desk: TheDesk) -> Response:
    """Ask what is to be booked, and when."""
    query = request.query_params
    asked = {name: query.get(name, "")[:80] for name in ("line", "channel", "from")}
    return _time_page(request, city_of(desk, person), asked, {})


@router.post("/new")
def ask_time_for(request: Request, person: Maker, desk: TheDesk, posted: Posted) -> Response:
    """Ask the same for somebody whose name was typed already; it stays out of addresses."""
    return _time_page(request, city_of(desk, person), posted.given, posted.given)


@router.post("/hold")
def hold(request: Request, person: Maker, desk: TheDesk, posted: Posted) -> Response:
    """Hold places and ask who comes; sent again with the key, the same places."""
    city = city_of(desk, person)
    try:
        way, channel = _way(city, posted)
        site, starts_at = desk_times.chosen(city, way.line, posted)
        wanted = Wanted(
            line=way.line.id,
            venue=site,
            starts_at=starts_at,
            people=read_people(posted.text("people"), party_max=way.line.party_max),
            reissue=_REISSUE.get(posted.text("reissue")),
        )
        booked = booking_holds.hold(
            desk, city.booker(channel), city.loaded, wanted, key=posted.key
        )
    except DomainError as refused:
        again = failed("hold", posted, refused)
        return _time_page(request, city, posted.given, posted.given, again)
    return details_page(request, city, booked, posted.given)


@router.post("/take")
def take(request: Request, person: Maker, desk: TheDesk, posted: Posted) -> Response:
    """Take a booking that has to be entered into the city's system."""
    city = city_of(desk, person)
    try:
        way, channel = _way(city, posted)
        site, starts_at = desk_times.chosen(city, way.line, posted)
        applicant = _applicant(city, way, posted, posted.text("people"))
        wanted = Wanted(
            line=way.line.id,
            venue=site,
            starts_at=starts_at,
            people=applicant.people,
            reissue=_REISSUE.get(posted.text("reissue")),
            applicant=applicant,
        )
        booked = booking_holds.hold(
            desk, city.booker(channel), city.loaded, wanted, key=posted.key
        )
    except DomainError as refused:
        again = failed("hold", posted, refused)
        return _time_page(request, city, posted.given, posted.given, again)
    return see_other(f"/reservations/booked/{booked.case_id}?done=reservation_taken")


@router.post("/booked/{case_id}/confirm")
def confirm(
    request: Request, file: AccessedCase, person: Maker, desk: TheDesk, posted: Posted
) -> Response:
    """Keep held places for whoever comes, and note that the guidance was read out."""
    city = city_of(desk, person)
    booked = bookings.show(desk, city.booker(), file.ref.case_id)
    booker = city.booker(booked.value.channel)
    line = city.contract.booking(booked.value.line)
    way = Way(line=line, channels=(booked.value.channel,))
    try:
        bookings.confirm(
            desk,
            booker,
            city.loaded,
            booked.case_id,
            key=posted.key,
            applicant=_applicant(city, way, posted, str(booked.value.party)),
            guidance_version=posted.text("guided") or None,
        )
    except DomainError as refused:
        again = failed("confirm", posted, refused)
        return details_page(request, city, booked, posted.given, again)
    return see_other(f"/reservations/booked/{booked.case_id}?done=reservation_confirmed")


def details_page(
    request: Request,
    city: City,
    booked: Booked,
    typed: Mapping[str, str],
    failed: Failed | None = None,
) -> Response:
    """Return the page that asks who comes, while their places are held."""
    value = booked.value
    return page(
        request,
        city.person,
        "desk/details",
        status=failed.told.status if failed else 200,
        city=city,
        number=booked.case_number,
        case_id=booked.case_id,
        value=value,
        guidance=city.guidance_at(value.place.site),
        failed=failed,
        **_person_values(typed, failed),
    )


def _time_page(
    request: Request,
    city: City,
    asked: Mapping[str, str],
    typed: Mapping[str, str],
    failed: Failed | None = None,
) -> Response:
    way = next((w for w in city.ways if w.line.id == asked.get("line")), None)
    way = way or (city.ways[0] if city.ways else None)
    table, refused = None, None
    if way is not None and way.line.has_slots:
        try:
            people = read_people(typed.get("people", "1"), party_max=way.line.party_max)
        except DomainError:
            people = 1
        try:
            table = desk_times.table_of(city, way.line, _day(asked.get("from", "")), people)
        except DomainError as why:
            refused = why
    return page(
        request,
        city.person,
        "desk/new",
        status=failed.told.status if failed else 200,
        city=city,
        way=way,
        channel=asked.get("channel", ""),
        table=table,
        refused=refused,
        failed=failed,
        **_person_values(typed, failed),
    )


def _person_values(typed: Mapping[str, str], failed: Failed | None) -> dict[str, Any]:
    shown = failed.typed if failed else typed
    faults = (
        {each["field"]: each.get("message", "") for each in failed.told.fields}
        if failed
        else {}
    )
    asked = [str(name) for name in _OF_PERSON]
    wrong = next((name for name in asked if name in faults), None)
    empty = next((name for name in asked[:4] if not shown.get(name)), asked[0])
    return {"typed": shown, "faults": faults, "asked": asked, "focus": wrong or empty}


def _way(city: City, posted: Sent) -> tuple[Way, BookingChannel]:
    """Return the line and the way that a form names.

    Raises:
        NotBookable: This person books nothing, or not this.
    """
    way = next((w for w in city.ways if w.line.id == posted.text("line")), None)
    if way is None:
        raise NotBookable("予約する窓口を選び直してください。")
    named = posted.text("channel")
    channel = next((each for each in way.channels if each == named), way.channels[0])
    return way, channel


def _applicant(city: City, way: Way, posted: Sent, people: str) -> Applicant:
    mail = posted.text(Asked.MAIL).strip()
    raw = {str(name): posted.text(name) for name in _OF_PERSON} | {
        str(Asked.PEOPLE): people,
        str(Asked.MAIL_WANTED): "yes" if mail else "no",
    }
    return read_applicant(
        raw,
        today=city.today,
        party_max=way.line.party_max,
        telephone=telephone.international,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
