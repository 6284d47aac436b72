"""Receptionists and desks that meet: every number once, every caller another number.

Each race has a control in which the usual way of doing it fails.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg

from api.access.door import Person
from api.queue import calls, tickets
from domain.parties import Role
from store.engine import libpq_url
from tests.bookings.counter import TOGETHER, at_once, desk_of
from tests.queue.at_hall import open_hall
from tests.stack import Stack

CITY = "yokosuka"


class Hall:
    """A waiting room and whoever works there, through the product's own functions."""

    def __init__(self, stack: Stack) -> None:
        open_hall(stack, CITY)
        self.desk = desk_of(stack)
        self.loaded = self.desk.book.current(CITY)
        self._serial = iter(range(10_000))

    def person(self) -> Person:
        return Person(
            account_id=f"staff-{next(self._serial)}",
            municipality=CITY,
            role=Role.OPERATOR,
            login="staff",
            display_name="窓口 一",
        )

    def take(self, line: str = "walk_in") -> str:
        body = tickets.TicketRequest(line=line)
        return tickets.issue_ticket(self.loaded, self.person(), self.desk, "key", body).label

    def call(self, seat: str) -> str:
        body = calls.CallRequest(desk=seat)
        return calls.call_next(self.loaded, self.person(), self.desk, "key", body).label


def rivals(stack: Stack, step: Callable[[psycopg.Connection, threading.Barrier], Any]) -> Any:
    """Let two take the same step on a table of the usual kind, each in a transaction."""
    url = libpq_url(stack.database.owner_url)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TABLE naive (number int, desk text)")
        owner.execute("INSERT INTO naive VALUES (1), (2)")
    looked = threading.Barrier(2)

    def one() -> Any:
        with psycopg.connect(url) as connection:
            return step(connection, looked)

    return at_once(one, one)


async def test_receptionists_at_once_give_every_number_once(stack: Stack) -> None:
    """
    Two lines, six receptionists each: one to six in both, nothing left out.
    """
    hall = Hall(stack)
    found = at_once(*[partial(hall.take, line) for line in ("walk_in", "booked") * 6])

    assert [f"{letter}{n:03d}" for letter in "AB" for n in range(1, 7)] == sorted(found)


async def test_counting_and_adding_one_gives_a_number_twice(stack: Stack) -> None:
    """
    The control: the same with the highest number there is.
    """

    def take(connection: psycopg.Connection, looked: threading.Barrier) -> int:
        (last,) = connection.execute("SELECT max(number) FROM naive").fetchone() or (0,)
        looked.wait(TOGETHER)
        connection.execute("INSERT INTO naive VALUES (%s)", [last + 1])
        return int(last) + 1

    assert [3, 3] == rivals(stack, take)


async def test_desks_at_once_call_different_numbers_in_their_order(stack: Stack) -> None:
    """
    Three desks, four rounds of the same three numbers; one desk asked twice gets one.
    """
    hall = Hall(stack)
    for _ in range(4):
        hall.take()
    seats = ("counter_1", "counter_2", "counter_3")
    found = at_once(*[partial(hall.call, seat) for seat in seats * 2])

    assert ["A001", "A002", "A003"] + ["DeskBusy"] * 3 == sorted(found)


async def test_looking_first_and_calling_then_calls_somebody_twice(stack: Stack) -> None:
    """
    The control: the same with a look and an update.
    """

    def call(connection: psycopg.Connection, looked: threading.Barrier) -> int:
        (head,) = connection.execute(
            "SELECT min(number) FROM naive WHERE desk IS NULL"
        ).fetchone() or (0,)
        looked.wait(TOGETHER)
        connection.execute("UPDATE naive SET desk = 'here' WHERE number = %s", [head])
        return int(head)

    assert [1, 1] == rivals(stack, call)
