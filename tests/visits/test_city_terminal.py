"""A supporter at a desk: the portal on a terminal of the city, applications by word only."""

from typing import Any

import httpx
import pytest

from domain.parties import Role
from tests.catalogue.at_desk import OPEN
from tests.stack import Stack

SERVED = {"certificate_valid": True, "resident": True}
APPLIES = {"reissue": False, "paper": False, "coded_form": True, "licence_on_card": False}


async def come(stack: Stack, procedure: str, **more: Any) -> httpx.Response:
    """Let a supporter receive somebody at the desk."""
    body = {"procedure": procedure, "channel": "supporter", "answers": SERVED | APPLIES}
    return await stack.as_(Role.SUPPORT_STAFF, "urasoe").post(
        "/api/v1/contracts/urasoe/visits", json=body | more
    )


@pytest.mark.req("URASOE-34")
async def test_a_portal_case_says_on_which_terminal_of_the_city_it_was(stack: Stack) -> None:
    """
    Without one nothing begins; an application cannot be begun at all, whatever is sent.
    """
    stack.clock.now = OPEN["urasoe"]
    supporter = stack.as_(Role.SUPPORT_STAFF, "urasoe")
    unsaid = await come(stack, "insurance_registration")
    ours = await come(stack, "insurance_registration", terminal="window_1")
    done = await come(stack, "insurance_registration", terminal="city_terminal_1")
    applied = await come(stack, "application_online", terminal="city_terminal_1")
    at_booth = await come(stack, "application_online", channel="online_window")
    sent_on = await come(stack, "portal_support", answers={"certificate_valid": False})
    case = await supporter.case(done.json()["case_id"])
    (received, *_) = await supporter.timeline(done.json()["case_id"])
    opened = (await supporter.get("/api/v1/cases", kind="application")).json()["items"]

    assert [(422, "terminal")] * 2 == [
        (each.status_code, each.json()["errors"][0]["field"]) for each in (unsaid, ours)
    ]
    assert 201 == done.status_code, done.text
    assert "city_terminal_1" == case["state"]["terminal"]
    assert "city_terminal_1" == received["detail"]["city_terminal"]
    assert [(403, "NotYourDuty")] * 2 == [
        (each.status_code, each.json()["code"]) for each in (applied, at_booth)
    ]
    assert "refer" == sent_on.json()["outcome"]
    assert [] == opened


async def test_a_terminal_out_of_service_supports_nobody_and_the_desk_still_guides(
    stack: Stack,
) -> None:
    """
    The things of the city fail like any other, and are found in the same register.
    """
    stack.clock.now = OPEN["urasoe"]
    supporter = stack.as_(Role.SUPPORT_STAFF, "urasoe")
    fault = {"kind": "fault", "thing": "city_terminal_1", "what": "画面が映らない"}
    async with stack.staffed():
        told = await supporter.post("/api/v1/contracts/urasoe/incidents", json=fault)
        assert 201 == told.status_code, told.text
        out = await supporter.act(told.json()["case_id"], "take_out_of_service")
        assert 200 == out.status_code, out.text
    refused = await come(stack, "portal_support", terminal="city_terminal_1")
    guided = await come(stack, "guidance", group="portal")

    assert (409, "OutOfService") == (refused.status_code, refused.json()["code"])
    assert 201 == guided.status_code, guided.text
