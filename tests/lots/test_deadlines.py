"""The two weeks of a lot and the half hour of a hand-off, on clocks that are moved."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.parties import Role
from tests.lots import work
from tests.stack import Caller, Stack, eventually

DELIVERED = date(2026, 12, 17)
"""Early enough for the calendars, late enough for nothing to be due yet."""

ALARMS = ("deadline_warned", "target_passed", "deadline_breached", "escalated")


async def forward(caller: Caller, case_id: str, until: datetime) -> None:
    """Let time pass for a case, over HTTP as in a rehearsal."""
    duration = until - datetime.now(work.TOKYO)
    asked = {"case_id": case_id, "duration": f"PT{int(duration.total_seconds())}S"}

    async def ask() -> httpx.Response:
        return await caller.post("/api/v1/rehearsal/fast-forward", json=asked)

    # A case that was opened this instant has not begun; its program is told to ask again.
    answer = await eventually(ask, lambda answer: answer.status_code != 503)
    assert 200 == answer.status_code, answer.text


def told(case: dict[str, Any], role: str) -> datetime:
    """Return when a role is told of the case's deadline: alarms keep opening hours."""
    (deadline,) = case["deadlines"]
    at = next(alarm["at"] for alarm in deadline["alarms"] if alarm["to"] == role)
    return datetime.fromisoformat(at) + timedelta(minutes=1)


async def escalated(caller: Caller, case_id: str, role: str) -> dict[str, Any]:
    """Return the case once it was escalated to a role."""
    return await eventually(
        lambda: caller.case(case_id), lambda case: bool(case["escalated_to"] == role)
    )


def alarms(events: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """Return what rang, and to whom it was escalated."""
    return [
        (event["action"], event["detail"].get("to"))
        for event in events
        if event["action"] in ALARMS
    ]


@pytest.mark.req("OTA-20")
@pytest.mark.parametrize(
    ("delivered", "due", "target"),
    [
        (date(2026, 12, 17), "2026-12-31", "2026-12-28"),
        (date(2026, 4, 22), "2026-05-06", "2026-05-01"),
    ],
)
async def test_notices_are_due_two_weeks_after_delivery_and_aimed_at_the_open_day_before(
    stack: Stack, delivered: date, due: str, target: str
) -> None:
    """
    The day after delivery is day one; a closed day moves the aim, never the duty.
    """
    answer = await work.take_over(stack, work.small_lot(delivered=delivered))

    case = await stack.as_(Role.CLERK).case(answer["case_id"])

    assert (due, target) == (answer["due_at"][:10], answer["target_at"][:10])
    assert (due, target) == (case["due_at"][:10], case["target_at"][:10])
    (deadline,) = case["deadlines"]
    assert "§6(2)④" in deadline["clause"]
    assert deadline["sentence"]


@pytest.mark.req("OTA-20")
async def test_only_the_officials_receipt_stops_the_clock(stack: Stack) -> None:
    """
    One card is worked on no further, one is handed over, one is received; time passes.
    """
    clerk, official = stack.as_(Role.CLERK), stack.as_(Role.OFFICIAL)
    delivered = max(date(2026, 12, 17), datetime.now(work.TOKYO).date())
    lot = await work.take_over(stack, work.small_lot(3, seed=5, delivered=delivered))
    lot_id = lot["case_id"]
    idle, given, done = (card["case_id"] for card in await work.cards_of(stack, lot_id))
    async with stack.staffed():
        await clerk.act(lot_id, "record_pre_issue_setup", terminal="T-01")
        await work.settled(stack, lot_id)
        for card in (given, done):
            for step, fields in await _to_hand_over(clerk, card):
                answer = await clerk.act(card, step, **fields)
                assert 200 == answer.status_code, answer.text
        received = await official.act(done, "acknowledge_receipt", count=1)
        assert 200 == received.status_code, received.text
        await forward(clerk, lot_id, told(await clerk.case(lot_id), "official"))
        late = [await escalated(clerk, case, "official") for case in (idle, given, lot_id)]
        listed = await clerk.get("/api/v1/cases", kind="card", stuck=True)
        after = await official.act(given, "acknowledge_receipt", count=1)
    events = {card: await clerk.timeline(card) for card in (idle, given, done, lot_id)}

    expected = ["deadline_warned", "target_passed", "deadline_breached", "escalated"]
    for card in (idle, given, lot_id):
        rang = alarms(events[card])
        assert set(expected) == {name for name, _ in rang}
        assert ["site_manager", "operations_manager", "official"] == [
            to for name, to in rang if name == "escalated"
        ]
    assert [] == alarms(events[done])
    assert ["deadline_breached"] * 3 == [case["stuck"] for case in late]
    assert {idle, given} == {item["case_id"] for item in listed.json()["items"]}
    assert 200 == after.status_code
    assert lot["due_at"] == (await clerk.case(given))["due_at"]


async def test_a_case_whose_clock_stands_still_is_not_late_and_not_forgotten(
    stack: Stack,
) -> None:
    """
    Past the day that was, it waits; on the day that was named, it shows as stuck.

    Its neighbour, whose clock runs, is the control: it is late by then.
    """
    manager, today = stack.as_(Role.SITE_MANAGER), datetime.now(work.TOKYO).date()
    lot = await work.take_over(stack, work.small_lot(delivered=max(today, DELIVERED)))
    idle, stopped, _ = (card["case_id"] for card in await work.cards_of(stack, lot["case_id"]))
    until = str(today + timedelta(days=60))
    past = datetime.fromisoformat(lot["due_at"]) + timedelta(days=5)
    async with stack.staffed():
        answer = await manager.act(stopped, "suspend_deadline", reason="照会中", until=until)
        asleep = await manager.case(stopped)
        await forward(manager, idle, past)
        await eventually(lambda: manager.case(idle), lambda case: case["stuck"] is not None)
        late = await manager.get("/api/v1/cases", kind="card", due_before=past.isoformat())
        await forward(manager, stopped, datetime.fromisoformat(f"{until}T12:00:00+09:00"))
        woken = await eventually(
            lambda: manager.case(stopped), lambda case: case["stuck"] is not None
        )
        stuck = await manager.get("/api/v1/cases", kind="card", stuck=True)
        await manager.act(stopped, "resume_deadline")
        resumed = await manager.case(stopped)

    assert 200 == answer.status_code, answer.text
    (deadline,) = asleep["deadlines"]
    assert ["review"] == [alarm["meaning"] for alarm in deadline["alarms"]]
    assert (None, None) == (asleep["due_at"], asleep["stuck"])
    assert stopped not in {item["case_id"] for item in late.json()["items"]}
    assert idle in {item["case_id"] for item in late.json()["items"]}
    assert "suspension_review_due" == woken["stuck"]
    assert {idle, stopped} <= {item["case_id"] for item in stuck.json()["items"]}
    assert (None, False) == (resumed["stuck"], resumed["deadlines"][0]["suspended"])
    assert resumed["due_at"] > lot["due_at"]


async def _to_hand_over(clerk: Caller, card: str) -> list[tuple[str, dict[str, str]]]:
    route = (await clerk.case(card))["state"]["route"]
    if route == "pickup_notice":
        return [("make_notice", {}), ("seal", {}), ("hand_over", {})]
    return [
        ("update_destination", {"terminal": "T-01"}),
        ("prepare_dispatch", {"mail_kind": "registered_mail"}),
        ("hand_over", {}),
    ]


async def visit_handed_off(stack: Stack) -> tuple[str, str]:
    """Receive a visitor and hand them off; return the visit and the hand-off."""
    operator = stack.as_(Role.OPERATOR)
    stack.clock.now = datetime(2026, 9, 24, 10, tzinfo=work.TOKYO)
    visit = await operator.post(
        "/api/v1/contracts/ota/visits", json={"procedure": "card_delivery"}
    )
    stack.clock.now = None
    visit_id = visit.json()["case_id"]
    offered = await operator.act(
        visit_id,
        "offer_handoff",
        section="住民記録係",
        documents="reply",
        reason="代理人の確認",
    )
    assert 200 == offered.status_code, offered.text
    return visit_id, offered.json()["opened"]


@pytest.mark.req("OTA-14")
async def test_a_hand_off_that_nobody_accepts_is_escalated(stack: Stack) -> None:
    """
    Half an hour by default; then the site manager, two hours later the one above.
    """
    operator = stack.as_(Role.OPERATOR)
    async with stack.staffed():
        _, handoff = await visit_handed_off(stack)
        case = await operator.case(handoff)
        await forward(operator, handoff, told(case, "operations_manager"))
        await escalated(operator, handoff, "operations_manager")
    events = await operator.timeline(handoff)

    opened, due = (datetime.fromisoformat(case[name]) for name in ("opened_at", "due_at"))
    assert timedelta(minutes=29) < due - opened
    rang = alarms(events)
    assert None is case["escalated_to"]
    assert "deadline_breached" in {name for name, _ in rang}
    assert ["site_manager", "operations_manager"] == [
        to for name, to in rang if name == "escalated"
    ]
    assert "offered" == (await operator.case(handoff))["stage"]


@pytest.mark.req("OTA-14")
async def test_what_an_official_returns_comes_back_to_the_same_group_and_holds_the_case_open(
    stack: Stack,
) -> None:
    """
    Offered, returned, offered again, accepted, completed: only then may the visit close.
    """
    operator, official = stack.as_(Role.OPERATOR), stack.as_(Role.OFFICIAL)
    closing: list[int] = []

    async def close() -> None:
        answer = await operator.act(visit, "close_visit", result="served")
        closing.append(answer.status_code)
        if answer.status_code == 409:
            assert "HandoffOpen" == answer.json()["code"]

    async with stack.staffed():
        visit, handoff = await visit_handed_off(stack)
        await close()
        silent = await official.act(handoff, "return_handoff")
        await official.act(handoff, "return_handoff", reason="委任状がない")
        returned = await operator.case(handoff)
        mine = await operator.get("/api/v1/cases", kind="handoff", owner="operator")
        await close()
        await operator.act(handoff, "offer_handoff")
        not_theirs = await operator.act(handoff, "accept_handoff")
        await official.act(handoff, "accept_handoff")
        await close()
        await official.act(handoff, "complete_handoff")
        await eventually(lambda: operator.case(visit), lambda c: c["open_handoffs"] == [])
        await close()

    assert (422, 403) == (silent.status_code, not_theirs.status_code)
    assert ("returned", "operator") == (returned["stage"], returned["owner"])
    assert [handoff] == [item["case_id"] for item in mine.json()["items"]]
    assert [409, 409, 409, 200] == closing
