"""Rosters over HTTP and beside the worker: entered, replaced, missing, recorded once."""

import asyncio
import contextlib
import threading
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from activities.rosters import RosterWatch
from domain.calendars.hours import TOKYO
from domain.parties import Role
from store import people, rosters
from store.scope import scope
from tests.bookings import venue
from tests.stack import Stack, eventually

PHONE = "046-822-4000"


def path(city: str) -> str:
    """Return where the roster of a city is."""
    return f"/api/v1/contracts/{city}/roster"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment in Tokyo."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)


def begin(stack: Stack, city: str, signed: date, now: datetime) -> None:
    """Let the product come into use now; days before it are nobody's to judge."""
    stack.clock.now = now
    with scope(stack.engine, city) as connection:
        connection.execute(text("DELETE FROM contract_activation"))
    stack.sign(city, signed)


def looked(stack: Stack, city: str, now: datetime) -> int:
    """Look once, as a worker does that has just started; return how much was new."""
    watch = RosterWatch(stack.engine, stack.keys, stack.book, clock=lambda: now)
    return watch.look_at(city)


async def entered(
    stack: Stack, city: str, who: Role | None, first: date, last: date, **more: Any
) -> httpx.Response:
    """Enter the person of a role for some days, as the operations manager."""
    account = None if who is None else account_of(stack, city, who)
    body = {"first": str(first), "last": str(last), "account_id": account, "place": ""} | more
    return await stack.as_(Role.OPERATIONS_MANAGER, city).post(path(city), json=body)


def account_of(stack: Stack, city: str, role: Role) -> str:
    """Return the account of a role."""
    stack.as_(role, city)
    with scope(stack.engine, city) as connection:
        found = {each.role: each.account_id for each in people.accounts(connection)}
    return found[role]


async def days(
    stack: Stack, city: str, first: date, last: date
) -> dict[tuple[date, str, str], dict[str, Any]]:
    """Return the lines of some days, as the city reads them."""
    answer = await stack.as_(Role.OFFICIAL, city).get(
        path(city), **{"from": str(first), "to": str(last)}
    )
    assert 200 == answer.status_code, answer.text
    return {
        (date.fromisoformat(item["day"]), item["post"], item["place"]): item
        for item in answer.json()["items"]
    }


async def vacancies(stack: Stack, city: str) -> list[dict[str, Any]]:
    """Return the open incidents of vacancies."""
    answer = await stack.as_(Role.OFFICIAL, city).get(f"/api/v1/contracts/{city}/incidents")
    return [item for item in answer.json()["items"] if item["incident"] == "vacancy"]


@pytest.mark.req("YOKOSUKA-78")
async def test_a_wednesday_without_a_person_is_a_violation_and_a_saturday_is_not(
    stack: Stack,
) -> None:
    """
    Recorded once, as of half past eight, by whoever looks first, days later if need be.
    """
    tuesday, wednesday, saturday = (date(2026, 9, day) for day in (15, 16, 19))
    begin(stack, "yokosuka", date(2026, 5, 11), at(tuesday, 7))
    more = {"post": "city_contact", "telephone": PHONE, "weekdays": [0, 1, 3, 4]}
    done = await entered(stack, "yokosuka", Role.CLERK, tuesday, saturday, **more)

    new = [looked(stack, "yokosuka", at(saturday, 12)) for _ in range(2)]
    stack.clock.now = at(saturday, 12)
    late = await entered(
        stack, "yokosuka", Role.CLERK, wednesday, wednesday, **more | {"weekdays": None}
    )
    found = await days(stack, "yokosuka", tuesday, saturday + timedelta(days=1))

    assert (201, {"days": 3}, [1, 0]) == (done.status_code, done.json(), new)
    assert (409, "DutyOver") == (late.status_code, late.json()["code"])
    assert {
        tuesday: None,
        wednesday: "2026-09-16T08:30:00+09:00",
        date(2026, 9, 17): None,
        date(2026, 9, 18): None,
    } == {day: item["violated_from"] for (day, _, _), item in found.items()}
    thursday = found[date(2026, 9, 17), "city_contact", ""]
    assert (False, PHONE) == (thursday["vacant"], thursday["telephone"])
    with (
        pytest.raises(Exception, match="permission denied"),
        scope(stack.engine, "yokosuka") as connection,
    ):
        connection.execute(text("DELETE FROM roster_violation"))


@pytest.mark.req("CHIBA-62")
async def test_chiba_is_led_by_two_persons_and_has_one_at_every_place(stack: Stack) -> None:
    """
    The same person in both is refused and nothing is entered; each place that lacks one is
    told some days before, and is a violation when its day begins.
    """
    day = venue.DAY
    friday = day - timedelta(days=3)
    venue.prepare(stack, now=at(friday, 18))
    places = ("call_centre", f"venue/{venue.SITE}")
    overall = await entered(
        stack, "chiba", Role.OPERATIONS_MANAGER, day, day, post="overall_manager"
    )
    refused = [
        await entered(
            stack, "chiba", who, day, day, post=post, place=place, reason="shift_change"
        )
        for who, post, place in (
            (Role.OPERATIONS_MANAGER, "responsible_person", places[0]),
            (Role.OPERATIONS_MANAGER, "responsible_person", places[1]),
        )
    ]
    await entered(
        stack, "chiba", Role.SITE_MANAGER, day, day, post="responsible_person", place=places[0]
    )
    turned = await entered(
        stack, "chiba", Role.SITE_MANAGER, day, day, post="overall_manager", reason="other"
    )
    told = looked(stack, "chiba", at(friday, 18))
    (incident,) = await vacancies(stack, "chiba")
    begun = [looked(stack, "chiba", at(day, *time)) for time in ((12, 29), (12, 30), (20, 0))]
    found = await days(stack, "chiba", day, day)

    assert (201, 1) == (overall.status_code, told)
    assert {(409, "SamePersonTwice")} == {
        (each.status_code, each.json()["code"]) for each in (*refused, turned)
    }
    assert "8月1日（月）の業務責任者（中央モール）" == incident["thing_text"]
    assert "2022-07-31T23:59:59+09:00" == incident["due_at"]
    assert [2, 1, 0] == begun, "the next days are near by then"
    assert {
        ("overall_manager", ""): (False, None),
        ("responsible_person", places[0]): (False, None),
        ("responsible_person", places[1]): (True, "2022-08-01T12:30:00+09:00"),
    } == {key[1:]: (item["vacant"], item["violated_from"]) for key, item in found.items()}


@pytest.mark.req("OTA-47")
async def test_a_day_without_otas_responsible_person_is_told_before_and_ends_when_filled(
    stack: Stack,
) -> None:
    """
    A vacancy that is near is one incident, consulted on with the city; whoever is entered
    ends it. Taken off again it is another one, and a violation from that moment on.
    """
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    begin(stack, "ota", date(2026, 4, 1), at(friday, 7))
    more = {"post": "responsible_person"}
    async with stack.staffed():
        await entered(stack, "ota", Role.OPERATIONS_MANAGER, friday, friday, **more)
        new = [looked(stack, "ota", at(friday, 8, minute)) for minute in (0, 1)]
        (first,) = await vacancies(stack, "ota")
        await eventually(
            lambda: vacancies(stack, "ota"), lambda found: bool(found[0]["consultation"])
        )
        await entered(stack, "ota", Role.SITE_MANAGER, monday, monday, **more)
        looked(stack, "ota", at(friday, 8, 2))
        manager = stack.as_(Role.SITE_MANAGER)
        after = await manager.case(first["case_id"])
        events = [event["action"] for event in await manager.timeline(first["case_id"])]
        stack.clock.now = at(monday, 11)
        silent = await entered(stack, "ota", None, monday, monday, **more)
        off = await entered(stack, "ota", None, monday, monday, **more, reason="absence")
        again = looked(stack, "ota", at(monday, 11, 1))
        found = (await days(stack, "ota", monday, monday))[monday, "responsible_person", ""]

    assert ([1, 0], "site_manager") == (new, first["owner"])
    assert "11月30日（月）の業務責任者" == first["thing_text"]
    assert ("filled", True) == (after["stage"], after["closed_at"] is not None)
    assert ["incident_reported", "consultation_needed", "fill_vacancy"] == events
    assert ("ReasonMissing", {"days": 1}, 2) == (silent.json()["code"], off.json(), again)
    assert (True, "2026-11-30T11:00:00+09:00") == (found["vacant"], found["violated_from"])
    assert [("", "急な不在")] == [
        (each["name"], each["reason_text"]) for each in found["history"][1:]
    ]


async def test_what_the_contract_does_not_have_cannot_be_entered(stack: Stack) -> None:
    """
    A contract without posts says so; nobody of the city is entered, and no wrong number.
    """
    tuesday = date(2026, 9, 15)
    begin(stack, "yokosuka", date(2026, 5, 11), at(tuesday, 7))
    more = {"post": "city_contact", "telephone": PHONE}
    no_post = await entered(stack, "ageo", Role.CLERK, tuesday, tuesday, post="any")
    official = await entered(stack, "yokosuka", Role.OFFICIAL, tuesday, tuesday, **more)
    number = await entered(
        stack, "yokosuka", Role.CLERK, tuesday, tuesday, **more | {"telephone": "12345"}
    )
    turned = await entered(stack, "yokosuka", Role.CLERK, tuesday, date(2026, 9, 1), **more)
    page = await stack.as_(Role.CLERK, "ageo").get("/roster")
    silent = await stack.as_(Role.CLERK, "ageo").get(
        path("ageo"), **{"from": str(tuesday), "to": str(tuesday)}
    )

    assert {(422, "FieldMissing")} == {
        (each.status_code, each.json()["code"]) for each in (no_post, official, number, turned)
    }
    assert "この契約では「当番と責任者」を扱いません" in page.text
    assert ([], [], []) == tuple(silent.json()[key] for key in ("posts", "items", "people"))


@pytest.mark.parametrize(
    ("locked", "expected"),
    [(True, [201, 409]), (False, [201, 201])],
    ids=["as it is", "control: without the lock"],
)
async def test_of_two_who_enter_the_same_person_at_once_one_is_refused(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, locked: bool, expected: list[int]
) -> None:
    """
    Both have looked before either has written, if nothing makes one of them wait.
    """
    both, real = threading.Barrier(2), rosters.enter

    def together(*given: Any) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.3)
        real(*given)

    venue.prepare(stack, now=at(venue.DAY, 7))
    account_of(stack, "chiba", Role.OPERATIONS_MANAGER)
    monkeypatch.setattr(rosters, "enter", together)
    if not locked:
        monkeypatch.setattr(rosters, "lock", lambda *_: None)

    answers = await asyncio.gather(
        *(
            entered(
                stack,
                "chiba",
                Role.OPERATIONS_MANAGER,
                venue.DAY,
                venue.DAY,
                post=post,
                place=place,
            )
            for post, place in (
                ("overall_manager", ""),
                ("responsible_person", "call_centre"),
            )
        )
    )

    assert expected == sorted(answer.status_code for answer in answers)
