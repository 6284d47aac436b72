"""The link to the board of a waiting room: which place, until when, signed.

Nobody logs in at the board. Its link names a place by a digest and ends by itself; how links
are made and read stands in ``api.counter.display_links``.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from api.counter import display_links
from api.deps import Desk
from api.queue.places import places_of
from domain.calendars.hours import local
from domain.errors import UnknownContract
from domain.queue.board import BLANK, Board, Called, board
from domain.queue.ticket import Stage
from store import queue_tickets
from store.queue_tickets import Queued
from store.scope import scope

_LASTS = timedelta(hours=14)
"""A day at the windows; it is opened anew every morning."""


def link_to(desk: Desk, municipality: str, place: str) -> str:
    """Return the token of the board of a place, fit for a path."""
    return display_links.make(
        desk.keys.city_key(municipality),
        municipality=municipality,
        display_id=_named(municipality, place),
        expires_at=desk.clock() + _LASTS,
    )


def seen(desk: Desk, token: str) -> Board:
    """Return what stands on the board of a link; blank where the link is none or over."""
    city = display_links.municipality_in(token)
    try:
        # Nothing is made for a city that is not ours.
        contract = desk.book.current(city or "").contract
    except UnknownContract:
        return BLANK
    assert city is not None, "it has a contract"
    now: datetime = desk.clock()
    link = display_links.read(desk.keys.city_key(city), token)
    if link is None or now >= link.expires_at or contract.queue is None:
        return BLANK
    places = places_of(desk, city, contract)
    place = next((each for each in places if _named(city, each) == link.display_id), None)
    if place is None:
        return BLANK
    with scope(desk.engine, city) as connection:
        found = queue_tickets.in_house(
            connection, city, contract.slug, place, local(now).date()
        )
    lines = {line.id: line.label for line in contract.queue.lines}
    seats = {seat.id: seat.label for seat in contract.queue.desks}
    return board(
        places[place],
        [
            Called(
                label=each.label,
                desk=seats.get(each.desk, each.desk),
                line=lines.get(each.line, each.line),
            )
            for each in _latest_first(found)
        ],
        {
            label: sum(e.stage is Stage.WAITING and e.line == line for e in found)
            for line, label in lines.items()
        },
    )


def _latest_first(found: list[Queued]) -> list[Queued]:
    called = [each for each in found if each.stage is Stage.CALLED and each.called_at]
    return sorted(called, key=lambda each: each.called_at or each.taken_at, reverse=True)


def _named(municipality: str, place: str) -> str:
    return sha256(f"board/{municipality}/{place}".encode()).hexdigest()[:32]
