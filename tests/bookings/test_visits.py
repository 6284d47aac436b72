"""Who comes with a booking and who without: at a centre by booking only, at a venue."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.calendars.hours import TOKYO
from domain.parties import Role
from store import venue_days
from store.scope import scope
from tests.bookings import centre, venue
from tests.stack import Caller, Stack

AT_THE_CENTRE = datetime(2026, 9, 25, 13, 40, tzinfo=TOKYO)
AT_THE_VENUE = datetime(2022, 8, 1, 14, 0, tzinfo=TOKYO)


async def come(
    staff: Caller, procedure: str, reservation: str = "", **more: Any
) -> httpx.Response:
    body = {"procedure": procedure, "channel": "centre", "reservation": reservation}
    return await staff.post(f"{centre.API}/visits", json=body | more)


@pytest.mark.req("YOKOSUKA-13")
async def test_a_card_is_handed_out_only_to_who_has_a_booking_for_today(stack: Stack) -> None:
    """
    Others are told when they could come, and booked there and then if they like.
    """
    centre.prepare(stack)
    booked = await centre.book(stack, centre.at(13))
    tomorrow = await centre.book(stack, centre.at(13, day=centre.DAY + timedelta(days=1)))
    staff = stack.as_(Role.SUPPORT_STAFF, centre.CITY)
    stack.clock.now = AT_THE_CENTRE

    refused = [
        await come(staff, "card_delivery", number)
        for number in ("", "YOK-R26-999999-9", tomorrow["case_number"])
    ]
    accepted = await come(staff, "card_delivery", booked["case_number"], key="one")

    assert [(409, "ReservationNeeded")] * 3 == [
        (each.status_code, each.json()["code"]) for each in refused
    ]
    assert "次に空いている時間は9月25日（金） 14:00です" in refused[0].json()["detail"]
    assert 201 == accepted.status_code, accepted.text
    assert "arrived" == await centre.stage(stack, booked)
    assert "confirmed" == await centre.stage(stack, tomorrow)


@pytest.mark.req("YOKOSUKA-13")
async def test_who_came_without_a_booking_is_booked_at_the_window_and_served(
    stack: Stack,
) -> None:
    """
    The window is the provider's, also where calls are the city's.
    """
    centre.prepare(stack, now=AT_THE_CENTRE)
    staff = stack.as_(Role.SUPPORT_STAFF, centre.CITY)
    assert 409 == (await come(staff, "card_delivery")).status_code

    booked = await centre.book(stack, centre.at(14, 0), staff, channel="window")

    assert 201 == (await come(staff, "card_delivery", booked["case_number"])).status_code


async def test_a_booking_that_was_cancelled_or_closed_is_none(stack: Stack) -> None:
    """
    The control of the above: the number alone opens nothing.
    """
    centre.prepare(stack)
    cancelled, displaced = [await centre.book(stack, centre.at(13)) for _ in range(2)]
    official = centre.official(stack)
    await official.post(f"{centre.API}/reservations/{cancelled['case_id']}/cancel", json={})
    closure = {"calendar": "centre", "day": str(centre.DAY), "cause": "保守", "ends": "14:00"}
    await official.post(f"{centre.API}/closures", json=closure)
    staff = stack.as_(Role.SUPPORT_STAFF, centre.CITY)
    stack.clock.now = AT_THE_CENTRE.replace(hour=14)

    refused = [
        await come(staff, "card_delivery", each["case_number"])
        for each in (cancelled, displaced)
    ]

    assert [409, 409] == [each.status_code for each in refused]


@pytest.mark.req("YOKOSUKA-14")
async def test_everything_else_is_served_without_a_booking_and_cannot_be_booked(
    stack: Stack,
) -> None:
    """
    Who renews a certificate comes when it suits them.
    """
    centre.prepare(stack, now=AT_THE_CENTRE)
    staff = stack.as_(Role.SUPPORT_STAFF, centre.CITY)

    booking = await centre.hold(centre.official(stack), centre.at(15), line="others")
    unheard = await centre.hold(
        centre.official(stack), centre.at(15), line="certificate_issue_renewal"
    )
    visit = await come(staff, "certificate_issue_renewal")

    assert ["NotBookable", "UnknownLine"] == [
        each.json()["code"] for each in (booking, unheard)
    ]
    assert 201 == visit.status_code, visit.text


@pytest.mark.req("CHIBA-30")
async def test_deliveries_at_a_venue_are_not_booked_but_walked_in(stack: Stack) -> None:
    """
    Only application reception can be reserved.
    """
    venue.prepare(stack)
    booking = await venue.hold(stack, venue.wanted(14, line="delivery"))
    stack.clock.now = AT_THE_VENUE
    staff = stack.as_(Role.OPERATOR, venue.CITY)

    visit = await staff.post(
        f"/api/v1/contracts/{venue.CITY}/visits",
        json={"procedure": "delivery_reception", "channel": "delivery_window"},
    )

    assert (409, "NotBookable") == (booking.status_code, booking.json()["code"])
    assert 201 == visit.status_code, visit.text


async def test_nobody_walks_into_a_venue_that_was_taken_back(stack: Stack) -> None:
    """
    The hours alone do not say that anybody is there.
    """
    venue.prepare(stack)
    with scope(stack.engine, venue.CITY) as connection:
        venue_days.withdraw(
            connection, venue.CITY, venue.CITY, venue.SITE, venue.DAY,
            cause="台風", by="system", at=venue.NOON,
        )  # fmt: skip
    stack.clock.now = AT_THE_VENUE

    visit = await stack.as_(Role.OPERATOR, venue.CITY).post(
        f"/api/v1/contracts/{venue.CITY}/visits",
        json={"procedure": "delivery_reception", "channel": "delivery_window"},
    )

    assert "ReceptionClosed" == visit.json()["code"]


async def test_a_visit_asked_for_twice_arrives_once(stack: Stack) -> None:
    """
    A lost answer at the window leads to no second arrival.
    """
    centre.prepare(stack)
    booked = await centre.book(stack, centre.at(13))
    staff = stack.as_(Role.SUPPORT_STAFF, centre.CITY)
    stack.clock.now = AT_THE_CENTRE
    body = {
        "procedure": "card_delivery", "channel": "centre",
        "reservation": booked["reservation_id"],
    }  # fmt: skip

    answers = [
        await staff.post(f"{centre.API}/visits", key="again", json=body) for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    events = await staff.timeline(booked["case_id"])
    assert 1 == [event["action"] for event in events].count("record_arrival")


async def walk_in(stack: Stack, procedure: str, channel: str) -> httpx.Response:
    """Receive somebody without a booking at the venue."""
    return await stack.as_(Role.OPERATOR, venue.CITY).post(
        f"/api/v1/contracts/{venue.CITY}/visits",
        json={
            "procedure": procedure,
            "channel": channel,
            "answers": {"licence_on_card": False},
        },
    )


@pytest.mark.req("CHIBA-06")
async def test_who_walks_in_shares_the_places_of_the_hour_and_of_the_day(
    stack: Stack,
) -> None:
    """
    Eighty applications a day and twelve an hour, booked or not; twenty deliveries and three.
    """
    venue.prepare(stack)
    for hour in range(13, 20):
        for people in (6, 6 if hour < 18 else 5 if hour == 18 else 3):
            body = venue.wanted(hour, people=people, applicant=None)
            assert 201 == (await venue.hold(stack, body)).status_code
    assert 80 == venue.counted(stack)["days"]
    statuses = []
    for hour in range(13, 20):
        stack.clock.now = datetime(2022, 8, 1, hour, 5, tzinfo=TOKYO)
        statuses += [
            (await walk_in(stack, "delivery_reception", "delivery_window")).status_code
            for _ in range(3)
        ]
    application = await walk_in(stack, "application_reception", "application_window")

    assert [201] * 20 + [409] == statuses
    assert "FullyBooked" == application.json()["code"]


async def test_the_fourth_delivery_of_an_hour_waits_for_the_next(stack: Stack) -> None:
    """
    Three an hour: whoever comes fourth is told, and comes in when the hour is over.
    """
    venue.prepare(stack)
    stack.clock.now = AT_THE_VENUE
    now = [await walk_in(stack, "delivery_reception", "delivery_window") for _ in range(4)]
    stack.clock.now = AT_THE_VENUE + timedelta(hours=1)
    later = await walk_in(stack, "delivery_reception", "delivery_window")

    assert [201, 201, 201, 409] == [answer.status_code for answer in now]
    assert 201 == later.status_code, later.text
