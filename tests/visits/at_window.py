"""People at the windows of three cities, and what is begun and done for them over HTTP.

Here: receiving, beginning a procedure, taking its steps. Not here: what tests expect.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import httpx

from domain.calendars.hours import TOKYO
from domain.parties import Role
from domain.procedures.procedure_parts import Receiver
from tests.procedures_at_hand import PAPERS
from tests.stack import Caller, Stack

FRIDAY = datetime(2026, 11, 27, 13, 20, tzinfo=TOKYO)
WINDOWS = {
    "yokosuka": ("centre", date(2026, 5, 11), FRIDAY),
    "ota": ("counter", date(2026, 4, 1), FRIDAY),
}
"""Where people are received, when the contract was signed, and what time it is."""

DELIVERY = ("take_in_documents", "record_pin_set", "carry_out", "record_receipt")
RENEWAL = ("take_in_documents", "carry_out", "record_pin_set", "record_receipt")
PLAIN = ("take_in_documents", "carry_out", "record_receipt")


async def receive(
    stack: Stack,
    procedure: str = "loss_abolition_return",
    *,
    city: str = "yokosuka",
    **more: Any,
) -> str:
    """Receive a visitor; return the case of the visit."""
    channel, signed_on, now = WINDOWS[city]
    if stack.clock.now is None:
        stack.sign(city, signed_on)
        stack.clock.now = now
    answer = await staff(stack, city).post(
        f"/api/v1/contracts/{city}/visits",
        json={"procedure": procedure, "channel": channel, **more},
    )
    assert 201 == answer.status_code, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


async def begin(
    caller: Caller, visit: str, procedure: str, receiver: str = "self", **more: Any
) -> httpx.Response:
    """Begin a procedure for a visitor."""
    body = {"procedure": procedure, "receiver": receiver, **more}
    return await caller.post(f"/api/v1/cases/{visit}/procedures", json=body)


async def begun(
    stack: Stack,
    procedure: str,
    receiver: str = "self",
    *,
    city: str = "yokosuka",
    visit: str | None = None,
) -> str:
    """Return the case of a procedure that was begun for somebody."""
    visit = visit or await receive(stack, procedure, city=city)
    answer = await begin(staff(stack, city), visit, procedure, receiver)
    assert 201 == answer.status_code, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


async def take(
    caller: Caller, case_id: str, steps: Sequence[str], receiver: str = "self"
) -> list[httpx.Response]:
    """Take steps one after the other."""
    return [await caller.act(case_id, each, **papers(each, receiver)) for each in steps]


def papers(step: str, receiver: str) -> dict[str, Any]:
    """Return what a step is told."""
    return dict(PAPERS[Receiver(receiver)]) if step == "take_in_documents" else {}


def staff(stack: Stack, city: str = "yokosuka") -> Caller:
    """Return somebody of the provider at the window."""
    return stack.as_(Role.OPERATOR, city)


def official(stack: Stack, city: str = "yokosuka") -> Caller:
    """Return somebody of the city at the window."""
    return stack.as_(Role.OFFICIAL, city)
