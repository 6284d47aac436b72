"""Switching what is offered: by agreement, from a day on, touching nothing that happened."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from domain.calendars.hours import TOKYO
from domain.parties import Role
from store.scope import scope
from tests.catalogue.at_desk import OPEN, column, come, month, note
from tests.stack import Stack

AGEO = "/api/v1/contracts/ageo/catalogue"
NOON = datetime(2026, 9, 9, 12, 0, tzinfo=TOKYO)


async def switch(
    stack: Stack, *, on: bool, from_day: str, role: Role = Role.SITE_MANAGER, **more: Any
) -> httpx.Response:
    """Enter an agreement about the public-money account."""
    body = {
        "kind": "procedure",
        "code": "public_money_account",
        "on": on,
        "from_day": from_day,
        "agreement": "協議 第3号",
        **more,
    }
    return await stack.as_(role, "ageo").post(f"{AGEO}/switches", json=body)


@pytest.mark.req("AGEO-14")
async def test_what_is_switched_off_cannot_be_chosen_and_past_cases_stay(stack: Stack) -> None:
    """
    From its day on, and back again by a later agreement; who is being served then is served.
    """
    stack.clock.now = NOON
    operator = stack.as_(Role.OPERATOR, "ageo")
    before = (await come(stack, "ageo", "public_money_account")).json()["case_id"]
    entered = await switch(stack, on=False, from_day="2026-09-10")
    still = await come(stack, "ageo", "public_money_account")
    timeline = await operator.timeline(before)
    counted = await month(stack, "ageo", "2026-09")

    stack.clock.now = NOON + timedelta(days=1)
    refused = await come(stack, "ageo", "public_money_account")
    other = await come(stack, "ageo", "insurance_registration")
    listed = (await operator.get(AGEO)).json()
    async with stack.staffed():
        closed = await operator.act(before, "close_visit", result="served")
    after = (await operator.timeline(before))[: len(timeline)]

    assert [201, 201, 201] == [a.status_code for a in (entered, still, other)]
    assert (409, "NotOffered") == (refused.status_code, refused.json()["code"])
    assert "協議 第3号" in refused.json()["detail"]
    assert timeline == after
    assert 200 == closed.status_code, closed.text
    assert {"public_money_account": 2} == column(counted["procedures"], "visits")
    assert {"public_money_account": 2, "insurance_registration": 1} == column(
        (await month(stack, "ageo", "2026-09"))["procedures"], "visits"
    )
    (entry,) = [each for each in listed["items"] if "public_money_account" == each["code"]]
    assert (False, "2026-09-10", "協議 第3号") == (
        entry["on"],
        entry["since"],
        entry["agreement"],
    )
    await switch(stack, on=True, from_day="2026-09-10", agreement="協議 第4号")
    assert 201 == (await come(stack, "ageo", "public_money_account")).status_code


async def test_a_subject_is_switched_like_a_procedure(stack: Stack) -> None:
    """
    On every channel at once, since all choose from one list.
    """
    stack.clock.now = OPEN["ageo"]
    day = f"{stack.clock.now:%Y-%m-%d}"
    await switch(stack, on=False, from_day=day, kind="category", code="smartphone")
    at_desk = await note(stack, "ageo", "smartphone")
    by_phone = await note(stack, "ageo", "smartphone", place="call_centre")

    assert {409} == {at_desk.status_code, by_phone.status_code}


async def test_only_a_manager_switches_and_only_by_an_agreement(stack: Stack) -> None:
    """
    With its reference, for a thing that exists, and not for days that are over.
    """
    stack.clock.now = NOON
    answers = [
        await switch(stack, on=False, from_day="2026-09-10", role=Role.OPERATOR),
        await switch(stack, on=False, from_day="2026-09-10", agreement="  "),
        await switch(stack, on=False, from_day="2026-09-08"),
        await switch(stack, on=False, from_day="2026-09-10", code="moon"),
    ]
    listed = (await stack.as_(Role.OFFICIAL, "ageo").get(AGEO)).json()

    assert [403, 422, 422, 422] == [answer.status_code for answer in answers]
    assert [] == listed["switches"]


async def test_an_agreement_can_be_neither_changed_nor_deleted(stack: Stack) -> None:
    """
    The database refuses it, whoever asks.
    """
    stack.clock.now = NOON
    await switch(stack, on=False, from_day="2026-09-10")
    for statement in (
        "UPDATE catalogue_switch SET switched_on = true",
        "DELETE FROM catalogue_switch",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            scope(stack.engine, "ageo") as connection,
        ):
            connection.execute(text(statement))


async def test_anybody_may_ask_what_to_bring(stack: Stack) -> None:
    """
    Without an account, on any day; a day before the first list knows nothing.
    """
    path = "/api/v1/contracts/ota/required-documents"
    asked = {"procedure": "card_delivery", "receiver": "self", "age": "40"}
    today = (await stack.http.get(path, params={**asked, "on": "2026-11-20"})).json()
    early = (await stack.http.get(path, params={**asked, "on": "2020-01-01"})).json()
    nowhere = await stack.http.get(path, params={**asked, "procedure": "moon"})

    assert ("2024-12-02", True) == (today["version"], today["known"])
    assert "交付通知書" in today["items"][0]["text"]
    assert "運転免許証" in today["identity_a"]
    assert (None, False, True) == (early["version"], early["known"], early["ask_city"])
    assert 422 == nowhere.status_code
