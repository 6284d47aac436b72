"""What people ask: recorded, answered or referred, and told to the city every month."""

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from domain.calendars.hours import TOKYO
from domain.parties import Role
from store.scope import scope
from tests.bookings import venue
from tests.stack import Stack

CHIBA = venue.CITY
PATH = f"/api/v1/contracts/{CHIBA}/inquiries"
QUESTION = "子どもの写真はどのように撮ればよいか"


async def ask(
    stack: Stack, question: str = QUESTION, category: str = "card_simple", **more: Any
) -> str:
    """Record a question and return its case."""
    body = {"category": category, "question": question} | more
    answer = await stack.as_(Role.CALL_AGENT, CHIBA).post(PATH, json=body)
    assert 201 == answer.status_code, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


async def month(stack: Stack, wanted: str) -> dict[str, Any]:
    """Return the list of a month."""
    answer = await stack.as_(Role.OFFICIAL, CHIBA).get(PATH, month=wanted)
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.req("CHIBA-23")
async def test_what_is_not_simple_is_referred_to_the_city_and_counted(stack: Stack) -> None:
    """
    To a section that is named; what we answered ourselves is not counted there.
    """
    venue.prepare(stack)
    agent = stack.as_(Role.CALL_AGENT, CHIBA)
    async with stack.staffed():
        ours = await ask(stack, "会場はどこか", "venue")
        theirs = [await ask(stack, "在留期限と有効期限", "system") for _ in range(2)]
        await agent.act(ours, "close_inquiry", outcome="answered", reason="中央の会場を案内")
        nowhere = await agent.act(
            theirs[0], "close_inquiry", outcome="referred", reason="市の判断が必要"
        )
        for case_id in theirs:
            done = await agent.act(
                case_id,
                "close_inquiry",
                outcome="referred",
                destination="区政推進課",
                reason="市の判断が必要",
            )
            assert 200 == done.status_code, done.text
    found = await month(stack, f"{stack.clock():%Y-%m}")

    assert 422 == nowhere.status_code
    assert (3, 2) == (found["total"], found["referred"])
    assert [("venue", "answered", "")] + [("system", "referred", "区政推進課")] * 2 == [
        (row["category"], row["stage"], row["destination"]) for row in found["items"]
    ]


@pytest.mark.req("CHIBA-24")
async def test_the_list_of_a_month_holds_every_inquiry_of_it_with_its_answer(
    stack: Stack,
) -> None:
    """
    Not those before midnight in Tokyo; one to be called back is on it with both answers.
    """
    venue.prepare(stack, now=datetime(2022, 8, 31, 23, 59, tzinfo=TOKYO))
    await ask(stack, "先月の問合せ")
    stack.clock.now = datetime(2022, 9, 1, 0, 0, tzinfo=TOKYO)
    ids = [await ask(stack, f"質問{n}", channel="counter") for n in range(3)]
    agent = stack.as_(Role.CALL_AGENT, CHIBA)
    async with stack.staffed():
        await agent.act(ids[0], "close_inquiry", outcome="call_back", reason="確認して折り返す")
        waiting = await agent.case(ids[0])
        await agent.act(ids[0], "close_inquiry", outcome="answered", reason="折り返して回答")
        await agent.act(ids[1], "close_inquiry", outcome="answered", reason="=1+1と回答")
        again = await agent.act(ids[1], "close_inquiry", outcome="answered", reason="二度")

    found = await month(stack, "2022-09")
    assert ("call_back", None) == (waiting["stage"], waiting["closed_at"])
    assert 409 == again.status_code
    assert ids == [row["case_id"] for row in found["items"]]
    assert [
        ("質問0", ["確認して折り返す", "折り返して回答"], "answered"),
        ("質問1", ["=1+1と回答"], "answered"),
        ("質問2", [], "open"),
    ] == [(row["question"], row["answers"], row["stage"]) for row in found["items"]]
    assert ["先月の問合せ"] == [
        row["question"] for row in (await month(stack, "2022-08"))["items"]
    ]
    assert 0 == (await month(stack, "2022-10"))["total"]


@pytest.mark.req("CHIBA-24")
async def test_the_file_of_a_month_has_the_rows_of_the_list(stack: Stack) -> None:
    """
    For the report; a spreadsheet runs nothing that somebody said on the telephone.
    """
    venue.prepare(stack)
    for question in ("持ち物は何か", "=HYPERLINK(1)"):
        await ask(stack, question, "documents")
    wanted = f"{stack.clock():%Y-%m}"
    listed = await month(stack, wanted)

    answer = await stack.as_(Role.OFFICIAL, CHIBA).get(f"{PATH}/csv", month=wanted)

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["案件番号", "受付日時", "経路", "分類"] == rows[0][:4]
    assert [row["case_number"] for row in listed["items"]] == [row[0] for row in rows[1:]]
    assert ["持ち物は何か", "'=HYPERLINK(1)"] == [row[4] for row in rows[1:]]
    assert ["必要な書類"] * 2 == [row[3] for row in rows[1:]]


async def test_what_was_asked_and_answered_stands_nowhere_in_clear(stack: Stack) -> None:
    """
    People tell more on the telephone than they mean to.
    """
    venue.prepare(stack)
    agent = stack.as_(Role.CALL_AGENT, CHIBA)
    async with stack.staffed():
        case_id = await ask(stack)
        await agent.act(case_id, "close_inquiry", outcome="answered", reason="無背景でと回答")
    with scope(stack.engine, CHIBA) as connection:
        rows = [
            str(connection.execute(text(f"SELECT * FROM {table}")).all())
            for table in ("case_file", "case_event", "outbox")
        ]

    assert [] == [row for row in rows if "写真" in row or "無背景" in row]
    said = [event["reason"] for event in await agent.timeline(case_id)]
    assert [QUESTION, "無背景でと回答"] == said


async def test_a_question_that_holds_an_individual_number_is_not_kept(stack: Stack) -> None:
    """
    It has to be left out, whoever says it.
    """
    venue.prepare(stack)
    agent = stack.as_(Role.CALL_AGENT, CHIBA)

    silent = await agent.post(PATH, json={"category": "other", "question": "  "})
    number = await agent.post(
        PATH, json={"category": "other", "question": "番号は123456789018です"}
    )

    assert {422} == {silent.status_code, number.status_code}
    assert 0 == (await month(stack, f"{stack.clock():%Y-%m}"))["total"]


@pytest.mark.req("YOKOSUKA-27")
async def test_both_numbers_that_tell_whether_the_web_is_used_stand_together(
    stack: Stack,
) -> None:
    """
    The share of bookings made on the web and the number of inquiries, month by month.
    """
    venue.prepare(stack, now=datetime(2022, 7, 31, 23, 59, tzinfo=TOKYO))
    await venue.book(stack, 13)
    stack.clock.now = datetime(2022, 8, 1, 0, 0, tzinfo=TOKYO)
    for hour in (14, 15, 16):
        await venue.book(stack, hour)
    agent = stack.as_(Role.CALL_AGENT, CHIBA)
    reservations = f"/api/v1/contracts/{CHIBA}/reservations"
    held = await agent.post(reservations, json=venue.wanted(17))
    await agent.post(f"{reservations}/{held.json()['reservation_id']}/confirm", json={})
    for _ in range(2):
        await ask(stack)

    path = f"/api/v1/contracts/{CHIBA}/indicators"
    found = [
        (await agent.get(path, month=each)).json() for each in ("2022-07", "2022-08", "2022-09")
    ]

    assert [
        {"month": "2022-07", "bookings": 1, "web": 1, "web_share": 1.0, "inquiries": 0},
        {"month": "2022-08", "bookings": 4, "web": 3, "web_share": 0.75, "inquiries": 2},
        {"month": "2022-09", "bookings": 0, "web": 0, "web_share": None, "inquiries": 0},
    ] == found
