"""What the pages of the booking desk share: lines and ways a person may book, names of places.

Belongs here: who may offer what to whom, and words. Does not belong here: times to choose
from (``desk_times``), the pages themselves (``desk``, ``desk_booking``, ``desk_booked``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from fastapi import Request
from sqlalchemy import Connection

from api.access.auth import route_of
from api.access.door import Person
from api.booking import telephone
from api.booking.booking_access import Booker
from api.booking.day_changes import contract_now
from api.deps import Desk
from contracts.loader import LoadedContract
from domain.booking.booking_rules import BookingChannel, BookingLine, VenueSource
from domain.calendars.hours import local
from domain.contract import Contract
from domain.parties import Action, Role, Standing, allowed
from domain.writing.eras import era_text
from domain.writing.kana import katakana
from domain.writing.text import name_search
from store import access, contract_state, guidance, vault
from store.guidance import Guidance
from store.opening import search_key
from store.reservation_lists import ReservationLine
from store.scope import scope

USUAL_PURPOSE: Final = "予約の対応"
SEARCH_PURPOSE: Final = "予約の検索"

_AT_DESK: Final = (BookingChannel.PHONE, BookingChannel.WINDOW, BookingChannel.BOOTH)
_USUAL: Final[Mapping[Role, BookingChannel]] = {
    Role.OPERATOR: BookingChannel.BOOTH,
    Role.SUPPORT_STAFF: BookingChannel.WINDOW,
    Role.SITE_MANAGER: BookingChannel.WINDOW,
}
"""How a booking usually reaches somebody of this role; everybody else is telephoned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A line that somebody may book for others, and how these reach them; the usual first."""

    line: BookingLine
    channels: tuple[BookingChannel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """One city's desk, as the pages work with it."""

    desk: Desk
    person: Person
    loaded: LoadedContract
    contract: Contract
    """As it runs."""

    now: datetime
    sites: Mapping[str, str]
    """Name of each place by its id."""

    @property
    def slug(self) -> str:
        """The name of the contract, which is the municipality's as well."""
        return self.contract.slug

    @property
    def today(self) -> date:
        """The day in Tokyo."""
        return local(self.now).date()

    @property
    def ways(self) -> tuple[Way, ...]:
        """What this person may book for others."""
        return ways_of(self.contract, self.person)

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Where else this person may go from here, with its words."""
        planned = any(line.venues is VenueSource.PLANNED for line in self.contract.bookings)
        found = [
            ("/reservations/arrivals", "今日の来場", Action.RECORD_ARRIVAL),
            ("/reservations/list", "予約受付一覧", Action.SEE_RESERVATIONS),
            ("/reservations/guidance", "来場前の案内", Action.WRITE_GUIDANCE),
        ]
        if planned:
            found.append(("/reservations/venues", "会場の日", Action.PLAN_VENUE_DAY))
        return tuple(
            (path, words) for path, words, action in found if allowed(self.person.role, action)
        )

    def line_label(self, line_id: str) -> str:
        """Return the name of a line, also of one that the contract no longer has."""
        known = {line.id: line.label for line in self.contract.bookings}
        return known.get(line_id, line_id)

    def site_label(self, site_id: str) -> str:
        """Return the name of a place; empty where the city's system says where."""
        return self.sites.get(site_id, site_id)

    def booker(self, channel: BookingChannel | None = None) -> Booker:
        """Return who asks, for somebody who came this way, or as they usually come."""
        usual = _USUAL.get(self.person.role, BookingChannel.PHONE)
        return Booker(municipality=self.slug, channel=channel or usual, person=self.person)

    def guidance_at(self, site: str) -> Guidance | None:
        """Return what is read out to people who come to a place."""
        with scope(self.desk.engine, self.slug) as connection:
            return guidance.current(connection, self.slug, self.slug, site=site, language="ja")


def city_of(desk: Desk, person: Person) -> City:
    """Return the desk of the person's own city."""
    loaded = desk.book.current(person.municipality)
    contract = contract_now(desk, person.municipality, loaded)
    with scope(desk.engine, person.municipality) as connection:
        added = contract_state.sites(connection, person.municipality, contract.slug)
    sites = {site.id: site.label for site in contract.sites}
    return City(
        desk=desk,
        person=person,
        loaded=loaded,
        contract=contract,
        now=desk.clock(),
        sites=sites | {each.site_id: each.name for each in added},
    )


def ways_of(contract: Contract, person: Person) -> tuple[Way, ...]:
    """Return what a person may book for others, and by which ways these come."""
    usual = _USUAL.get(person.role, BookingChannel.PHONE)
    in_order = sorted(_AT_DESK, key=lambda channel: channel is not usual)
    found = []
    for line in contract.bookings:
        channels = tuple(
            channel
            for channel in in_order
            if line.takes(channel, person.party)
            and allowed(person.role, Action.MAKE_RESERVATION, line.standing_of(channel))
        )
        if channels:
            found.append(Way(line=line, channels=channels))
    return tuple(found)


def keys_for(connection: Connection, desk: Desk, municipality: str, words: str) -> list[bytes]:
    """Return what somebody is found by: their kana or name, telephone or mail as typed."""
    city_key = desk.keys.municipality_key(connection, municipality)
    spellings = {words, katakana(words) or words, telephone.international(words) or words}
    return [search_key(city_key, name_search(each)) for each in spellings]


def people_of(
    request: Request, city: City, lines: list[ReservationLine], *, purpose: str
) -> dict[str, Mapping[str, Any]]:
    """Return whom reservations are for, as far as this person may see it; each is recorded."""
    role = city.person.role
    ids = [
        line.case_id
        for line in lines
        if allowed(
            role,
            Action.SEE_PERSON,
            Standing.CLOSED if line.closed else Standing.WITH_PROVIDER,
        )
    ]
    if not ids:
        return {}
    with scope(city.desk.engine, city.slug) as connection:
        access.record_access(
            connection,
            account_id=city.person.account_id,
            case_ids=ids,
            purpose=purpose,
            route=route_of(request),
            now=city.now,
        )
        found = vault.persons(connection, city.desk.keys, city.slug, ids)
    return {case_id: about_words(each) for case_id, each in found.items()}


def about_words(person: Mapping[str, Any]) -> dict[str, str]:
    """Return what the vault has of an applicant, as people read it."""
    told = {name: str(person.get(name) or "") for name in ("kana", "name", "address", "mail")}
    birth, phone = str(person.get("birth_date") or ""), str(person.get("phone") or "")
    if birth:
        day = date.fromisoformat(birth[:10])
        told["birth"] = f"{era_text(day)}（{day.year}年）"
    return told | {"phone": telephone.national(phone) if phone else ""}
