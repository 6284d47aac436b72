"""What is free in the coming month: with bookings and without, against a no-op endpoint.

Here: two databases alike but for the bookings, a server on each, asked in turns over one
connection; and the product's own ``/healthz``, which does nothing. Not here: booking.
"""

import asyncio
import secrets
from collections.abc import Sequence

from api.access.door import Person
from api.booking import booking_holds
from api.booking.booking_access import Booker
from api.booking.booking_holds import Wanted
from bench.bookings_ground import LINE, Ground, WebServer, desk_of, servers, set_places
from bench.bookings_load import Line, request
from bench.figures import Figure, median_ratio, percentile
from bench.installation import CITY
from domain.booking.booking_rules import BookingChannel
from domain.parties import Role

OF_EMPTY, OF_NO_OP = 1.3, 3.0
BOOKINGS = 5_000
_ROUNDS, _ASKED = 7, 60


def measure(empty: Ground, full: Ground, *, quick: bool = False) -> list[Figure]:
    """Return how reading what is free grows with bookings, and what it costs."""
    bookings = 60 if quick else BOOKINGS
    for each in (empty, full):
        set_places(each, 1 + bookings // len(each.times) * 2)
    _book(full, bookings)
    with servers(empty, 1) as (one,), servers(full, 1) as (other,):
        blocks = asyncio.run(_blocks(one, other, 2 if quick else _ROUNDS))
    of_empty = median_ratio((b["full"], b["empty"]) for b in blocks)
    of_no_op = median_ratio((b["full"], b["no-op"]) for b in blocks)
    return [
        Figure(
            name=f"what is free, {bookings:,} bookings: of that with none",
            value=of_empty,
            unit="times",
            at_most=OF_EMPTY,
        ),
        Figure(
            name="what is free in a month: of a no-op endpoint",
            value=of_no_op,
            unit="times",
            at_most=OF_NO_OP,
        ),
    ]


async def _blocks(empty: WebServer, full: WebServer, rounds: int) -> Sequence[dict[str, float]]:
    asked = request("GET", f"/api/v1/contracts/{CITY}/slots?line={LINE}")
    ways = {
        "empty": (await Line.to(empty.port.number), asked),
        "full": (await Line.to(full.port.number), asked),
        "no-op": (await Line.to(full.port.number), request("GET", "/healthz")),
    }
    await _block(ways)  # warm
    return [await _block(ways) for _ in range(rounds)]


async def _block(ways: dict[str, tuple[Line, bytes]]) -> dict[str, float]:
    """Return the median time of each way, asked in turns."""
    took: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(_ASKED):
        for way, (line, sent) in ways.items():
            answer = await line.ask(sent)
            assert answer.status == 200, answer.body
            took[way].append(answer.seconds)
    return {way: percentile(seconds, 0.5) for way, seconds in took.items()}


def _book(there: Ground, count: int) -> None:
    desk = desk_of(there.made, there.parts)
    person = Person(
        account_id="bench",
        municipality=CITY,
        role=Role.CALL_AGENT,
        login="bench",
        display_name="測定用",
    )
    booker = Booker(municipality=CITY, channel=BookingChannel.PHONE, person=person)
    loaded = desk.book.current(CITY)
    for number in range(count):
        starts_at = there.times[number % len(there.times)]
        wanted = Wanted(line=LINE, starts_at=starts_at, people=1)
        booking_holds.hold(desk, booker, loaded, wanted, key=secrets.token_hex(8))
