"""What a contract offers for booking on which days, and laying it out in the inventory.

Belongs here: joining the contract's line, its calendar with closures, and venue days to the
plan of each day. Does not belong here: cutting a day into slots (``domain.booking.slots``),
taking places (``api.booking.bookings``).
"""

import threading
import time
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from api.deps import Desk
from domain.booking.booking_errors import SlotUnknown, VenueDayRefused
from domain.booking.booking_rules import BookingLine, VenueSource
from domain.booking.slots import DayPlan, day_plan
from domain.calendars.calendar import Calendar
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import local
from domain.contract import Contract, calendar_of
from store import contract_state, inventory, venue_days
from store.inventory import Shelf
from store.scope import scope

_REMEMBERED_SECONDS = 30.0
_HORIZON = timedelta(days=62)
"""How far ahead days are laid out where no window limits booking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One line of a contract as it stands now, with the days that it is open."""

    municipality: str
    contract: Contract
    line: BookingLine
    calendar: Calendar

    def shelf(self, site: str) -> Shelf:
        """Return whose places those at a site are."""
        return Shelf(
            municipality=self.municipality,
            contract=self.contract.slug,
            line=self.line.id,
            site=site,
        )


class LaidOut:
    """Remembers for half a minute what has been laid out, so that readers need not look.

    A closure or a venue day entered elsewhere lays its days out itself; what can be missed
    for so long is only a new day that comes into the window at midnight.
    """

    def __init__(self) -> None:
        self._until: dict[tuple[object, ...], float] = {}
        self._lock = threading.Lock()

    def knows(self, key: tuple[object, ...]) -> bool:
        """Tell whether this was laid out lately; whoever hears no does it."""
        now = time.monotonic()
        with self._lock:
            if self._until.get(key, 0.0) > now:
                return True
            self._until = {k: until for k, until in self._until.items() if until > now}
        return False

    def remember(self, key: tuple[object, ...]) -> None:
        """Note that it has been laid out."""
        with self._lock:
            self._until[key] = time.monotonic() + _REMEMBERED_SECONDS


_LAID_OUT = LaidOut()


def offer(
    connection: Connection, municipality: str, contract: Contract, line: BookingLine
) -> Offer:
    """Return a line with its calendar as closures left it."""
    added = contract_state.closures(connection, municipality, contract.slug, line.calendar)
    calendar = calendar_of(contract, line.calendar, [each.closure for each in added])
    return Offer(municipality=municipality, contract=contract, line=line, calendar=calendar)


def ensure(
    desk: Desk, municipality: str, contract: Contract, line: BookingLine, last: date
) -> None:
    """Lay out every day from today to ``last`` that has not been, or not as it is now."""
    today = local(desk.clock()).date()
    key = (
        desk.engine,
        municipality,
        contract.slug,
        contract.effective_from,
        line,
        last,
    )
    if _LAID_OUT.knows(key):
        return
    with scope(desk.engine, municipality) as connection:
        inventory.take_turn(connection, municipality, contract.slug)
        lay_out(connection, offer(connection, municipality, contract, line), today, last)
    _LAID_OUT.remember(key)


def lay_out(connection: Connection, offered: Offer, first: date, last: date) -> bool:
    """Make the inventory of these days follow the plan; return whether any had to."""
    changed = False
    for site, plans in plans_by_site(connection, offered, first, last).items():
        shelf = offered.shelf(site)
        known = inventory.laid_out(connection, shelf, first, last)
        fresh = [
            plan
            for plan in plans
            if known.get(plan.day) != inventory.plan_digest(plan)
            # A day that was never open need not be remembered.
            and (plan.slots or plan.day in known)
        ]
        inventory.lay_out(connection, shelf, fresh)
        changed = changed or bool(fresh)
    return changed


def plans_by_site(
    connection: Connection, offered: Offer, first: date, last: date
) -> dict[str, list[DayPlan]]:
    """Return what each site offers on each day."""
    line = offered.line
    if line.venues is VenueSource.SITE:
        assert line.site is not None, "checked when the line was made"
        days = [day_plan(line, day) for day in offered.calendar.days(first, last)]
        return {line.site: days}
    plans: dict[str, list[DayPlan]] = {}
    planned = venue_days.between(
        connection, offered.municipality, offered.contract.slug, first, last
    )
    for each in planned:
        plan = day_plan(line, offered.calendar.day(each.day))
        if each.withdrawn_at is not None:
            cause = each.cause or "会場の都合"
            plan = DayPlan(day=each.day, capacity=plan.capacity, slots=(), closed_cause=cause)
        plans.setdefault(each.site, []).append(plan)
    return plans


def horizon(line: BookingLine, today: date) -> date:
    """Return the last day that is worth laying out."""
    if line.opens_days_before is None:
        return today + _HORIZON
    return today + timedelta(days=line.opens_days_before)


def lay_out_day(
    connection: Connection, municipality: str, contract: Contract, day: date
) -> None:
    """Let the inventory of every line follow what has changed on a day.

    In the transaction of the change, so that no reader finds one without the other.
    """
    inventory.take_turn(connection, municipality, contract.slug)
    for line in contract.bookings:
        if line.has_slots or line.counts_walk_ins:
            lay_out(connection, offer(connection, municipality, contract, line), day, day)


def require_plannable(offered: Offer, day: date) -> None:
    """Return if a venue may be opened on ``day``.

    Raises:
        VenueDayRefused: The line's calendar is closed then, or the term is over.
    """
    on = offered.calendar.day(day)
    if not on.open:
        raise VenueDayRefused(f"{day_ja(day, year=True)}は{on.why}です。")
    if not offered.contract.term.covers(day):
        raise VenueDayRefused(f"{day_ja(day, year=True)}は契約期間の外です。")


def require_site(line: BookingLine, site: str | None) -> str:
    """Return the site at which the line can be booked.

    Raises:
        SlotUnknown: The line is not served there.
    """
    if line.venues is VenueSource.SITE:
        if site not in {None, "", line.site}:
            raise SlotUnknown("この窓口はその会場では行いません。")
        assert line.site is not None, "checked when the line was made"
        return line.site
    if not site:
        raise SlotUnknown("会場を選んでください。")
    return site
