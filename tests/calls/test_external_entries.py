"""What a city wants typed into its own system: asked for, entered, forgotten, counted."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from api.calls import external_entries
from domain.calendars.hours import TOKYO
from domain.case import CaseKind
from domain.parties import Role
from store.scope import scope
from tests.stack import Stack, eventually

AGEO = "ageo"
PATH = f"/api/v1/contracts/{AGEO}/external-entries"
WHO = {
    "kana": "あげお はなこ",
    "name": "上尾 花子",
    "address": "上尾市本町三丁目1番1号",
    "phone": "048-775-5111",
}
NOON = datetime(2026, 9, 24, 12, 0, tzinfo=TOKYO)


async def ask(stack: Stack, **more: Any) -> dict[str, Any]:
    """Ask for a form to be sent, as somebody on the telephone does."""
    answer = await stack.as_(Role.CALL_AGENT, AGEO).post(PATH, json=WHO | more)
    assert 201 == answer.status_code, answer.text
    opened: dict[str, Any] = answer.json()
    return opened


async def counts(stack: Stack, month: str) -> dict[str, Any]:
    """Return the count of a month."""
    answer = await stack.as_(Role.OFFICIAL, AGEO).get(f"{PATH}/counts", month=month)
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return {name: found[name] for name in ("requested", "entered", "withdrawn", "waiting")}


@pytest.mark.req("AGEO-35")
async def test_a_request_that_nobody_enters_is_stuck_and_the_manager_is_told(
    stack: Stack,
) -> None:
    """
    Four hours after it was asked for; until then nobody has to hear of it.
    """
    agent = stack.as_(Role.CALL_AGENT, AGEO)
    async with stack.staffed():
        opened = await ask(stack)
        before = await agent.case(opened["case_id"])

        await stack.fast_forward(
            CaseKind.EXTERNAL_ENTRY, opened["case_id"], timedelta(hours=20), city=AGEO
        )

        async def late() -> dict[str, Any]:
            return await agent.case(opened["case_id"])

        after = await eventually(late, lambda case: case["escalated_to"] is not None)

    assert opened["case_number"].startswith("AGEO-X")
    assert ("to_enter", None, "form_dispatch_entry") == (
        before["stage"],
        before["stuck"],
        before["deadlines"][0]["id"],
    )
    assert ("deadline_breached", "site_manager") == (after["stuck"], after["escalated_to"])
    assert "escalated" in {e["action"] for e in await agent.timeline(opened["case_id"])}


@pytest.mark.req("AGEO-35")
async def test_the_entry_is_confirmed_with_its_reference_and_who_made_it(stack: Stack) -> None:
    """
    The case ends with it, and nothing more is due.
    """
    agent = stack.as_(Role.CALL_AGENT, AGEO)
    async with stack.staffed():
        opened = await ask(stack)
        silent = await agent.act(opened["case_id"], "record_external_entry")
        done = await agent.act(opened["case_id"], "record_external_entry", reference="D-2041")
        again = await agent.act(opened["case_id"], "withdraw_entry", reason="二重")
        after = await agent.case(opened["case_id"])

    assert (422, 200, 409) == (silent.status_code, done.status_code, again.status_code)
    assert ("entered", "D-2041", None) == (
        after["stage"],
        after["state"]["reference"],
        after["stuck"],
    )
    entry = (await agent.timeline(opened["case_id"]))[-1]
    assert ("record_external_entry", "D-2041", "call_agent") == (
        entry["action"],
        entry["detail"]["reference"],
        entry["role"],
    )


async def test_a_request_is_given_up_with_a_reason_only(stack: Stack) -> None:
    """
    What was asked for and is not done has to be explained.
    """
    agent = stack.as_(Role.CALL_AGENT, AGEO)
    async with stack.staffed():
        opened = await ask(stack)
        silent = await agent.act(opened["case_id"], "withdraw_entry")
        done = await agent.act(
            opened["case_id"], "withdraw_entry", reason="オンラインで申請するとのこと"
        )
        after = await agent.case(opened["case_id"])

    assert (422, 200, "withdrawn") == (silent.status_code, done.status_code, after["stage"])


@pytest.mark.req("AGEO-35")
async def test_requests_are_counted_in_the_month_in_which_they_came(stack: Stack) -> None:
    """
    Those that were entered, given up, and still wait; a month begins at midnight in Tokyo.
    """
    stack.clock.now = datetime(2026, 8, 31, 23, 59, tzinfo=TOKYO)
    await ask(stack)
    stack.clock.now = datetime(2026, 9, 1, 0, 0, tzinfo=TOKYO)
    ids = [(await ask(stack))["case_id"] for _ in range(4)]
    stack.clock.now = None
    agent = stack.as_(Role.CALL_AGENT, AGEO)
    async with stack.staffed():
        for case_id in ids[:2]:
            await agent.act(case_id, "record_external_entry", reference="D-1")
        await agent.act(ids[2], "withdraw_entry", reason="二重の依頼")

    assert {"requested": 1, "entered": 0, "withdrawn": 0, "waiting": 1} == await counts(
        stack, "2026-08"
    )
    assert {"requested": 4, "entered": 2, "withdrawn": 1, "waiting": 1} == await counts(
        stack, "2026-09"
    )
    assert 0 == (await counts(stack, "2026-10"))["requested"]
    wrong = await agent.get(f"{PATH}/counts", month="2026-13")
    assert 422 == wrong.status_code


async def test_asking_again_with_the_key_opens_nothing_new(stack: Stack) -> None:
    """
    A form that was sent twice is one form.
    """
    stack.clock.now = NOON
    agent = stack.as_(Role.CALL_AGENT, AGEO)

    answers = [await agent.post(PATH, key="once", json=WHO) for _ in range(2)]
    other = await agent.post(PATH, key="once", json=WHO | {"kana": "アゲオ イチロウ"})

    assert answers[0].json() == answers[1].json()
    assert 1 == (await counts(stack, "2026-09"))["requested"]
    assert "KeyUsedOtherwise" == other.json()["code"]


async def test_who_asked_is_in_the_vault_and_nowhere_else(stack: Stack) -> None:
    """
    The record, the state and what is owed to the engine name nobody.
    """
    stack.clock.now = NOON
    opened = await ask(stack)
    official = stack.as_(Role.OFFICIAL, AGEO)

    told = await official.get(f"/api/v1/cases/{opened['case_id']}/person", purpose="確認")
    with scope(stack.engine, AGEO) as connection:
        rows = [
            str(connection.execute(text(f"SELECT * FROM {table}")).all())
            for table in ("case_file", "case_event", "outbox", "person_vault")
        ]

    assert ("アゲオ　ハナコ", "+81487755111") == (told.json()["kana"], told.json()["phone"])
    assert [] == [row for row in rows if "ハナコ" in row or "7755111" in row or "本町" in row]


async def test_what_is_wrong_with_who_asked_is_told_at_once(stack: Stack) -> None:
    """
    The caller is on the line; a form cannot be sent to nowhere.
    """
    stack.clock.now = NOON
    wrong = {"kana": "花子", "address": "", "phone": "123"}

    answer = await stack.as_(Role.CALL_AGENT, AGEO).post(PATH, json=wrong)

    assert ("FormRefused", 422) == (answer.json()["code"], answer.status_code)
    for label in ("カナ", "住所", "電話番号"):
        assert label in answer.json()["detail"]


async def test_a_contract_that_names_no_such_entry_takes_none(stack: Stack) -> None:
    """
    Without a rule nobody would notice that it was forgotten.
    """
    stack.clock.now = datetime(2022, 9, 5, 12, 0, tzinfo=TOKYO)
    stack.sign("chiba", stack.clock().date())
    agent = stack.as_(Role.CALL_AGENT, "chiba")

    answer = await agent.post("/api/v1/contracts/chiba/external-entries", json=WHO)

    assert (422, "FieldMissing") == (answer.status_code, answer.json()["code"])


async def test_where_a_second_person_is_asked_for_the_first_is_refused(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Over HTTP as in the course; without the rule an entry ends when it was made.
    """
    monkeypatch.setattr(external_entries, "asks_second_person", lambda _: True)
    agent, clerk = stack.as_(Role.CALL_AGENT, AGEO), stack.as_(Role.CLERK, AGEO)
    async with stack.staffed():
        case_id = (await ask(stack))["case_id"]
        entered = await agent.act(case_id, "record_external_entry", reference="D-1")
        own = await agent.act(case_id, "check_entry")
        other = await clerk.act(case_id, "check_entry")

    assert ("to_check", False) == (entered.json()["stage"], entered.json()["closed"])
    assert (409, "EnteredBySelf") == (own.status_code, own.json()["code"])
    assert ("checked", True) == (other.json()["stage"], other.json()["closed"])
