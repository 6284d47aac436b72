"""Applications that came back, with everything: database, calendar, bookings, application."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from api.access.door import now_in_tokyo
from domain.case import CaseKind
from domain.parties import Role
from store import vault
from store.scope import scope
from tests.applications.at_window import FRIDAY, begin, receive, walk
from tests.stack import Caller, Stack, eventually

CALLED = {"means": "phone", "outcome": "no_answer"}
REACHED = {"means": "phone", "outcome": "reached"}
WHO = {
    "kana": "フビ タロウ",
    "name": "不備 太郎",
    "address": "上尾市本町三丁目1番1号",
    "phone": "048-775-5111",
}


async def applied(stack: Stack, city: str = "ageo", variant: str = "online") -> str:
    """Return an application that was submitted with its photo."""
    caller = stack.as_(Role.OPERATOR, city)
    visit = await receive(stack, city)
    case_id: str = (await begin(caller, visit, variant, city=city)).json()["case_id"]
    await walk(caller, case_id)
    return case_id


async def came_back(caller: Caller, case_id: str, defect: str = "photo_blur_dark") -> str:
    """Report the defect of an application and return the follow-up."""
    told = await caller.act(case_id, "report_defect", defect=defect, reason="通知あり")
    assert 200 == told.status_code, told.text
    follow_up: str = (await caller.case(case_id))["state"]["follow_up"]
    return follow_up


async def counted(caller: Caller, city: str, month: str) -> dict[str, Any]:
    """Return the figures of a month."""
    answer = await caller.get(f"/api/v1/contracts/{city}/defects/counts", month=month)
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.req("AGEO-13")
@pytest.mark.parametrize(("days", "defect"), [(20, "signature_missing"), (183, "photo_old")])
async def test_a_defect_that_returns_late_is_followed_up_and_never_dropped(
    stack: Stack, days: int, defect: str
) -> None:
    """
    After weeks or months, whatever it is about, across a restart of the worker; it ends only
    with a contact, and the application waits again.
    """
    agent = stack.as_(Role.CALL_AGENT, "ageo")
    async with stack.staffed():
        case_id = await applied(stack)
        await stack.fast_forward(
            CaseKind.APPLICATION, case_id, timedelta(days=days), city="ageo"
        )
        follow_up = await came_back(agent, case_id, defect)
        early = await agent.act(follow_up, "record_resubmission", receipt="R-0002")
        await agent.act(follow_up, "record_contact_attempt", **CALLED)
    async with stack.staffed():
        begun = await agent.case(follow_up)
        waiting = (await agent.case(case_id))["stage"]
        await agent.act(follow_up, "record_contact_attempt", **REACHED)
        done = await agent.act(follow_up, "record_resubmission", receipt="R-0002")
        after = await eventually(
            lambda: agent.case(case_id), lambda case: case["stage"] == "waiting"
        )
    lines = [each["action"] for each in await agent.timeline(follow_up)]

    assert (409, "ContactOutcomeMissing") == (early.status_code, early.json()["code"])
    assert ("contacting", "call_agent", "defective") == (
        begun["stage"],
        begun["owner"],
        waiting,
    )
    assert begun["due_at"] is not None
    assert (200, True) == (done.status_code, done.json()["closed"])
    assert ("R-0002", "") == (after["state"]["receipt"], after["state"]["follow_up"])
    assert [
        "defect_reported",
        *["record_contact_attempt"] * 2,
        "record_resubmission",
    ] == lines


async def test_who_applied_is_who_is_called_and_lies_in_the_vault_alone(stack: Stack) -> None:
    """
    The follow-up has its own copy; neither the record nor the engine's messages hold it.
    """
    async with stack.staffed():
        case_id = await applied(stack)
        follow_up = await came_back(stack.as_(Role.OPERATOR, "ageo"), case_id)
    with scope(stack.engine, "ageo") as connection:
        known = vault.persons(connection, stack.keys, "ageo", [case_id, follow_up])
        clear = connection.execute(
            text("SELECT state::text || coalesce(deadline::text, '') FROM case_file")
        ).all()
        owed = connection.execute(text("SELECT body::text FROM outbox")).all()

    assert known[case_id] == known[follow_up]
    phone = known[follow_up]["phone"]
    assert phone
    assert not any(phone in str(row[0]) for row in [*clear, *owed])


async def test_one_that_was_made_elsewhere_is_followed_up_by_itself(stack: Stack) -> None:
    """
    With its own person; not where the contract has nobody call, and not without a telephone.
    """
    stack.clock.now = FRIDAY
    clerk, path = stack.as_(Role.CLERK, "ageo"), "/api/v1/contracts/ageo/defects"
    body = WHO | {"kind": "signature_missing"}
    opened = await clerk.post(path, json=body, key="once")
    again = await clerk.post(path, json=body, key="once")
    unreachable = await clerk.post(path, json=body | {"phone": "12"})
    ota = await stack.as_(Role.CLERK).post("/api/v1/contracts/ota/defects", json=body)
    case_id = opened.json()["case_id"]
    case = await clerk.case(case_id)
    async with stack.staffed():
        at_night = await clerk.act(case_id, "record_contact_attempt", **CALLED, next_at="20:30")
        wished = await clerk.act(case_id, "record_contact_attempt", **CALLED, next_at="19:30")
        after = await clerk.case(case_id)
        unknown = await clerk.act(case_id, "link_retake", reservation="AGEO-R26-000001-8")

    assert (201, opened.json()) == (opened.status_code, again.json())
    assert (422, 422) == (unreachable.status_code, ota.status_code)
    assert "NoDefectsHere" == ota.json()["code"]
    assert ("to_contact", "clerk") == (case["stage"], case["owner"])
    assert "-D26-" in opened.json()["case_number"]
    # Two working days after a Friday: the day that is due is Tuesday.
    assert case["due_at"].startswith("2026-12-01")
    assert (422, 200) == (at_night.status_code, wished.status_code)
    assert after["state"]["next_try"].endswith("T19:30:00+09:00")
    assert (422, "RetakeNotBooked") == (unknown.status_code, unknown.json()["code"])


async def test_the_return_rate_counts_our_photos_alone(stack: Stack) -> None:
    """
    Chiba: two applications with photos, one of which came back for it and one for its
    signature; what was made elsewhere is counted beside them.
    """
    month = f"{now_in_tokyo():%Y-%m}"
    operator = stack.as_(Role.OPERATOR, "chiba")
    async with stack.staffed():
        first, second = [await applied(stack, "chiba", "paper") for _ in range(2)]
        await came_back(operator, first, "photo_shadow")
        await came_back(operator, second, "signature_missing")
    elsewhere = WHO | {"kind": "photo_old", "address": "千葉市中央区千葉港1番1号"}
    stack.clock.now = now_in_tokyo().replace(year=2022, month=8, day=1, hour=14)
    await operator.post("/api/v1/contracts/chiba/defects", json=elsewhere)

    official = stack.as_(Role.OFFICIAL, "chiba")
    found = await counted(official, "chiba", month)
    before = await counted(official, "chiba", "2022-08")

    assert (2, 2, 1, 0.5) == (
        found["came_back"],
        found["photos"],
        found["photos_returned"],
        found["photo_return_rate"],
    )
    assert {"photo_shadow": 1, "signature_missing": 1} == found["ours"]
    assert ({}, {"photo_old": 1}, 0, None) == (
        before["ours"],
        before["others"],
        before["photos"],
        before["photo_return_rate"],
    )
