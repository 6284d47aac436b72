"""Hand-offs over HTTP: two levels, two officials at once, the inbox and its paper."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from api.access.door import now_in_tokyo
from api.access.passwords import Passwords
from domain.parties import Role
from ops import accounts
from tests.activities import pdf_reading
from tests.stack import Caller, Stack, eventually
from tests.visits.at_window import official, receive, staff

AGEO = "ageo"
WHO = {"kana": "あげお はなこ", "address": "上尾市本町三丁目1番1号", "phone": "048-775-5111"}


def another_official(stack: Stack, city: str) -> Caller:
    """Return a second official of a city."""
    login, name = f"{city}-second-official", "二人目の職員"
    accounts.create(
        stack.engine,
        Passwords(),
        municipality=city,
        login=login,
        display_name=name,
        role=Role.OFFICIAL,
        now=now_in_tokyo(),
        password="正しい馬と電池とホチキス",
        totp_required=False,
    )
    valid = timedelta(days=1)
    _, token = accounts.issue_token(
        stack.engine, login, label="test", valid_for=valid, now=now_in_tokyo()
    )
    return Caller(stack.http, token)


@pytest.mark.req("AGEO-53")
async def test_what_an_operator_cannot_handle_goes_to_the_responsible_person_and_on(
    stack: Stack,
) -> None:
    """
    Told again until it is taken on; how long it waited stands there for each level.
    """
    operator, manager = stack.as_(Role.OPERATOR, AGEO), stack.as_(Role.OPERATIONS_MANAGER, AGEO)
    city = stack.as_(Role.OFFICIAL, AGEO)
    # Asked for a day ago, and the worker was away.
    stack.clock.now = now_in_tokyo() - timedelta(days=1)
    async with stack.staffed():
        path = f"/api/v1/contracts/{AGEO}/external-entries"
        case_id = (await operator.post(path, json=WHO)).json()["case_id"]
        asked = await operator.act(case_id, "escalate", reason="判断に迷う", summary="経緯")
        assert 200 == asked.status_code, asked.text
        handoff = asked.json()["opened"]
        stack.clock.now = None

        async def told() -> list[dict[str, Any]]:
            events = await manager.timeline(handoff)
            return [e for e in events if e["action"] == "escalated"]

        again = await eventually(told, lambda found: len(found) > 2)
        ours = await operator.act(handoff, "take_on")
        taken = await manager.act(handoff, "take_on")
        passed = await manager.act(handoff, "pass_on", reason="市の判断", section="市民課")
        accepted = await city.act(handoff, "accept_handoff")
        returned = await city.act(handoff, "return_handoff", reason="資料が足りない")
        settled = await manager.act(handoff, "settle", reason="補って解決")
        waits = (await manager.case(handoff))["state"]["waits"]
        reason = (await manager.timeline(handoff))[0]["reason"]

    assert 2 == [e["detail"]["to"] for e in again].count("operations_manager")
    assert (403, [200] * 4) == (
        ours.status_code,
        [each.status_code for each in (taken, passed, accepted, settled)],
    )
    assert ("taken_on", "completed") == (returned.json()["stage"], settled.json()["stage"])
    assert ["responsible", "city"] == [each["level"] for each in waits]
    assert all(each["until"] for each in waits)
    assert "判断に迷う\n経緯" == reason


async def test_the_second_official_is_told_who_was_faster(stack: Stack) -> None:
    """
    By name and time, whether they asked at once or a moment later.
    """
    visit = await receive(stack, "face_authentication_card")
    handoff = (await staff(stack).case(visit))["open_handoffs"][0]
    first, second = official(stack), another_official(stack, "yokosuka")
    async with stack.staffed():
        answers = await asyncio.gather(
            *(each.act(handoff, "accept_handoff") for each in (first, second))
        )
        told = [e for e in await first.timeline(handoff) if e["action"] == "accept_handoff"]

    lost = next(each for each in answers if each.status_code == 409)
    assert [200, 409] == sorted(each.status_code for each in answers)
    assert "AcceptedByOther" == lost.json()["code"]
    assert f"{told[0]['actor_name']}（市職員）が" in lost.json()["detail"]


async def test_the_inbox_says_what_waits_and_the_paper_what_it_is_about(stack: Stack) -> None:
    """
    What I took on stands apart from what waits; the paper holds the reason, and printing it
    is recorded.
    """
    visit = await receive(stack, "face_authentication_card")
    handoff = (await staff(stack).case(visit))["open_handoffs"][0]
    city = official(stack)
    before = (await city.get("/handoffs")).text
    async with stack.staffed():
        await city.act(handoff, "accept_handoff")
    after = (await city.get("/handoffs")).text
    paper = await city.get(f"/handoffs/{handoff}/sheet")
    (page,) = pdf_reading.texts(paper.content)
    wrong = await city.get(f"/handoffs/{visit}/sheet")
    seen = (await city.get("/api/v1/audit/accesses", case_id=handoff)).text

    assert "受付を待つ引継ぎ 1件" in before
    assert "あなたが受け付けた引継ぎ 1件" in after
    assert "application/pdf" == paper.headers["content-type"]
    assert "§7コ" in page.replace(" ", "")
    assert 422 == wrong.status_code
    assert "引継ぎ票の印刷" in seen
