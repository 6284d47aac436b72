"""What Ota's contract asks of days, places, desks and figures, as HTTP shows it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.lots.matching import MatchResult
from domain.parties import Role
from tests.lots import work
from tests.stack import Stack

DAY = date(2026, 9, 24)  # a Thursday on which the counter is open
TERM = {"from": "2026-04-01", "to": "2027-03-31"}


def at(clock: str, day: date = DAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=work.TOKYO)


@pytest.mark.req("OTA-01")
async def test_nothing_of_a_contract_begins_before_its_date_was_entered(stack: Stack) -> None:
    """
    Yokosuka's term begins on the contract date too, and nobody has entered it here.
    """
    manager = stack.as_(Role.OPERATIONS_MANAGER, "yokosuka")
    stack.clock.now = at("11:00", date(2026, 9, 25))
    visit = {"procedure": "card_delivery"}

    before = await manager.get("/api/v1/contracts/yokosuka")
    refused = await stack.as_(Role.OPERATOR, "yokosuka").post(
        "/api/v1/contracts/yokosuka/visits", json=visit
    )
    without = await manager.post("/api/v1/contracts/yokosuka/activation", json={})
    entered = await manager.post(
        "/api/v1/contracts/yokosuka/activation", json={"contract_date": "2026-05-11"}
    )
    after = await manager.get("/api/v1/contracts/yokosuka")
    begun = await stack.as_(Role.OPERATOR, "yokosuka").post(
        "/api/v1/contracts/yokosuka/visits", json=visit
    )

    assert (False, None) == (before.json()["active"], before.json()["contract_date"])
    assert (409, "ContractDateMissing") == (refused.status_code, refused.json()["code"])
    assert 422 == without.status_code
    assert 201 == entered.status_code
    assert (True, "2026-05-11") == (after.json()["active"], after.json()["contract_date"])
    assert "ContractDateMissing" != begun.json().get("code")


@pytest.mark.req("OTA-02", "OTA-23", "OTA-24")
async def test_months_can_be_drawn_against_the_two_reference_years(stack: Stack) -> None:
    """
    14,000 + 5,000 = 19,000 and 15,000 + 11,000 = 26,000 stand in the contract itself.
    """
    lot = work.small_lot(12, seed=2, faults={MatchResult.MOVED_OUT: 1})
    await work.take_over(stack, lot)

    answer = await stack.as_(Role.OFFICIAL).get("/api/v1/contracts/ota/volumes", **TERM)
    found = answer.json()

    lines = {each["label"]: each for each in found["references"]}
    assert {"令和5年度": 19000, "令和6年度": 26000} == {k: v["cards"] for k, v in lines.items()}
    assert [(14000, 5000), (15000, 11000)] == [
        (each["notices"], each["mailed"]) for each in lines.values()
    ]
    assert all(v["notices"] + v["mailed"] == v["cards"] for v in lines.values())
    assert ["2026-04", "2027-03"] == [found["months"][0]["month"], found["months"][-1]["month"]]
    drawn = {each["month"]: each["cards"] for each in found["months"] if each["cards"]}
    assert {"2026-11": 12} == drawn


@pytest.mark.req("OTA-02")
async def test_a_notice_counts_in_the_month_it_was_made(stack: Stack) -> None:
    """
    The chart of a month must not move when a card of it is worked on later.
    """
    lot = await work.take_over(stack, work.small_lot(3, seed=5))
    async with stack.staffed():
        await work.bulk(stack, lot["case_id"], "record_pre_issue_setup", terminal="T-01")
        made = await work.bulk(stack, lot["case_id"], "make_notice")
    today = stack.clock().date()

    answer = await stack.as_(Role.CLERK).get(
        "/api/v1/contracts/ota/volumes",
        **{"from": today.isoformat(), "to": today.isoformat()},
    )

    (month,) = answer.json()["months"]
    assert (f"{today:%Y-%m}", made["cards"]) == (month["month"], month["notices"])


@pytest.mark.req("OTA-03")
async def test_a_place_is_added_for_some_days_and_only_then_staffed(stack: Stack) -> None:
    """
    「その他指定場所」 is agreed on with its days; a desk there counts only on them.
    """
    manager, clerk = stack.as_(Role.SITE_MANAGER), stack.as_(Role.CLERK)
    place = {
        "name": "見本公民館",
        "from_day": "2026-09-24",
        "to_day": "2026-09-25",
        "agreement": "2026-09-01 協議",
    }
    answers = [
        await manager.post("/api/v1/contracts/ota/sites", key="place", json=place)
        for _ in range(2)
    ]
    other = await manager.post(
        "/api/v1/contracts/ota/sites", key="place", json=place | {"name": "別の場所"}
    )
    backwards = await manager.post(
        "/api/v1/contracts/ota/sites", json=place | {"to_day": "2026-09-23"}
    )
    contract = (await manager.get("/api/v1/contracts/ota")).json()
    site = answers[0].json()["site_id"]

    statuses = []
    for day in (24, 28):
        stack.clock.now = at("08:10", date(2026, 9, day))
        checked = await clerk.post(
            "/api/v1/contracts/ota/check-ins", json={"site": site, "desk": "1"}
        )
        statuses.append(checked.status_code)

    assert [201, 201] == [answer.status_code for answer in answers]
    assert answers[0].json() == answers[1].json()
    assert (422, "KeyUsedOtherwise") == (other.status_code, other.json()["code"])
    assert 422 == backwards.status_code
    assert [("見本公民館", "2026-09-24", "2026-09-25")] == [
        (added["name"], added["from_day"], added["to_day"]) for added in contract["added_sites"]
    ]
    assert [201, 422] == statuses


@pytest.mark.req("OTA-04")
async def test_the_counter_is_open_241_days_and_closed_on_the_named_ones(
    stack: Stack,
) -> None:
    """
    Holidays, the substitute and the sandwiched day, and the year's end.
    """
    answer = await stack.as_(Role.OPERATOR).get(
        "/api/v1/contracts/ota/calendars/counter", **TERM
    )
    found = answer.json()
    days = {day["day"]: day for day in found["days"]}
    named = ("2026-09-22", "2027-03-22", "2026-12-29")

    assert 241 == found["open_days"]
    assert [False] * 3 == [days[day]["open"] for day in named]
    assert all(days[day]["why"] for day in named)
    ready = days["2026-09-24"]
    assert ("08:20", "08:30", "17:15") == (
        ready["ready_by"],
        ready["opens"],
        ready["closes"],
    )


@pytest.mark.req("OTA-05")
@pytest.mark.parametrize(
    ("clock", "status"),
    [("08:29:59", 409), ("08:30:00", 201), ("17:15:00", 201), ("17:16:00", 409)],
)
async def test_visitors_are_received_from_half_past_eight_to_quarter_past_five(
    stack: Stack, clock: str, status: int
) -> None:
    """
    The edges of the opening hours, on the clock of the counter.
    """
    stack.clock.now = at(clock)

    answer = await stack.as_(Role.OPERATOR).post(
        "/api/v1/contracts/ota/visits", json={"procedure": "card_delivery"}
    )

    assert status == answer.status_code
    if status == 409:
        assert "ReceptionClosed" == answer.json()["code"]


@pytest.mark.req("OTA-06")
async def test_a_desk_that_reports_at_8_21_is_recorded_as_late(stack: Stack) -> None:
    """
    Ready at 8:20; the doors open at 8:30. The first report of a desk on a day counts.
    """
    path = "/api/v1/contracts/ota/check-ins"
    reports: list[dict[str, Any]] = []
    for clock, desk in (("08:20:59", "1"), ("08:21:00", "2"), ("08:25:00", "1")):
        stack.clock.now = at(clock)
        answer = await stack.as_(Role.OPERATOR).post(
            path, json={"site": "city_hall", "desk": desk}
        )
        assert 201 == answer.status_code, answer.text
        reports.append(answer.json())
    stack.clock.now = at("08:21:00", DAY + timedelta(days=2))
    closed = await stack.as_(Role.OPERATOR).post(path, json={"site": "city_hall", "desk": "1"})
    days = {"from": "2026-09-24", "to": "2026-09-26"}
    violations = await stack.as_(Role.OFFICIAL).get(path, **days, late=True)

    assert [("1", False), ("2", True), ("1", False)] == [
        (r["desk"], r["late"]) for r in reports
    ]
    assert reports[0] == reports[2]
    assert ("08:20", None) == (reports[0]["ready_by"], closed.json()["late"])
    assert ["2"] == [each["desk"] for each in violations.json()["items"]]


async def test_a_storm_closes_the_counter_at_once_and_one_key_enters_it_once(
    stack: Stack,
) -> None:
    """
    Two closures sent with one key were one, and the second was lost without a word.
    """
    stack.clock.now = at("13:00")
    official = stack.as_(Role.OFFICIAL)
    storm = {"calendar": "counter", "day": "2026-09-24", "cause": "台風による暴風警報"}

    entered = await official.post("/api/v1/contracts/ota/closures", key="storm", json=storm)
    again = await official.post("/api/v1/contracts/ota/closures", key="storm", json=storm)
    other = await official.post(
        "/api/v1/contracts/ota/closures", key="storm", json=storm | {"day": "2026-09-25"}
    )
    colleague = await stack.as_(Role.SITE_MANAGER).post(
        "/api/v1/contracts/ota/closures", key="storm", json=storm | {"day": "2026-09-28"}
    )
    visit = await stack.as_(Role.OPERATOR).post(
        "/api/v1/contracts/ota/visits", json={"procedure": "card_delivery"}
    )
    days = await official.get(
        "/api/v1/contracts/ota/calendars/counter", **{"from": "2026-09-24", "to": "2026-09-28"}
    )

    assert entered.json() == again.json()
    assert (422, "KeyUsedOtherwise") == (other.status_code, other.json()["code"])
    assert 201 == colleague.status_code
    assert 409 == visit.status_code
    assert ["2026-09-25"] == [day["day"] for day in days.json()["days"] if day["open"]]
