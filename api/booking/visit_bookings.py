"""What a visit has to do with bookings: who is served only with one, and where venues are open.

Belongs here: the questions that a visit asks of lines, reservations and venue days. Does not
belong here: opening the visit (``api.counter.visits``), what arriving does
(``api.booking.bookings``).
"""

import json
from datetime import datetime

from sqlalchemy import Connection

from api.access.door import Person
from api.booking import booking_plan, bookings, slots
from api.booking.booking_access import Booked, Booker, booked, reservation_file, value_in
from api.deps import Desk
from contracts.loader import LoadedContract
from domain.booking.booking_errors import ReservationNeeded, SlotUnknown
from domain.booking.booking_rules import BookingChannel, BookingLine, VenueSource
from domain.booking.reservation_parts import PlaceChange, Stage
from domain.booking.slots import slot_at
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import clock, local
from domain.contract import Contract
from domain.errors import CaseUnknown, DomainError, FieldMissing, ReceptionClosed
from store import cases, venue_days
from store.cases import CaseFile
from store.scope import scope

_COMES = frozenset({Stage.CONFIRMED, Stage.ARRIVED})


def line_of(contract: Contract, procedure: str) -> BookingLine | None:
    """Return the line of bookings on which a procedure is done, if any."""
    return next((line for line in contract.bookings if procedure in line.procedures), None)


def require_venue(desk: Desk, person: Person, contract: Contract, procedure: str) -> None:
    """Return if a procedure of planned venues has one that is open today.

    Raises:
        ReceptionClosed: None was planned, or all were taken back.
    """
    if _asks_for_venue(contract, procedure) and not _venues_today(desk, person, contract):
        raise ReceptionClosed("今日、開いている会場はありません。")


def venue_visited(
    desk: Desk, person: Person, contract: Contract, procedure: str, named: str
) -> str:
    """Return at which of today's venues a visitor is; empty where nobody said so."""
    if not _asks_for_venue(contract, procedure):
        return ""
    today = _venues_today(desk, person, contract)
    return named if named in today else next(iter(today)) if len(today) == 1 else ""


def _asks_for_venue(contract: Contract, procedure: str) -> bool:
    line = line_of(contract, procedure)
    return line is not None and line.venues is VenueSource.PLANNED


def _venues_today(desk: Desk, person: Person, contract: Contract) -> set[str]:
    today, city = local(desk.clock()).date(), person.municipality
    with scope(desk.engine, city) as connection:
        planned = venue_days.between(connection, city, contract.slug, today, today)
    return {each.site for each in planned if each.withdrawn_at is None}


def walk_in_places(
    desk: Desk, municipality: str, contract: Contract, procedure: str, venue: str
) -> tuple[PlaceChange, ...]:
    """Return the place that somebody without a booking takes now; none where nobody counts.

    Raises:
        FieldMissing: Several venues are open and none was named.
        SlotUnknown: The venue is not open now.
    """
    line = line_of(contract, procedure)
    if line is None or not line.counts_walk_ins:
        return ()
    now = desk.clock()
    today = local(now).date()
    booking_plan.ensure(desk, municipality, contract, line, today)
    with scope(desk.engine, municipality) as connection:
        offered = booking_plan.offer(connection, municipality, contract, line)
        plans = booking_plan.plans_by_site(connection, offered, today, today)
    running = {site: slot_at(days[0], now) for site, days in plans.items() if days}
    open_now = [site for site, slot in running.items() if slot is not None]
    if not venue and len(open_now) > 1:
        raise FieldMissing("「会場」を選んでください。")
    site = venue or next(iter(open_now), "")
    slot = running.get(site)
    if slot is None:
        raise SlotUnknown("その会場は、いま開いていません。")
    taken = PlaceChange(line=line.id, site=site, starts_at=slot.starts_at, places=1)
    return (taken,)


def require_reservation(
    desk: Desk,
    person: Person,
    loaded: LoadedContract,
    contract: Contract,
    procedure: str,
    given: str,
    *,
    key: str,
) -> Booked | None:
    """Return the reservation a visitor comes with, recorded as arrived.

    ``None`` where none is needed and none was named.

    Args:
        desk: What the process works with.
        person: Who receives them.
        loaded: The contract as its file says it.
        contract: The contract as it runs.
        procedure: What they came for.
        given: The number of the reservation, or its id, as read from the receipt.
        key: The caller's Idempotency-Key.

    Raises:
        ReservationNeeded: It is needed, and there is none for today; the message offers one.
    """
    line = line_of(contract, procedure)
    if line is None or not line.is_bookable or not (line.required or given):
        return None
    found = _todays(desk, person, line, given)
    if found is None:
        raise ReservationNeeded(_offer(desk, loaded, line))
    value = value_in(found)
    if value.stage is Stage.ARRIVED:
        return booked(desk, person.municipality, found.case_number, value)
    booker = Booker(
        municipality=person.municipality, channel=BookingChannel.WINDOW, person=person
    )
    return bookings.arrive(desk, booker, value.case_id, key=f"{key}/arrival")


def find_reservation(connection: Connection, given: str) -> CaseFile | None:
    """Return a reservation by what stands on its receipt: its number, or its id."""
    words = given.strip()
    try:
        number = cases.by_number(connection, words.upper())
        return reservation_file(connection, number.ref.case_id)
    except CaseUnknown:
        pass
    try:
        return reservation_file(connection, words.lower())
    except CaseUnknown:
        return None


def _todays(desk: Desk, person: Person, line: BookingLine, given: str) -> CaseFile | None:
    if not given.strip():
        return None
    with scope(desk.engine, person.municipality) as connection:
        found = find_reservation(connection, given)
    if found is None:
        return None
    value = value_in(found)
    today = local(value.place.starts_at).date() == local(desk.clock()).date()
    fits = value.line == line.id and today and value.stage in _COMES
    return found if fits else None


def _offer(desk: Desk, loaded: LoadedContract, line: BookingLine) -> str:
    """Say that a booking is needed, and when the next one could be."""
    told = f"「{line.label}」は、予約した日にだけ受け付けます。"
    try:
        free = json.loads(slots.free_times(desk, loaded, line.id))
    except DomainError:
        return told
    next_free = next((each for each in free if each["free"]), None)
    if next_free is None:
        return f"{told}いま予約できる空きはありません。"
    starts_at = datetime.fromisoformat(next_free["starts_at"])
    when = f"{day_ja(starts_at.date())} {clock(starts_at.time())}"
    return f"{told}次に空いている時間は{when}です。予約を取れます。"
