"""Photos over HTTP: an opinion with its places, clear refusals, and nothing kept."""

from datetime import datetime
from typing import Any

import pytest

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.photos import hostile, portraits
from tests.stack import Stack

PATH = "/api/v1/contracts/{}/photos/check"


async def check(stack: Stack, content: bytes, city: str = "ota", **typed: str) -> Any:
    return await stack.as_(Role.CLERK, city).post(
        PATH.format(city), files={"photo": ("any.name", content)}, data=typed
    )


async def test_an_opinion_says_what_where_and_who_decides(stack: Stack) -> None:
    """
    Codes for programs, sentences for people, places for a picture.
    """
    answer = await check(stack, portraits.jpeg(portraits.shifted(x=0.2)))
    body = answer.json()
    (finding,) = body["findings"]

    assert 200 == answer.status_code
    assert ("likely_refused", "おそらく不備") == (body["verdict"], body["verdict_text"])
    assert ("photo_size", "off_centre", "likely_refused") == (
        finding["code"],
        finding["problem"],
        finding["severity"],
    )
    assert 0.6 < finding["box"]["left"] + finding["box"]["width"] / 2 < 0.8
    assert "J-LIS" in body["who_decides"]
    assert 7 == len(body["questions"])
    assert (1050, 1350) == tuple(
        body["measurements"]["file"][side] for side in ("width_px", "height_px")
    )


@pytest.mark.parametrize("damage", ["dark", "off-centre"])
async def test_chibas_dark_and_off_centre_photos_are_told_apart_from_good_ones(
    stack: Stack, damage: str
) -> None:
    """
    Before anything is printed or sent.
    """
    stack.clock.now = datetime(2022, 7, 20, 9, 0, tzinfo=TOKYO)
    bad = await check(stack, portraits.jpeg(portraits.DAMAGES[damage][0]()), "chiba")
    good = await check(stack, portraits.jpeg(portraits.good()), "chiba")

    assert ("likely_refused", "likely_fine") == (bad.json()["verdict"], good.json()["verdict"])


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "NotAPhoto"),
        (b"<svg/>", 422, "NotAPhoto"),
        (hostile.photo()[:-500], 422, "PhotoDamaged"),
        (hostile.photo() + b"PK\x03\x04", 422, "PhotoHoldsMore"),
        (hostile.claiming(20_000, 20_000), 413, "PhotoTooLarge"),
        (hostile.photo() + bytes(20_000_000), 413, "PhotoTooLarge"),
    ],
)
async def test_what_is_no_photo_is_a_problem_with_a_name(
    stack: Stack, content: bytes, status: int, code: str
) -> None:
    """
    The sentence says what to do and repeats nothing of the file.
    """
    answer = await check(stack, content)
    problem = answer.json()

    assert (status, code) == (answer.status_code, problem["code"])
    assert "ください" in problem["detail"]


async def test_an_exemption_that_is_none_is_refused(stack: Stack) -> None:
    """
    Health and faith are no free text here.
    """
    answer = await check(stack, hostile.photo(), exemption="糖尿病")

    assert 422 == answer.status_code
    assert "糖尿病" not in answer.text


async def test_another_citys_window_is_not_there(stack: Stack) -> None:
    """
    As everywhere.
    """
    answer = await stack.as_(Role.CLERK, "ageo").post(
        PATH.format("ota"), files={"photo": ("a.jpg", hostile.photo())}
    )

    assert 404 == answer.status_code
