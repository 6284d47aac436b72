"""The city's own work in Yokosuka, over HTTP: fees, papers, letters, cards of the day."""

from typing import Any

import httpx
import pytest

from api.access.door import now_in_tokyo
from domain.case import CaseKind
from domain.parties import Role
from tests.bookings import centre
from tests.stack import Caller, Stack, eventually
from tests.visits.at_window import DELIVERY, FRIDAY, begin, official, receive, staff, take

PATH = "/api/v1/contracts/yokosuka/city-records"
PROVIDER = [role for role in Role if role.party.value == "provider"]


async def record(caller: Caller, what: str, **more: Any) -> str:
    """Begin a record."""
    answer = await caller.post(PATH, json={"what": what, **more})
    assert 201 == answer.status_code, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


async def forged(stack: Stack, case_id: str, action: str, **body: Any) -> set[tuple[int, str]]:
    """Return how everybody of the provider is refused a step of the city."""
    answers = [
        await stack.as_(role, "yokosuka").act(case_id, action, **body) for role in PROVIDER
    ]
    return {(each.status_code, each.json()["code"]) for each in answers}


async def day(stack: Stack) -> dict[str, Any]:
    """Return what the day amounts to, as the provider reads it."""
    found: dict[str, Any] = (await staff(stack).get(PATH)).json()
    return found


def began(stack: Stack) -> None:
    """Let it be a Friday of the centre."""
    centre.prepare(stack, now=FRIDAY)


def codes(answers: list[httpx.Response]) -> list[int]:
    return [each.status_code for each in answers]


@pytest.mark.req("YOKOSUKA-42")
async def test_the_provider_tells_of_a_fee_and_the_city_takes_it_and_closes_the_register(
    stack: Stack,
) -> None:
    """
    No role of the provider can record money; the day shows the city's closing.
    """
    began(stack)
    async with stack.staffed():
        fee = await record(staff(stack), "fee", about="再交付", amount_jpy=800)
        ours = await stack.as_(Role.CLERK, "yokosuka").post(PATH, json={"what": "register"})
        by_us = await forged(stack, fee, "record_payment", amount_jpy=800)
        seen = await staff(stack).case(fee)
        before = await day(stack)
        paid = await official(stack).act(fee, "record_payment", amount_jpy=800)
        register = await record(official(stack), "register")
        closing = await forged(stack, register, "close_register", amount_jpy=800)
        closed = await official(stack).act(register, "close_register", amount_jpy=750)
        after = await day(stack)

    assert {(403, "NotYourDuty")} == by_us == closing
    assert (403, [], "official") == (ours.status_code, seen["actions"], seen["owner"])
    assert [200, 200] == codes([paid, closed])
    assert (1, 0, None) == (before["fees_due"], before["paid_jpy"], before["register_jpy"])
    assert (0, 800, 750, -50) == tuple(
        after[name]
        for name in ("fees_due", "paid_jpy", "register_jpy", "register_difference_jpy")
    )
    assert "officialさん" == after["items"][1]["closed_by"]


@pytest.mark.req("YOKOSUKA-44")
async def test_papers_are_checked_counted_and_approved_by_the_city_alone(stack: Stack) -> None:
    """
    The provider hands them in and sees how they stand.
    """
    began(stack)
    async with stack.staffed():
        batch = await record(staff(stack), "documents", about="申請書", count=12)
        forgeries = [
            await forged(stack, batch, "approve_documents"),
            await forged(stack, batch, "count_documents", count=12),
        ]
        wrong = await official(stack).act(batch, "count_documents", count=11)
        early = await official(stack).act(batch, "approve_documents")
        counted = await official(stack).act(batch, "count_documents", count=12)
        back = await official(stack).act(batch, "send_back_documents", reason="署名がない")
        again = await staff(stack).act(batch, "resubmit_documents", count=12)
        waiting = await staff(stack).case(batch)
        await official(stack).act(batch, "count_documents", count=12)
        done = await official(stack).act(batch, "approve_documents")
        seen = (await day(stack))["items"][0]

    assert [{(403, "NotYourDuty")}] * 2 == forgeries
    assert [409, 409, 200, 200, 200, 200] == codes([wrong, early, counted, back, again, done])
    assert ("submitted", []) == (waiting["stage"], waiting["actions"])
    assert ("approved", 12) == (seen["stage"], seen["count"])


@pytest.mark.req("YOKOSUKA-46")
async def test_a_case_waits_for_the_answer_to_a_letter_that_only_the_city_sends(
    stack: Stack,
) -> None:
    """
    Sent on a day, due on another, answered on a third; the provider reads.
    """
    visit = await receive(stack)
    asked = {"about": "前住所地の市", "reply_due": "2026-12-04", "reason": "転入前の記録"}
    asked |= {"sent_on": "2026-11-27"}
    async with stack.staffed():
        by_us = await forged(stack, visit, "send_letter", **asked)
        past = await official(stack).act(
            visit, "send_letter", **asked | {"reply_due": "2026-11-26"}
        )
        sent = await official(stack).act(visit, "send_letter", **asked)
        letter = sent.json()["opened"]
        waits = await staff(stack).act(visit, "close_visit", result="served")
        seen = await staff(stack).case(letter)
        replied = await forged(stack, letter, "record_reply")
        alone = await stack.as_(Role.CLERK, "yokosuka").post(PATH, json={"what": "letter"})
        done = await official(stack).act(letter, "record_reply", replied_on="2026-11-27")

        async def closed() -> int:
            return (await staff(stack).act(visit, "close_visit", result="served")).status_code

        await eventually(closed, lambda status: status == 200)
        answered = await staff(stack).case(letter)

    assert {(403, "NotYourDuty")} == by_us == replied
    assert [422, 200, 409, 403, 200] == codes([past, sent, waits, alone, done])
    assert ("city_record", "2026-11-27", "2026-12-04", []) == (
        seen["kind"],
        seen["state"]["day"],
        seen["state"]["reply_due"],
        seen["actions"],
    )
    assert seen["due_at"].startswith("2026-12-04T")
    assert ("replied", "2026-11-27") == (answered["stage"], answered["state"]["replied_on"])


@pytest.mark.req("YOKOSUKA-43")
async def test_cards_come_from_the_city_and_every_one_is_accounted_for_that_day(
    stack: Stack,
) -> None:
    """
    We receive and give back, within the day; the city brings and accounts.
    """
    began(stack)
    booked = await centre.book(stack, centre.at(13, day=FRIDAY.date()))
    given = {"reservation": booked["case_number"]}
    async with stack.staffed():
        by_us = await staff(stack).post(PATH, json={"what": "cards", "count": 3})
        cards = await record(official(stack), "cards", count=3)
        wrong = await staff(stack).act(cards, "receive_cards", count=2)
        taken = await staff(stack).act(cards, "receive_cards", count=3)
        visit = await receive(stack, **given)
        begun = await begin(staff(stack), visit, "card_delivery", "self", **given)
        await take(staff(stack), begun.json()["case_id"], DELIVERY)
        open_day = await day(stack)
        # Courses run by the wall, which the web's clock here is not.
        carried = (await staff(stack).get(PATH, day=str(now_in_tokyo().date()))).json()
        returned = await staff(stack).act(cards, "return_cards", count=2)
        forgery = await forged(stack, cards, "account_cards", delivered=1)
        short = await official(stack).act(cards, "account_cards", delivered=0)
        silent = await official(stack).act(cards, "account_cards", delivered=0, missing=1)
        done = await official(stack).act(cards, "account_cards", delivered=1)
        after = await day(stack)

    assert [403, 409, 200, 200] == codes([by_us, wrong, taken, returned])
    assert {(403, "NotYourDuty")} == forgery
    assert ("CardsUnaccounted", "ReasonMissing") == tuple(
        each.json()["code"] for each in (short, silent)
    )
    assert (1, 1, 0) == (
        carried["cards_delivered"],
        open_day["unaccounted"],
        after["unaccounted"],
    )
    assert (200, "accounted") == (done.status_code, after["items"][0]["stage"])


async def test_a_contract_that_gives_nothing_of_it_to_the_city_has_no_such_record(
    stack: Stack,
) -> None:
    """
    Ota's table names no register.
    """
    answer = await stack.as_(Role.OPERATOR).post(
        "/api/v1/contracts/ota/city-records", json={"what": "fee", "amount_jpy": 800}
    )
    listed = await stack.as_(Role.OPERATOR).get("/api/v1/cases", kind=CaseKind.CITY_RECORD)

    assert (409, "NotTheCitysHere") == (answer.status_code, answer.json()["code"])
    assert [] == listed.json()["items"]
