"""The card centre of Yokosuka gives out the places of the city's own table, and never more."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from api.booking import booking_plan
from api.deps import Desk, running
from domain.booking.slots import day_plan
from domain.calendars.hours import TOKYO
from store.scope import scope
from tests.bookings import centre
from tests.contracts.cities import calendar, city
from tests.stack import Stack

FIRST, LAST = date(2026, 8, 1), date(2027, 3, 31)
STATED = [2816, 2560, 2688, 2688, 2432, 2432, 2432, 2688]
A_DAY = 128


@pytest.mark.req("YOKOSUKA-49")
def test_the_places_of_every_month_are_those_of_the_citys_table() -> None:
    """
    Laid out day by day and slot by slot, from opening to closing.
    """
    line = city("yokosuka").booking(centre.LINE)
    plans = [day_plan(line, day) for day in calendar("yokosuka", "centre").days(FIRST, LAST)]
    by_month: Counter[str] = Counter()
    for plan in plans:
        by_month[f"{plan.day:%Y-%m}"] += sum(slot.capacity for slot in plan.slots)

    assert STATED == [by_month[month] for month in sorted(by_month)]
    assert 20736 == sum(by_month.values())
    assert {0, A_DAY} == {sum(slot.capacity for slot in plan.slots) for plan in plans}
    assert {A_DAY} == {plan.capacity for plan in plans if plan.slots}


@pytest.mark.req("YOKOSUKA-49")
async def test_the_inventory_holds_the_places_of_the_table_and_no_more(stack: Stack) -> None:
    """
    As the database counts them, which is what every claim is judged by.
    """
    centre.prepare(stack, now=datetime(2026, 8, 1, 8, 0, tzinfo=TOKYO))
    desk = Desk(
        engine=stack.engine,
        keys=stack.keys,
        book=stack.book,
        temporal=stack.temporal,
        clock=stack.clock,
    )
    contract = running(desk, centre.CITY, stack.book.current(centre.CITY))

    booking_plan.ensure(desk, centre.CITY, contract, contract.booking(centre.LINE), LAST)

    with scope(stack.engine, centre.CITY) as connection:
        slots, days = (
            connection.execute(
                text(
                    f"SELECT sum(capacity) FROM {table}"
                    " GROUP BY to_char(day, 'YYYY-MM') ORDER BY to_char(day, 'YYYY-MM')"
                )
            ).scalars()
            for table in ("booking_slot", "booking_day")
        )
        assert STATED == [int(places) for places in slots]
        assert STATED == [int(places) for places in days]


@pytest.mark.req("YOKOSUKA-49")
async def test_the_129th_of_a_day_is_refused_at_every_time(stack: Stack) -> None:
    """
    However many ask at once: sixteen half hours of eight, and the day is full.
    """
    centre.prepare(stack)
    caller = centre.official(stack)
    begins = datetime.fromisoformat(centre.at(10, 30))
    times = [(begins + timedelta(minutes=30 * n)).isoformat() for n in range(16)]

    answers = await asyncio.gather(
        *(centre.hold(caller, time, applicant=None) for time in times for _ in range(9))
    )

    with scope(stack.engine, centre.CITY) as connection:
        day = connection.execute(
            text("SELECT taken, capacity FROM booking_day WHERE day = :day"),
            {"day": centre.DAY},
        ).one()
        slots = connection.execute(
            text("SELECT DISTINCT taken FROM booking_slot WHERE day = :day"),
            {"day": centre.DAY},
        ).scalars()
        assert [8] == list(slots)
    found = Counter(answer.json().get("code", "held") for answer in answers)
    assert {"held": A_DAY, "FullyBooked": 16} == found
    assert (A_DAY, A_DAY) == (day.taken, day.capacity)
    other = await centre.hold(caller, times[0], applicant=None)
    assert "FullyBooked" == other.json()["code"]
