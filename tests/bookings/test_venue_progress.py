"""Planned venues against the contract, as the people who plan them are told."""

from datetime import date, datetime
from typing import Any

import pytest

from domain.calendars.hours import TOKYO, Closure
from domain.parties import Role
from store import contract_state, venue_days
from store.contract_state import AddedClosure
from store.scope import scope
from store.venue_days import VenueDay
from tests.bookings import venue
from tests.stack import Stack

DAYS = f"/api/v1/contracts/{venue.CITY}/venue-days"


def plan(stack: Stack, *days: date, places: int = 3) -> None:
    """Plan as many venues on each of the days."""
    with scope(stack.engine, venue.CITY) as connection:
        for day in days:
            for n in range(places):
                planned = VenueDay(
                    site=f"venue-{n}", day=day, planned_by="system", planned_at=venue.NOON
                )
                venue_days.plan(connection, venue.CITY, venue.CITY, planned)


async def told(stack: Stack, path: str = "", **span: str) -> dict[str, Any]:
    answer = await stack.as_(Role.OFFICIAL, venue.CITY).get(f"{DAYS}{path}", **span)
    assert 200 == answer.status_code, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.req("CHIBA-04")
async def test_weeks_are_told_with_the_days_that_are_planned(stack: Stack) -> None:
    """
    A week with two weekdays is flagged, one with a day of two places only warned of.
    """
    stack.clock.now = venue.NOON
    stack.sign(venue.CITY, venue.SIGNED)
    plan(stack, date(2022, 8, 1), date(2022, 8, 2), date(2022, 8, 7))
    plan(stack, date(2022, 8, 8), date(2022, 8, 9), date(2022, 8, 14))
    plan(stack, date(2022, 8, 10), places=2)

    body = await told(stack, **{"from": "2022-08-04", "to": "2022-08-10"})

    assert [
        ("2022-08-01", 2, 1, 9, True, ["平日があと1日足りません。"], 0),
        ("2022-08-08", 3, 1, 11, False, [], 1),
    ] == [
        (
            week["monday"],
            week["weekdays"],
            week["days_off"],
            week["sessions"],
            week["flagged"],
            week["faults"],
            len(week["warnings"]),
        )
        for week in body["weeks"]
    ]
    assert {"2022-08-07", "2022-08-08", "2022-08-09", "2022-08-10"} == {
        item["day"] for item in body["items"]
    }


@pytest.mark.req("CHIBA-05")
async def test_venues_of_one_day_are_counted_each_once_they_are_over(stack: Stack) -> None:
    """
    The day is over at eight in the evening; the next one is still to come.
    """
    stack.clock.now = venue.NOON
    stack.sign(venue.CITY, venue.SIGNED)
    before = await told(stack, "/progress")
    plan(stack, venue.DAY, date(2022, 8, 2))
    stack.clock.now = datetime(2022, 8, 1, 20, 0, tzinfo=TOKYO)

    body = await told(stack, "/progress")

    assert (474, 0, "not_begun") == (before["required"], before["held"], before["standing"])
    assert (474, 3, 3) == (body["required"], body["held"], body["planned"])
    assert ("第1-4", "1会場1日") == (body["clause"], body["unit"])
    assert "これまでに3回" in body["sentence"]


@pytest.mark.req("CHIBA-05")
async def test_a_venue_taken_back_or_shut_by_a_storm_was_not_held(stack: Stack) -> None:
    """
    Nobody was received there.
    """
    stack.clock.now = venue.NOON
    stack.sign(venue.CITY, venue.SIGNED)
    plan(stack, venue.DAY, date(2022, 8, 2), date(2022, 8, 3))
    storm = AddedClosure(
        closure_id="storm",
        calendar="venue",
        closure=Closure(day=date(2022, 8, 2), cause="台風"),
        added_by="system",
        added_at=venue.NOON,
        withdrawn_at=None,
    )
    with scope(stack.engine, venue.CITY) as connection:
        contract_state.add_closure(connection, venue.CITY, venue.CITY, storm)
        venue_days.withdraw(
            connection,
            venue.CITY,
            venue.CITY,
            "venue-0",
            venue.DAY,
            cause="会場の都合",
            by="system",
            at=venue.NOON,
        )
    stack.clock.now = datetime(2023, 4, 1, tzinfo=TOKYO)

    body = await told(stack, "/progress")

    assert (5, 0, 5, "breach") == (
        body["held"],
        body["planned"],
        body["forecast"],
        body["standing"],
    )


async def test_a_city_without_such_venues_counts_none(stack: Stack) -> None:
    """
    Ota has one counter with regular hours.
    """
    answer = await stack.as_(Role.OFFICIAL).get("/api/v1/contracts/ota/venue-days/progress")

    assert "VenueDayRefused" == answer.json()["code"]
