"""Incidents over HTTP: reported, told to the city, consulted on, and never kept in clear."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from domain.calendars.hours import TOKYO
from domain.parties import Role
from store.scope import scope
from tests.obligations_at_hand import let_booths_begin
from tests.stack import Stack, eventually

FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=TOKYO)
WHAT = "窓口で名前を大声で呼ばれた"


def path(city: str) -> str:
    """Return where a city's incidents are."""
    return f"/api/v1/contracts/{city}/incidents"


def open_office(stack: Stack, city: str = "ota") -> None:
    """Let it be a Friday morning on which the contract runs."""
    if city == "ota":
        stack.sign(city, date(2026, 4, 1))
    stack.clock.now = FRIDAY


async def sent(
    stack: Stack, kind: str, role: Role = Role.OPERATOR, city: str = "ota", **more: Any
) -> httpx.Response:
    """Report an incident."""
    body = {"kind": kind, "what": WHAT} | more
    return await stack.as_(role, city).post(path(city), json=body)


async def reported(stack: Stack, kind: str, **more: Any) -> str:
    """Report an incident and return its case."""
    answer = await sent(stack, kind, **more)
    assert 201 == answer.status_code, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


async def listed(stack: Stack, city: str = "ota") -> dict[str, Any]:
    """Return the open incidents by case, and the things by id."""
    answer = await stack.as_(Role.SUPPORT_STAFF, city).get(path(city))
    assert 200 == answer.status_code, answer.text
    found = answer.json()
    return {each["case_id"]: each for each in found["items"]} | {
        each["id"]: each for each in found["equipment"]
    }


@pytest.mark.req("OTA-60")
async def test_a_trouble_is_reported_and_handed_over_and_both_moments_are_there(
    stack: Stack,
) -> None:
    """
    Its content is the city's to deal with: it ends after the hand-over, and not before.
    """
    open_office(stack)
    manager, official = stack.as_(Role.SITE_MANAGER), stack.as_(Role.OFFICIAL)
    async with stack.staffed():
        case_id = await reported(stack, "trouble")
        early = await manager.act(case_id, "settle_incident", outcome="solved", reason="済")
        told = await manager.act(case_id, "report_to_city", means="phone", for_city="yes")
        kept = await manager.act(case_id, "settle_incident", outcome="solved", reason="済")
        before = (await listed(stack))[case_id]
        offered = await manager.act(
            case_id, "offer_handoff", section="市民課", reason="市の判断が要る"
        )
        after = (await listed(stack))[case_id]
        handoff = offered.json()["opened"]
        waits = await manager.act(case_id, "settle_incident", outcome="solved", reason="済")
        for step in ("accept_handoff", "complete_handoff"):
            assert 200 == (await official.act(handoff, step)).status_code

        async def end() -> httpx.Response:
            return await manager.act(
                case_id, "settle_incident", outcome="left_to_city", reason="市が対応"
            )

        await eventually(end, lambda answer: answer.status_code == 200)

    assert ["CityNotTold", "HandOverMissing", "HandoffOpen"] == [
        answer.json()["code"] for answer in (early, kept, waits)
    ]
    assert 200 == told.status_code
    assert (True, False) == (bool(before["reported_at"]), bool(before["handed_over_at"]))
    assert before["reported_at"] == after["reported_at"] <= after["handed_over_at"]
    assert ["report_to_city", "offer_handoff", "handoff_ended", "settle_incident"] == [
        event["action"] for event in (await manager.timeline(case_id))[1:]
    ]


@pytest.mark.req("OTA-49")
@pytest.mark.parametrize(
    ("kind", "serious"), [("vacancy", False), ("trouble", True)], ids=["vacancy", "serious"]
)
async def test_a_vacancy_or_a_serious_matter_opens_a_consultation_with_a_clock(
    stack: Stack, kind: str, serious: bool
) -> None:
    """
    By itself, due by the contract's rule; whoever of the city took part may record it.
    """
    open_office(stack)
    official = stack.as_(Role.OFFICIAL)
    async with stack.staffed():
        case_id = await reported(stack, kind, serious=serious)
        found = await eventually(
            lambda: listed(stack), lambda found: bool(found[case_id]["consultation"])
        )
        task = found[found[case_id]["consultation"]]
        done = await official.act(
            task["case_id"], "record_consultation", section="市民課", reason="増員する"
        )

    assert ("consultation", "to_consult", case_id) == (
        task["incident"],
        task["stage"],
        task["parent_id"],
    )
    due = datetime.fromisoformat(task["due_at"])
    assert FRIDAY + timedelta(hours=4) == due
    assert (200, True) == (done.status_code, done.json()["closed"])


@pytest.mark.req("AGEO-46")
async def test_an_error_ends_only_after_the_city_was_told(stack: Stack) -> None:
    """
    Neither as settled nor as withdrawn.
    """
    open_office(stack, "ageo")
    manager = stack.as_(Role.SITE_MANAGER, "ageo")
    async with stack.staffed():
        case_id = await reported(stack, "error", city="ageo")
        settled = await manager.act(case_id, "settle_incident", outcome="solved", reason="済")
        gone = await manager.act(case_id, "withdraw_incident", reason="なかったことに")
        assert None is (await manager.case(case_id))["closed_at"]
        await manager.act(case_id, "report_to_city", means="mail", for_city="no")
        done = await manager.act(case_id, "settle_incident", outcome="solved", reason="訂正")

    assert [(409, "CityNotTold"), (409, "WrongStage")] == [
        (answer.status_code, answer.json()["code"]) for answer in (settled, gone)
    ]
    assert (200, True) == (done.status_code, done.json()["closed"])


async def test_a_booth_out_of_service_is_seen_and_nobody_is_received_at_none(
    stack: Stack,
) -> None:
    """
    With one booth left people are received; with a substitute again.
    """
    open_office(stack, "ageo")
    let_booths_begin(stack.engine, stack.keys)
    operator = stack.as_(Role.OPERATOR, "ageo")
    visit = {"procedure": "", "channel": "online_booth"}
    contract = stack.book.current("ageo").contract
    visit["procedure"] = next(
        p.code for p in contract.procedures if "online_booth" in p.channels
    )
    visits = "/api/v1/contracts/ageo/visits"
    async with stack.staffed():
        ids = [
            await reported(stack, "fault", city="ageo", thing=each.id)
            for each in contract.equipment
        ]
        for case_id in ids[:3]:
            await operator.act(case_id, "take_out_of_service")
        one_left = await operator.post(visits, json=visit)
        await operator.act(ids[3], "take_out_of_service")
        none_left = await operator.post(visits, json=visit)
        seen = await listed(stack, "ageo")
        await operator.act(ids[0], "assign_substitute", substitute="予備の1台")
        replaced = await operator.post(visits, json=visit)
        later = await listed(stack, "ageo")

    assert [201, 409, 201] == [a.status_code for a in (one_left, none_left, replaced)]
    assert "OutOfService" == none_left.json()["code"]
    assert [(False, "out_of_service")] * 4 == [
        (seen[each.id]["in_service"], seen[each.id]["state"]) for each in contract.equipment
    ]
    booth = later["booth_1"]
    assert (True, "substituted", "予備の1台") == (
        booth["in_service"],
        booth["state"],
        booth["substitute"],
    )
    assert (None, "1番ブース") == (later[ids[0]]["due_at"], later[ids[0]]["thing_text"])


async def test_what_may_not_be_reported_opens_nothing(stack: Stack) -> None:
    """
    A kind that the contract does not know, a thing it does not have, a number, no words.
    """
    open_office(stack)

    found = [
        await sent(stack, "change_notice"),
        await sent(stack, "complaint", what="  "),
        await sent(stack, "complaint", what="番号は123456789018です"),
        await sent(stack, "nonsense"),
        await sent(stack, "fault", city="ageo", thing="booth_9"),
    ]

    assert [422] * 5 == [answer.status_code for answer in found]
    assert {} == await listed(stack)


async def test_what_happened_stands_nowhere_in_clear(stack: Stack) -> None:
    """
    People name names when they complain; the same key opens one case.
    """
    open_office(stack)
    caller = stack.as_(Role.CALL_AGENT)
    body = {"kind": "complaint", "what": WHAT}
    first = await caller.post(path("ota"), json=body, key="same")
    again = await caller.post(path("ota"), json=body, key="same")
    with scope(stack.engine, "ota") as connection:
        rows = [
            str(connection.execute(text(f"SELECT * FROM {table}")).all())
            for table in ("case_file", "case_event", "outbox")
        ]

    assert first.json() == again.json()
    assert [] == [row for row in rows if "大声" in row]
    (opened,) = await caller.timeline(first.json()["case_id"])
    assert WHAT == opened["reason"]
    assert "2026-11-30" == (await listed(stack))[first.json()["case_id"]]["due_at"][:10]
