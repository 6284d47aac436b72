"""Applications at the windows of five cities, over HTTP: whose they are, what they leave."""

import pytest
from sqlalchemy import text

from api.access.door import now_in_tokyo
from domain.parties import Role
from store import vault
from store.scope import scope
from tests.applications.at_window import (
    FORM_ID,
    agree,
    begin,
    photo,
    receive,
    send,
    walk,
)
from tests.photos import hostile, portraits
from tests.stack import Caller, Stack, eventually


def operator(stack: Stack, city: str = "ageo") -> Caller:
    """Return somebody of the provider at the window."""
    return stack.as_(Role.OPERATOR, city)


async def begun(stack: Stack, city: str = "ageo", variant: str = "online") -> str:
    """Return an application that was begun for somebody."""
    visit = await receive(stack, city)
    answer = await begin(operator(stack, city), visit, variant, city=city)
    assert 201 == answer.status_code, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


async def counts(caller: Caller, city: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Return begun and completed of this month by variant, and new or renewal."""
    month = f"{now_in_tokyo():%Y-%m}"
    answer = await caller.get(f"/api/v1/contracts/{city}/applications/counts", month=month)
    return {
        (each["variant"], each["applied_for"]): (each["begun"], each["completed"])
        for each in answer.json()["items"]
    }


def kept_photos(stack: Stack, case_id: str, city: str = "ageo") -> list[bool]:
    """Return of each photo of a case whether its bytes are still there."""
    with scope(stack.engine, city) as connection:
        asked = text("SELECT sealed IS NOT NULL AS kept FROM document WHERE case_id = :case")
        return [row.kept for row in connection.execute(asked, {"case": case_id})]


@pytest.mark.req("AGEO-12")
async def test_an_online_application_with_its_photo_counts_once(stack: Stack) -> None:
    """
    Refused by rule and nothing kept; accepted, submitted, gone; and counted as online.
    """
    async with stack.staffed():
        case_id = await begun(stack)
        caller = operator(stack)
        early = await photo(caller, case_id)
        read = await caller.act(case_id, "read_form_id", form_id=FORM_ID)
        dark = await send(caller, case_id, portraits.jpeg(portraits.lit(0.3)))
        unseen = await photo(caller, case_id, looked="false")
        before = kept_photos(stack, case_id)
        good = await photo(caller, case_id)
        there = kept_photos(stack, case_id)
        sent = await caller.act(case_id, "record_submission", receipt="R-0001")
        found = await counts(caller, "ageo")
        told = await caller.timeline(case_id)

    assert (409, 200) == (early.status_code, read.status_code)
    assert (422, "PhotoLikelyRefused") == (dark.status_code, dark.json()["code"])
    assert ([], 422, 201) == (before, unseen.status_code, good.status_code)
    assert ("submit", [True]) == (good.json()["case"]["stage"], there)
    assert ("waiting", [False]) == (sent.json()["stage"], kept_photos(stack, case_id))
    assert (1, 1) == found["online", "new"]
    assert {(1, 1), (0, 0)} == set(found.values())
    detail = {each["action"]: each["detail"] for each in told}
    assert "R-0001" == detail["record_submission"]["receipt"]
    assert FORM_ID not in str(told)


async def test_it_goes_on_though_the_worker_is_lost_after_every_step(stack: Stack) -> None:
    """
    The next worker knows the case from its history alone, and does no step again.
    """
    async with stack.staffed():
        case_id = await begun(stack)
    caller = operator(stack)
    async with stack.staffed():
        await caller.act(case_id, "read_form_id", form_id=FORM_ID)
    async with stack.staffed():
        await photo(caller, case_id)
    async with stack.staffed():
        sent = await caller.act(case_id, "record_submission", receipt="R-0002")
        again = await caller.act(case_id, "record_submission", receipt="R-0002")
        told = [each["action"] for each in await caller.timeline(case_id)]

    assert (200, "waiting", 409) == (sent.status_code, sent.json()["stage"], again.status_code)
    assert len(told) == len(set(told))


@pytest.mark.req("AGEO-26")
async def test_each_way_at_the_desk_is_counted_by_itself(stack: Stack) -> None:
    """
    What the person posts themselves stops at being handed to them.
    """
    async with stack.staffed():
        for variant in ("postal_assist", "terminal_assist", "postal_assist"):
            last = await walk(operator(stack), await begun(stack, variant=variant))
            ends = "handed_to_resident" if variant == "postal_assist" else "waiting"
            assert ends == last.json()["stage"]
        found = await counts(operator(stack), "ageo")

    assert (2, 1, 0) == tuple(
        found[variant, "new"][1] for variant in ("postal_assist", "terminal_assist", "online")
    )


@pytest.mark.req("CHIBA-41")
async def test_paper_and_terminal_are_counted_apart(stack: Stack) -> None:
    """
    Both of them with a photo that was looked at.
    """
    async with stack.staffed():
        for variant in ("paper", "online"):
            await walk(operator(stack, "chiba"), await begun(stack, "chiba", variant))
        found = await counts(operator(stack, "chiba"), "chiba")

    assert {("paper", "new"): (1, 1), ("online", "new"): (1, 1)} == {
        kind: each for kind, each in found.items() if kind[1] == "new"
    }


@pytest.mark.req("OTA-11")
async def test_express_is_otas_providers_and_yokosukas_citys(stack: Stack) -> None:
    """
    Three ways for the provider's people of Ota; the same call is refused in Yokosuka.
    """
    async with stack.staffed():
        visit = await receive(stack, "ota")
        ours = [
            await begin(operator(stack, "ota"), visit, variant, city="ota")
            for variant in ("online", "overseas", "express")
        ]
        stack.clock.now = None
        there = await receive(stack, "yokosuka")
        forged = [
            await begin(stack.as_(role, "yokosuka"), there, "express", city="yokosuka")
            for role in (Role.OPERATOR, Role.SITE_MANAGER)
        ]
        official = stack.as_(Role.OFFICIAL, "yokosuka")
        citys = await begin(official, there, "express", city="yokosuka")
        case_id = citys.json()["case_id"]
        stolen = await operator(stack, "yokosuka").act(case_id, "receive_form")
        done = await official.act(case_id, "receive_form")
        unoffered = await begin(official, there, "online", city="yokosuka")

    assert [201] * 3 == [each.status_code for each in ours]
    assert {(403, "NotYourDuty")} == {(a.status_code, a.json()["code"]) for a in forged}
    assert (201, 403, "waiting") == (
        citys.status_code,
        stolen.status_code,
        done.json()["stage"],
    )
    assert (409, "ApplicationNotHere") == (unoffered.status_code, unoffered.json()["code"])
    assert ["add_application"] * 2 + ["receive_form"] == refused(stack, "yokosuka")


def refused(stack: Stack, city: str) -> list[str]:
    """Return what was tried by somebody whose duty it is not."""
    with scope(stack.engine, city) as connection:
        asked = text("SELECT action FROM refused_act ORDER BY at")
        return [row.action for row in connection.execute(asked)]


@pytest.mark.req("URASOE-31")
async def test_without_the_code_urasoes_course_does_not_go_on(stack: Stack) -> None:
    """
    Only new and renewal; completed ones are counted apart.
    """
    caller = operator(stack, "urasoe")
    async with stack.staffed():
        visit = await receive(stack, "urasoe")
        await agree(caller, visit)
        other = await begin(caller, visit, city="urasoe", applied_for="reissue")
        first, again = [
            (await begin(caller, visit, city="urasoe", applied_for=each)).json()["case_id"]
            for each in ("new", "renewal")
        ]
        skipped = await photo(caller, first)
        unread = [
            await caller.act(first, "read_form_id", form_id=each)
            for each in ("", "1234567890123456789012", "no code")
        ]
        before = await counts(caller, "urasoe")
        await walk(caller, first)
        await walk(caller, again)
        after = await counts(caller, "urasoe")

    assert (422, 409) == (other.status_code, skipped.status_code)
    assert [422] * 3 == [each.status_code for each in unread]
    assert {("online", "new"): (1, 0), ("online", "renewal"): (1, 0)} == before
    assert {("online", "new"): (1, 1), ("online", "renewal"): (1, 1)} == after


async def test_a_supporter_of_urasoe_only_tells_people_about_applications(
    stack: Stack,
) -> None:
    """
    Neither opening one nor going on with one that somebody else opened.
    """
    supporter, caller = stack.as_(Role.SUPPORT_STAFF, "urasoe"), operator(stack, "urasoe")
    async with stack.staffed():
        visit = await receive(stack, "urasoe")
        await agree(caller, visit)
        opened = await begin(supporter, visit, city="urasoe")
        case_id = (await begin(caller, visit, city="urasoe")).json()["case_id"]
        read = await supporter.act(case_id, "read_form_id", form_id=FORM_ID)
        seen = (await supporter.case(case_id))["actions"]

    assert (403, 403, []) == (opened.status_code, read.status_code, seen)


@pytest.mark.req("URASOE-28")
async def test_nothing_begins_before_the_applicant_agreed(stack: Stack) -> None:
    """
    In person, to the version of the day; the record says to which, how, and who it was.
    """
    caller = operator(stack, "urasoe")
    async with stack.staffed():
        visit = await receive(stack, "urasoe")
        early = await begin(caller, visit, city="urasoe")
        unserved = await caller.act(visit, "close_visit", result="served")
        proxy = await agree(caller, visit, consenter="proxy")
        agreed = await agree(caller, visit)
        begun = await begin(caller, visit, city="urasoe")
        told = {each["action"]: each for each in await caller.timeline(visit)}
        other = await receive(stack, "urasoe")
        refusal = await agree(caller, other, answer="refused")
        closed = await caller.case(other)
        late = await begin(caller, other, city="urasoe")

    assert (409, "ConsentMissing") == (early.status_code, early.json()["code"])
    assert "ConsentMissing" == unserved.json()["code"]
    assert (422, "ConsentByProxy") == (proxy.status_code, proxy.json()["code"])
    assert (200, 201) == (agreed.status_code, begun.status_code)
    assert {
        "consenter": "applicant",
        "answer": "agreed",
        "means": "screen",
        "versions": "terms_of_use/1 privacy_policy/1",
        "stage": "serving",
    } == told["record_consent"]["detail"]
    assert ("left", True) == (refusal.json()["stage"], refusal.json()["closed"])
    assert ("consent_refused", 409) == (closed["state"]["result"], late.status_code)
    assert {} == persons(stack, "urasoe", [visit, other])


def persons(stack: Stack, city: str, case_ids: list[str]) -> dict[str, dict[str, str]]:
    """Return what the vault knows of the persons of cases."""
    with scope(stack.engine, city) as connection:
        return vault.persons(connection, stack.keys, city, case_ids)


async def test_whom_to_call_lies_with_the_application_alone(stack: Stack) -> None:
    """
    Where somebody is called about a defect nobody begins without a telephone.
    """
    async with stack.staffed():
        visit = await receive(stack)
        nobody = await begin(operator(stack), visit, kana="", phone="")
        case_id = (await begin(operator(stack), visit, reachable="夕方", key="k")).json()[
            "case_id"
        ]
        known = persons(stack, "ageo", [visit, case_id])
        told = str(await operator(stack).timeline(case_id))

    assert (422, "FormRefused") == (nobody.status_code, nobody.json()["code"])
    assert {case_id} == set(known)
    assert ("ハナコ", "夕方") == (known[case_id]["kana"][-3:], known[case_id]["reachable"])
    assert "ハナコ" not in told


async def test_the_visit_ends_when_the_window_is_done_and_not_the_wait(stack: Stack) -> None:
    """
    Nobody sits at the counter for a month; what came back stops the application alone.
    """
    async with stack.staffed():
        visit = await receive(stack)
        case_id = (await begin(operator(stack), visit)).json()["case_id"]
        early = await operator(stack).act(visit, "close_visit", result="served")
        await walk(operator(stack), case_id)
        closed = await eventually(
            lambda: operator(stack).act(visit, "close_visit", result="served"),
            lambda answer: answer.status_code == 200,
        )
        defect = await stack.as_(Role.CALL_AGENT, "ageo").act(
            case_id, "report_defect", defect="photo_shadow"
        )

    assert (409, "ProceduresOpen") == (early.status_code, early.json()["code"])
    assert ("done", "defective") == (closed.json()["stage"], defect.json()["stage"])


@pytest.mark.parametrize(
    "content", [b"<svg/>", hostile.photo()[:-900], hostile.photo() + hostile.archive()]
)
async def test_what_is_no_photo_is_not_kept(stack: Stack, content: bytes) -> None:
    """
    Neither in the vault nor in the record.
    """
    async with stack.staffed():
        case_id = await begun(stack)
        caller = operator(stack)
        await caller.act(case_id, "read_form_id", form_id=FORM_ID)
        answer = await send(caller, case_id, content)
        stage = (await caller.case(case_id))["stage"]

    assert (422, "photo", []) == (answer.status_code, stage, kept_photos(stack, case_id))


async def test_a_photo_asked_for_twice_is_one_photo_and_a_second_replaces_it(
    stack: Stack,
) -> None:
    """
    The same key is the same photo; another one lets the first go at once.
    """
    async with stack.staffed():
        case_id = await begun(stack)
        caller = operator(stack)
        await caller.act(case_id, "read_form_id", form_id=FORM_ID)
        good = portraits.jpeg(portraits.good())
        once = [await send(caller, case_id, good, key="key-1") for _ in range(2)]
        twice = kept_photos(stack, case_id)
        other = await photo(caller, case_id)

    assert once[0].json()["document_id"] == once[1].json()["document_id"]
    assert ([True], 201) == (twice, other.status_code)
    assert [False, True] == sorted(kept_photos(stack, case_id))
