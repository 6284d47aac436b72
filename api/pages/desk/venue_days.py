"""Venues as a page: candidates named, days planned, looked at, taken back.

What may be planned, and what taking a day back does, stands in ``api.venues``; the way of a
venue from candidate to closed on the page of its case.
"""

from datetime import date, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.booking import venue_cases
from api.booking import venues as routes
from api.booking.venue_openings import goes_out
from api.deps import TheDesk
from api.pages.desk.desk_frame import City, city_of
from api.pages.desk.sending import Failed, Posted, Sent, failed, see_other
from api.pages.rendering import page
from domain.booking.booking_rules import VenueSource
from domain.booking.venue_case import STAGE_TEXT
from domain.case import CaseKind
from domain.errors import DomainError, FieldMissing
from domain.parties import Action, allowed
from store import agreed_venues, cases, contract_state
from store.cases import CaseFile, Wanted
from store.scope import scope

router = APIRouter(prefix="/reservations/venues", include_in_schema=False)

Planner = Annotated[Person, Depends(require_action(Action.PLAN_VENUE_DAY))]
Namer = Annotated[Person, Depends(require_action(Action.NAME_VENUE))]

_AHEAD: Final = timedelta(days=400)
_LONGEST_WORDS: Final = 200
_MOST_VENUES: Final = 200
_TO_BE_PLANNED: Final = timedelta(weeks=3)
"""How far ahead weeks are shown even if nothing is planned for them yet."""


@router.get("")
def show(request: Request, person: Planner, desk: TheDesk) -> Response:
    """Show the days ahead."""
    return _page(request, city_of(desk, person))


@router.post("")
def plan(request: Request, person: Planner, desk: TheDesk, posted: Posted) -> Response:
    """Open a place on a day."""
    city = city_of(desk, person)
    try:
        body = routes.VenueDayRequest(
            site=posted.text("site")[:80] or "-", day=_day(posted.text("day"))
        )
        routes.plan_venue_day(city.loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, city, failed("plan", posted, refused))
    return see_other(f"/reservations/venues?planned={body.day}")


@router.post("/candidates")
def name(request: Request, person: Namer, desk: TheDesk, posted: Posted) -> Response:
    """Name a place that could become a venue."""
    city = city_of(desk, person)
    try:
        body = venue_cases.VenueRequest(
            name=_words(posted, "name", "場所"),
            address=_words(posted, "address", "所在地"),
            directions=posted.text("directions").strip()[:500],
            designated=posted.text("designated") == "yes",
        )
        named = venue_cases.name_venue(city.loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, city, failed("name", posted, refused))
    return see_other(f"/cases/{named.case_id}?done=venue_named")


@router.post("/{site}/{day}/withdraw")
def withdraw(
    site: str, day: date, request: Request, person: Planner, desk: TheDesk, posted: Posted
) -> Response:
    """Take a day back; whoever had booked it waits for a call."""
    city = city_of(desk, person)
    try:
        body = routes.WithdrawRequest(cause=_words(posted, "cause", "理由"))
        done = routes.withdraw_venue_day(site, day, city.loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, city, failed(f"withdraw-{site}-{day}", posted, refused))
    return see_other(f"/reservations/venues?withdrawn={day}&displaced={done.displaced}")


def _page(request: Request, city: City, failed: Failed | None = None) -> Response:
    planned = any(line.venues is VenueSource.PLANNED for line in city.contract.bookings)
    days = routes.list_venue_days(
        city.loaded, city.person, city.desk, city.today, city.today + _AHEAD
    )
    return page(
        request,
        city.person,
        "desk/venues",
        status=failed.told.status if failed else 200,
        city=city,
        planned=planned,
        goes_out=goes_out(city.contract),
        days=days.items,
        weeks=_weeks_shown(days, city.today),
        progress=routes.show_progress(city.loaded, city.person, city.desk) if planned else None,
        sites=_sites(city),
        venues=_venues(city),
        stages=STAGE_TEXT,
        may_name=allowed(city.person.role, Action.NAME_VENUE),
        told=_told(request),
        failed=failed,
    )


def _sites(city: City) -> list[tuple[str, str]]:
    """Return the places that were agreed on for today or later, and are not over."""
    with scope(city.desk.engine, city.slug) as connection:
        added = contract_state.sites(connection, city.slug, city.slug)
        over = agreed_venues.ended(connection, city.slug, city.slug)
    return [
        (each.site_id, each.name)
        for each in added
        if each.to_day >= city.today and each.site_id not in over
    ]


def _venues(city: City) -> list[CaseFile]:
    """Return the venues that are not over, those that wait for the city too."""
    wanted = Wanted(kind=CaseKind.VENUE)
    with scope(city.desk.engine, city.slug) as connection:
        return cases.list_cases(connection, city.slug, wanted, limit=_MOST_VENUES)


def _weeks_shown(days: routes.VenueDayPage, today: date) -> list[routes.VenueWeekBody]:
    """Return this week and those to come, as far as somebody has to look at them."""
    standing = [each.day for each in days.items if each.withdrawn_at is None]
    last = max([today + _TO_BE_PLANNED, *standing])
    return [week for week in days.weeks if week.monday <= last]


def _words(posted: Sent, name: str, label: str) -> str:
    text = posted.text(name).strip()
    if not 1 <= len(text) <= _LONGEST_WORDS:
        raise FieldMissing(f"「{label}」を{_LONGEST_WORDS}文字までで入力してください。")
    return text


def _told(request: Request) -> dict[str, Any]:
    query = request.query_params
    count = query.get("displaced", "")
    return {
        "planned": _day_or_none(query.get("planned", "")),
        "withdrawn": _day_or_none(query.get("withdrawn", "")),
        "displaced": int(count) if count.isascii() and count.isdecimal() else 0,
    }


def _day(text: str) -> date:
    found = _day_or_none(text)
    if found is None:
        raise FieldMissing("「日」は年-月-日で入力してください。")
    return found


def _day_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
