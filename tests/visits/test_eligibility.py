"""Who is served, sent on or handed to an official, as the visitor's window meets it."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.stack import Stack, eventually
from tests.visits.at_window import official, receive, staff

URASOE = "urasoe"
OPEN = datetime(2026, 3, 11, 14, 0, tzinfo=TOKYO)
"""A Wednesday within Urasoe's term."""


async def come(stack: Stack, procedure: str, **answers: Any) -> httpx.Response:
    """Receive a visitor of Urasoe at the online window."""
    stack.clock.now = OPEN
    return await stack.as_(Role.OPERATOR, URASOE).post(
        f"/api/v1/contracts/{URASOE}/visits",
        json={"procedure": procedure, "channel": "online_window", "answers": answers},
    )


@pytest.mark.req("URASOE-32")
async def test_reissue_and_paper_are_sent_to_the_citys_window_and_counted(
    stack: Stack,
) -> None:
    """
    The request is no application case here: it is a referral with where to go.
    """
    lost = await come(stack, "reissue")
    paper = await come(stack, "application_online", reissue=False, paper=True)

    for answer in (lost, paper):
        assert 201 == answer.status_code, answer.text
        assert "refer" == answer.json()["outcome"]
        assert "浦添市の担当窓口" == answer.json()["destination"]
        assert "§8(2)イ" == answer.json()["clause"]
    operator = stack.as_(Role.OPERATOR, URASOE)
    (first, *_) = await operator.timeline(lost.json()["case_id"])
    assert ("refer", "浦添市の担当窓口") == (
        first["detail"]["eligibility"],
        first["detail"]["destination"],
    )


@pytest.mark.req("URASOE-19")
async def test_each_group_is_judged_by_what_it_needs(stack: Stack) -> None:
    """
    The portal needs a valid certificate, an application the coded form: whoever comes for a
    first card has no certificate by nature, and is served.
    """
    expired = await come(stack, "portal_support", certificate_valid=False)
    first_card = await come(
        stack,
        "application_online",
        reissue=False,
        paper=False,
        coded_form=True,
        licence_on_card=False,
        resident=True,
    )
    no_form = await come(
        stack, "application_online", reissue=False, paper=False, coded_form=False
    )

    assert ["refer", "serve", "refer"] == [
        answer.json()["outcome"] for answer in (expired, first_card, no_form)
    ]
    assert "電子証明書" in expired.json()["procedure_there"]
    assert "二次元コード" in no_form.json()["procedure_there"]


async def test_what_decides_is_asked_for_before_anybody_is_received(stack: Stack) -> None:
    """
    Without the answer nothing is opened, and the refusal says which question it is.
    """
    unasked = await come(stack, "portal_support", resident=True)
    cases = await stack.as_(Role.OPERATOR, URASOE).get("/api/v1/cases", kind="visit")

    assert (422, "FormRefused") == (unasked.status_code, unasked.json()["code"])
    assert "certificate_valid" == unasked.json()["errors"][0]["field"]
    assert [] == cases.json()["items"]


async def test_whoever_was_sent_on_cannot_be_closed_as_served(stack: Stack) -> None:
    """
    The rule holds in the course as well, whatever a program sends.
    """
    answer = await come(stack, "reissue")
    case, operator = answer.json()["case_id"], stack.as_(Role.OPERATOR, URASOE)
    async with stack.staffed():
        served = await operator.act(case, "close_visit", result="served")
        sent_on = await operator.act(case, "close_visit", result="referred")

    assert (409, "WrongStage") == (served.status_code, served.json()["code"])
    assert 200 == sent_on.status_code, sent_on.text


async def test_a_warning_that_must_be_said_is_recorded_with_the_visit(stack: Stack) -> None:
    """
    The holder of a licence on the card decides with open eyes, and the record shows it.
    """
    answer = await come(
        stack,
        "application_online",
        reissue=False,
        paper=False,
        coded_form=True,
        licence_on_card=True,
        resident=False,
    )

    assert "serve_after_others" == answer.json()["outcome"]
    assert "マイナ免許証" in answer.json()["advice"][0]
    timeline = await stack.as_(Role.OPERATOR, URASOE).timeline(answer.json()["case_id"])
    assert timeline[0]["detail"]["warned"] is True
    assert timeline[0]["detail"]["resident"] is False


async def test_what_an_official_does_is_offered_to_one_when_the_visitor_is_received(
    stack: Stack,
) -> None:
    """
    In the same transaction, with why and what it is about; the visit waits for its end.
    """
    visit = await receive(stack, "face_authentication_card")
    (offer,) = (await official(stack).get("/api/v1/cases", parent=visit)).json()["items"]
    (told,) = await official(stack).timeline(offer["case_id"])
    async with stack.staffed():
        early = await staff(stack).act(visit, "close_visit", result="handed_over")
        for action in ("accept_handoff", "complete_handoff"):
            done = await official(stack).act(offer["case_id"], action)
            assert 200 == done.status_code, done.text

        async def closed() -> int:
            answer = await staff(stack).act(visit, "close_visit", result="handed_over")
            return answer.status_code

        await eventually(closed, lambda status: status == 200)

    assert ("handoff", "offered", "official") == tuple(
        offer[name] for name in ("kind", "stage", "owner")
    )
    assert offer["due_at"] is not None
    assert "offer_handoff" == told["action"]
    assert "§7 コ" in told["reason"]
    assert "顔認証" in told["reason"]
    assert (409, "HandoffOpen") == (early.status_code, early.json()["code"])


async def test_who_is_served_or_sent_on_is_offered_to_nobody(stack: Stack) -> None:
    """
    The control: only where the table says so does an official hear of it.
    """
    served = await receive(stack, "loss_abolition_return")
    found = await official(stack).get("/api/v1/cases", kind="handoff")

    assert [] == found.json()["items"]
    assert [] == (await staff(stack).case(served))["open_handoffs"]
