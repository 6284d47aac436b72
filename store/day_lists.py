"""Reservation lists with their people: rows of the database, persons out of the vault.

Read by pages, downloads and by what is sent to a city, so that all of them hold the same.
Who may see the people is the caller's to say, and reading them the caller's to record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import phonenumbers
from sqlalchemy import Connection

from domain.booking.booking_rules import BookingChannel
from domain.booking.reservation_list import HIDDEN, LISTED, ListRow, ReservationList
from domain.booking.reservation_parts import Stage
from domain.contract import Contract
from store import contract_state, reservation_lists, vault
from store.keys import KeyRing
from store.reservation_lists import ReservationLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which reservations a list is to hold."""

    first: date
    last: date | None
    """``None``: every day that follows."""

    site: str | None = None
    line: str | None = None
    only_open: bool = False
    """Only those of which nothing proves that the people were guided (CHIBA-28)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A list, and whose data stands in it."""

    paper: ReservationList
    shown: tuple[str, ...]
    """The cases whose persons are shown; to be recorded."""


Sees = Callable[[ReservationLine], bool]
"""Says whether the reader may see the person of a reservation."""


def read(
    connection: Connection,
    keys: KeyRing,
    contract: Contract,
    asked: Asked,
    *,
    as_of: datetime,
    sees: Sees,
) -> Found:
    """Return the list in the order of time; who may not be seen is not opened at all."""
    municipality = contract.slug
    found = reservation_lists.of_days(
        connection,
        municipality,
        contract.slug,
        asked.first,
        asked.last,
        site=asked.site,
        line=asked.line,
        stages=LISTED,
    )
    lines = [line for line in found if line.promised or line.stage != Stage.CANCELLED]
    shown = [line.case_id for line in lines if sees(line)]
    persons = vault.persons(connection, keys, municipality, shown) if shown else {}
    places = place_names(connection, contract)
    labels = {line.id: line.label for line in contract.bookings}
    rows = [_row(line, persons, set(shown), places, labels) for line in lines]
    kept = tuple(row for row in rows if row.open or not asked.only_open)
    in_list = {row.case_id for row in kept}
    paper = ReservationList(
        city_name=contract.municipality,
        first=asked.first,
        last=asked.last,
        as_of=as_of,
        rows=kept,
        venue=places.get(asked.site or "", asked.site or ""),
        line=labels.get(asked.line or "", asked.line or ""),
        only_open=asked.only_open,
    )
    return Found(paper=paper, shown=tuple(id_ for id_ in persons if id_ in in_list))


def place_names(connection: Connection, contract: Contract) -> dict[str, str]:
    """Return the name of every place of a contract, those added to it included."""
    named = {site.id: site.label for site in contract.sites}
    added = contract_state.sites(connection, contract.slug, contract.slug)
    return named | {each.site_id: each.name for each in added}


def _row(
    line: ReservationLine,
    persons: Mapping[str, Mapping[str, Any]],
    shown: Sequence[str] | set[str],
    places: Mapping[str, str],
    labels: Mapping[str, str],
) -> ListRow:
    person = persons.get(line.case_id, {})
    hidden = "" if line.case_id in shown else HIDDEN
    return ListRow(
        case_id=line.case_id,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        venue=places.get(line.site, line.site),
        line=labels.get(line.line, line.line),
        number=line.case_number,
        kana=str(person.get("kana") or hidden),
        name=str(person.get("name") or ""),
        people=line.party,
        phone=_as_written(str(person["phone"])) if person.get("phone") else hidden,
        channel=BookingChannel(line.channel),
        stage=Stage(line.stage),
        guided=line.guided,
        must_phone=line.must_phone,
        late=line.late,
    )


def _as_written(kept: str) -> str:
    """Return a kept number as people in Japan write it; with hyphens no zero gets lost."""
    try:
        number = phonenumbers.parse(kept, "JP")
    except phonenumbers.NumberParseException:
        return kept
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
