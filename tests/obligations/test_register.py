"""The register of what contracts promise: opened once each, shown with its day and why."""

import threading
from datetime import date, datetime

import pytest

from activities.obligations import ObligationOpener
from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.bookings import venue
from tests.stack import Stack

REGISTER = "/api/v1/contracts/{}/obligations"
MAY = datetime(2022, 5, 23, 9, 0, tzinfo=TOKYO)


def opener(stack: Stack, now: datetime = MAY) -> ObligationOpener:
    """Return what opens cases, at a moment."""
    return ObligationOpener(stack.engine, stack.keys, stack.book, clock=lambda: now)


async def register(stack: Stack, city: str = venue.CITY) -> dict[str, dict[str, object]]:
    """Return the register of a city, by code, in its order."""
    answer = await stack.as_(Role.OFFICIAL, city).get(REGISTER.format(city))
    assert 200 == answer.status_code, answer.text
    return {item["code"]: item for item in answer.json()["items"]}


async def test_each_promise_is_opened_once_however_many_look(stack: Stack) -> None:
    """
    Nothing before the contract is signed; then one case each, also of two who look at once.
    """
    before = opener(stack).look_at(venue.CITY)
    stack.sign(venue.CITY, venue.SIGNED)
    made: list[int] = []
    both = [
        threading.Thread(target=lambda: made.append(opener(stack).look_at(venue.CITY)))
        for _ in range(2)
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert (0, 5, 0) == (before, sum(made), opener(stack).look_at(venue.CITY))
    lines = await register(stack)
    assert 5 == sum(line["case_id"] is not None for line in lines.values())


@pytest.mark.req("CHIBA-76", "CHIBA-77")
async def test_the_register_has_all_ten_lines_of_chibas_table(stack: Stack) -> None:
    """
    In its order, each with what kind of date it has; where clauses contradict each other,
    how they do and how they are read.
    """
    stack.sign(venue.CITY, venue.SIGNED)
    opener(stack).look_at(venue.CITY)

    lines = await register(stack)
    page = await stack.as_(Role.OPERATIONS_MANAGER, venue.CITY).get("/obligations")

    assert [
        ("work_plan", "relative"),
        ("privacy_officer_and_training_plan", "promptly"),
        ("offsite_work_request", "promptly"),
        ("minutes", "promptly"),
        ("site_proposal", "by_agreement"),
        ("manual_qa", "relative"),
        ("reservation_list", "recurring"),
        ("daily_report", "recurring"),
        ("monthly_report", "recurring"),
        ("final_report", "exact"),
    ] == [(code, line["due_type"]) for code, line in lines.items()]
    final = lines["final_report"]
    assert ("2023-03-31", True) == (str(final["due_at"])[:10], final["contractual"])
    for shown in (str(final["conflict"]), page.text):
        assert "委託業務完了後" in shown
        assert "暫定版" in shown
    assert "契約日 5月20日の翌日を1日目として14日目" in str(lines["work_plan"]["sentence"])
    assert "予約開始日が決まると期限が決まります" == lines["manual_qa"]["sentence"]
    assert ["WEB予約", "コールセンター"] == lines["manual_qa"]["holds"]


async def test_a_contract_with_its_own_first_day_needs_no_signature(stack: Stack) -> None:
    """
    Ageo's milestone stands in its file.
    """
    on = datetime(2026, 4, 1, 9, 0, tzinfo=TOKYO)

    made = opener(stack, on).look_at("ageo")

    go_live = (await register(stack, "ageo"))["go_live"]
    assert (3, "milestone", "owed") == (made, go_live["nature"], go_live["stage"])
    assert datetime(2026, 4, 2, 8, 30, tzinfo=TOKYO) == datetime.fromisoformat(
        str(go_live["due_at"])
    )


async def test_a_city_that_promised_nothing_yet_is_told_so(stack: Stack) -> None:
    """
    The page says what would stand there.
    """
    page = await stack.as_(Role.CLERK, "ota").get("/obligations")

    assert 200 == page.status_code
    assert date(2026, 4, 1).isoformat() not in page.text
