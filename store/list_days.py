"""Which operating days owe the city a list, and opening a case for each of them.

Asked again and again by whoever looks at the end of days (``activities.day_close``). The id
of the case follows from the day, so that of two who open it at once one opens nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, select

from domain.calendars.hours import Closure, local
from domain.contract import Contract
from domain.sending.list_sending import day_closes
from store import contract_state, venue_days
from store.record import CASE_FILE
from store.tables.base import METADATA

_ACTIVATION = METADATA.tables["contract_activation"]

LOOK_BACK = timedelta(days=62)
"""How long the product may have stood still without an operating day being forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDay:
    """An operating day whose work is over."""

    day: date
    closed_at: datetime


def activated_at(connection: Connection, municipality: str, contract: str) -> datetime | None:
    """Return when the day of signing was entered: from then on the product keeps bookings."""
    return connection.execute(
        select(_ACTIVATION.c.activated_at).where(
            _ACTIVATION.c.municipality == municipality, _ACTIVATION.c.contract == contract
        )
    ).scalar_one_or_none()


def closed_days(
    connection: Connection, contract: Contract, *, since: datetime, now: datetime
) -> list[ClosedDay]:
    """Return the operating days that are over, the oldest first.

    Args:
        connection: In the scope of the municipality.
        contract: As it runs, with its term.
        since: When the product came into use.
        now: Up to when.
    """
    today = local(now).date()
    begins = [today - LOOK_BACK, local(since).date()]
    if contract.term.start is not None:
        begins.append(contract.term.start)
    first, last = max(begins), min(today, contract.term.end)
    if last < first:
        return []
    closures = closures_by_calendar(connection, contract)
    planned = venue_days.between(connection, contract.slug, contract.slug, first, last)
    venues = {each.day for each in planned if each.withdrawn_at is None}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = []
    for day in days:
        ends = day_closes(contract, day, venue_open=day in venues, closures=closures)
        if ends is not None and ends <= now:
            found.append(ClosedDay(day=day, closed_at=ends))
    return found


def closures_by_calendar(
    connection: Connection, contract: Contract
) -> Mapping[str, Iterable[Closure]]:
    """Return what was closed while the contract runs, by calendar."""
    found: dict[str, list[Closure]] = {}
    for each in contract_state.closures(connection, contract.slug, contract.slug):
        found.setdefault(each.calendar, []).append(each.closure)
    return found


def case_id_of(municipality: str, contract: str, day: date) -> str:
    """Return the id of the case of a day: always the same one."""
    words = f"{municipality}/{contract}/reservation_list/{day.isoformat()}"
    moment = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    return f"{moment:012x}{hashlib.sha256(words.encode()).hexdigest()[:20]}"


def without_case(
    connection: Connection, municipality: str, contract: str, days: Iterable[ClosedDay]
) -> list[ClosedDay]:
    """Return the days for which no case was opened yet."""
    wanted = {case_id_of(municipality, contract, each.day): each for each in days}
    rows = connection.execute(
        select(CASE_FILE.c.case_id).where(
            CASE_FILE.c.municipality == municipality, CASE_FILE.c.case_id.in_(list(wanted))
        )
    )
    opened = {row.case_id for row in rows}
    return [each for case_id, each in wanted.items() if case_id not in opened]
