"""A day is closed under those who had booked it: all are found, none is dropped."""

from typing import Any

import pytest
from sqlalchemy import text

from domain.parties import Role
from store import displacing
from store.reservation_lists import waiting
from store.scope import scope
from tests.bookings import centre
from tests.stack import Stack


async def close(stack: Stack, **part: Any) -> dict[str, Any]:
    body = {"calendar": "centre", "day": str(centre.DAY), "cause": "システムの保守", **part}
    answer = await centre.official(stack).post(f"{centre.API}/closures", json=body)
    assert 201 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


def to_be_called(stack: Stack) -> list[tuple[str, str]]:
    with scope(stack.engine, centre.CITY) as connection:
        lines = waiting(connection, centre.CITY, centre.CITY)
    return [(line.case_id, line.stage) for line in lines if line.stage == "displaced"]


@pytest.mark.req("YOKOSUKA-10")
async def test_closing_a_day_with_three_bookings_leaves_the_city_three_people_to_call(
    stack: Stack,
) -> None:
    """
    Extra closures may come at any time; the calls are the city's.
    """
    centre.prepare(stack)
    booked = [await centre.book(stack, centre.at(hour)) for hour in (10, 13, 17)]
    elsewhere = await centre.book(stack, centre.at(10, day=centre.DAY.replace(day=28)))

    told = await close(stack)

    assert 3 == told["displaced"]
    assert [(each["case_id"], "displaced") for each in booked] == to_be_called(stack)
    official = centre.official(stack)
    for each in booked:
        file = await official.case(each["case_id"])
        assert Role.OFFICIAL == file["owner"]
        offered = {action["action"] for action in file["actions"]}
        assert {"record_contact_attempt", "cancel_reservation"} <= offered
    assert "confirmed" == await centre.stage(stack, elsewhere)
    refused = await centre.hold(official, centre.at(12))
    assert "SlotClosed" == refused.json()["code"]


@pytest.mark.req("YOKOSUKA-10")
async def test_a_closure_of_a_part_of_the_day_displaces_only_who_comes_then(
    stack: Stack,
) -> None:
    """
    From 13:00 to 14:00 takes the slots of 12:30, 13:00 and 13:30: each loses a part of it.
    """
    centre.prepare(stack)
    before, cut, within, after = [
        await centre.book(stack, centre.at(hour, minute))
        for hour, minute in ((12, 0), (12, 30), (13, 30), (14, 0))
    ]

    told = await close(stack, starts="12:45", ends="14:00")

    assert 2 == told["displaced"]
    assert [cut["case_id"], within["case_id"]] == [case for case, _ in to_be_called(stack)]
    assert "confirmed" == await centre.stage(stack, before)
    assert "confirmed" == await centre.stage(stack, after)


@pytest.mark.req("YOKOSUKA-10")
async def test_a_closure_taken_back_lets_the_times_be_booked_again(stack: Stack) -> None:
    """
    Who was displaced is not dropped with it: they take a time again, their own if they like.
    """
    centre.prepare(stack)
    booked = await centre.book(stack, centre.at(13))
    closed = await close(stack)
    assert (0, "closed") == await centre.free(stack, centre.at(13))
    official = centre.official(stack)

    answer = await official.http.delete(
        f"{centre.API}/closures/{closed['closure_id']}",
        headers={"Authorization": f"Bearer {official.token}"},
    )

    assert {"withdrawn": True} == answer.json()
    assert (8, "free") == await centre.free(stack, centre.at(13))
    assert [(booked["case_id"], "displaced")] == to_be_called(stack)
    again = await official.post(
        f"{centre.API}/reservations/{booked['reservation_id']}/change",
        json={"starts_at": centre.at(13)},
    )
    assert 200 == again.status_code, again.text
    assert [] == to_be_called(stack)
    assert (7, "free") == await centre.free(stack, centre.at(13))


async def test_a_hold_that_loses_its_time_simply_ends(stack: Stack) -> None:
    """
    Nobody was promised anything, so nobody has to be called.
    """
    centre.prepare(stack)
    held = await centre.hold(centre.official(stack), centre.at(13))

    told = await close(stack)

    assert 0 == told["displaced"]
    assert "lapsed" == await centre.stage(stack, held.json())
    assert [] == to_be_called(stack)


async def test_who_asks_again_with_the_key_is_told_the_same(stack: Stack) -> None:
    """
    A lost answer closes nothing twice.
    """
    centre.prepare(stack)
    await centre.book(stack, centre.at(13))
    body = {"calendar": "centre", "day": str(centre.DAY), "cause": "台風"}
    official = centre.official(stack)

    first, again = [
        await official.post(f"{centre.API}/closures", key="storm", json=body) for _ in range(2)
    ]

    assert 1 == first.json()["displaced"]
    assert first.json() == again.json()


async def test_what_a_crash_left_undone_the_relay_does(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Between the closure and the displacing the process may die; the closure tells the relay.
    """
    centre.prepare(stack)
    booked = await centre.book(stack, centre.at(13))
    await stack.relay().hand_over()

    def die(*_: object, **__: object) -> None:
        raise SystemError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(displacing, "displace", die)
        body = {"calendar": "centre", "day": str(centre.DAY), "cause": "台風"}
        answer = await centre.official(stack).post(f"{centre.API}/closures", json=body)
    assert 500 == answer.status_code
    # The control: nobody has displaced anybody yet, and nothing can be booked.
    assert "confirmed" == await centre.stage(stack, booked)
    assert (0, "closed") == await centre.free(stack, centre.at(13))

    await stack.relay().hand_over()

    assert [(booked["case_id"], "displaced")] == to_be_called(stack)
    events = await centre.official(stack).timeline(booked["case_id"])
    assert "reservation_displaced" == events[-1]["action"]
    assert Role.OFFICIAL == events[-1]["role"]


async def test_places_and_bookings_agree_after_a_storm(stack: Stack) -> None:
    """
    What was displaced takes no place any more, in its slot or on its day.
    """
    centre.prepare(stack)
    for hour in (10, 13, 17):
        await centre.book(stack, centre.at(hour), people=2)
    await close(stack, starts="13:00", ends="14:00")

    with scope(stack.engine, centre.CITY) as connection:
        sums = [
            connection.execute(text(f"SELECT sum(taken) FROM {table}")).scalar_one()
            for table in ("booking_slot", "booking_day")
        ]

    assert [4, 4] == sums
