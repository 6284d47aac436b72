"""The steps of a card after the match: setting, notice, dispatch, receipt, returned mail."""

from datetime import datetime
from typing import Any

import pytest

from domain.lots.custody import Holder
from domain.parties import Role
from store import lots
from store.scope import scope
from tests.lots import work
from tests.stack import Stack

OUTCOMES = {"reached", "no_answer", "wrong_number", "message_left"}


async def one_of(stack: Stack, lot_id: str, route: str) -> dict[str, Any]:
    cards = await work.cards_of(stack, lot_id)
    return next(card for card in cards if card["state"]["route"] == route)


def kinds(stack: Stack, case: dict[str, Any]) -> set[str]:
    return set(work.documents(stack, case))


@pytest.mark.req("OTA-18")
async def test_no_notice_before_the_setting_was_recorded_with_terminal_person_and_time(
    stack: Stack,
) -> None:
    """
    The terminal is outside the product; a person says what they did there, and when.
    """
    clerk = stack.as_(Role.CLERK)
    lot_id = (await work.take_over(stack, work.small_lot(4, seed=5)))["case_id"]
    card = await one_of(stack, lot_id, "pickup_notice")
    async with stack.staffed():
        alone = await clerk.act(card["case_id"], "make_notice")
        together = await clerk.act(lot_id, "make_notice")
        unnamed = await clerk.act(card["case_id"], "record_pre_issue_setup")
        done = await clerk.act(card["case_id"], "record_pre_issue_setup", terminal="T-07")
        made = await clerk.act(card["case_id"], "make_notice")
    events = {event["action"]: event for event in await clerk.timeline(card["case_id"])}
    setting = events["record_pre_issue_setup"]

    assert (409, "WrongStage") == (alone.status_code, alone.json()["code"])
    assert (409, "NothingToDo") == (together.status_code, together.json()["code"])
    assert (422, "FieldMissing") == (unnamed.status_code, unnamed.json()["code"])
    assert [200, 200] == [done.status_code, made.status_code]
    assert ("T-07", "clerk") == (setting["detail"]["terminal"], setting["role"])
    assert setting["actor"]
    assert datetime.fromisoformat(setting["at"]) <= datetime.fromisoformat(
        events["make_notice"]["at"]
    )


@pytest.mark.req("OTA-21")
async def test_who_came_when_applying_gets_no_notice_and_stands_on_the_dispatch_list(
    stack: Stack,
) -> None:
    """
    Cards of application-time visits and outreach are mailed; a notice would call people in.
    """
    clerk = stack.as_(Role.CLERK)
    lot = work.small_lot(6, seed=3)
    files = dict(lot.files)
    text = files["issue_list"].decode("cp932")
    files["issue_list"] = text.replace("申請時来庁", "出張申請", 1).encode("cp932")
    answer = await clerk.take_over(files)
    lot_id = answer.json()["case_id"]
    mailed = [
        card
        for card in await work.cards_of(stack, lot_id)
        if card["state"]["route"] == "mail_to_applicant"
    ]
    assert len(mailed) >= 2

    async with stack.staffed():
        await clerk.act(lot_id, "record_pre_issue_setup", terminal="T-01")
        await work.settled(stack, lot_id)
        refused = [await clerk.act(card["case_id"], "make_notice") for card in mailed]
        await work.hand_over(stack, lot_id)
    after = {card["case_id"]: card for card in await work.cards_of(stack, lot_id)}
    papers = work.documents(stack, await clerk.case(lot_id))
    dispatched = work.words_of(papers["dispatch_list"][0])
    noticed = work.words_of(papers["notice_list"][0])

    assert {(409, "WrongStage")} == {(a.status_code, a.json()["code"]) for a in refused}
    for card in mailed:
        assert set() == kinds(stack, card)
        assert 0 == after[card["case_id"]]["state"]["notices"]
        assert card["case_number"] in dispatched
        assert card["case_number"] not in noticed
    others = [
        card for card in after.values() if card["case_id"] not in {m["case_id"] for m in mailed}
    ]
    assert others
    assert all({"issue_notice"} == kinds(stack, card) for card in others)
    assert not [card for card in others if card["case_number"] in dispatched]


async def registered(stack: Stack) -> tuple[str, str]:
    """Register mail of a card that came back; return its case and the card's."""
    lot_id = (await work.take_over(stack, work.small_lot(3, seed=5)))["case_id"]
    card = await one_of(stack, lot_id, "pickup_notice")
    answer = await stack.as_(Role.CLERK).post(
        "/api/v1/contracts/ota/returned-mail",
        json={
            "case_number": card["case_number"].lower(),
            "reason": "unknown_at_address",
            "note": "転送できず",
        },
    )
    assert 201 == answer.status_code, answer.text
    return answer.json()["case_id"], card["case_id"]


def place(stack: Stack, case_id: str) -> Holder:
    with scope(stack.engine, "ota") as connection:
        (holder,) = lots.things_of(connection, "ota", case_id).values()
    return holder


@pytest.mark.req("OTA-22")
async def test_three_failed_attempts_show_that_nobody_can_be_reached(stack: Stack) -> None:
    """
    Someone reached in between starts the count again; the item stays where it is.
    """
    agent = stack.as_(Role.CALL_AGENT)
    mail, _ = await registered(stack)
    seen = []
    async with stack.staffed():
        for outcome in ("no_answer", "reached", "no_answer", "message_left", "wrong_number"):
            answer = await agent.act(mail, "record_contact_attempt", outcome=outcome)
            assert 200 == answer.status_code, answer.text
            seen.append((answer.json()["stage"], place(stack, mail)))
        unknown = await agent.act(mail, "record_contact_attempt", outcome="shouted")
    listed = await agent.get("/api/v1/cases", kind="returned_mail", stage="unreachable")

    here = Holder.PROVIDER
    assert [("contacting", here)] * 4 + [("unreachable", here)] == seen
    assert 422 == unknown.status_code
    assert [mail] == [item["case_id"] for item in listed.json()["items"]]
    assert "連絡つかず" == listed.json()["items"][0]["stage_text"]


@pytest.mark.req("OTA-22")
@pytest.mark.parametrize(
    ("steps", "places"),
    [
        (["resend"], ["outside"]),
        (["keep_item", "resend"], ["provider", "outside"]),
        (
            ["hand_item_to_official", "refuse_receipt", "keep_item"],
            ["hand_over", "provider", "provider"],
        ),
        (["hand_item_to_official", "acknowledge_receipt"], ["hand_over", "city"]),
    ],
)
async def test_wherever_an_item_goes_the_record_knows_it(
    stack: Stack, steps: list[str], places: list[str]
) -> None:
    """
    Sent again, kept, handed over, refused: the place in the record follows each step.
    """
    mail, _ = await registered(stack)
    found = [place(stack, mail)]
    async with stack.staffed():
        for step in steps:
            city = step in {"refuse_receipt", "acknowledge_receipt"}
            role = stack.as_(Role.OFFICIAL if city else Role.CLERK)
            answer = await role.act(mail, step, reason="電話で本人と確認した")
            if answer.status_code == 422:  # this one asks for no reason
                answer = await role.act(mail, step)
            assert 200 == answer.status_code, answer.text
            found.append(place(stack, mail))
    state = (await stack.as_(Role.CLERK).case(mail))["state"]

    assert ["provider", *places] == [str(holder) for holder in found]
    assert places[-1] == state["item_at"]
