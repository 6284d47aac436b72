"""Days on which places are opened by agreement: planned, bookable at once, taken back."""

from datetime import date, datetime
from typing import Any

import httpx
import pytest

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.bookings import venue
from tests.stack import Stack

DAYS = f"/api/v1/contracts/{venue.CITY}/venue-days"


async def plan(stack: Stack, day: date, site: str = venue.SITE) -> httpx.Response:
    manager = stack.as_(Role.OPERATIONS_MANAGER, venue.CITY)
    return await manager.post(DAYS, json={"site": site, "day": str(day)})


async def withdraw(stack: Stack, day: date, **more: Any) -> httpx.Response:
    manager = stack.as_(Role.SITE_MANAGER, venue.CITY)
    return await manager.post(
        f"{DAYS}/{venue.SITE}/{day}/withdraw", json={"cause": "会場の改修", **more}
    )


@pytest.mark.req("CHIBA-07")
@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2022, 12, 28), 201),
        (date(2022, 12, 31), 409),
        (date(2023, 1, 3), 409),
        (date(2023, 1, 4), 201),
        (date(2023, 3, 31), 201),
        (date(2023, 4, 1), 409),
        (date(2022, 7, 19), 409),
    ],
)
async def test_a_venue_opens_within_the_term_and_not_at_the_end_of_the_year(
    stack: Stack, day: date, status: int
) -> None:
    """
    Until the end of March, without the last days of December and the first of January.
    """
    venue.prepare(stack)

    answer = await plan(stack, day)

    assert status == answer.status_code, answer.text
    assert (409 == status) == (answer.json().get("code") == "VenueDayRefused")


@pytest.mark.req("CHIBA-13", "CHIBA-14")
@pytest.mark.parametrize(
    ("day", "setup", "opens", "closes", "cleared"),
    [
        (date(2022, 8, 2), "12:30", "13:00", "20:00", "20:30"),
        (date(2022, 8, 7), "09:30", "10:00", "17:00", "17:30"),
        (date(2022, 9, 19), "09:30", "10:00", "17:00", "17:30"),
    ],
    ids=["a Tuesday", "a Sunday", "a Monday that is a holiday"],
)
async def test_a_session_has_eight_hours_of_which_seven_can_be_booked(
    stack: Stack, day: date, setup: str, opens: str, closes: str, cleared: str
) -> None:
    """
    Half an hour to set up and half an hour to clear away belong to the session, not to
    what people can book.
    """
    venue.prepare(stack, now=datetime(day.year, day.month, 1, tzinfo=TOKYO))

    planned = (await plan(stack, day)).json()

    told = [planned[name] for name in ("setup_from", "opens", "closes", "cleared_by")]
    assert [setup, opens, closes, cleared] == told
    assert 480 == planned["staffed_minutes"]
    answer = await stack.http.get(
        f"/api/v1/contracts/{venue.CITY}/slots",
        params={"line": venue.LINE, "from": str(day), "to": str(day)},
    )
    items = answer.json()["items"]
    assert 7 == len(items)
    assert (f"{day}T{opens}:00+09:00", f"{day}T{closes}:00+09:00") == (
        items[0]["starts_at"],
        items[-1]["ends_at"],
    )


async def test_a_day_far_ahead_is_laid_out_at_once_and_bookable_when_its_window_opens(
    stack: Stack,
) -> None:
    """
    Whoever plans in July for March has nothing to do in February.
    """
    venue.prepare(stack)
    far = date(2023, 3, 1)
    assert 201 == (await plan(stack, far)).status_code
    wanted = venue.wanted() | {"starts_at": venue.at(13, day=far)}
    early = await venue.hold(stack, wanted)

    stack.clock.now = datetime(2023, 1, 30, 0, 0, tzinfo=TOKYO)

    assert "OutsideBookingWindow" == early.json()["code"]
    assert 201 == (await venue.hold(stack, wanted)).status_code


async def test_a_day_taken_back_displaces_who_had_booked_it(stack: Stack) -> None:
    """
    They are told why, and wait for a call; the venue's other days stay.
    """
    other = date(2022, 8, 3)
    venue.prepare(stack, venue.DAY, other)
    booked = [await venue.book(stack, hour) for hour in (13, 19)]
    kept = await venue.hold(stack, venue.wanted() | {"starts_at": venue.at(13, day=other)})

    answer = await withdraw(stack, venue.DAY)
    again = await withdraw(stack, venue.DAY)

    assert {"withdrawn": True, "displaced": 2} == answer.json()
    assert {"withdrawn": False, "displaced": 0} == again.json()
    agent = stack.as_(Role.CALL_AGENT, venue.CITY)
    for each in booked:
        file = await agent.case(each["case_id"])
        assert ("displaced", Role.CALL_AGENT) == (file["stage"], file["owner"])
    assert 201 == kept.status_code
    assert 0 == await venue.free(stack, 13)
    assert 11 == await venue.free(stack, 13, day=other)
    listed = await agent.get(DAYS, **{"from": "2022-08-01", "to": "2022-08-31"})
    assert [("会場の改修", True), (None, False)] == [
        (item["cause"], item["withdrawn_at"] is not None) for item in listed.json()["items"]
    ]


async def test_a_day_taken_back_can_be_planned_again(stack: Stack) -> None:
    """
    Its times can then be booked again.
    """
    venue.prepare(stack)
    await withdraw(stack, venue.DAY)

    assert 201 == (await plan(stack, venue.DAY)).status_code

    assert 12 == await venue.free(stack, 13)


@pytest.mark.parametrize(
    ("site", "day", "code"),
    [
        ("no-such-place", date(2022, 8, 2), "FieldMissing"),
        ("venues", date(2022, 8, 2), "VenueDayRefused"),
        (venue.SITE, date(2023, 3, 31), "VenueDayRefused"),
    ],
)
async def test_a_place_needs_an_agreement_for_the_day(
    stack: Stack, site: str, day: date, code: str
) -> None:
    """
    The clause leaves the places to later agreements.
    """
    venue.prepare(stack)
    if site == venue.SITE:
        site = await _agreed_until(stack, date(2023, 3, 30))

    assert code == (await plan(stack, day, site)).json()["code"]


async def test_a_cause_with_a_number_that_must_not_be_kept_is_refused(stack: Stack) -> None:
    """
    It would be sent to everybody who had booked.
    """
    venue.prepare(stack)

    answer = await withdraw(stack, venue.DAY, cause="マイナンバー123456789018の方のため")

    assert "ForbiddenNumber" == answer.json()["code"]


async def test_a_city_without_such_places_plans_nothing(stack: Stack) -> None:
    """
    Ota has one counter with regular hours.
    """
    manager = stack.as_(Role.SITE_MANAGER)
    body = {"site": "city_hall", "day": "2026-09-24"}

    answer = await manager.post("/api/v1/contracts/ota/venue-days", json=body)

    assert "VenueDayRefused" == answer.json()["code"]


async def _agreed_until(stack: Stack, last: date) -> str:
    body = {
        "name": "幕張の広場",
        "address": "千葉市美浜区ひび野2-1",
        "from_day": "2022-07-01",
        "to_day": str(last),
        "agreement": "協議書第4号",
    }
    manager = stack.as_(Role.SITE_MANAGER, venue.CITY)
    answer = await manager.post(f"/api/v1/contracts/{venue.CITY}/sites", json=body)
    return str(answer.json()["site_id"])


@pytest.mark.req("CHIBA-01")
async def test_a_venue_day_shows_both_lines_each_counted_for_itself(stack: Stack) -> None:
    """
    Applications are booked and counted by what is taken; deliveries are walked in.
    """
    venue.prepare(stack)
    booked = await venue.book(stack, 13, people=3)
    span = {"from": str(venue.DAY), "to": str(venue.DAY)}

    answer = await stack.as_(Role.SITE_MANAGER, venue.CITY).get(DAYS, **span)

    (shown,) = answer.json()["items"]
    assert [
        ("application", True, 3, 80),
        ("delivery", False, 0, 20),
    ] == [
        (line["line"], line["bookable"], line["taken"] or 0, line["per_day"])
        for line in shown["lines"]
    ]
    assert "application" == booked["line"]
