"""A question that only the city can answer: asked at a meeting, answered, and in the FAQ."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.calendars.hours import TOKYO
from domain.case import CaseKind
from domain.parties import Role
from tests.knowledge_at_hand import approve, found, handed_in, let_it_run, path, written
from tests.stack import Caller, Stack, eventually

TUESDAY = datetime(2026, 9, 15, 17, 0, tzinfo=TOKYO)
ANSWER = {"title": "旧姓は後から書き加えられますか", "body": "できます。窓口で受けます。"}
NOTES = {"results": "交付 31件", "inquiries": "旧姓の併記を2人が尋ねた", "issues": "回答がない"}


async def listed(caller: Caller, *, closed: bool = False) -> list[dict[str, Any]]:
    """Return the questions to the city."""
    answer = await caller.get(path("yokosuka", "questions"), closed=str(closed).lower())
    assert 200 == answer.status_code, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def asked(stack: Stack, meeting: int) -> str:
    """Ask the city something and return the case."""
    answer = await stack.as_(Role.SITE_MANAGER, "yokosuka").post(
        path("yokosuka", "incidents"),
        json={"kind": "question", "what": ANSWER["title"], "meeting": meeting},
    )
    assert 201 == answer.status_code, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


def reminders(lines: list[dict[str, Any]]) -> int:
    """Return how often an official was told that an answer is waited for."""
    told = [line["detail"].get("to") for line in lines if line["action"] == "escalated"]
    return told.count("official")


async def held(stack: Stack) -> int:
    """Write a meeting down and return its number."""
    answer = await stack.as_(Role.SITE_MANAGER, "yokosuka").post(
        path("yokosuka", "meetings"), json={"held_on": "2026-09-15", "notes": NOTES}
    )
    assert 201 == answer.status_code, answer.text
    number: int = answer.json()["number"]
    return number


async def reminded(stack: Stack, case_id: str) -> None:
    """Let days pass until an official was told again."""
    official = stack.as_(Role.OFFICIAL, "yokosuka")
    await stack.fast_forward(CaseKind.INCIDENT, case_id, timedelta(days=9), "yokosuka")
    await eventually(lambda: official.timeline(case_id), lambda lines: reminders(lines) > 1)


@pytest.mark.req("YOKOSUKA-63")
async def test_what_is_asked_at_a_meeting_is_answered_by_the_city_and_gets_into_the_faq(
    stack: Stack,
) -> None:
    """
    A meeting is held when there is need. What is asked there stands with the city, which is
    told again and again; it ends once an article that may be used has the answer.
    """
    stack.sign("yokosuka", date(2026, 5, 11))
    let_it_run(stack, "yokosuka", TUESDAY)
    manager, official, operator = (
        stack.as_(role, "yokosuka")
        for role in (Role.SITE_MANAGER, Role.OFFICIAL, Role.OPERATOR)
    )
    number = await held(stack)
    async with stack.staffed():
        case_id = await asked(stack, number)
        (waiting,) = await listed(official)
        own = await manager.act(case_id, "answer_question", reason="できるはず")
        await reminded(stack, case_id)
        said = await official.act(case_id, "answer_question", reason=ANSWER["body"])
        early = await manager.act(case_id, "adopt_answer", article=1)
        article = (await written(stack, "yokosuka", **ANSWER, question=case_id))["article"]
        draft = await manager.act(case_id, "adopt_answer", article=article)
        await approve(stack, "yokosuka", await handed_in(stack, "yokosuka"))
        done = await manager.act(case_id, "adopt_answer", article=article)
    (ended,) = await listed(operator, closed=True)
    shown = (await operator.get("/meetings")).text

    asking = ("asked", "official", number, ANSWER["title"])
    assert asking == tuple(waiting[each] for each in ("stage", "owner", "meeting", "asked"))
    assert [403, 409, 409] == [answer.status_code for answer in (own, early, draft)]
    assert (200, 200) == (said.status_code, done.status_code)
    assert [(article, 1)] == await found(stack, "yokosuka", "旧姓 書き加え")
    in_faq = ("in_faq", article, ANSWER["body"])
    assert in_faq == tuple(ended[each] for each in ("stage", "article", "answer"))
    assert [] == await listed(operator)
    assert ANSWER["title"] in shown
    assert "FAQに反映済み" in shown


async def test_a_corrected_meeting_keeps_what_was_written_before(stack: Stack) -> None:
    """
    It is the next version of the same number; a question names a meeting that there was.
    """
    stack.sign("yokosuka", date(2026, 5, 11))
    stack.clock.now = TUESDAY
    manager = stack.as_(Role.SITE_MANAGER, "yokosuka")
    place = path("yokosuka", "meetings")
    first = await manager.post(place, json={"held_on": "2026-09-15", "notes": NOTES})
    number = first.json()["number"]
    again = {"number": number, "held_on": "2026-09-15", "notes": {"issues": "解決した"}}
    points = list((await manager.get(place)).json()["items"][0]["notes"])
    second = await manager.post(place, json=again)
    unknown = [
        await manager.post(place, json=again | {"number": 9}),
        await manager.post(
            path("yokosuka", "incidents"),
            json={"kind": "question", "what": "質問", "meeting": 9},
        ),
    ]
    (kept,) = (await manager.get(place)).json()["items"]

    assert (201, number) == (second.status_code, second.json()["number"])
    assert ["results", "inquiries", "issues"] == points
    assert (2, {"issues": "解決した"}) == (kept["version"], kept["notes"])
    assert [422, 422] == [answer.status_code for answer in unknown]
