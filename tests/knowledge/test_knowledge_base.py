"""One knowledge base for booth, desk and telephone: what may be used, and what was used."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from domain.parties import Role
from store.scope import scope
from tests.bookings import venue
from tests.catalogue.at_desk import OPEN, column, come, month, note
from tests.knowledge_at_hand import (
    ANSWER,
    approve,
    found,
    handed_in,
    let_be_used,
    let_it_run,
    path,
    written,
)
from tests.obligations_at_hand import let_booths_begin
from tests.stack import Stack, eventually

VALID = {"certificate_valid": True, "resident": True}


@pytest.mark.req("AGEO-15")
async def test_booth_and_telephone_answer_by_the_same_articles(stack: Stack) -> None:
    """
    The same number on the guide of a booth and at the telephone; what is noted from it in
    either place is counted under its one category.
    """
    stack.clock.now = OPEN["ageo"]
    let_booths_begin(stack.engine, stack.keys)
    operator, agent = (stack.as_(role, "ageo") for role in (Role.OPERATOR, Role.CALL_AGENT))
    article = (await written(stack, "ageo", procedure="public_money_account"))["article"]
    let_be_used(stack, "ageo", OPEN["ageo"])
    body = {"procedure": "public_money_account", "channel": "online_booth", "answers": VALID}
    visit = await operator.post(path("ageo", "visits"), json=body)
    link = f'href="/knowledge/{article}"'
    guide = f"/guide/{visit.json()['case_id']}"

    beside = (await operator.get(guide)).text
    looked_for = (await operator.get(guide, faq="暗証番号 忘れた")).text
    by_phone = (await agent.get("/knowledge", q="暗証番号 忘れた")).text
    for person, place in ((operator, "online_booth"), (agent, "call_centre")):
        page = (await person.get(f"/knowledge/{article}")).text
        assert f'<option value="{place}">' in page
        assert 'name="category" value="certificate_and_pin"' in page
    noted = [
        await note(stack, "ageo", "certificate_and_pin", place=place)
        for place in ("online_booth", "call_centre")
    ]
    counted = await month(stack, "ageo", "2026-09")

    assert [True] * 3 == [link in page for page in (beside, looked_for, by_phone)]
    assert 'action="/knowledge"' in (await agent.get("/inquiries")).text
    assert [201, 201] == [answer.status_code for answer in noted]
    assert {"certificate_and_pin": 2} == column(counted["subjects"], "questions")
    assert {"online_booth": 1, "call_centre": 1} == column(counted["places"], "questions")


@pytest.mark.req("URASOE-21")
async def test_operators_see_only_what_the_city_has_checked(stack: Stack) -> None:
    """
    Not what is written, not what was handed in, and nobody of the provider checks it.
    """
    let_it_run(stack, "urasoe", OPEN["urasoe"])
    operator = stack.as_(Role.OPERATOR, "urasoe")
    async with stack.staffed():
        article = (await written(stack, "urasoe"))["article"]
        alone = await operator.get(path("urasoe", f"knowledge/{article}"))
        draft = await found(stack, "urasoe")
        document = await handed_in(stack, "urasoe")
        waiting = await found(stack, "urasoe")
        own = await stack.as_(Role.SITE_MANAGER, "urasoe").act(document, "approve_version")
        await approve(stack, "urasoe", document)
    await written(stack, "urasoe", article=article, body="予約制です。", reason="予約制")
    used = await operator.get(path("urasoe", f"knowledge/{article}"))
    whole = await stack.as_(Role.CLERK, "urasoe").get(path("urasoe", f"knowledge/{article}"))
    editions = (await operator.get(path("urasoe", "knowledge-editions"))).json()["items"]

    assert ([], 404, [], 403) == (draft, alone.status_code, waiting, own.status_code)
    assert [(article, 1)] == await found(stack, "urasoe")
    assert [1] == [each["number"] for each in used.json()["versions"]]
    assert [1, 2] == [each["number"] for each in whole.json()["versions"]]
    assert [(1, True)] == [(each["number"], each["in_use"]) for each in editions]


@pytest.mark.req("AGEO-56")
async def test_every_version_stays_with_its_author_and_its_reason(stack: Stack) -> None:
    """
    Both are listed with what was agreed, the old one is readable, what changed is shown,
    and the database lets nobody change or delete one.
    """
    stack.clock.now = OPEN["ageo"]
    clerk, operator = (stack.as_(role, "ageo") for role in (Role.CLERK, Role.OPERATOR))
    article = (await written(stack, "ageo"))["article"]
    let_be_used(stack, "ageo", OPEN["ageo"])
    await written(
        stack, "ageo", article=article, body="予約制です。", reason="予約制", agreement="協議12"
    )
    again = await clerk.post(
        path("ageo"), json=ANSWER | {"article": article, "body": "予約制です。"}
    )
    versions = (await clerk.get(path("ageo", f"knowledge/{article}"))).json()["versions"]
    compared = (await clerk.get(f"/knowledge/{article}", version=2)).text
    hidden = (await operator.get(f"/knowledge/{article}", version=2)).text

    assert [
        ("最初の版", "", "窓口で再設定できます。"),
        ("予約制", "協議12", "予約制です。"),
    ] == [(each["reason"], each["agreement"], each["body"]) for each in versions]
    assert (422, "NothingChanged") == (again.status_code, again.json()["code"])
    assert "事務担当" in compared
    assert "− 窓口で再設定できます。" in compared
    assert "＋ 予約制です。" in compared
    assert "予約制です。" not in hidden
    for statement in (
        "DELETE FROM knowledge_version",
        "UPDATE knowledge_version SET body = ''",
    ):
        with pytest.raises(ProgrammingError), scope(stack.engine, "ageo") as connection:
            connection.execute(text(statement))


@pytest.mark.req("URASOE-29")
async def test_a_case_says_by_which_manual_it_was_dealt_with(stack: Stack) -> None:
    """
    Answers are found on the guide; the step names the manual in its record, and the page of
    the case keeps the version of its day after another one was approved.
    """
    begun = OPEN["urasoe"]
    stack.clock.now = begun
    operator = stack.as_(Role.OPERATOR, "urasoe")
    article = (await written(stack, "urasoe"))["article"]
    await written(stack, "urasoe", article=article, body="予約制です。", reason="予約制")
    let_be_used(stack, "urasoe", begun - timedelta(days=1), begun + timedelta(days=1))

    async def received() -> str:
        answer = await come(stack, "urasoe", "public_money_account", VALID)
        case_id: str = answer.json()["case_id"]
        return case_id

    early = await received()
    guide = (await operator.get(f"/guide/{early}", faq="暗証番号")).text
    async with stack.staffed():
        form = {"do": "close_visit", "seen": "result", "result": "left"}
        taken = await eventually(
            lambda: operator.post(f"/guide/{early}", data=form),
            lambda answer: answer.status_code == 303,
        )
    stack.clock.now = begun + timedelta(days=2)
    late = await received()
    pages = [(await operator.get(f"/cases/{each}")).text for each in (early, late)]
    steps = await operator.timeline(early)

    assert 303 == taken.status_code
    assert f'href="/knowledge/{article}"' in guide
    assert steps[-1]["detail"]["guide"].endswith("・マニュアル第1版")
    assert ["第1版", "第2版"] == [
        page.partition("受付時のマニュアル")[2].partition("FAQ・マニュアル ")[2][:3]
        for page in pages
    ]


@pytest.mark.req("CHIBA-66")
async def test_an_update_is_seen_by_nobody_who_answers_before_it_was_approved(
    stack: Stack,
) -> None:
    """
    Who takes calls and who stands at a venue answer by the version that was approved.
    """
    stack.sign("chiba", venue.SIGNED)
    stack.clock.now = OPEN["chiba"]
    article = (await written(stack, "chiba"))["article"]
    let_be_used(stack, "chiba", OPEN["chiba"])
    await written(stack, "chiba", article=article, body="予約制です。", reason="予約制")
    seen = []
    for role in (Role.CALL_AGENT, Role.SUPPORT_STAFF, Role.OPERATOR):
        person = stack.as_(role, "chiba")
        whole = (await person.get(path("chiba", f"knowledge/{article}"))).json()
        page = (await person.get(f"/knowledge/{article}", version=2)).text
        seen.append((len(whole["versions"]), "予約制です。" in page))

        assert [(article, 1)] == await found(stack, "chiba", role=role)
        assert [] == await found(stack, "chiba", "予約制", role=role)

    assert [(1, False)] * 3 == seen


@pytest.mark.req("OTA-10")
async def test_general_guidance_is_counted_under_other(stack: Stack) -> None:
    """
    A note of its own kind, which belongs to no procedure and to no other group.
    """
    stack.sign("ota", date(2026, 4, 1))
    stack.clock.now = OPEN["ota"]
    noted = await note(stack, "ota", "system", "guidance")
    counted = await month(stack, "ota", "2026-11")

    assert 201 == noted.status_code, noted.text
    assert {"other": 1} == column(counted["groups"], "guidance")
    assert {"other": 1} == column(counted["groups"], "cases")
    assert {"system": 1} == column(counted["subjects"], "guidance")


@pytest.mark.req("OTA-09")
async def test_where_the_city_approves_nothing_a_manual_is_used_once_it_was_handed_in(
    stack: Stack,
) -> None:
    """
    Not while it is written; and what is handed in may be revised and handed in again.
    """
    stack.sign("ota", date(2026, 4, 1))
    let_it_run(stack, "ota", OPEN["ota"])
    async with stack.staffed():
        article = (await written(stack, "ota", kind="manual"))["article"]
        before = await found(stack, "ota")
        document = await handed_in(stack, "ota")
    after = await found(stack, "ota")
    case = await stack.as_(Role.OPERATOR).case(document)
    (edition,) = (await stack.as_(Role.OPERATOR).get(path("ota", "knowledge-editions"))).json()[
        "items"
    ]
    submitted = (await stack.as_(Role.OPERATOR).timeline(document))[-1]

    assert ([], [(article, 1)], "in_use") == (before, after, case["stage"])
    assert "submit_version" == submitted["action"]
    since = datetime.fromisoformat(edition["usable_since"])
    assert since >= datetime.fromisoformat(submitted["at"])
