"""Which operating days owe the city a list, and which of them have a case.

Asked again and again by whoever looks at the end of days (``activities.day_close``). The id
of the case follows from the day, so that of two who open it at once one opens nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, func, select

from domain.calendars.hours import Closure, local
from domain.case import CaseKind
from domain.contract import Contract
from domain.sending.list_sending import Work, day_ends, work_of
from store import contract_state, daily_figures, venue_days
from store.record import CASE_FILE
from store.tables.base import METADATA

_ACTIVATION = METADATA.tables["contract_activation"]

LOOK_BACK = timedelta(days=62)
"""How long the product may have stood still without an operating day being forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDay:
    """An operating day that is over."""

    day: date
    venue: bool
    """Whether a venue was held; one that was given up after people had come, was."""


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
    yesterday = local(now).date() - timedelta(days=1)
    begins = [yesterday - LOOK_BACK, local(since).date()]
    if contract.term.start is not None:
        begins.append(contract.term.start)
    first, last = max(begins), min(yesterday, contract.term.end)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    worked = work_between(connection, contract, first, last) if days else {}
    return [
        ClosedDay(day=day, venue=worked[day].venue)
        for day in days
        if worked[day].any and day_ends(day) <= now
    ]


def work_between(
    connection: Connection, contract: Contract, first: date, last: date
) -> Mapping[date, Work]:
    """Return what was open on each day from one to another, both included."""
    slug = contract.slug
    closures = closures_by_calendar(connection, contract)
    planned = venue_days.between(connection, slug, slug, first, last)
    standing = {each.day for each in planned if each.withdrawn_at is None}
    found = {}
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        work = work_of(contract, day, venue_open=day in standing, closures=closures)
        if not work.venue and any(each.day == day for each in planned):
            came = daily_figures.anybody_came(connection, slug, slug, day)
            work = replace(work, venue=came)
        found[day] = work
    return found


def closures_by_calendar(
    connection: Connection, contract: Contract
) -> Mapping[str, Iterable[Closure]]:
    """Return what was closed while the contract runs, by calendar."""
    found: dict[str, list[Closure]] = {}
    for each in contract_state.closures(connection, contract.slug, contract.slug):
        found.setdefault(each.calendar, []).append(each.closure)
    return found


def counted_since(
    connection: Connection, municipality: str, contract: str, day: date
) -> date | None:
    """Return the day after the operating day before this one; ``None``: it is the first."""
    of_case = CASE_FILE.c.state["value"]["day"].astext
    last = connection.execute(
        select(func.max(of_case)).where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.kind == CaseKind.LIST_SENDING,
            of_case < day.isoformat(),
        )
    ).scalar_one()
    return None if last is None else date.fromisoformat(last) + timedelta(days=1)


def of_month(
    connection: Connection, municipality: str, contract: str, month: date
) -> list[str]:
    """Return the cases of a month's operating days, every version, the newest day first."""
    value = CASE_FILE.c.state["value"]
    rows = connection.execute(
        select(CASE_FILE.c.case_id)
        .where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.kind == CaseKind.LIST_SENDING,
            value["day"].astext.startswith(f"{month:%Y-%m}-"),
        )
        .order_by(value["day"].astext.desc(), CASE_FILE.c.opened_at.desc())
    )
    return [row.case_id for row in rows]


def case_id_of(municipality: str, contract: str, day: date, version: int = 1) -> str:
    """Return the id of the case of a day: always the same one."""
    words = f"{municipality}/{contract}/reservation_list/{day.isoformat()}"
    words += f"/{version}" if version > 1 else ""
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
