"""Where Chiba's call centre works: in Japan, prepared by the provider, approved by the city."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.bookings import venue
from tests.stack import Stack

PLACES = f"/api/v1/contracts/{venue.CITY}/call-centre-places"
CENTRE = {"name": "幕張センター", "address": "千葉県千葉市美浜区ひび野2-1", "country": "JP"}
ELSEWHERE = {"name": "札幌センター", "address": "北海道札幌市中央区北1条西2", "country": "JP"}


@pytest.fixture
def chiba(stack: Stack) -> Stack:
    """Chiba's contract in force, on a Wednesday morning."""
    stack.clock.now = datetime(2022, 7, 20, 9, 0, tzinfo=TOKYO)
    stack.sign(venue.CITY, venue.SIGNED)
    return stack


async def propose(
    stack: Stack, body: dict[str, str], role: Role = Role.OPERATIONS_MANAGER
) -> httpx.Response:
    return await stack.as_(role, venue.CITY).post(PLACES, json=body)


async def approve(stack: Stack, number: int, role: Role = Role.OFFICIAL) -> httpx.Response:
    return await stack.as_(role, venue.CITY).post(f"{PLACES}/{number}/approve", json={})


async def check_in(stack: Stack) -> tuple[int, Any]:
    answer = await stack.as_(Role.CALL_AGENT, venue.CITY).post(
        f"/api/v1/contracts/{venue.CITY}/check-ins", json={"site": "call_centre", "desk": "1"}
    )
    return answer.status_code, answer.json().get("code")


async def listed(stack: Stack) -> list[tuple[str, bool, bool]]:
    answer = await stack.as_(Role.CALL_AGENT, venue.CITY).get(PLACES)
    return [
        (item["name"], item["approved_at"] is not None, item["active"])
        for item in answer.json()["items"]
    ]


@pytest.mark.req("CHIBA-09")
@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "PH"},
        {"country": "PH", "address": "12 Ayala Avenue, Makati, Manila"},
        {"address": "12 Ayala Avenue, Makati, Manila"},
        {"address": "大連市中山区人民路1"},
    ],
)
async def test_a_foreign_place_is_refused(chiba: Stack, wrong: dict[str, str]) -> None:
    """
    The country has to be Japan, and the address one of it.
    """
    answer = await propose(chiba, CENTRE | wrong)

    assert (422, "FieldMissing") == (answer.status_code, answer.json()["code"])
    assert [] == await listed(chiba)


@pytest.mark.req("CHIBA-09")
async def test_a_place_is_active_only_once_the_city_approved_it(chiba: Stack) -> None:
    """
    Until then no desk of it can report for work; afterwards it is the place in use.
    """
    assert (409, "PlaceNotApproved") == await check_in(chiba)
    number = (await propose(chiba, CENTRE)).json()["number"]
    waiting, refused = await listed(chiba), await check_in(chiba)

    first, again = await approve(chiba, number), await approve(chiba, number)

    assert [("幕張センター", False, False)] == waiting
    assert (409, "PlaceNotApproved") == refused
    assert [True, False] == [each.json()["approved"] for each in (first, again)]
    assert [("幕張センター", True, True)] == await listed(chiba)
    assert (201, None) == await check_in(chiba)


async def test_another_place_takes_over_only_when_it_is_approved(chiba: Stack) -> None:
    """
    Work goes on at the old one until the city has looked at the new one.
    """
    await propose(chiba, CENTRE)
    await approve(chiba, 1)
    await propose(chiba, ELSEWHERE)
    before = await listed(chiba)
    chiba.clock.now = datetime(2022, 7, 21, 9, 0, tzinfo=TOKYO)

    await approve(chiba, 2)

    assert [("幕張センター", True, True), ("札幌センター", False, False)] == before
    assert [("幕張センター", True, False), ("札幌センター", True, True)] == await listed(chiba)


@pytest.mark.req("CHIBA-09")
async def test_the_provider_prepares_and_only_the_city_approves(chiba: Stack) -> None:
    """
    Neither can do the other's part.
    """
    by_city = await propose(chiba, CENTRE, Role.OFFICIAL)
    await propose(chiba, CENTRE)
    by_provider = [
        await approve(chiba, 1, role) for role in (Role.OPERATIONS_MANAGER, Role.SITE_MANAGER)
    ]

    assert {403} == {each.status_code for each in (by_city, *by_provider)}
    assert [("幕張センター", False, False)] == await listed(chiba)


async def test_what_nobody_proposed_cannot_be_approved(chiba: Stack) -> None:
    """
    A number of another contract or none.
    """
    assert 422 == (await approve(chiba, 7)).status_code


async def test_where_the_contract_asks_for_no_place_none_is_kept(stack: Stack) -> None:
    """
    Ota's calls are taken at the city hall.
    """
    manager = stack.as_(Role.OPERATIONS_MANAGER)

    answer = await manager.post("/api/v1/contracts/ota/call-centre-places", json=CENTRE)

    assert 422 == answer.status_code
