"""The questionnaire as pages: on a venue's tablet, typed in from paper, and what it came to.

Belongs here: forms and tables. Does not belong here: counting (``api.surveys.surveys``). The
page of the tablet is everybody's: nobody logs in, nothing is kept in the browser, and after
each sheet it is as blank as before.
"""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.deps import Desk, TheDesk
from api.pages.desk.desk_frame import City, city_of
from api.pages.desk.sending import Failed, Posted, Sent, failed, see_other
from api.pages.rendering import page
from api.surveys import survey_links, surveys
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import DomainError, FieldMissing
from domain.parties import Action, allowed
from domain.surveys.survey import FORM
from domain.surveys.survey_errors import NotADayOfSurvey
from store import venue_days
from store.scope import scope
from store.venue_days import VenueDay

router = APIRouter(include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Enterer = Annotated[Person, Depends(require_action(Action.ENTER_SURVEY))]

_BACK = timedelta(days=31)
"""How long ago a sheet may have been filled in, and which days are shown."""


@router.get("/surveys")
def show(request: Request, person: Seer, desk: TheDesk) -> Response:
    """Show what was answered lately, the tablets' links, and the form for paper."""
    return _page(request, city_of(desk, person))


@router.post("/surveys")
def enter(request: Request, person: Enterer, desk: TheDesk, posted: Posted) -> Response:
    """Count a sheet from paper."""
    city = city_of(desk, person)
    try:
        site, _, day = posted.text("at").partition("/")
        body = surveys.SheetRequest(
            site=site[:80] or "-", day=_day(day), answers=_answers(posted)
        )
        surveys.enter_sheet(city.loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, city, failed("sheet", posted, refused))
    return see_other(f"/surveys?at={body.site}/{body.day}")


@router.get("/survey/{slug}/{site}/{day}/{signature}")
def ask(
    slug: str, site: str, day: date, signature: str, request: Request, desk: TheDesk
) -> Response:
    """Show the questions on a venue's tablet."""
    _opened(desk, slug, site, day, signature)
    thanked = "thanks" in request.query_params
    return _tablet(request, desk, slug, thanked=thanked)


@router.post("/survey/{slug}/{site}/{day}/{signature}")
def answer(
    slug: str,
    site: str,
    day: date,
    signature: str,
    request: Request,
    desk: TheDesk,
    posted: Posted,
) -> Response:
    """Count a sheet from the tablet, and be as blank as before."""
    contract = _opened(desk, slug, site, day, signature)
    try:
        surveys.count(desk, contract, site, day, chance=posted.key, answers=_answers(posted))
    except DomainError as refused:
        return _tablet(request, desk, slug, refused=failed("sheet", posted, refused))
    return see_other(f"{request.url.path}?thanks")


def _opened(desk: Desk, slug: str, site: str, day: date, signature: str) -> Contract:
    """Return the contract of a tablet's link, on its day.

    Raises:
        SurveyLinkUnknown: It is none of ours.
        NotADayOfSurvey: It is another day's.
    """
    contract = desk.book.current(slug).contract
    key = desk.keys.city_key(contract.slug)
    survey_links.require(key, signature, contract=contract.slug, site=site, day=day)
    if day != local(desk.clock()).date():
        raise NotADayOfSurvey("このリンクは、会場の日だけ使えます。")
    return contract


def _tablet(
    request: Request,
    desk: Desk,
    slug: str,
    *,
    thanked: bool = False,
    refused: Failed | None = None,
) -> Response:
    return page(
        request,
        None,
        "survey",
        status=refused.told.status if refused else 200,
        city=desk.book.current(slug).contract.municipality,
        questions=FORM.questions,
        thanked=thanked,
        failed=refused,
    )


def _page(request: Request, city: City, refused: Failed | None = None) -> Response:
    contract, today = city.contract, city.today
    asks = contract.text("knowledge.survey") is not None
    with scope(city.desk.engine, city.slug) as connection:
        known = venue_days.between(connection, city.slug, city.slug, today - _BACK, today)
    days = [each for each in reversed(known) if each.withdrawn_at is None]
    results = surveys.results_of(city.desk, contract, today - _BACK, today) if asks else None
    return page(
        request,
        city.person,
        "surveys",
        status=refused.told.status if refused else 200,
        city=city,
        asks=asks,
        questions=FORM.questions,
        results=results,
        days=[(f"{each.site}/{each.day}", each) for each in days],
        tablets=[(each, _link(city, each)) for each in days if each.day == today],
        may_enter=allowed(city.person.role, Action.ENTER_SURVEY),
        chosen=request.query_params.get("at", ""),
        failed=refused,
    )


def _link(city: City, at: VenueDay) -> str:
    key = city.desk.keys.city_key(city.slug)
    return survey_links.path_of(key, contract=city.slug, site=at.site, day=at.day)


def _answers(posted: Sent) -> dict[str, str]:
    return {each.code: posted.text(each.code)[:40] for each in FORM.questions}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldMissing("「会場の日」を選んでください。") from None
