"""Applicants at the windows of five cities, and what is done for them over HTTP.

Here: receiving, agreeing, beginning an application, taking its steps. Not here: what tests
expect.
"""

from datetime import date, datetime
from typing import Any

import httpx

from domain.calendars.hours import TOKYO
from domain.parties import Role
from tests.bookings import venue
from tests.obligations_at_hand import let_booths_begin
from tests.photos import portraits
from tests.stack import Caller, Stack

FORM_ID = "12345678901234567890123"
CONTACT = {"kana": "ミホン ハナコ", "phone": "03-1234-5678"}
FRIDAY = datetime(2026, 11, 27, 13, 20, tzinfo=TOKYO)

WINDOWS: dict[str, tuple[str, str, datetime, date | None]] = {
    "ageo": ("online_booth", "application_online", FRIDAY, None),
    "urasoe": (
        "online_window",
        "application_online",
        datetime(2025, 11, 28, 13, 20, tzinfo=TOKYO),
        None,
    ),
    "ota": ("counter", "application_support", FRIDAY, date(2026, 4, 1)),
    "chiba": (
        "application_window",
        "application_reception",
        datetime(2022, 8, 1, 14, 0, tzinfo=TOKYO),
        None,
    ),
    "yokosuka": ("centre", "express_issue", FRIDAY, date(2026, 5, 11)),
}
"""Where people are received, for what, what time it is, and when the contract was signed."""

SERVED = {
    "reissue": False,
    "paper": False,
    "coded_form": True,
    "licence_on_card": False,
    "resident": True,
}


async def receive(stack: Stack, city: str = "ageo", role: Role = Role.OPERATOR) -> str:
    """Receive a visitor; return the case of the visit."""
    channel, procedure, now, signed = WINDOWS[city]
    if stack.clock.now is None:
        if city == "chiba":
            venue.prepare(stack)
        elif signed is not None:
            stack.sign(city, signed)
        stack.clock.now = now
    if city == "ageo":
        let_booths_begin(stack.engine, stack.keys)
    answer = await stack.as_(role, city).post(
        f"/api/v1/contracts/{city}/visits",
        json={"procedure": procedure, "channel": channel, "answers": SERVED},
    )
    assert 201 == answer.status_code, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


async def begin(
    caller: Caller,
    visit: str,
    variant: str = "online",
    *,
    city: str = "ageo",
    applied_for: str = "new",
    **more: Any,
) -> httpx.Response:
    """Begin an application for a visitor."""
    body = {"visit": visit, "variant": variant, "applied_for": applied_for, **CONTACT, **more}
    return await caller.post(f"/api/v1/contracts/{city}/applications", json=body)


async def agree(caller: Caller, visit: str, **more: str) -> httpx.Response:
    """Record what the applicant said to the documents."""
    said = {"consenter": "applicant", "answer": "agreed", "means": "screen"} | more
    return await caller.act(visit, "record_consent", **said)


async def photo(caller: Caller, case_id: str, **more: str) -> httpx.Response:
    """Send the photo of an application."""
    return await send(caller, case_id, portraits.jpeg(portraits.good()), **more)


async def send(
    caller: Caller, case_id: str, content: bytes, key: str | None = None, **more: str
) -> httpx.Response:
    """Send a file as the photo of an application."""
    typed = {"looked": "true"} | more
    files = {"photo": ("photo.jpg", content, "image/jpeg")}
    path = f"/api/v1/cases/{case_id}/photos"
    return await caller.post(path, files=files, data=typed, key=key)


async def walk(caller: Caller, case_id: str) -> httpx.Response:
    """Take every step at the window of an application; return the last answer."""
    answer: httpx.Response | None = None
    told: dict[str, dict[str, str]] = {
        "form_id": {"form_id": FORM_ID},
        "submit": {"receipt": "R-0001"},
    }
    steps = {"form_id": "read_form_id", "submit": "record_submission"}
    while True:
        stage = (await caller.case(case_id))["stage"]
        if stage in {"waiting", "handed_to_resident"}:
            assert answer is not None
            return answer
        if stage == "photo":
            answer = await photo(caller, case_id)
        else:
            action = steps.get(stage, stage)
            answer = await caller.act(case_id, action, **told.get(stage, {}))
        assert answer.status_code in {200, 201}, answer.text
