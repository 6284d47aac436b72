"""The window closes while people are being served: a storm, entered on the day."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.stack import Stack, eventually

CITY = "urasoe"
API = f"/api/v1/contracts/{CITY}"
DAY = "2026-03-12"
"""A Thursday within the term: open from 8:30 to 17:15."""


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 12, hour, minute, tzinfo=TOKYO)


async def receive(stack: Stack) -> httpx.Response:
    """Receive somebody who has all that is needed."""
    return await stack.as_(Role.OPERATOR, CITY).post(
        f"{API}/visits",
        json={
            "procedure": "insurance_registration",
            "channel": "online_window",
            "answers": {"certificate_valid": True, "resident": True},
        },
    )


async def received_visit(stack: Stack) -> str:
    """Return the case of somebody who was received."""
    answer = await receive(stack)
    assert 201 == answer.status_code, answer.text
    return str(answer.json()["case_id"])


async def close(stack: Stack, **part: str) -> dict[str, Any]:
    body = {"calendar": "counter", "day": DAY, "cause": "台風による暴風警報", **part}
    answer = await stack.as_(Role.OFFICIAL, CITY).post(f"{API}/closures", json=body)
    assert 201 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def offered(stack: Stack, case_id: str) -> set[str]:
    file = await stack.as_(Role.OPERATOR, CITY).case(case_id)
    return {action["action"] for action in file["actions"]}


async def day_type(stack: Stack) -> tuple[str, int]:
    """Return the type of the day, and whether it counts as an open one."""
    shown = await stack.as_(Role.AUDITOR, CITY).get(
        f"{API}/calendars/counter", **{"from": DAY, "to": DAY}
    )
    return shown.json()["days"][0]["day_type"], shown.json()["open_days"]


@pytest.mark.req("URASOE-10")
async def test_a_storm_at_ten_stops_reception_and_offers_to_wrap_up(stack: Stack) -> None:
    """
    Nobody new is taken in, nobody is left sitting, and the day says what became of it.
    """
    stack.clock.now = at(9, 30)
    served = await received_visit(stack)
    before, usual = await offered(stack, served), await day_type(stack)
    stack.clock.now = at(10)
    told = await close(stack, starts="10:00")
    late = await receive(stack)
    assert ("ReceptionClosed", 1) == (late.json()["code"], told["visits_told"])
    assert "暴風警報" in late.json()["detail"]
    assert ("open", 1) == usual
    assert ("partly_closed", 1) == await day_type(stack)
    assert "partly_closed" == told["day_type"]
    assert "wrap_up_visit" not in before
    assert {"wrap_up_visit", "close_visit"} <= await offered(stack, served)

    operator = stack.as_(Role.OPERATOR, CITY)
    async with stack.staffed():
        silent = await operator.act(served, "wrap_up_visit")
        done = await operator.act(served, "wrap_up_visit", reason="明日の午前にもう一度")
    assert (422, 200) == (silent.status_code, done.status_code), done.text
    events = {event["action"]: event for event in await operator.timeline(served)}
    assert "台風による暴風警報" == events["window_closes"]["detail"]["cause"]
    assert "cut_short" == events["wrap_up_visit"]["detail"]["result"]
    assert "left" == (await operator.case(served))["stage"]


@pytest.mark.req("URASOE-10")
async def test_a_closure_from_eleven_lets_people_in_until_then(stack: Stack) -> None:
    """
    Who is received meanwhile knows of it; taken back, nobody is sent home any more.
    """
    stack.clock.now = at(10)
    closed = await close(stack, starts="11:00", ends="13:00")
    received = await received_visit(stack)
    stack.clock.now = at(11)
    refused = await receive(stack)
    during = await offered(stack, received)
    official = stack.as_(Role.OFFICIAL, CITY)
    await official.http.delete(
        f"{API}/closures/{closed['closure_id']}",
        headers={"Authorization": f"Bearer {official.token}"},
    )

    assert (0, "ReceptionClosed") == (closed["visits_told"], refused.json()["code"])
    assert "wrap_up_visit" in during
    assert "wrap_up_visit" not in await offered(stack, received)
    assert 201 == (await receive(stack)).status_code


@pytest.mark.req("URASOE-10")
async def test_a_whole_day_is_closed_for_its_cause_and_not_counted(stack: Stack) -> None:
    """
    And the relay tells who is served what a crash kept from them.
    """
    stack.clock.now = at(8, 30)
    received = await received_visit(stack)

    told = await close(stack)

    assert ("closed_for_cause", 1) == (told["day_type"], told["visits_told"])
    assert ("closed_for_cause", 0) == await day_type(stack)

    async def knows() -> bool:
        return "wrap_up_visit" in await offered(stack, received)

    assert await eventually(knows)
