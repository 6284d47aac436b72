"""A venue from candidate to closed over HTTP, and the report of what came of it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.booking.booking_errors import VenueDaysAhead
from domain.calendars.hours import TOKYO
from domain.case import CLOCK, CaseChange, CaseEvent, CaseKind, CaseRef
from domain.parties import Role
from store import agreed_venues, people
from store.scope import scope
from tests.bookings import venue
from tests.stack import Stack, eventually

PATH = f"/api/v1/contracts/{venue.CITY}/venues"
DAYS = f"/api/v1/contracts/{venue.CITY}/venue-days"
HALL = {"name": "幕張の広場", "address": "千葉市美浜区ひび野2-1", "directions": "駅から3分"}
AGREED = {"from_day": "2022-07-01", "to_day": "2022-08-31", "agreement": "協議書第5号"}
AT_THE_VENUE = datetime(2022, 8, 1, 13, 30, tzinfo=TOKYO)
AFTER_HOURS = datetime(2022, 8, 1, 20, 30, tzinfo=TOKYO)


async def name(stack: Stack, role: Role = Role.SITE_MANAGER, **more: Any) -> Any:
    """Name a candidate."""
    return await stack.as_(role, venue.CITY).post(PATH, json=HALL | more)


async def report(stack: Stack, case_id: str) -> dict[str, Any]:
    """Return the report of a venue, as the city sees it."""
    answer = await stack.as_(Role.OFFICIAL, venue.CITY).get(f"{PATH}/{case_id}/report")
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


def figures(found: dict[str, Any]) -> tuple[int, ...]:
    """Return the figures of a report."""
    names = (
        *("days_planned", "days_held", "days_withdrawn"),
        *("bookings", "people", "arrivals", "no_shows"),
    )
    return tuple(found[each] for each in names)


async def plan(stack: Stack, site: str, day: str) -> int:
    """Plan a day for a place."""
    manager = stack.as_(Role.OPERATIONS_MANAGER, venue.CITY)
    return (await manager.post(DAYS, json={"site": site, "day": day})).status_code


async def open_hall(stack: Stack) -> str:
    """Bring a hall from candidate to open; each step is refused to the other side."""
    manager, official = (
        stack.as_(role, venue.CITY) for role in (Role.SITE_MANAGER, Role.OFFICIAL)
    )
    case_id: str = (await name(stack)).json()["case_id"]
    assert "FieldMissing" == await _code_of_plan(stack, case_id)
    ways = [
        (manager, official, "propose_venue", {}),
        (official, manager, "agree_venue", AGREED),
        (manager, official, "prepare_venue", {}),
        (manager, official, "open_venue", {}),
    ]
    stages = [(await manager.case(case_id))["stage"]]
    for who, other, action, body in ways:
        refused = await other.act(case_id, action, **body)
        done = await who.act(case_id, action, **body)
        assert (403, 200) == (refused.status_code, done.status_code), done.text
        stages.append((await manager.case(case_id))["stage"])
    assert ["candidate", "proposed", "agreed", "preparing", "in_use"] == stages
    return case_id


async def _code_of_plan(stack: Stack, site: str) -> str:
    manager = stack.as_(Role.OPERATIONS_MANAGER, venue.CITY)
    answer = await manager.post(DAYS, json={"site": site, "day": "2022-08-01"})
    return str(answer.json().get("code"))


async def start(stack: Stack, case_id: str) -> None:
    """Begin the day, with an official and all that people apply with."""
    stack.clock.now = AT_THE_VENUE
    manager = stack.as_(Role.SITE_MANAGER, venue.CITY)
    day = {"day": f"{AT_THE_VENUE:%Y-%m-%d}"}
    official = people.account_by_login(stack.engine, f"{venue.CITY}-{Role.OFFICIAL}")
    assert official is not None
    kit: dict[str, Any] = {
        "kit_digital_camera": 1,
        "kit_mobile_printer": 1,
        "kit_application_terminal": 2,
    }
    plan = await manager.act(
        case_id, "arrange_day", **day, mode="both", officials=official.account_id
    )
    begun = await manager.act(case_id, "start_day", **day, **kit)
    assert (200, 200) == (plan.status_code, begun.status_code), begun.text
    stack.clock.now = venue.NOON


async def arrive(stack: Stack, case_id: str, came: dict[str, Any]) -> None:
    """Receive who had booked, on the day."""
    stack.clock.now = AT_THE_VENUE
    visit = await stack.as_(Role.OPERATOR, venue.CITY).post(
        f"/api/v1/contracts/{venue.CITY}/visits",
        json={
            "procedure": "application_reception",
            "channel": "application_window",
            "reservation": came["reservation_id"],
            "answers": {"licence_on_card": False},
            "venue": case_id,
        },
    )
    assert 201 == visit.status_code, visit.text


@pytest.mark.req("CHIBA-03")
async def test_a_venue_goes_from_candidate_to_closed_and_is_reported(stack: Stack) -> None:
    """
    Agreeing adds the place, so that its days can be planned; what happened at another
    venue is not in its report.
    """
    venue.prepare(stack)
    async with stack.staffed():
        case_id = await open_hall(stack)
        await start(stack, case_id)
    assert [201, 201, 409] == [
        await plan(stack, case_id, day) for day in ("2022-08-01", "2022-08-02", "2022-09-01")
    ]
    await venue.book(stack, 13)
    came = await venue.book(stack, 13, people=3, venue=case_id)
    await venue.book(stack, 14, people=2, venue=case_id)
    given_up = await venue.book(stack, 15, venue=case_id)
    assert 200 == (await venue.step(stack, given_up, "cancel")).status_code
    before = await report(stack, case_id)
    await arrive(stack, case_id, came)
    manager = stack.as_(Role.SITE_MANAGER, venue.CITY)
    rest = await manager.post(f"{DAYS}/{case_id}/2022-08-02/withdraw", json={"cause": "工事"})
    assert {"withdrawn": True, "displaced": 0} == rest.json()
    stack.clock.now = AFTER_HOURS
    async with stack.staffed():
        # The other booking's time is long over: its course notes that nobody came.
        after = await eventually(
            lambda: report(stack, case_id), lambda found: found["no_shows"] == 1
        )
        await manager.act(case_id, "end_day", day=f"{AFTER_HOURS:%Y-%m-%d}", leaflets=0)
        closed = await manager.act(case_id, "close_venue")
        again = await manager.act(case_id, "close_venue")
    page = await report(stack, case_id)
    stack.clock.now = venue.NOON
    late = await plan(stack, case_id, "2022-08-03")

    assert (2, 0, 0, 2, 5, 0, 0) == figures(before)
    assert (1, 1, 1, 2, 5, 1, 1) == figures(after)
    assert (200, 409) == (closed.status_code, again.status_code), again.text
    assert 409 == late, "a venue that is over is planned no more"
    assert (HALL["name"], "closed") == (page["name"], page["stage"])
    assert (await manager.case(case_id))["closed_at"] is not None
    assert page["case_number"].startswith("CHIBA-E")


async def test_a_place_outside_the_city_needs_the_citys_word(stack: Stack) -> None:
    """
    As for every place; and a clerk names no venue.
    """
    venue.prepare(stack)
    outside: dict[str, Any] = {"address": "東京都港区芝公園1-1"}

    answers = [
        await name(stack, **outside),
        await name(stack, **outside, designated=True),
        await name(stack, Role.CLERK),
    ]

    assert [422, 201, 403] == [each.status_code for each in answers]


def ends(stack: Stack, case_id: str, at: datetime) -> str:
    """Return what refuses the end of a venue at a moment; empty if nothing does."""
    ref = CaseRef(
        case_id=case_id,
        municipality=venue.CITY,
        contract=venue.CITY,
        contract_version="-",
        opened_on=date(2022, 7, 1),
    )
    event = CaseEvent(action="close_venue", at=at, actor=CLOCK)
    over = CaseChange(stage="closed", state={}, closed=True, owner=None)
    try:
        with scope(stack.engine, venue.CITY) as connection:
            agreed_venues.follow(connection, ref, CaseKind.VENUE, event, over)
    except VenueDaysAhead:
        return "VenueDaysAhead"
    return ""


async def test_a_venue_does_not_end_while_people_may_still_come(stack: Stack) -> None:
    """
    They would stand before a closed door; the day itself is the last.
    """
    venue.prepare(stack)
    moments = [AT_THE_VENUE - timedelta(days=1), AT_THE_VENUE]
    planned = [ends(stack, venue.SITE, at) for at in moments]
    manager = stack.as_(Role.SITE_MANAGER, venue.CITY)
    await manager.post(f"{DAYS}/{venue.SITE}/{venue.DAY}/withdraw", json={"cause": "台風"})

    assert ["VenueDaysAhead", ""] == planned
    assert "" == ends(stack, venue.SITE, moments[0])


async def test_a_report_is_of_a_venue_only(stack: Stack) -> None:
    """
    Another kind of case has none.
    """
    venue.prepare(stack)
    booked = await venue.book(stack)
    case_id = (await name(stack)).json()["case_id"]
    official = stack.as_(Role.OFFICIAL, venue.CITY)

    other = await official.get(f"{PATH}/{booked['case_id']}/report")

    assert 404 == other.status_code
    assert (0, 0, 0, 0, 0, 0, 0) == figures(await report(stack, case_id))
