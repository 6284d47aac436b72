"""A month from every side, against one that was counted by hand."""

import csv
import io
from datetime import datetime

import pytest

from contracts.loader import load
from domain.calendars.hours import TOKYO
from domain.calls.inquiry import CATEGORY_TEXT
from domain.parties import Role
from domain.procedures.procedure_parts import STEP_OF, Receiver, StepKind
from tests.catalogue.at_desk import OPEN, column, come, month, note
from tests.procedures_at_hand import PAPERS
from tests.stack import Stack, eventually

VALID = {"certificate_valid": True, "resident": True}
APPLIES = {"reissue": False, "paper": False, "coded_form": True, "licence_on_card": False}


VISITORS: list[tuple[str, dict[str, bool]]] = [
    ("insurance_registration", VALID),
    ("insurance_registration", VALID | {"resident": False}),
    ("public_money_account", VALID),
    ("portal_support", {"certificate_valid": False}),
    ("application_online", APPLIES | {"resident": True}),
    ("reissue", {}),
]
NOTES = (
    (datetime(2026, 2, 28, 23, 59, 59, tzinfo=TOKYO), "question", "portal"),
    (datetime(2026, 3, 1, 0, 0, tzinfo=TOKYO), "guidance", "application"),
    (OPEN["urasoe"], "guidance", "application"),
    (OPEN["urasoe"], "guidance", "portal"),
    (OPEN["urasoe"], "question", "portal"),
    (datetime(2026, 3, 31, 23, 59, 59, tzinfo=TOKYO), "question", "application"),
)
"""One note before the month of March begins, and five in it."""


async def a_month_of_urasoe(stack: Stack) -> None:
    """Let come and ask whom the test counts by hand."""
    stack.clock.now = OPEN["urasoe"]
    for procedure, answers in VISITORS:
        received = await come(stack, "urasoe", procedure, answers)
        assert 201 == received.status_code, received.text
    for at, nature, group in NOTES:
        stack.clock.now = at
        noted = await note(stack, "urasoe", "portal", nature, group=group)
        assert 201 == noted.status_code, noted.text


@pytest.mark.req("URASOE-30", "URASOE-33")
async def test_a_month_of_urasoe_is_what_was_counted_by_hand(stack: Stack) -> None:
    """
    By procedure, residence and place; guidance and questions apart. Midnight in Tokyo cuts
    the month.
    """
    await a_month_of_urasoe(stack)
    found = await month(stack, "urasoe", "2026-03")
    listed = await stack.as_(Role.SUPPORT_STAFF, "urasoe").get(
        "/api/v1/contracts/urasoe/catalogue"
    )

    assert ["insurance_registration", "public_money_account", "portal_support"] == [
        each["code"] for each in listed.json()["items"] if "portal" == each["group"]
    ]
    assert {
        "insurance_registration": 2,
        "public_money_account": 1,
        "portal_support": 1,
        "application_online": 1,
        "reissue": 1,
    } == column(found["procedures"], "visits")
    assert {"portal_support": 1, "reissue": 1} == column(found["procedures"], "referred")
    assert {"resident": 3, "other": 1, "": 2} == column(found["residents"], "visits")
    assert {"online_window": 6} == column(found["places"], "visits")
    assert {"supporter": 3} == column(found["places"], "guidance")
    assert {"supporter": 2} == column(found["places"], "questions")
    assert (11, 3, 2, 2) == tuple(
        found["total"][name] for name in ("cases", "guidance", "questions", "referred")
    )
    assert 1 == (await month(stack, "urasoe", "2026-02"))["total"]["cases"]
    assert 0 == (await month(stack, "urasoe", "2026-04"))["total"]["cases"]


@pytest.mark.req("URASOE-01")
async def test_every_case_of_urasoe_belongs_to_one_of_two_groups(stack: Stack) -> None:
    """
    Nothing begins without its group, and the month adds up by both.
    """
    await a_month_of_urasoe(stack)
    stack.clock.now = OPEN["urasoe"]
    unsaid = await come(stack, "urasoe", "guidance")
    silent = await note(stack, "urasoe", "portal")
    wrong = await come(stack, "urasoe", "reissue", group="portal")
    said = await come(stack, "urasoe", "guidance", group="portal")
    found = await month(stack, "urasoe", "2026-03")

    assert [(422, "group")] * 3 == [
        (answer.status_code, answer.json()["errors"][0]["field"])
        for answer in (unsaid, silent, wrong)
    ]
    assert 201 == said.status_code, said.text
    assert ["application", "portal"] == [row["code"] for row in found["groups"]]
    assert {"application": 2, "portal": 5} == column(found["groups"], "visits")
    assert {"application": 5, "portal": 7} == column(found["groups"], "cases")


@pytest.mark.req("OTA-13")
async def test_every_kind_of_card_processing_is_opened_closed_and_counted(stack: Stack) -> None:
    """
    Thirteen that the clause names, and what it leaves open: each begun for a visitor and
    carried through, each counted once.
    """
    stack.clock.now = OPEN["ota"]
    operator = stack.as_(Role.OPERATOR)
    listed = (await operator.get("/api/v1/contracts/ota/catalogue")).json()["items"]
    codes = [each["code"] for each in listed if "§6(1)④" == each["clause"]]
    visit = (await come(stack, "ota", codes[0])).json()["case_id"]

    async def carry_through(code: str) -> None:
        begun = await operator.post(
            f"/api/v1/cases/{visit}/procedures", json={"procedure": code, "receiver": "self"}
        )
        assert 201 == begun.status_code, begun.text
        row = load("ota").contract.procedure(code)
        assert row is not None
        for step in row.steps:
            papers = PAPERS[Receiver.SELF] if StepKind.DOCUMENTS is step else {}
            taken = await operator.act(begun.json()["case_id"], STEP_OF[step], **papers)
            assert 200 == taken.status_code, taken.text

    async with stack.staffed():
        for code in codes:
            await carry_through(code)
    found = await month(stack, "ota", "2026-11")

    assert 12 <= len(codes) == len(set(codes))
    assert dict.fromkeys(codes, 1) == column(found["procedures"], "done")
    assert {"card": len(codes)} == column(found["groups"], "procedures")
    assert {"counter": len(codes)} == column(found["places"], "done")


@pytest.mark.req("AGEO-33")
async def test_every_subject_of_the_call_centre_is_there_and_counted(stack: Stack) -> None:
    """
    Each of them once by telephone, and one of them at the booth as well.
    """
    stack.clock.now = OPEN["ageo"]
    agent = stack.as_(Role.CALL_AGENT, "ageo")
    clause = {
        *("system", "notification_card", "certificate_and_pin"),
        *("documents", "portal", "card_use"),
    }
    for category in CATEGORY_TEXT:
        outcome = "referred" if "city_window" == category else "answered"
        noted = await agent.post(
            "/api/v1/contracts/ageo/inquiries",
            json={"category": category, "place": "call_centre", "outcome": outcome},
        )
        assert 201 == noted.status_code, noted.text
    await note(stack, "ageo", "portal", place="online_booth")
    found = await month(stack, "ageo", "2026-09")

    assert clause <= set(CATEGORY_TEXT)
    expected = {str(each): 1 for each in CATEGORY_TEXT} | {"portal": 2}
    assert expected == column(found["subjects"], "questions")
    assert {"call_centre": len(CATEGORY_TEXT), "online_booth": 1} == column(
        found["places"], "questions"
    )


@pytest.mark.req("AGEO-27")
async def test_the_citys_own_procedures_are_referrals_and_nothing_done_here(
    stack: Stack,
) -> None:
    """
    Whether somebody is received for it or only asks at the desk: sent on, and counted so.
    """
    stack.clock.now = OPEN["ageo"]
    staff = stack.as_(Role.SUPPORT_STAFF, "ageo")
    received = await come(stack, "ageo", "city_window_guidance")
    refused = await note(stack, "ageo", "city_window")
    noted = await note(stack, "ageo", "city_window", "guidance", outcome="referred")
    for explained in ("smartphone", "portal", "card_use"):
        assert 201 == (await note(stack, "ageo", explained)).status_code
    case_id = noted.json()["case_id"]
    (line,) = await staff.timeline(case_id)
    async with stack.staffed():
        served = await staff.act(received.json()["case_id"], "close_visit", result="served")
        sent_on = await staff.act(received.json()["case_id"], "close_visit", result="referred")
    found = await month(stack, "ageo", "2026-09")

    assert ("refer", "市のマイナンバー窓口") == (
        received.json()["outcome"],
        received.json()["destination"],
    )
    assert (422, 409, 200) == tuple(a.status_code for a in (refused, served, sent_on))
    assert ("referred", "市のマイナンバー窓口") == (
        line["detail"]["stage"],
        line["detail"]["destination"],
    )
    assert {"city_window_guidance": 1} == column(found["procedures"], "referred")
    assert {"city_window": 1} == column(found["subjects"], "referred")
    assert {} == column(found["procedures"], "served") | column(found["procedures"], "done")
    assert 2 == found["total"]["referred"]


@pytest.mark.req("CHIBA-48")
async def test_a_consultation_about_an_application_is_counted(stack: Stack) -> None:
    """
    Beside questions, at the window where it was given; the file has the same rows.
    """
    stack.clock.now = OPEN["chiba"]
    stack.sign("chiba", datetime(2022, 5, 20, tzinfo=TOKYO).date())
    for nature in ("consultation", "consultation", "question"):
        noted = await note(stack, "chiba", "application", nature)
        assert 201 == noted.status_code, noted.text
    found = await month(stack, "chiba", "2022-08")
    file = await stack.as_(Role.OFFICIAL, "chiba").get(
        "/api/v1/contracts/chiba/counts/csv", month="2022-08"
    )
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))

    assert {"application": 2} == column(found["subjects"], "consultations")
    assert {"application": 1} == column(found["subjects"], "questions")
    assert {"application_window": 2} == column(found["places"], "consultations")
    assert ["集計", "コード", "名前", "合計"] == rows[0][:4]
    assert ["全体", "", "合計", "3"] == rows[1][:4]
    assert ["手続の区分", "other", "その他（案内・相談など）", "3"] in [row[:4] for row in rows]


async def test_a_note_is_over_as_soon_as_it_begins_and_its_course_is_archived(
    stack: Stack,
) -> None:
    """
    Nothing of it waits on a list, and it can be replayed like any other case.
    """
    stack.clock.now = OPEN["ota"]
    case_id = (await note(stack, "ota", "system", "guidance")).json()["case_id"]
    official = stack.as_(Role.OFFICIAL)
    shown = await official.case(case_id)
    waiting = await official.get("/api/v1/cases", kind="inquiry")
    async with stack.staffed():
        again = await stack.as_(Role.SUPPORT_STAFF).act(
            case_id, "close_inquiry", outcome="answered", reason="二度"
        )

        async def archived() -> bool:
            kept = await official.get(f"/api/v1/audit/cases/{case_id}/history")
            return 200 == kept.status_code

        await eventually(archived)

    assert ("answered", True) == (shown["stage"], shown["closed_at"] is not None)
    assert [] == waiting.json()["items"]
    # The course may still be there to say so, or be gone.
    assert again.status_code in {403, 404, 409}
