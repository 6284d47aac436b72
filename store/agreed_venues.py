"""What the steps of a venue's case change outside it, in the same transaction.

Belongs here: adding the place that the city agreed to, and letting no venue end while people
may still come to it. Does not belong here: adding places otherwise (``store.contract_state``),
what came of a venue (``store.venue_reports``).

Locking rule: the case, then the turn of who lays out days; who plans a day has that turn
and then only reads the case.
"""

from datetime import date

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, and_, func, select

from domain.booking.booking_errors import VenueDaysAhead
from domain.booking.venue_case import Step, Venue
from domain.calendars.hours import local
from domain.case import CaseChange, CaseEvent, CaseKind, CaseRef
from store import contract_state, inventory
from store.contract_state import AddedSite
from store.tables.base import METADATA

_CASE_FILE = METADATA.tables["case_file"]
_SITE = METADATA.tables["added_site"]
_VENUE_DAY = METADATA.tables["venue_day"]
_VENUE = TypeAdapter(Venue)


def follow(
    connection: Connection, case_ref: CaseRef, kind: str, event: CaseEvent, change: CaseChange
) -> None:
    """Add the place, with the id of its case, when the city has agreed to it.

    Other kinds of cases change nothing here.

    Raises:
        VenueDaysAhead: It is to end, and days of it are still planned.
    """
    if kind != CaseKind.VENUE:
        return
    if change.closed:
        _require_no_days_ahead(connection, case_ref, local(event.at).date())
    if event.action != Step.AGREE_VENUE:
        return
    venue = _VENUE.validate_python(to_jsonable_python(change.state["value"]))
    assert venue.agreement is not None, "the city agreed with this very step"
    site = AddedSite(
        site_id=venue.case_id,
        name=venue.name,
        address=venue.address,
        directions=venue.directions,
        from_day=venue.agreement.from_day,
        to_day=venue.agreement.to_day,
        agreement=venue.agreement.reference,
        designated=venue.designated,
        added_by=event.actor.account_id,
        added_at=event.at,
    )
    contract_state.add_site(connection, case_ref.municipality, case_ref.contract, site)


def ended(connection: Connection, municipality: str, contract: str) -> set[str]:
    """Return the places of venues that are over or were given up: nothing is planned there."""
    rows = connection.execute(
        select(_SITE.c.site_id)
        .join(
            _CASE_FILE,
            onclause=and_(
                _CASE_FILE.c.municipality == _SITE.c.municipality,
                _CASE_FILE.c.case_id == _SITE.c.site_id,
            ),
        )
        .where(
            _SITE.c.municipality == municipality,
            _SITE.c.contract == contract,
            _CASE_FILE.c.closed_at.is_not(None),
        )
    )
    return {row.site_id for row in rows}


def _require_no_days_ahead(connection: Connection, case_ref: CaseRef, today: date) -> None:
    inventory.take_turn(connection, case_ref.municipality, case_ref.contract)
    ahead = connection.execute(
        select(func.count()).where(
            _VENUE_DAY.c.municipality == case_ref.municipality,
            _VENUE_DAY.c.contract == case_ref.contract,
            _VENUE_DAY.c.site == case_ref.case_id,
            _VENUE_DAY.c.day > today,
            _VENUE_DAY.c.withdrawn_at.is_(None),
        )
    ).scalar_one()
    if ahead:
        raise VenueDaysAhead(f"{ahead}日あります。先に「会場の日」で取りやめてください。")
