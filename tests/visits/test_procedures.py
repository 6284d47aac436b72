"""Procedures at the windows of three cities, over HTTP: whose steps they are and stay."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from api.access.door import now_in_tokyo
from domain.calendars.hours import TOKYO
from domain.parties import Role
from ops import accounts
from store.scope import scope
from tests.bookings import centre, venue
from tests.stack import CHEAP, Caller, Stack
from tests.visits.at_window import (
    DELIVERY,
    FRIDAY,
    PLAIN,
    RENEWAL,
    begin,
    begun,
    official,
    papers,
    receive,
    staff,
    take,
)

FORGED = (
    "record_pin_set",
    "carry_out",
    "record_receipt",
    "pass_check",
    "end_procedure",
    "change_receiver",
)
AS_ASKED = {
    "change_receiver": {"receiver": "self", "reason": "やはり本人"},
    "end_procedure": {"reason": "取りやめ"},
}


def refused_acts(stack: Stack, case_id: str, city: str = "yokosuka") -> list[str]:
    """Return what was tried with a case by somebody whose duty it is not."""
    with scope(stack.engine, city) as connection:
        asked = text("SELECT action FROM refused_act WHERE case_id = :case ORDER BY at")
        return [row.action for row in connection.execute(asked, {"case": case_id})]


async def codes(caller: Caller, case_id: str, steps: tuple[str, ...]) -> set[tuple[int, str]]:
    """Return how each of several steps was refused."""
    answers = [await caller.act(case_id, step, **AS_ASKED.get(step, {})) for step in steps]
    return {(a.status_code, a.json().get("code", "")) for a in answers}


@pytest.mark.req(
    "YOKOSUKA-28", "YOKOSUKA-32", "YOKOSUKA-34", "YOKOSUKA-37", "YOKOSUKA-40", "YOKOSUKA-41"
)
@pytest.mark.parametrize(
    ("code", "receiver", "ours", "citys"),
    [
        ("certificate_issue_renewal", "proxy", PLAIN[:1], RENEWAL[1:]),
        ("pin_initialise_change", "proxy", PLAIN[:1], RENEWAL[1:]),
        ("face_authentication_card", "self", PLAIN[:1], PLAIN[1:]),
        ("application_form", "self", (), ("carry_out",)),
        ("express_issue", "self", (), PLAIN[1:]),
    ],
)
async def test_the_citys_steps_are_refused_to_us_whatever_is_sent(
    stack: Stack,
    code: str,
    receiver: str,
    ours: tuple[str, ...],
    citys: tuple[str, ...],
) -> None:
    """
    Taking in documents is ours for イ–コ, and not even that for セ; the rest is the city's.
    """
    async with stack.staffed():
        case_id = await begun(stack, code, receiver)
        taken = await take(staff(stack), case_id, ours, receiver)
        forged = await codes(staff(stack), case_id, FORGED)
        other = await codes(stack.as_(Role.SITE_MANAGER, "yokosuka"), case_id, FORGED)
        seen = await staff(stack).case(case_id)
        done = await take(official(stack), case_id, citys)

    assert [200] * len(ours) == [each.status_code for each in taken]
    assert {(403, "NotYourDuty")} == forged == other
    assert ("official", []) == (seen["owner"], seen["actions"])
    assert {"carry_out", "pass_check"} <= set(refused_acts(stack, case_id))
    assert [200] * len(citys) == [each.status_code for each in done]
    assert ("done", True) == (done[-1].json()["stage"], done[-1].json()["closed"])


@pytest.mark.req("YOKOSUKA-29", "YOKOSUKA-31", "YOKOSUKA-33", "YOKOSUKA-35", "YOKOSUKA-39")
@pytest.mark.parametrize("receiver", ["self", "legal_representative"])
@pytest.mark.parametrize(
    ("code", "steps"),
    [
        ("card_delivery", DELIVERY),
        ("certificate_issue_renewal", RENEWAL),
        ("pin_initialise_change", RENEWAL),
        ("loss_abolition_return", PLAIN),
    ],
)
async def test_ours_we_complete_and_the_city_checks(
    stack: Stack, code: str, receiver: str, steps: tuple[str, ...]
) -> None:
    """
    Who came is asked for; every step is ours, and then it waits for the city.
    """
    centre.prepare(stack, now=FRIDAY)
    booked = await centre.book(stack, centre.at(13, day=FRIDAY.date()))
    async with stack.staffed():
        visit = await receive(stack, reservation=booked["case_number"])
        given = {"reservation": booked["case_number"]}
        nobody = await staff(stack).post(
            f"/api/v1/cases/{visit}/procedures", json={"procedure": code} | given
        )
        answer = await begin(staff(stack), visit, code, receiver, **given)
        case_id = answer.json()["case_id"]
        taken = await take(staff(stack), case_id, steps, receiver)
        waiting = await official(stack).case(case_id)
        by_us = await staff(stack).act(case_id, "pass_check")
        sent_back = await official(stack).act(case_id, "fail_check", reason="記入もれ")
        redone = [s for s in steps if steps.index(s) >= steps.index("carry_out")]
        again = await take(staff(stack), case_id, redone)
        passed = await official(stack).act(case_id, "pass_check")

    assert 422 == nobody.status_code
    assert [200] * len(steps) == [each.status_code for each in taken], taken[-1].text
    assert ("check", "official") == (waiting["stage"], waiting["owner"])
    assert (403, "NotYourDuty") == (by_us.status_code, by_us.json()["code"])
    assert "serve" == sent_back.json()["stage"]
    assert [200] * len(redone) == [each.status_code for each in again]
    assert ("done", True) == (passed.json()["stage"], passed.json()["closed"])


@pytest.mark.req("YOKOSUKA-13", "YOKOSUKA-15")
async def test_one_visitor_may_have_several_things_done(stack: Stack) -> None:
    """
    A card, with a booking of today, and a certificate: two cases and one visitor.
    """
    centre.prepare(stack, now=FRIDAY)
    booked = await centre.book(stack, centre.at(13, day=FRIDAY.date()))
    async with stack.staffed():
        visit = await receive(stack, "certificate_issue_renewal")
        unbooked = await begin(staff(stack), visit, "card_delivery")
        proxy = await begin(staff(stack), visit, "card_delivery", "proxy")
        card = await begin(
            staff(stack), visit, "card_delivery", reservation=booked["case_number"]
        )
        renewal = await begin(staff(stack), visit, "certificate_issue_renewal")
        early = await staff(stack).act(visit, "close_visit", result="served")
        children = (await staff(stack).get("/api/v1/cases", parent=visit)).json()["items"]
        visits = (await staff(stack).get("/api/v1/cases", kind="visit")).json()["items"]

    assert [409, 409] == [each.status_code for each in (unbooked, proxy)]
    assert "ReservationNeeded" == unbooked.json()["code"]
    assert [201, 201] == [each.status_code for each in (card, renewal)], card.text
    assert (409, "ProceduresOpen") == (early.status_code, early.json()["code"])
    assert {"procedure"} == {each["kind"] for each in children}
    assert (2, 1) == (len(children), len(visits))
    assert all("-P" in each["case_number"] for each in children)


@pytest.mark.req("OTA-08")
async def test_what_may_not_be_entrusted_is_completed_by_an_official_alone(
    stack: Stack,
) -> None:
    """
    The attempt is in the record of refused acts, with the case it was about.
    """
    async with stack.staffed():
        case_id = await begun(stack, "issue_decision", city="ota")
        step = (await official(stack, "ota").case(case_id))["state"]["plans"][0]["steps"][0]
        forged = await staff(stack, "ota").act(case_id, "carry_out")
        by_city = await official(stack, "ota").act(case_id, "carry_out")

    assert (False, "総行マ第20号（2024-03-05）") == (step["delegable"], step["basis"])
    assert (403, "NotYourDuty") == (forged.status_code, forged.json()["code"])
    assert ["carry_out"] == refused_acts(stack, case_id, "ota")
    assert (200, True) == (by_city.status_code, by_city.json()["closed"])


@pytest.mark.req("OTA-12")
async def test_a_card_is_delivered_with_and_without_an_official(stack: Stack) -> None:
    """
    Arrived, papers, an official where it needs one, PIN, card, end: the record shows it all.
    """
    async with stack.staffed():
        visit = await receive(stack, "card_delivery", city="ota")
        alone, helped = [
            await begun(stack, "card_delivery", city="ota", visit=visit) for _ in range(2)
        ]
        plain = await take(staff(stack, "ota"), alone, DELIVERY)
        await take(staff(stack, "ota"), helped, DELIVERY[:1])
        offered = await staff(stack, "ota").act(
            helped, "offer_handoff", reason="本人確認に迷う", section="citizens"
        )
        handoff = offered.json()["opened"]
        for action in ("accept_handoff", "complete_handoff"):
            assert 200 == (await official(stack, "ota").act(handoff, action)).status_code
        rest = await take(staff(stack, "ota"), helped, DELIVERY[1:])
        told = [each["action"] for each in await staff(stack, "ota").timeline(helped)]

    assert ["done", "done"] == [plain[-1].json()["stage"], rest[-1].json()["stage"]]
    assert ["procedure_begun", "take_in_documents", "offer_handoff"] == told[:3]
    assert set(DELIVERY) <= set(told)


@pytest.mark.req("CHIBA-35")
async def test_identity_is_checked_by_the_city_at_every_venue(stack: Stack) -> None:
    """
    Until an official has looked at the person, nothing goes on.
    """
    venue.prepare(stack)
    stack.clock.now = datetime(2022, 8, 1, 14, 0, tzinfo=TOKYO)
    clerk, city = staff(stack, "chiba"), official(stack, "chiba")
    async with stack.staffed():
        received = await clerk.post(
            "/api/v1/contracts/chiba/visits",
            json={"procedure": "delivery_reception", "channel": "delivery_window"},
        )
        visit = received.json()["case_id"]
        case_id = await begun(stack, "delivery_reception", city="chiba", visit=visit)
        early = await clerk.act(case_id, "confirm_identity")
        await take(clerk, case_id, DELIVERY[:1])
        forged = await clerk.act(case_id, "confirm_identity")
        skipped = await clerk.act(case_id, "record_pin_set")
        by_city = await city.act(case_id, "confirm_identity")
        rest = await take(clerk, case_id, DELIVERY[1:])

    assert [403, 403, 409] == [each.status_code for each in (early, forged, skipped)]
    assert ["confirm_identity", "confirm_identity"] == refused_acts(stack, case_id, "chiba")
    assert (200, "done") == (by_city.status_code, rest[-1].json()["stage"])


async def test_of_two_officials_who_check_the_second_is_told(stack: Stack) -> None:
    """
    At once, or a moment later: one of them has checked it, and the history says who.
    """
    city = official(stack)
    other = Caller(stack.http, another_official(stack))
    async with stack.staffed():
        case_id = await begun(stack, "loss_abolition_return")
        await take(staff(stack), case_id, PLAIN)
        answers = await asyncio.gather(
            *(each.act(case_id, "pass_check") for each in (city, other))
        )
        losing = other if answers[0].status_code == 200 else city
        later = await losing.act(case_id, "pass_check")
        told = await city.timeline(case_id)

    assert [200, 409] == sorted(each.status_code for each in answers)
    refused = next(each for each in answers if each.status_code == 409)
    assert "CheckedByOther" == refused.json()["code"], refused.text
    assert (409, "CheckedByOther") == (later.status_code, later.json()["code"])
    assert 1 == [each["action"] for each in told].count("pass_check")


async def test_who_asks_again_hears_the_first_answer_also_once_it_is_the_citys_turn(
    stack: Stack,
) -> None:
    """
    A lost answer at the window is no attempt at the city's step.
    """
    async with stack.staffed():
        case_id = await begun(stack, "face_authentication_card")
        answers = [
            await staff(stack).act(
                case_id,
                "take_in_documents",
                key="again",
                **papers("take_in_documents", "self"),
            )
            for _ in range(2)
        ]

    assert answers[0].json() == answers[1].json()
    assert [200, 200] == [each.status_code for each in answers]


async def test_numbers_of_documents_and_pins_have_no_place(stack: Stack) -> None:
    """
    What is not asked for is refused, and so is what is no kind of document.
    """
    async with stack.staffed():
        case_id = await begun(stack, "certificate_issue_renewal")
        number = await staff(stack).act(
            case_id, "take_in_documents", documents="driving_licence 305012345670"
        )
        few = await staff(stack).act(case_id, "take_in_documents", documents="bank_book")
        await take(staff(stack), case_id, RENEWAL[:2])
        pin = await staff(stack).act(case_id, "record_pin_set", pin="1234")

    assert [422, 422, 422] == [each.status_code for each in (number, few, pin)]
    assert "DocumentsNotEnough" == few.json()["code"]
    assert "305012345670" not in number.text


async def test_a_procedure_is_begun_only_in_a_visit_and_only_as_planned(stack: Stack) -> None:
    """
    Not in a procedure, not by the city, not what the contract does not plan.
    """
    async with stack.staffed():
        visit = await receive(stack)
        case_id = await begun(stack, "loss_abolition_return", visit=visit)
        inside = await begin(staff(stack), case_id, "loss_abolition_return")
        by_city = await begin(official(stack), visit, "loss_abolition_return")
        unplanned = await begin(staff(stack), visit, "floor_guidance")
        by_action = await staff(stack).act(visit, "add_procedure")

    assert [422, 403, 409, 422] == [
        each.status_code for each in (inside, by_city, unplanned, by_action)
    ]
    assert "ProcedureNotHere" == unplanned.json()["code"]


def another_official(stack: Stack) -> str:
    """Return the credential of a second official of Yokosuka."""
    accounts.create(
        stack.engine,
        CHEAP,
        municipality="yokosuka",
        login="second-official",
        display_name="二人目",
        role=Role.OFFICIAL,
        now=now_in_tokyo(),
        password="正しい馬と電池とホチキス",
        totp_required=False,
    )
    _, token = accounts.issue_token(
        stack.engine,
        "second-official",
        label="test",
        valid_for=timedelta(days=1),
        now=now_in_tokyo(),
    )
    return token
