"""Requests that meet at one place, one reservation or one contact: exactly one outcome.

Threads of the product's own functions with barriers where each race is decided; several
server processes under a rush stand in ``bench.bookings_rush``. The last place stands in
``test_last_place``.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from api.booking import booking_holds
from api.booking.booking_access import Booked
from api.booking.booking_holds import Wanted
from domain.booking.booking_rules import BookingChannel
from store import displacing
from store.engine import libpq_url
from store.scope import scope
from tests.bookings import venue
from tests.bookings.counter import TOGETHER, Counter, at, at_once, somebody
from tests.stack import Stack


def kinds(found: Sequence[Any]) -> list[str]:
    return sorted("booked" if isinstance(each, Booked) else str(each) for each in found)


@pytest.mark.req("CHIBA-22", "CHIBA-02")
async def test_web_phone_and_window_ask_for_the_last_place_and_one_has_it(
    stack: Stack,
) -> None:
    """
    Ten of each ask at the same moment; one has the place and all others hear why not.
    """
    here = Counter(stack)
    for people in (6, 5):
        here.hold(people=people)
    ways = (BookingChannel.WEB, BookingChannel.PHONE, BookingChannel.WINDOW)

    found = at_once(*(lambda way=way: here.hold(channel=way) for way in ways * 10))

    assert ["FullyBooked"] * 29 + ["booked"] == kinds(found)
    assert 12 == here.taken(13)


async def test_counting_first_and_inserting_then_sells_too_many(stack: Stack) -> None:
    """
    The control: the same crowd with the usual way of doing it.
    """
    Counter(stack)
    url = libpq_url(stack.database.owner_url)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TABLE naive (seat int)")
    looked = threading.Barrier(30)

    def book() -> str:
        with psycopg.connect(url) as connection:
            (sold,) = connection.execute("SELECT count(*) FROM naive").fetchone() or (0,)
            looked.wait(TOGETHER)
            if sold >= 1:
                return "FullyBooked"
            connection.execute("INSERT INTO naive VALUES (1)")
        return "booked"

    found = at_once(*[book] * 30)

    assert found.count("booked") > 1


async def test_a_party_and_singles_never_fill_more_than_there_is(stack: Stack) -> None:
    """
    Parties of one to six rush an hour: what was sold fits, and nobody who fitted was sent
    away while fewer places were taken than there are.
    """
    here = Counter(stack)
    sizes = [1, 2, 3, 4, 5, 6] * 4

    found = at_once(*(lambda n=n: here.hold(people=n) for n in sizes))

    sold = sum(n for n, each in zip(sizes, found, strict=True) if isinstance(each, Booked))
    refused = [n for n, each in zip(sizes, found, strict=True) if each == "FullyBooked"]
    assert sold == here.taken(13) <= 12
    assert all(sold + n > 12 for n in refused)


@pytest.mark.parametrize("round_", range(5))
async def test_a_confirmation_and_a_lapse_never_both_happen(stack: Stack, round_: int) -> None:
    """
    At the end of the hold the course and the citizen act at the same moment.
    """
    here = Counter(stack)
    held = [here.hold().case_id for _ in range(6)]
    assert stack.clock.now is not None
    stack.clock.now += timedelta(minutes=10) - timedelta(microseconds=1)
    steps: list[Callable[[], Any]] = []
    for case_id in held:
        steps += [partial(here.confirm, case_id), partial(here.lapse, case_id)]

    found = at_once(*steps)

    for case_id, confirmed, lapsed in zip(held, found[::2], found[1::2], strict=True):
        if isinstance(confirmed, Booked):
            assert ("behind", "confirmed") == (lapsed, here.stage(case_id))
        else:
            assert ("HoldExpired", "lapsed", "lapsed") == (
                confirmed,
                lapsed,
                here.stage(case_id),
            )
    assert sum(isinstance(each, Booked) for each in found[::2]) == here.taken(13)


async def test_two_confirmations_with_one_key_are_one(stack: Stack) -> None:
    """
    A finger that taps twice gets one answer twice.
    """
    here = Counter(stack)
    held = here.hold()
    who = somebody(1)

    found = at_once(*[lambda: here.confirm(held.case_id, "tapped-twice", applicant=who)] * 8)

    assert ["booked"] * 8 == kinds(found)
    assert 1 == len({each.value for each in found})
    assert 1 == _events(stack, held.case_id).count("reservation_confirmed")


async def test_holds_with_one_key_are_one_hold(stack: Stack) -> None:
    """
    A program that asks again before the first answer came takes no second place.
    """
    here = Counter(stack)
    wanted = Wanted(
        line=venue.LINE, venue=venue.SITE, starts_at=at(13), people=2, reissue=False
    )

    def hold() -> Booked:
        return booking_holds.hold(
            here.desk, here.booker(), here.loaded, wanted, key="the-same-key"
        )

    found = at_once(*[hold] * 8)

    assert ["booked"] * 8 == kinds(found)
    assert 1 == len({each.case_number for each in found})
    assert 2 == here.taken(13)


@pytest.mark.parametrize("round_", range(3))
async def test_a_move_and_a_cancellation_leave_one_of_them(stack: Stack, round_: int) -> None:
    """
    Whichever comes second hears how things stand, and no place is counted twice or lost.
    """
    here = Counter(stack)
    booked = here.book(13, 3)

    found = at_once(lambda: here.change(booked, 14), lambda: here.cancel(booked))

    assert kinds(found) in (["WrongStage", "booked"], ["booked", "booked"])
    assert "cancelled" == here.stage(booked)
    # What was given up is kept back for a while, wherever it was.
    moved = isinstance(found[0], Booked)
    assert (3, 3 if moved else 0) == (here.taken(13), here.taken(14))


async def test_two_who_change_places_with_each_other_do_not_lock_each_other_out(
    stack: Stack,
) -> None:
    """
    From one to two and from two to one o'clock at once, again and again.
    """
    here = Counter(stack)
    one, other = here.book(13), here.book(14)
    for _ in range(5):
        found = at_once(lambda: here.change(one, 14), lambda: here.change(other, 13))
        assert ["booked", "booked"] == kinds(found)
        found = at_once(lambda: here.change(one, 13), lambda: here.change(other, 14))
        assert ["booked", "booked"] == kinds(found)


async def test_one_contact_cannot_book_more_by_asking_at_once(stack: Stack) -> None:
    """
    Five bookings under one telephone are a family's; the other seven asked in vain.
    """
    here = Counter(stack)
    who = somebody(7)

    found = at_once(*[lambda: here.hold(applicant=who)] * 12)

    assert ["TooManyBookings"] * 7 + ["booked"] * 5 == kinds(found)
    assert 5 == here.taken(13)


async def test_a_family_of_other_contacts_is_not_held_up(stack: Stack) -> None:
    """
    The control: twelve telephones get twelve places.
    """
    here = Counter(stack)
    people = [somebody(number) for number in range(100, 112)]

    found = at_once(*(lambda who=who: here.hold(applicant=who) for who in people))

    assert ["booked"] * 12 == kinds(found)


async def test_whoever_books_while_the_day_is_closed_is_refused_or_found(
    stack: Stack,
) -> None:
    """
    A storm is entered while people book: everybody had no place, or is displaced.
    """
    here = Counter(stack)
    booked = [here.book(13) for _ in range(4)]

    def close() -> None:
        with psycopg.connect(libpq_url(stack.database.owner_url)) as owner:
            owner.execute(
                "UPDATE booking_day SET closed_cause = '台風' WHERE line = %s", [venue.LINE]
            )

    found = at_once(close, *[lambda: here.hold(14)] * 10)[1:]

    held = [each for each in found if isinstance(each, Booked)]
    assert {"SlotClosed"} >= {each for each in found if not isinstance(each, Booked)}
    displaced = _displace(here)
    assert {*booked, *(each.case_id for each in held)} == set(displaced)
    assert {"displaced"} == {here.stage(case_id) for case_id in booked}
    assert [0, 0] == [here.taken(13), here.taken(14)]


def _displace(here: Counter) -> tuple[str, ...]:
    by = here.booker().actor
    return displacing.displace(
        here.desk.engine, here.desk.keys, venue.CITY, by=by, at=here.stack.clock()
    )


def _events(stack: Stack, case_id: str) -> list[str]:
    with scope(stack.engine, venue.CITY) as connection:
        rows = connection.execute(
            text("SELECT action FROM case_event WHERE case_id = :id ORDER BY seq"),
            {"id": case_id},
        )
        return [row.action for row in rows]
