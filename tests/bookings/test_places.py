"""Where the work may be done: venues in the city, or where the city itself says."""

from typing import Any

import httpx
import pytest

from domain.parties import Role
from domain.places import lies_in
from tests.bookings import venue
from tests.stack import Stack

SITES = f"/api/v1/contracts/{venue.CITY}/sites"


def place(address: str, **more: Any) -> dict[str, Any]:
    return {
        "name": "駅前の広場",
        "address": address,
        "from_day": "2022-08-01",
        "to_day": "2022-08-31",
        "agreement": "協議書第5号",
        **more,
    }


async def agree(stack: Stack, body: dict[str, Any]) -> httpx.Response:
    return await stack.as_(Role.SITE_MANAGER, venue.CITY).post(SITES, json=body)


@pytest.mark.req("CHIBA-10")
async def test_a_venue_outside_the_city_needs_the_citys_designation(stack: Stack) -> None:
    """
    Without it the place is refused and not kept; with it everybody sees whose choice it was.
    """
    venue.prepare(stack)
    outside = "千葉県市川市八幡1-1-1"

    refused = await agree(stack, place(outside))
    named = await agree(stack, place(outside, designated=True))
    inside = await agree(stack, place("千葉県千葉市中央区富士見2-1-1"))

    assert (422, "FieldMissing") == (refused.status_code, refused.json()["code"])
    assert "市が指定した場所" in refused.json()["detail"]
    assert [201, 201] == [named.status_code, inside.status_code]
    official = stack.as_(Role.OFFICIAL, venue.CITY)
    kept = (await official.get(f"/api/v1/contracts/{venue.CITY}")).json()["added_sites"]
    assert {
        (outside, True),
        ("千葉県千葉市中央区富士見2-1-1", False),
    } == {(each["address"], each["designated"]) for each in kept if each["id"] != venue.SITE}


async def test_a_place_without_an_address_cannot_be_looked_at(stack: Stack) -> None:
    """
    Nobody could say whether it lies in the city.
    """
    venue.prepare(stack)

    assert 422 == (await agree(stack, place(""))).status_code


async def test_where_lines_have_no_planned_venues_no_city_is_asked_for(stack: Stack) -> None:
    """
    Ota's clause leaves other places to consultation alone.
    """
    manager = stack.as_(Role.SITE_MANAGER)
    answer = await manager.post("/api/v1/contracts/ota/sites", json=place("足利市本城3-1"))

    assert 201 == answer.status_code


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("千葉市中央区千葉港1-1", True),
        ("千葉県千葉市稲毛区1-1", True),
        ("〒260-8722 千葉県千葉市中央区千葉港1-1", True),
        ("260-8722　千葉県 千葉市中央区千葉港1-1", True),
        ("千葉県市川市八幡1-1-1", False),
        ("四街道市千葉市境1", False),
        ("中央区千葉港1-1", False),
        ("千葉県", False),
        ("", False),
    ],
)
def test_an_address_is_the_citys_only_where_it_begins_with_it(
    address: str, inside: bool
) -> None:
    """
    The city's name further on says nothing: streets and buildings are named after others.
    """
    assert inside is lies_in("千葉市", address)
