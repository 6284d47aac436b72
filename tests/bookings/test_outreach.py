"""A visit to a company with an official (出張申請), from its plan to the applications there."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.parties import Role
from store import people
from tests.applications.at_window import SERVED, WINDOWS, begin
from tests.stack import Caller, Stack

CITY = "ota"
PATH = f"/api/v1/contracts/{CITY}/venues"
FACTORY = {"name": "新田工業 食堂", "address": "太田市新田町1-1"}
KIT: dict[str, Any] = {"kit_application_terminal": 2, "kit_pocket_wifi": 1}


def accounts(stack: Stack) -> list[str]:
    """Return the accounts of an official, somebody of the provider, and an auditor."""
    found = []
    for role in (Role.OFFICIAL, Role.OPERATOR, Role.AUDITOR):
        stack.as_(role, CITY)
        account = people.account_by_login(stack.engine, f"{CITY}-{role}")
        assert account is not None
        found.append(account.account_id)
    return found


async def agreed(stack: Stack, day: date) -> str:
    """Return an event that the city agreed to, and that is open."""
    manager, official = (stack.as_(each, CITY) for each in (Role.SITE_MANAGER, Role.OFFICIAL))
    case_id: str = (await manager.post(PATH, json=FACTORY)).json()["case_id"]
    days = {"from_day": f"{day}", "to_day": f"{day}", "agreement": "出張申請 第1号"}
    for who, action, body in (
        (manager, "propose_venue", {}),
        (official, "agree_venue", days),
        (manager, "prepare_venue", {}),
        (manager, "open_venue", {}),
    ):
        done = await who.act(case_id, action, **body)
        assert 200 == done.status_code, done.text
    return case_id


async def receive(caller: Caller, venue: str) -> str:
    """Receive a visitor outside; return the case, or why not."""
    body = {"procedure": "application_support", "channel": "outreach", "answers": SERVED}
    answer = await caller.post(f"/api/v1/contracts/{CITY}/visits", json=body | {"venue": venue})
    found = answer.json()
    return str(found["case_id"] if answer.status_code == 201 else found["code"])


@pytest.mark.req("OTA-29")
async def test_an_event_without_an_official_cannot_start_and_holds_its_applications(
    stack: Stack,
) -> None:
    """
    Date, place, official, staff and equipment stand with it; who is received there, and
    what they apply for, belongs to it.
    """
    day = prepared(stack)
    manager, operator = stack.as_(Role.SITE_MANAGER, CITY), stack.as_(Role.OPERATOR, CITY)
    official, staff, auditor = accounts(stack)
    plan: dict[str, Any] = {"day": f"{day}", "mode": "online", "staff": staff}
    plan |= {"equipment": "のぼり2本"}
    async with stack.staffed():
        case_id = await agreed(stack, day)
        await manager.act(case_id, "arrange_day", **plan)
        refused = [await operator.act(case_id, "start_day", day=f"{day}", **KIT)]
        early = await receive(operator, case_id)
        for wrong in (staff, auditor):
            answer = await manager.act(case_id, "arrange_day", **plan, officials=wrong)
            refused.append(answer)
        await manager.act(case_id, "arrange_day", **plan, officials=official)
        tomorrow = f"{day + timedelta(days=1)}"
        refused += [await operator.act(case_id, "start_day", day=tomorrow, **KIT)]
        refused += [await operator.act(case_id, "start_day", day=f"{day}")]
        await operator.act(case_id, "start_day", day=f"{day}", **KIT)
        nowhere = await receive(operator, "")
        begun = await begin(operator, await receive(operator, case_id), city=CITY)
        await operator.act(case_id, "end_day", day=f"{day}", leaflets=40)
        late = await receive(operator, case_id)
    value = (await manager.case(case_id))["state"]
    report = (await manager.get(f"{PATH}/{case_id}/report")).json()

    codes = ["NoOfficialNamed", *["FieldMissing"] * 3, "KitIncomplete"]
    assert codes == [each.json()["code"] for each in refused]
    assert ("VenueNotOpen", "FieldMissing", "VenueNotOpen") == (early, nowhere, late)
    assert 201 == begun.status_code, begun.text
    (there,) = value["days"]
    assert (FACTORY["address"], f"{day}") == (value["address"], there["day"])
    named = tuple(there[name] for name in ("officials", "staff", "equipment"))
    assert ([official], [staff], "のぼり2本") == named
    counted = ("days_planned", "days_held", "leaflets", "applications")
    assert (1, 1, 40, 1) == tuple(report[name] for name in counted)


def prepared(stack: Stack) -> date:
    """Sign the contract, and return the day on which it is now."""
    _, _, now, signed = WINDOWS[CITY]
    assert signed is not None
    stack.sign(CITY, signed)
    stack.clock.now = now
    return now.date()
