"""Booking a place: what one gets, what is refused, and that nothing is counted twice."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from domain.calendars.hours import TOKYO
from domain.parties import Role
from store import guidance
from store.integrity import verify
from store.scope import scope
from tests.bookings import venue
from tests.stack import Stack


@pytest.mark.req("CHIBA-12")
async def test_a_resident_books_at_three_on_a_sunday_without_an_account(stack: Stack) -> None:
    """
    The booking site is open day and night, and needs nobody who is at work.
    """
    venue.prepare(stack, now=datetime(2022, 7, 3, 3, 0, tzinfo=TOKYO))

    held = await venue.hold(stack, venue.wanted(14, people=2))

    assert 201 == held.status_code, held.text
    assert "held" == held.json()["stage"]
    assert "2022-07-03T03:10:00+09:00" == held.json()["held_until"]
    confirmed = await venue.step(stack, held.json(), "confirm")
    assert 200 == confirmed.status_code, confirmed.text
    assert "confirmed" == confirmed.json()["stage"]
    assert {"slots": 2, "days": 2, "people": 2} == venue.counted(stack)


async def test_numbers_that_were_drawn_ahead_look_like_no_lost_case(
    stack: Stack,
) -> None:
    """
    A server keeps numbers at hand; a case that somebody removed is missed all the same.
    """
    venue.prepare(stack)
    for _ in range(2):
        await venue.book(stack, 13)

    whole = await asyncio.to_thread(verify, stack.engine, venue.CITY)
    with scope(stack.engine, venue.CITY) as connection:
        one = "SELECT max(case_number) FROM drawn_number"
        connection.execute(text(f"DELETE FROM drawn_number WHERE case_number = ({one})"))
    gap = await asyncio.to_thread(verify, stack.engine, venue.CITY)

    assert () == whole.breaks
    assert [("reservation/2022", 1)] == [(each.case_id, each.seq) for each in gap.breaks]


@pytest.mark.req("CHIBA-26")
async def test_each_person_of_a_party_takes_a_place(stack: Stack) -> None:
    """
    Three who come together are three applications to be received.
    """
    venue.prepare(stack)
    assert 12 == await venue.free(stack, 13)

    await venue.book(stack, 13, people=3)

    assert 9 == await venue.free(stack, 13)


async def test_the_81st_of_a_day_is_refused_though_the_hour_has_room(stack: Stack) -> None:
    """
    Twelve an hour for seven hours are 84, and the day has 80.
    """
    venue.prepare(stack)
    clerk = stack.as_(Role.CALL_AGENT, venue.CITY)
    for hour in range(13, 20):
        for _ in range(2):
            room = 6 if hour < 19 else 4
            answer = await clerk.post(
                f"/api/v1/contracts/{venue.CITY}/reservations",
                json=venue.wanted(hour, people=room, applicant=None),
            )
            assert 201 == answer.status_code, answer.text
    assert 80 == venue.counted(stack)["slots"]

    refused = await venue.hold(stack, venue.wanted(19))

    assert 409 == refused.status_code
    assert "FullyBooked" == refused.json()["code"]
    assert 0 == await venue.free(stack, 19)
    assert 80 == venue.counted(stack)["days"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reissue": True}, "ReissueRefused"),
        ({"reissue": None}, "ReissueRefused"),
        ({"line": "delivery"}, "NotBookable"),
        ({"line": "no-such"}, "UnknownLine"),
        ({"venue": "elsewhere"}, "SlotUnknown"),
        ({"venue": None}, "SlotUnknown"),
        ({"people": 7, "applicant": None}, "PartyTooLarge"),
        ({"starts_at": venue.at(12)}, "SlotUnknown"),
        ({"starts_at": venue.at(13, 30)}, "SlotUnknown"),
        ({"applicant": venue.PERSON | {"kana": ""}}, "FormRefused"),
    ],
)
@pytest.mark.req("CHIBA-25", "CHIBA-26")
async def test_what_cannot_be_booked_is_refused_and_takes_no_place(
    stack: Stack, change: dict[str, object], code: str
) -> None:
    """
    A refusal says why, and leaves the count as it was.
    """
    venue.prepare(stack)
    assert 12 == await venue.free(stack, 13)

    refused = await venue.hold(stack, venue.wanted(13) | change)

    assert code == refused.json()["code"], refused.text
    assert {"slots": 0, "days": 0, "people": 0} == venue.counted(stack)


@pytest.mark.req("CHIBA-21")
async def test_booking_opens_thirty_days_before_at_midnight(stack: Stack) -> None:
    """
    The first of August can be booked from the second of July on, not a second earlier.
    """
    midnight = datetime(2022, 7, 2, 0, 0, tzinfo=TOKYO)
    venue.prepare(stack, now=midnight - timedelta(seconds=1))
    early = await venue.hold(stack, venue.wanted(13))
    assert "OutsideBookingWindow" == early.json()["code"]
    assert await venue.free(stack, 13) is None

    stack.clock.now = midnight

    assert 201 == (await venue.hold(stack, venue.wanted(13))).status_code


@pytest.mark.parametrize(
    ("seconds", "code"), [(-1, None), (0, "HoldExpired"), (1, "HoldExpired")]
)
async def test_a_hold_can_be_confirmed_until_its_end_and_no_longer(
    stack: Stack, seconds: int, code: str | None
) -> None:
    """
    At the end of the hold the place belongs to whoever asks next.
    """
    venue.prepare(stack)
    held = (await venue.hold(stack, venue.wanted(13))).json()
    stack.clock.now = datetime.fromisoformat(held["held_until"]) + timedelta(seconds=seconds)

    answer = await venue.step(stack, held, "confirm")

    assert code == answer.json().get("code"), answer.text


async def test_asking_again_with_the_key_gives_the_first_answer(stack: Stack) -> None:
    """
    A lost answer costs no second place.
    """
    venue.prepare(stack)
    first = await venue.hold(stack, venue.wanted(13), key="once-and-for-all")
    again = await venue.hold(stack, venue.wanted(13), key="once-and-for-all")
    other = await venue.hold(stack, venue.wanted(14), key="once-and-for-all")

    assert first.json() == again.json()
    assert "KeyUsedOtherwise" == other.json()["code"]
    assert 1 == venue.counted(stack)["slots"]


async def test_the_first_answer_is_given_again_whatever_has_happened_since(
    stack: Stack,
) -> None:
    """
    Who lost the answer hears it as it was, also when the time has passed.
    """
    venue.prepare(stack)
    first = await venue.hold(stack, venue.wanted(13), key="the-first-answer")
    confirmed = await venue.step(stack, first.json(), "confirm", key="confirming")
    stack.clock.now = datetime(2022, 8, 1, 13, 30, tzinfo=TOKYO)

    again = await venue.hold(stack, venue.wanted(13), key="the-first-answer")
    confirmed_again = await venue.step(stack, first.json(), "confirm", key="confirming")

    assert first.json() == again.json()
    assert confirmed.json() == confirmed_again.json()


async def test_a_move_keeps_the_old_place_until_the_new_one_is_had(stack: Stack) -> None:
    """
    Who asks for a full hour still has what they had.
    """
    venue.prepare(stack)
    booked = await venue.book(stack, 13)
    for _ in range(2):
        answer = await venue.hold(stack, venue.wanted(15, people=6, applicant=None))
        assert 201 == answer.status_code

    refused = await venue.step(
        stack, booked, "change", {"starts_at": venue.at(15), "venue": venue.SITE}
    )
    assert "FullyBooked" == refused.json()["code"]
    assert 11 == await venue.free(stack, 13)

    moved = await venue.step(
        stack, booked, "change", {"starts_at": venue.at(16), "venue": venue.SITE}
    )

    assert venue.at(16) == moved.json()["starts_at"]
    # The old place comes back after a delay, so that nobody can hand it on.
    assert 11 == await venue.free(stack, 13)
    assert 11 == await venue.free(stack, 16)
    old_link = await venue.step(stack, booked, "cancel")
    assert 410 == old_link.status_code
    assert 200 == (await venue.step(stack, moved.json(), "cancel")).status_code


async def test_another_residents_link_opens_nothing(stack: Stack) -> None:
    """
    A token is for one reservation; without one there is no way in.
    """
    venue.prepare(stack)
    one, other = [await venue.book(stack, hour) for hour in (13, 14)]

    crossed = await venue.step(stack, one | {"token": other["token"]}, "cancel")
    bare = await stack.http.get(
        f"/api/v1/contracts/{venue.CITY}/reservations/{one['reservation_id']}"
    )
    forged = await venue.step(stack, one | {"token": one["token"][:-2] + "AA"}, "cancel")

    assert [404, 401, 404] == [a.status_code for a in (crossed, bare, forged)]


async def test_residents_with_the_same_poor_key_are_kept_apart(stack: Stack) -> None:
    """
    Keys of residents belong to nobody's account; one must not get another's reservation.
    """
    venue.prepare(stack)
    held = [
        (await venue.hold(stack, venue.wanted(hour, applicant=None), key=f"{hour}")).json()
        for hour in (13, 14)
    ]
    body = {"applicant": venue.PERSON}

    confirmed = [await venue.step(stack, each, "confirm", body, key="1") for each in held]

    assert [200, 200] == [answer.status_code for answer in confirmed]
    assert 2 == len({answer.json()["reservation_id"] for answer in confirmed})


async def test_who_moves_to_another_venue_is_guided_anew(stack: Stack) -> None:
    """
    Another place has other directions; what was read on the screen is proof for that place.
    """
    other = "inage-hall"
    venue.prepare(stack)
    venue.prepare(stack, site=other)
    with scope(stack.engine, venue.CITY) as connection:
        for site in (venue.SITE, other):
            guidance.write(
                connection,
                venue.CITY,
                venue.CITY,
                site=site,
                language="ja",
                text=f"{site}の行き方",
                by="system",
                at=venue.NOON,
            )
    held = (await venue.hold(stack, venue.wanted(13))).json()
    read = {"guidance_version": f"{venue.SITE}/ja/1"}
    booked = (await venue.step(stack, held, "confirm", read)).json()
    moved_unread = await venue.step(
        stack, booked, "change", {"starts_at": venue.at(15), "venue": other}
    )
    moved_read = await venue.step(
        stack,
        moved_unread.json(),
        "change",
        {"starts_at": venue.at(16), "venue": other, "guidance_version": f"{other}/ja/1"},
    )

    assert [True, False, True] == [
        booked["guided"],
        moved_unread.json()["guided"],
        moved_read.json()["guided"],
    ]


@pytest.mark.req("CHIBA-08")
async def test_july_can_be_booked_in_june_before_any_window_has_opened(stack: Stack) -> None:
    """
    Booking starts a month before the venues, and thirty days before each day.
    """
    first_day = date(2022, 7, 4)
    venue.prepare(stack, first_day, now=datetime(2022, 6, 3, 23, 59, tzinfo=TOKYO))
    body = venue.wanted(14) | {"starts_at": venue.at(14, day=first_day)}
    early = await venue.hold(stack, body)
    stack.clock.now = datetime(2022, 6, 4, 9, 0, tzinfo=TOKYO)

    booked = await venue.hold(stack, body)

    assert "OutsideBookingWindow" == early.json()["code"]
    assert 201 == booked.status_code, booked.text
