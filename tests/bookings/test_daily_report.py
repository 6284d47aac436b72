"""Chiba's daily report: three parts of a day with a venue, two of any other; corrections."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from activities.day_close import DayCloser
from domain.calendars.hours import TOKYO, Closure
from domain.parties import Role
from store import contract_state, venue_days
from store.contract_state import AddedClosure
from store.scope import scope
from tests.activities.pdf_reading import texts
from tests.bookings import venue
from tests.bookings.recipient import agree
from tests.stack import Caller, Stack

API = f"/api/v1/contracts/{venue.CITY}"
REPORTS = f"{API}/reports"
FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = (date(2022, 10, day) for day in range(7, 12))
"""The Monday is a holiday."""

LATER = date(2022, 11, 12)
"""A Saturday of its own: the id of a course follows from the day."""


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment in Tokyo."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)


def close(stack: Stack, now: datetime) -> int:
    """Look at the end of days; return how many were closed."""
    stack.clock.now = now
    return DayCloser(stack.engine, stack.keys, stack.book, clock=lambda: now).look()


async def reports(caller: Caller, month: str = "2022-10") -> dict[str, dict[str, Any]]:
    """Return the first versions of a month's reports, by day."""
    answer = await caller.get(REPORTS, month=month)
    assert 200 == answer.status_code, answer.text
    return {each["day"]: each for each in answer.json()["items"] if each["version"] == 1}


async def ask(stack: Stack, channel: str = "phone") -> None:
    """Record a question that was answered at once."""
    body = {"category": "venue", "channel": channel, "outcome": "answered"}
    asked = await stack.as_(Role.CALL_AGENT, venue.CITY).post(f"{API}/inquiries", json=body)
    assert 201 == asked.status_code, asked.text


async def walk_in(stack: Stack) -> None:
    """Receive somebody without a booking."""
    visit = await stack.as_(Role.OPERATOR, venue.CITY).post(
        f"{API}/visits",
        json={"procedure": "application_reception", "channel": "application_window"}
        | {"answers": {"licence_on_card": False}},
    )
    assert 201 == visit.status_code, visit.text


async def arrive(stack: Stack, booked: dict[str, Any]) -> None:
    """Record that the people of a booking are here."""
    visit = await stack.as_(Role.OPERATOR, venue.CITY).post(
        f"{API}/visits",
        json={"procedure": "application_reception", "channel": "application_window"}
        | {"answers": {"licence_on_card": False}, "reservation": booked["case_number"]},
    )
    assert 201 == visit.status_code, visit.text


def withdraw(stack: Stack, day: date) -> None:
    """Take a venue day back."""
    assert stack.clock.now is not None
    with scope(stack.engine, venue.CITY) as connection:
        venue_days.withdraw(
            connection, venue.CITY, venue.CITY, venue.SITE, day,
            cause="台風", by="system", at=stack.clock.now,
        )  # fmt: skip


def numbers(report: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a report counts."""
    names = ("received", "bookings", "changes", "others", "visitors")
    return tuple(report[name] for name in names)


@pytest.mark.req("CHIBA-67")
async def test_a_day_without_a_venue_has_two_parts_and_one_with_a_venue_three(
    stack: Stack,
) -> None:
    """
    Each day of a weekend has a report of its own, due at 15:00 on the next business day.
    """
    venue.prepare(stack, SATURDAY, SUNDAY, now=at(FRIDAY, 9))
    family = await venue.book(stack, people=3, starts_at=venue.at(10, day=SATURDAY))
    given_up = await venue.book(stack, starts_at=venue.at(14, day=SATURDAY))
    later = {"venue": venue.SITE, "starts_at": venue.at(15, day=SATURDAY)}
    moved = await venue.step(stack, given_up, "change", later)
    await venue.step(stack, moved.json(), "cancel")
    held = await venue.hold(stack, venue.wanted(11, starts_at=venue.at(11, day=SATURDAY)))
    await venue.step(stack, held.json(), "cancel")
    for channel in ("phone", "phone", "mail"):
        await ask(stack, channel)
    stack.clock.now = at(SATURDAY, 10, 5)
    await arrive(stack, family)
    await walk_in(stack)

    early = close(stack, at(SATURDAY, 23, 59))
    made = close(stack, at(MONDAY, 0))
    found = await reports(stack.as_(Role.OFFICIAL, venue.CITY))

    assert (1, 2) == (early, made)
    due = at(TUESDAY, 15).isoformat()
    two, three = ["list", "inquiries"], ["list", "inquiries", "visitors"]
    assert {
        "2022-10-07": (two, due),
        "2022-10-08": (three, due),
        "2022-10-09": (three, due),
    } == {day: (each["parts"], each["due_at"]) for day, each in found.items()}
    assert (2, 2, 2, 3, None) == numbers(found["2022-10-07"])
    assert (0, 0, 0, 0, 4) == numbers(found["2022-10-08"])
    assert (0, 0, 0, 0, 0) == numbers(found["2022-10-09"])


async def test_days_off_are_counted_with_the_operating_day_after_them(stack: Stack) -> None:
    """
    What was booked at a weekend, or in the last minute of a day, is counted once.
    """
    venue.prepare(stack, date(2022, 10, 14), now=at(FRIDAY, 9))
    for moment in (at(FRIDAY, 23, 59), at(SATURDAY, 0), at(MONDAY, 12), at(TUESDAY, 9)):
        stack.clock.now = moment
        await venue.book(
            stack,
            starts_at=venue.at(14, day=date(2022, 10, 14)),
            applicant=venue.PERSON | {"phone": f"043-245-51{moment.day:02}"},
        )
    close(stack, at(TUESDAY + timedelta(days=1), 0))

    found = await reports(stack.as_(Role.SITE_MANAGER, venue.CITY))

    assert {"2022-10-07": ("2022-10-07", 1), "2022-10-11": ("2022-10-08", 3)} == {
        day: (each["since"], each["bookings"]) for day, each in found.items()
    }


async def test_a_venue_given_up_after_people_came_was_held(stack: Stack) -> None:
    """
    One given up before anybody came was not, and a day on which nobody worked owes nothing.
    """
    venue.prepare(stack, SATURDAY, SUNDAY, TUESDAY, now=at(SATURDAY, 9))
    stack.clock.now = at(SATURDAY, 11)
    await walk_in(stack)
    storm = AddedClosure(
        closure_id="storm", calendar="venue", added_by="system", added_at=stack.clock.now,
        closure=Closure(day=SUNDAY, cause="台風"), withdrawn_at=None,
    )  # fmt: skip
    with scope(stack.engine, venue.CITY) as connection:
        contract_state.add_closure(connection, venue.CITY, venue.CITY, storm)
    withdraw(stack, SATURDAY)
    withdraw(stack, TUESDAY)
    close(stack, at(TUESDAY + timedelta(days=1), 0))

    found = await reports(stack.as_(Role.SITE_MANAGER, venue.CITY))

    assert {"2022-10-08": 1, "2022-10-11": None} == {
        day: each["visitors"] for day, each in found.items()
    }


async def test_what_was_sent_stays_and_a_correction_is_another_version(stack: Stack) -> None:
    """
    With its reason, made once, looked at before it goes; nothing of it names anybody.
    """
    venue.prepare(stack, LATER, now=at(LATER, 9))
    await venue.book(stack, starts_at=venue.at(10, day=LATER))
    close(stack, at(LATER + timedelta(days=1), 0))
    await agree(stack)
    manager = stack.as_(Role.SITE_MANAGER, venue.CITY)
    first = (await reports(manager, "2022-11"))[LATER.isoformat()]["case_id"]
    why = {"reason": "会場を開かなかった"}
    async with stack.staffed():
        too_early = await manager.post(f"{REPORTS}/{first}/versions", json=why)
        await manager.act(first, "make_list_file")
        await manager.act(first, "record_list_delivery", means="medium")
        withdraw(stack, LATER)
        opened = await manager.post(f"{REPORTS}/{first}/versions", key="k", json=why)
        again = await manager.post(f"{REPORTS}/{first}/versions", key="k", json=why)
        third = await manager.post(f"{REPORTS}/{first}/versions", json=why)
    second = opened.json()["case_id"]
    listed = (await manager.get(REPORTS, month="2022-11")).json()["items"]
    as_sent = (await manager.get(f"{REPORTS}/{first}/json")).json()
    (corrected,) = texts((await manager.get(f"{REPORTS}/{second}/pdf")).content)
    shown = await stack.http.get(
        "/daily-reports?month=2022-11",
        headers={"Authorization": f"Bearer {manager.token}", "Accept": "text/html"},
    )

    assert ("WrongStage", 201, "WrongStage") == (
        too_early.json()["code"],
        opened.status_code,
        third.json()["code"],
    )
    assert opened.json() == again.json()
    assert [(second, 2, 2, None), (first, 1, 3, "medium")] == [
        (each["case_id"], each["version"], len(each["parts"]), each["means"]) for each in listed
    ]
    assert all(word in shown.text for word in ("第2版", "未送付 1件", "該当なし"))
    assert (3, 0, "sent") == (len(as_sent["parts"]), as_sent["visitors"], as_sent["stage"])
    assert "来場者数0→該当なし" in corrected
    assert not any(name in corrected for name in ("ハナコ", "043-245"))
