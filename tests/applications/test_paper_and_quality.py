"""Photos on paper forms, photos that a machine misjudges, and what the city is told of both."""

from typing import Any

import pytest

from api.access.door import now_in_tokyo
from domain.parties import Role
from tests.activities import pdf_reading
from tests.applications.at_window import FORM_ID, photo, send
from tests.applications.test_applications import begun, kept_photos, operator
from tests.photos import portraits
from tests.stack import Caller, Stack

GOOD = "現地で見て、明るさに問題はない"


async def quality(caller: Caller, city: str, month: str = "") -> dict[str, Any]:
    """Return the figures of a month; of this one, in which courses run."""
    month = month or f"{now_in_tokyo():%Y-%m}"
    answer = await caller.get(f"/api/v1/contracts/{city}/applications/quality", month=month)
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def tried(caller: Caller, case_id: str, *actions: str) -> list[str]:
    """Return how each of several actions was refused."""
    answers = [await caller.act(case_id, action) for action in actions]
    return [str(each.json()["code"]) for each in answers]


async def misjudged(stack: Stack, case_id: str, dark: bytes) -> list[str]:
    """Return how a photo is refused: to others, without a reason, for what a file must be."""
    small = portraits.jpeg(portraits.good()[::4, ::4])
    manager, caller = stack.as_(Role.SITE_MANAGER, "chiba"), operator(stack, "chiba")
    answers = [
        await send(caller, case_id, dark, overrule=GOOD),
        await send(manager, case_id, dark),
        await send(manager, case_id, small, overrule=GOOD),
    ]
    return [str(each.json()["code"]) for each in answers]


@pytest.mark.req("CHIBA-42")
async def test_a_paper_form_is_not_done_before_its_photo_is_pasted(stack: Stack) -> None:
    """
    Taken, laid out for the mobile printer in true size, pasted; each skipped step is refused.

    The machine takes the photo for bad, and a supervisor with a reason for good: recorded with
    who and why, and counted. Nobody else may, and no rule of files gives way.
    """
    dark = portraits.jpeg(portraits.lit(0.3))
    manager, caller = stack.as_(Role.SITE_MANAGER, "chiba"), operator(stack, "chiba")
    async with stack.staffed():
        case_id = await begun(stack, "chiba", "paper")
        answers = await misjudged(stack, case_id, dark)
        taken = await send(manager, case_id, dark, overrule=GOOD)
        skipped = await tried(caller, case_id, "receive_form", "paste_photo")
        printed = await caller.act(case_id, "print_photo")
        skipped += await tried(caller, case_id, "receive_form", "record_card_arrival")
        sheet = (await caller.case(case_id))["state"]["photo"]["sheet"]
        opened = await caller.get(f"/cases/{case_id}/documents/{sheet}")
        there = kept_photos(stack, case_id, "chiba")
        pasted = await caller.act(case_id, "paste_photo")
        gone = kept_photos(stack, case_id, "chiba")
        received = await caller.act(case_id, "receive_form")
        told = {each["action"]: each for each in await caller.timeline(case_id)}
        found = await quality(caller, "chiba")
        then = await quality(caller, "chiba", f"{stack.clock.now:%Y-%m}")

    assert ["NotYourDuty", "PhotoLikelyRefused", "CropRefused"] == answers
    assert 201 == taken.status_code, taken.text
    assert ["WrongStage"] * 4 == skipped
    assert ("paste_photo", "receive_form", "waiting") == tuple(
        each.json()["stage"] for each in (printed, pasted, received)
    )
    assert ([True, True], [False, False]) == (there, gone)
    assert 200 == opened.status_code, opened.text
    assert "貼ったことを確認する" in pdf_reading.words(opened.content)
    event = told["accept_photo"]
    assert (GOOD, "site_manager", True) == (
        event["reason"],
        event["role"],
        event["detail"]["overruled"],
    )
    assert (1, 1) == (found["overruled"], then["refused"])


@pytest.mark.req("CHIBA-43")
async def test_dark_and_off_centre_photos_are_refused_and_the_report_says_how_many_came_back(
    stack: Stack,
) -> None:
    """
    Refused and counted before printing or sending; the share that came back all the same
    stands in the month's document.
    """
    caller = operator(stack, "chiba")
    bad = [portraits.jpeg(portraits.lit(0.3)), portraits.jpeg(portraits.shifted(0.3))]
    async with stack.staffed():
        case_id = await begun(stack, "chiba", "online")
        await caller.act(case_id, "read_form_id", form_id=FORM_ID)
        refused = [
            await send(caller, case_id, each, key=f"key-{n}") for n, each in enumerate(bad)
        ]
        again = await send(caller, case_id, bad[0], key="key-0")
        await photo(caller, case_id)
        await caller.act(case_id, "record_submission", receipt="R-0001")
        sound = await quality(caller, "chiba")
        then = await quality(caller, "chiba", f"{stack.clock.now:%Y-%m}")
        back = await stack.as_(Role.CALL_AGENT, "chiba").act(
            case_id, "report_defect", defect="photo_shadow"
        )
        found = await quality(caller, "chiba")
        month = f"{now_in_tokyo():%Y-%m}"
        path = "/api/v1/contracts/chiba/applications/quality"
        paper = await caller.get(path, month=month, **{"as": "pdf"})

    assert {(422, "PhotoLikelyRefused")} == {(a.status_code, a.json()["code"]) for a in refused}
    assert (422, 200) == (again.status_code, back.status_code)
    assert (1, 0, 0.0) == tuple(sound[name] for name in ("photos", "returned", "rate"))
    assert (2, {"ぼけ・明るさ", "大きさ・位置"}) == (then["refused"], set(then["refused_for"]))
    assert (1, 1, 1.0, {"写真：影": 1}) == (
        *(found[name] for name in ("photos", "returned", "rate")),
        found["returned_for"],
    )
    words = pdf_reading.words(paper.content)
    assert "写真の返戻率" in words
    assert "100.0％" in words
    assert "application/pdf" == paper.headers["content-type"]
