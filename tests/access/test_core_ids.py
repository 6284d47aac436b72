"""Whose the IDs of the core system are, until they are revoked; and never a password."""

from datetime import date, datetime, timedelta

import pytest

from domain.calendars.hours import TOKYO
from domain.parties import Role
from ops import accounts
from tests.stack import Caller, Stack

IDS = "/api/v1/contracts/ota/core-ids"


async def enter(manager: Caller, core_id: str, **more: str) -> tuple[int, str | None]:
    body = {"login": "ota-clerk", "core_id": core_id, "issued_on": "2026-04-01"} | more
    answer = await manager.post(IDS, json=body)
    return answer.status_code, answer.json().get("code")


async def listed(stack: Stack) -> list[tuple[str, bool, str | None]]:
    page = (await stack.as_(Role.OFFICIAL).get(IDS)).json()
    return [(each["core_id"], each["to_revoke"], each["revoked_on"]) for each in page["items"]]


@pytest.mark.req("OTA-44")
async def test_a_leavers_ids_are_listed_until_they_are_revoked(stack: Stack) -> None:
    """
    First on the list, day after day; before somebody leaves, the control, none is there.
    """
    stack.clock.now = datetime(2026, 12, 1, 9, 0, tzinfo=TOKYO)
    manager = stack.as_(Role.SITE_MANAGER)
    for role in (Role.CLERK, Role.OPERATOR):
        stack.as_(role)
    await enter(manager, "K-0001", login="ota-operator")
    await enter(manager, "K-0002")
    working = await listed(stack)

    accounts.disable(stack.engine, "ota-clerk", now=stack.clock())
    left = await listed(stack)
    stack.clock.now += timedelta(days=90)
    later = await listed(stack)
    day = {"revoked_on": "2027-02-28"}
    done = [(await manager.post(f"{IDS}/2/revoke", json=day)).json() for _ in range(2)]

    assert [("K-0001", False, None), ("K-0002", False, None)] == working
    assert [("K-0002", True, None), ("K-0001", False, None)] == left == later
    assert [{"revoked": True}, {"revoked": False}] == done
    assert [("K-0001", False, None), ("K-0002", False, "2027-02-28")] == await listed(stack)


@pytest.mark.req("OTA-44")
async def test_an_id_is_one_persons_and_has_no_password_here(stack: Stack) -> None:
    """
    Given to a second one it is refused until the first gave it back; a password always.
    """
    stack.clock.now = datetime(2026, 12, 1, 9, 0, tzinfo=TOKYO)
    manager = stack.as_(Role.SITE_MANAGER)
    for role in (Role.CLERK, Role.OPERATOR, Role.OFFICIAL):
        stack.as_(role)

    given = await enter(manager, "K-0001")
    shared = await enter(manager, "K-0001", login="ota-operator")
    secret = await enter(manager, "K-0003", password="ひみつ")
    nobody = await enter(manager, "K-0004", login="ota-nobody")
    city = await enter(manager, "K-0005", login="ota-official")
    ahead = await enter(manager, "K-0006", issued_on=str(date(2027, 1, 1)))
    await manager.post(f"{IDS}/1/revoke", json={"revoked_on": "2026-11-30"})
    again = await enter(manager, "K-0001", login="ota-operator")

    assert (201, None) == given == again
    assert (409, "CoreIdTaken") == shared
    assert 422 == secret[0]
    assert (422, "FieldMissing") == nobody == city == ahead
