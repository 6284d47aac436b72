"""What stands around every booking page: the city, its telephone now, language, size of text.

Nothing is kept in the browser: language and size travel in the address. Which page shows
what stands in the modules beside this one, words in ``booking_words``.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool

from api.deps import Desk, TheDesk, running
from api.obligations.held_lately import held_lately
from api.pages.booking.booking_words import HTML_LANGUAGE, LANGUAGE_NAME, Speech
from api.pages.rendering import page
from api.problems import Told
from contracts.loader import LoadedContract
from domain.booking.booking_form import Language
from domain.booking.booking_rules import BookingChannel, BookingLine
from domain.calendars.calendar import Calendar
from domain.calendars.hours import clock, end_clock, local
from domain.contract import Contract, calendar_of
from domain.contract_parts import ChannelKind
from domain.errors import CalendarNotKnown, ContractDateMissing, UnknownContract
from domain.parties import Party
from store import contact_numbers, contract_state
from store.contract_state import AddedClosure
from store.scope import scope

_LARGE: Final = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """How one can telephone instead, now."""

    number: str | None
    hours: Markup | None
    """Whether it is answered at this minute, and from or until when; ``None``: not ours."""

    open: bool
    by_city: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """A place as visitors look for it."""

    id: str
    label: str
    address: str = ""
    directions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a page is to be shown; everything of it stands in the address."""

    language: Language = Language.JA
    large: bool = False

    @property
    def query(self) -> dict[str, str]:
        """What has to be added to every address of ours."""
        found = {} if self.language is Language.JA else {"lang": self.language.value}
        return found | ({"text": _LARGE} if self.large else {})

    def to(self, path: str, **query: str | int | None) -> str:
        """Return an address of ours that keeps the look."""
        wanted = {name: str(value) for name, value in query.items() if value not in {None, ""}}
        asked = urlencode(wanted | self.query)
        return f"{path}?{asked}" if asked else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """One city's booking site, as one visitor sees it."""

    desk: Desk
    loaded: LoadedContract
    contract: Contract
    """With its first day settled, where somebody has entered it."""

    look: Look
    now: datetime
    venues: Mapping[str, Venue] = field(default_factory=dict)
    closures: tuple[AddedClosure, ...] = ()
    telephone: str | None = None
    """The number that was entered while the contract runs; it wins over the file's."""

    @property
    def slug(self) -> str:
        """The name of the contract in addresses; it is the municipality's as well."""
        return self.contract.slug

    @property
    def home(self) -> str:
        """Where the site begins."""
        return f"/book/{self.slug}"

    @property
    def speech(self) -> Speech:
        """How the pages speak."""
        return Speech(language=self.look.language)

    @property
    def today(self) -> date:
        """The day in Tokyo."""
        return local(self.now).date()

    @property
    def begun(self) -> bool:
        """Whether the contract is in force, and nothing holds booking here back."""
        held = held_lately(self.desk, self.contract, self.today)
        waits = held.booking(self.contract, BookingChannel.WEB) is not None
        return self.contract.term.covers(self.today) and not waits

    def venue(self, site: str) -> Venue:
        """Return a place, also one that was taken out of the contract since."""
        return self.venues.get(site) or Venue(id=site, label=site)

    def line_name(self, line: BookingLine) -> Markup:
        """Return the name of a line: in the page's language where there are words for it."""
        for code in line.procedures[:1]:
            if self.speech.knows(f"lines.{code}"):
                return self.speech.t(f"lines.{code}")
        if self.look.language is Language.EN:
            return Markup('<span lang="ja">{}</span>').format(line.label)
        return escape(line.label)


def look_of(request: Request) -> Look:
    """Return the look that an address asks for; what is unknown is the usual."""
    language = request.query_params.get("lang", "")
    return Look(
        language=Language(language) if language in set(Language) else Language.JA,
        large=request.query_params.get("text") == _LARGE,
    )


def public(slug: str, request: Request, desk: TheDesk) -> Public:
    """Return the booking site of a city.

    Raises:
        UnknownContract: There is no such city, or nothing in its contract is about booking.
    """
    site = _bare_site(slug, request, desk)
    with scope(desk.engine, slug) as connection:
        added = contract_state.sites(connection, slug, slug)
        closures = contract_state.closures(connection, slug, slug)
        entered = contact_numbers.current(connection, slug, slug)
    try:
        contract = running(desk, slug, site.loaded)
    except ContractDateMissing:
        contract = site.contract
    venues = {
        each.site_id: Venue(
            id=each.site_id,
            label=each.name,
            address=each.address,
            directions=each.directions,
        )
        for each in added
    }
    return replace(
        site,
        contract=contract,
        venues={**site.venues, **venues},
        closures=tuple(closures),
        telephone=entered.telephone if entered else None,
    )


def _bare_site(slug: str, request: Request, desk: Desk) -> Public:
    """Return the site as the contract's file alone describes it."""
    loaded = desk.book.current(slug)
    if not loaded.contract.bookings:
        raise UnknownContract("この市の予約のページはありません。")
    return Public(
        desk=desk,
        loaded=loaded,
        contract=loaded.contract,
        look=look_of(request),
        now=local(desk.clock()),
        venues={
            each.id: Venue(id=each.id, label=each.label, address=each.address)
            for each in loaded.contract.sites
        },
    )


ThePublic = Annotated[Public, Depends(public)]


def booking_page(
    request: Request,
    site: Public,
    template: str,
    *,
    status: int = 200,
    personal: bool = False,
    form: tuple[str, str] | None = None,
    at: tuple[str, Mapping[str, str]] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Return a page of the booking site.

    Args:
        request: What was asked.
        site: Of which city, in which look.
        template: Which page.
        status: Of the answer.
        personal: Whether somebody's booking stands on it or in its address.
        form: Id and address of the form that has to be sent to see this page again, where
            its own address would not show what was typed.
        at: Path and query that show this page, where it is the answer to a form.
        **values: What the template shows.
    """
    path, query = at or (request.url.path, request.query_params)
    if form is not None:
        path, query = form[1], {}
    answer = page(
        request,
        None,
        f"booking/{template}",
        status=status,
        site=site,
        speech=site.speech,
        t=site.speech.t,
        plain=site.speech.plain,
        to=site.look.to,
        look=site.look,
        looks=_looks(site.look, path, query),
        bigger=Look(language=site.look.language, large=not site.look.large).to(
            path, **_own(query)
        ),
        html_language=HTML_LANGUAGE[site.look.language],
        form=form[0] if form else None,
        phone=phone_of(site),
        personal=personal,
        **values,
    )
    if personal:
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


async def problem_page(request: Request, told: Told) -> HTMLResponse | None:
    """Return the page that tells a citizen of a refusal; ``None`` where no city is known.

    What it can show without the database is shown also while that is away.
    """
    return await run_in_threadpool(_problem_page, request, told)


def _problem_page(request: Request, told: Told) -> HTMLResponse | None:
    desk: Desk = request.app.state.desk
    slug = request.url.path.split("/")[2]
    try:
        site = _bare_site(slug, request, desk)
        if told.status < 500:
            site = public(slug, request, desk)
    except UnknownContract:
        return None
    except OperationalError:
        pass
    return refusal_page(request, site, told)


def refusal_page(
    request: Request, site: Public, told: Told, *, onward: str | None = None
) -> HTMLResponse:
    """Return the page that says what was refused and what to do now."""
    name = told.code if site.speech.knows(f"problem.{told.code}") else "other"
    if told.status == 404 and name == "other":
        name = "not_found"
    return booking_page(
        request,
        site,
        "problem",
        status=told.status,
        personal=True,
        at=None if request.method == "GET" else (site.home, {}),
        title=f"problem.{name}",
        onward=onward,
    )


def _looks(look: Look, path: str, query: Mapping[str, str]) -> list[tuple[str, str, str, bool]]:
    """Return name, language, address of this page in each language, and whether it is that."""
    return [
        (
            LANGUAGE_NAME[each],
            HTML_LANGUAGE[each],
            Look(language=each, large=look.large).to(path, **_own(query)),
            each is look.language,
        )
        for each in Language
    ]


def _own(query: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in query.items() if name not in {"lang", "text", "done"}
    }


def phone_of(site: Public) -> Phone:
    """Return how the city's bookings are asked about by telephone at this minute."""
    contract, speech = site.contract, site.speech
    parties = {line.phone_party for line in contract.bookings if line.is_bookable}
    calendar = _phone_calendar(site)
    accepted, hours = False, None
    if calendar is not None:
        with contextlib.suppress(CalendarNotKnown):
            accepted, hours = _hours_now(speech, calendar, site.now)
    return Phone(
        number=site.telephone or contract.text("call_centre.telephone"),
        hours=hours,
        open=accepted,
        by_city=parties == {Party.CITY},
    )


def _phone_calendar(site: Public) -> Calendar | None:
    channels = site.contract.channels
    channel = next((each for each in channels if each.kind is ChannelKind.PHONE), None)
    if channel is None:
        return None
    closed = [each.closure for each in site.closures if each.calendar == channel.calendar]
    return calendar_of(site.contract, channel.calendar, closed)


def _hours_now(speech: Speech, calendar: Calendar, now: datetime) -> tuple[bool, Markup | None]:
    today = calendar.day(local(now).date())
    if today.hours is not None and calendar.reception(now).accepted:
        until = end_clock(today.hours.last_reception or today.hours.closes)
        return True, speech.t("phone.open", until=until)
    if today.hours is not None and today.opens_at is not None and now < today.opens_at:
        return False, speech.t("phone.closed_today", opens=clock(today.hours.opens))
    after = calendar.next_open_day(today.day)
    hours = calendar.day(after).hours if after is not None else None
    if after is None or hours is None:
        return False, None
    opens = clock(hours.opens)
    return False, speech.t("phone.closed", day=speech.day(after), opens=opens)
