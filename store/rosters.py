"""Rosters: what was entered, what was found missing, and how the days of a contract stand.

Belongs here: statements, and reading all that a line is made of. Does not belong here: what
is a vacancy or a gap (``domain.roster``), looking for them (``activities.rosters``).
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.contract import Contract, calendar_of
from domain.roster.coverage import ChangeReason, Entry, Line, lines
from domain.roster.posts import VenueOpen, needs
from store import contract_state, venue_days
from store.tables.base import METADATA

_ENTRY = METADATA.tables["roster_entry"]
_VIOLATION = METADATA.tables["roster_violation"]
_ACCOUNT = METADATA.tables["account"]


def lines_between(
    connection: Connection, contract: Contract, first: date, last: date
) -> tuple[Line, ...]:
    """Return every need of some days with its entries; days outside the term have none.

    Args:
        connection: In the scope of the municipality.
        contract: As it runs.
        first: From here on.
        last: Up to here, included.

    Raises:
        CalendarNotKnown: The holidays of such a year are not at hand.
    """
    term = contract.term
    if not contract.roster or term.start is None:
        return ()
    first, last = max(first, term.start), min(last, term.end)
    closures = contract_state.closures(connection, contract.slug, contract.slug)
    calendars = {
        calendar.name: calendar_of(
            contract,
            calendar.name,
            [each.closure for each in closures if each.calendar == calendar.name],
        )
        for calendar in contract.calendars
    }
    venues = _venues(connection, contract, first, last)
    wanted = needs(contract.roster, calendars, venues, first, last)
    return lines(
        wanted,
        _entries(connection, contract.slug, first, last),
        _violations(connection, contract.slug, first, last),
    )


def lock(connection: Connection, slug: str) -> None:
    """Let nobody else change the roster of a contract until the transaction ends.

    That two posts are held by different persons can only be seen by looking at both.
    """
    words = f"roster/{slug}"
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(words, 0))))


def enter(connection: Connection, slug: str, entries: Iterable[Entry]) -> None:
    """Keep entries; whoever enters holds the lock."""
    own = {"left_at"}
    rows = [
        {
            "municipality": slug,
            "contract": slug,
            **{name: value for name, value in asdict(entry).items() if name not in own},
        }
        for entry in entries
    ]
    if rows:
        connection.execute(insert(_ENTRY), rows)


def note_violation(
    connection: Connection, slug: str, line: Line, *, nobody_from: datetime, now: datetime
) -> bool:
    """Keep that a day had nobody, once; return False if it is known."""
    kept = connection.execute(
        upsert(_VIOLATION)
        .values(
            municipality=slug,
            contract=slug,
            day=line.need.day,
            post=line.need.post,
            place=line.need.place,
            nobody_from=nobody_from,
            found_at=now,
        )
        .on_conflict_do_nothing()
        .returning(_VIOLATION.c.day)
    )
    return kept.first() is not None


def _entries(connection: Connection, slug: str, first: date, last: date) -> list[Entry]:
    own = [_ENTRY.c[name] for name in Entry.__dataclass_fields__ if name != "left_at"]
    rows = connection.execute(
        select(*own, _ACCOUNT.c.disabled_at.label("left_at"))
        .outerjoin_from(
            _ENTRY,
            _ACCOUNT,
            (_ACCOUNT.c.municipality == _ENTRY.c.municipality)
            & (_ACCOUNT.c.account_id == _ENTRY.c.account_id),
        )
        .where(
            _ENTRY.c.municipality == slug,
            _ENTRY.c.contract == slug,
            _ENTRY.c.day.between(first, last),
        )
        .order_by(_ENTRY.c.day, _ENTRY.c.post, _ENTRY.c.place, _ENTRY.c.number)
    )
    return [
        Entry(
            **{
                **row._mapping,
                "reason": ChangeReason(row.reason) if row.reason is not None else None,
            }
        )
        for row in rows
    ]


def _violations(
    connection: Connection, slug: str, first: date, last: date
) -> dict[tuple[str, str, date], datetime]:
    rows = connection.execute(
        select(
            _VIOLATION.c.post, _VIOLATION.c.place, _VIOLATION.c.day, _VIOLATION.c.nobody_from
        ).where(
            _VIOLATION.c.municipality == slug,
            _VIOLATION.c.contract == slug,
            _VIOLATION.c.day.between(first, last),
        )
    )
    return {(row.post, row.place, row.day): row.nobody_from for row in rows}


def _venues(
    connection: Connection, contract: Contract, first: date, last: date
) -> list[VenueOpen]:
    if not any(post.venue_calendar for post in contract.roster):
        return []
    slug = contract.slug
    names = {site.id: site.label for site in contract.sites}
    names |= {each.site_id: each.name for each in contract_state.sites(connection, slug, slug)}
    return [
        VenueOpen(
            day=each.day,
            site=each.site,
            label=names.get(each.site, each.site),
            planned_at=each.planned_at,
        )
        for each in venue_days.between(connection, slug, slug, first, last)
        if each.withdrawn_at is None
    ]
