"""What stays shut until a promise is kept: Chiba's bookings, and Ageo's booths."""

from datetime import date, datetime
from typing import Any

import pytest

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.bookings import venue
from tests.obligations.test_register import opener, register
from tests.obligations_at_hand import let_booths_begin
from tests.stack import Caller, Stack, eventually

JULY = date(2022, 7, 4)
FIRST_MORNING = datetime(2026, 4, 1, 10, 0, tzinfo=TOKYO)


async def act(caller: Caller, case_id: str, action: str, **body: Any) -> dict[str, object]:
    """Take a step, and return how the promise stands then."""
    answer = await caller.act(case_id, action, **body)
    assert 200 == answer.status_code, answer.text
    return dict(answer.json())


async def booking(stack: Stack) -> tuple[int, str | None]:
    """Try to book the first evening of July; return the status and the refusal."""
    body = venue.wanted(14) | {"starts_at": venue.at(14, day=JULY)}
    answer = await venue.hold(stack, body)
    return answer.status_code, answer.json().get("code")


@pytest.mark.req("CHIBA-65")
async def test_chibas_bookings_begin_when_the_city_has_approved_the_manual(
    stack: Stack,
) -> None:
    """
    Not when it was submitted, not by the provider's word, and not before the agreed day.
    """
    stack.clock.now = datetime(2022, 5, 25, 9, 0, tzinfo=TOKYO)
    venue.prepare(stack, JULY, now=stack.clock.now, manual=False)
    opener(stack).look_at(venue.CITY)
    case_id = str((await register(stack))["manual_qa"]["case_id"])
    manager, official = (
        stack.as_(role, venue.CITY) for role in (Role.OPERATIONS_MANAGER, Role.OFFICIAL)
    )
    async with stack.staffed():
        # The relay may not have handed the course over yet.
        agreed = await eventually(
            lambda: manager.act(case_id, "agree_day", day="2022-06-08", agreement="第1回協議"),
            lambda answer: answer.status_code == 200,
        )
        await act(manager, case_id, "save_version", reference="運営マニュアル 第1.0版")
        await act(manager, case_id, "submit_version")
        stack.clock.now = datetime(2022, 6, 8, 9, 0, tzinfo=TOKYO)
        submitted = await booking(stack)
        shown = await stack.http.get(f"/book/{venue.CITY}")
        own = await manager.act(case_id, "approve_version")
        approved = await act(official, case_id, "approve_version")

    assert "2022-06-01" == agreed.json()["due_at"][:10]
    assert (409, "NotLiveYet") == submitted
    assert "いまは予約を受け付けていません" in shown.text
    assert 403 == own.status_code
    assert "in_force" == approved["stage"]
    stack.clock.now = datetime(2022, 6, 7, 23, 59, tzinfo=TOKYO)
    early = await booking(stack)
    stack.clock.now = datetime(2022, 6, 8, 0, 1, tzinfo=TOKYO)
    # What is shut is remembered for a second.
    begun = await eventually(lambda: booking(stack), lambda found: found[0] == 201)
    assert ((409, "NotLiveYet"), (201, None)) == (early, begun)


@pytest.mark.req("AGEO-18")
async def test_on_ageos_first_morning_nothing_is_done_at_a_booth(stack: Stack) -> None:
    """
    The desk works; the booths can be chosen from the moment somebody says that they stand.
    """
    stack.clock.now = FIRST_MORNING
    operator = stack.as_(Role.OPERATOR, "ageo")

    async def receive(procedure: str, channel: str) -> tuple[int, str | None]:
        body = {"procedure": procedure, "channel": channel}
        answer = await operator.post("/api/v1/contracts/ageo/visits", json=body)
        return answer.status_code, answer.json().get("code")

    before = [
        await receive("application_online", "online_booth"),
        await receive("application_online", "support_desk"),
        await receive("visitor_guidance", "support_desk"),
    ]
    page = (await operator.get("/visits/new")).text
    let_booths_begin(stack.engine, stack.keys)
    stack.clock.now = FIRST_MORNING.replace(day=2)

    assert [(409, "NotLiveYet"), (409, "NotLiveYet"), (201, None)] == before
    assert 'value="application_online"' not in page
    assert 'value="online_booth"' not in page
    assert 'value="visitor_guidance"' in page
    assert "「全ての業務の開始」がまだ記録されていません" in page
    assert (201, None) == await receive("application_online", "online_booth")
    assert 'value="application_online"' in (await operator.get("/visits/new")).text
