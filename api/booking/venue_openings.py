"""Days at venues over HTTP: who may be named for one, and whether people are received there.

Belongs here: what a venue's case has to ask of accounts and of the day. Does not belong here:
what a day needs to begin (``domain.booking.venue_opening``), taking the step (``api.cases``).
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from api.access.door import Person
from api.deps import Desk
from domain.booking.booking_errors import VenueNotOpen
from domain.booking.venue_case import Venue
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import local
from domain.case import CaseKind
from domain.contract import Contract
from domain.contract_parts import ChannelKind
from domain.errors import CaseUnknown, FieldMissing
from domain.parties import Action, Party, Role
from domain.places import plans_venues
from store import cases, people, venue_days
from store.cases import Wanted
from store.people import Account
from store.scope import scope
from store.values import value_of

_MOST_VENUES = 200
SIDES = ("officials", "staff")
"""Fields in which a day names people: the city's and the provider's."""


def goes_out(contract: Contract) -> bool:
    """Say whether the contract has windows away from its sites."""
    return any(channel.kind is ChannelKind.OUTREACH for channel in contract.channels)


def goes_with(side: str, role: Role) -> bool:
    """Say whether somebody of a role may be named on one of the sides."""
    return role is Role.OFFICIAL if side == "officials" else role.party is Party.PROVIDER


def require_day(
    desk: Desk, person: Person, action: Action, fields: Mapping[str, object]
) -> None:
    """Return if a step of a venue's day names people of ours and the right day.

    Raises:
        FieldMissing: Somebody named is nobody's account, or of the other party; a day is to
            begin or to end that is not today's.
    """
    if action is Action.ARRANGE_DAY:
        known = {each.account_id: each for each in named_for(desk, person)}
        for name in SIDES:
            for account_id in str(fields.get(name) or "").split():
                found = known.get(account_id)
                if found is None or not goes_with(name, found.role):
                    raise FieldMissing("担当は、この市の利用者から選んでください。")
    if action in {Action.START_DAY, Action.END_DAY}:
        today = local(desk.clock()).date()
        if fields["day"] != today.isoformat():
            raise FieldMissing(f"今日（{day_ja(today)}）の日を入力してください。")


def named_for(desk: Desk, person: Person) -> list[Account]:
    """Return whom a day may name: everybody of the city's and the provider's who may log in."""
    with scope(desk.engine, person.municipality) as connection:
        return [each for each in people.accounts(connection) if each.disabled_at is None]


def require_started(
    desk: Desk, person: Person, contract: Contract, channel: str, venue: str
) -> str:
    """Return the case of the venue at which a visitor is received; empty if it is none.

    Raises:
        FieldMissing: It is a window outside, and nobody said where.
        VenueNotOpen: The opening of its day was not checked, or it is over.
    """
    if contract.channel(channel).kind is not ChannelKind.OUTREACH:
        return ""
    planned, today = plans_venues(contract), local(desk.clock()).date()
    with scope(desk.engine, person.municipality) as connection:
        if planned and not venue:
            venue = _only_one(connection, contract, today)
        value = _venue(connection, venue)
    if value is None:
        if planned:
            # A place that was agreed on before there were cases of venues.
            return ""
        raise FieldMissing("「会場」に、出張申請の場所の案件を選んでください。")
    if not value.receives(today):
        raise VenueNotOpen("開設の点検を記録して、その日を始めてください。")
    return venue


def _only_one(connection: Connection, contract: Contract, today: date) -> str:
    """Return the place that is open today where there is just one; else empty."""
    planned = venue_days.between(connection, contract.slug, contract.slug, today, today)
    sites = [each.site for each in planned if each.withdrawn_at is None]
    return sites[0] if len(sites) == 1 else ""


def _venue(connection: Connection, case_id: str) -> Venue | None:
    """Return a venue by its case; ``None`` if there is no such case."""
    try:
        value = value_of(cases.one_case(connection, case_id)) if case_id else None
    except CaseUnknown:
        return None
    return value if isinstance(value, Venue) else None


def outside_now(desk: Desk, person: Person) -> list[tuple[str, str]]:
    """Return the places outside where people are received at this moment, with their names."""
    today = local(desk.clock()).date()
    wanted = Wanted(kind=CaseKind.VENUE)
    with scope(desk.engine, person.municipality) as connection:
        found = cases.list_cases(connection, person.municipality, wanted, limit=_MOST_VENUES)
    values = [value_of(file) for file in found]
    return [
        (each.case_id, each.name)
        for each in values
        if isinstance(each, Venue) and each.receives(today)
    ]
