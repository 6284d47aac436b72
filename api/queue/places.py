"""Where people wait today, and under which rules.

Belongs here: the places of a day with their names. Does not belong here: what happens in the
lines there (``api.queue.tickets``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from api.access.door import Person
from api.deps import Desk, in_force
from contracts.loader import LoadedContract
from domain.calendars.hours import TOKYO, local
from domain.contract import Contract
from domain.contract_parts import SiteKind
from domain.queue.queue_errors import NoLineHere
from domain.queue.queue_rules import QueueRules
from store import contract_state, venue_days
from store.scope import scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """One place on one day, with the contract's rules."""

    municipality: str
    contract: Contract
    rules: QueueRules
    place: str
    label: str
    day: date

    @property
    def key(self) -> tuple[str, str, str, date]:
        """What its numbers are found by: city, contract, place and day."""
        return (self.municipality, self.contract.slug, self.place, self.day)

    @property
    def ends_at(self) -> datetime:
        """When the day is over and its numbers with it."""
        return datetime.combine(self.day + timedelta(days=1), time(), TOKYO)


def places_of(desk: Desk, municipality: str, contract: Contract) -> Mapping[str, str]:
    """Return where people wait today, with names; venues only on a day that is planned."""
    if contract.queue is None:
        return {}
    today = local(desk.clock()).date()
    known = {site.id: site for site in contract.sites}
    used = {contract.channel(line.channel).site for line in contract.queue.lines}
    sites = [known[each] for each in known if each in used]
    found = {each.id: each.label for each in sites if each.kind is not SiteKind.OPEN}
    if all(each.kind is not SiteKind.OPEN for each in sites):
        return found
    with scope(desk.engine, municipality) as connection:
        added = contract_state.sites(connection, municipality, contract.slug)
        planned = venue_days.between(connection, municipality, contract.slug, today, today)
    open_today = {each.site for each in planned if each.withdrawn_at is None}
    return found | {each.site_id: each.name for each in added if each.site_id in open_today}


def hall_of(desk: Desk, person: Person, loaded: LoadedContract, place: str) -> Hall:
    """Return a place of today.

    Args:
        desk: What the process works with.
        person: Who asks.
        loaded: The contract as its file says it.
        place: Which; empty where there is only one.

    Raises:
        NoLineHere: Nobody takes numbers there today.
        ContractDateMissing, OutsideTerm: The contract does not run today.
    """
    now = desk.clock()
    contract = in_force(desk, person, loaded, local(now).date())
    places = places_of(desk, person.municipality, contract)
    if not place and len(places) == 1:
        place = next(iter(places))
    if contract.queue is None or place not in places:
        raise NoLineHere("今日、番号を受け付ける場所を選んでください。")
    return Hall(
        municipality=person.municipality,
        contract=contract,
        rules=contract.queue,
        place=place,
        label=places[place],
        day=local(now).date(),
    )
