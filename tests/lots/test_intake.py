"""Taking delivered lots over: what came, who gave it, what is refused as a whole."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

import pytest

from domain.lots.list_bytes import MAX_BYTES
from domain.lots.matching import MatchResult
from domain.parties import Role
from ops.make_lot import LotPlan, make_lot, spread
from tests.domain.lots import SAMPLE, sample_file
from tests.lots import work
from tests.stack import Stack

Files = dict[str, bytes]
PUBLISHED_NUMBER = "621498320257"


def sample(encoding: str) -> Files:
    names = ("issue_list", "resident", "card_face")
    return {name: sample_file(name).decode("cp932").encode(encoding) for name in names}


def edited(
    change: Callable[[str], str], *, name: str = "issue_list"
) -> Callable[[Files], Files]:
    def edit(files: Files) -> Files:
        return files | {name: change(files[name].decode("cp932")).encode("cp932")}

    return edit


def rows_of(answer: dict[str, Any]) -> dict[str, str]:
    return {row["ref"]: row["result"] for row in answer["rows"]}


@pytest.mark.req("OTA-17")
@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
async def test_the_sample_lot_is_matched_as_expected_in_every_encoding(
    stack: Stack, encoding: str
) -> None:
    """
    What a city hands over is matched by content, not by how it was written.
    """
    expected = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))

    answer = await stack.as_(Role.CLERK).take_over(sample(encoding))

    assert 201 == answer.status_code, answer.text
    assert expected["rows"] == rows_of(answer.json())
    assert answer.json()["due_at"].startswith(expected["deadline"])


@pytest.mark.req("OTA-17")
async def test_a_rough_lot_of_1_200_rows_is_matched_to_the_last_row(stack: Stack) -> None:
    """
    Other shapes of the same name and address, columns in another order, torn lines.
    """
    plan = LotPlan(
        rows=1200,
        seed=7,
        delivered=date(2026, 11, 9),
        faults=spread(1200, 0.1),
        rough=True,
        unreadable=3,
        encoding="utf-8-sig",
    )
    lot = make_lot(plan)

    answer = await work.take_over(stack, lot, count=1203)
    case = await stack.as_(Role.CLERK).case(answer["case_id"])
    stages = await stack.as_(Role.CLERK).stages(answer["case_id"])

    assert lot.expected == rows_of(answer)
    waiting = len([r for r in lot.expected.values() if r is not MatchResult.MATCH])
    assert Counter(undecided=waiting, matched=len(lot.expected) - waiting) == stages
    # Torn lines are cards that came and have no case: somebody has to explain them.
    assert ("discrepancy", 3) == (case["stage"], case["state"]["unreadable"])


@pytest.mark.req("OTA-16")
async def test_a_lot_says_when_it_came_how_many_who_gave_and_who_took_it(stack: Stack) -> None:
    """
    The official's name is a person's and stands in the vault; the rest is on record.
    """
    lot = work.small_lot(4, delivered=date(2026, 11, 9))
    taken = await work.take_over(stack, lot, count=4, handed_by="市民課 見本")
    clerk = stack.as_(Role.CLERK)

    (event,) = await clerk.timeline(taken["case_id"])
    who = await clerk.get(f"/api/v1/cases/{taken['case_id']}/person", purpose="引渡しの確認")

    assert ("lot_taken_over", "clerk") == (event["action"], event["role"])
    assert event["actor"]
    detail = event["detail"]
    assert ("2026-11-09", 4, 4) == (
        detail["delivered_on"],
        detail["announced"],
        detail["cards"],
    )
    assert {"handed_by": "市民課 見本"} == who.json()


@pytest.mark.req("OTA-16")
@pytest.mark.parametrize("said", [3, 5])
async def test_a_count_that_differs_opens_a_discrepancy_until_it_is_explained(
    stack: Stack, said: int
) -> None:
    """
    A lot with a card too many or too few must not end as if nothing were wrong.
    """
    lot_id = (await work.take_over(stack, work.small_lot(4), count=said))["case_id"]
    manager, clerk = stack.as_(Role.SITE_MANAGER), stack.as_(Role.CLERK)
    before = await clerk.case(lot_id)
    offered = {a["action"] for a in (await manager.case(lot_id))["actions"]}
    async with stack.staffed():
        silent = await manager.act(lot_id, "settle_discrepancy")
        not_theirs = await clerk.act(lot_id, "settle_discrepancy", reason="数え間違い")
        explained = await manager.act(lot_id, "settle_discrepancy", reason="市と数え直した")
    after = await clerk.case(lot_id)

    assert "discrepancy" == before["stage"]
    assert "settle_discrepancy" in offered
    assert (422, 403, 200) == tuple(
        answer.status_code for answer in (silent, not_theirs, explained)
    )
    assert "in_progress" == after["stage"]


@pytest.mark.req("OTA-16")
async def test_a_count_that_agrees_opens_nothing(stack: Stack) -> None:
    """
    The control: work begins at once where count and list agree.
    """
    taken = await work.take_over(stack, work.small_lot(4), count=4)

    assert "in_progress" == (await stack.as_(Role.CLERK).case(taken["case_id"]))["stage"]


BAD: dict[str, tuple[Callable[[Files], Files], int, str]] = {
    "no delivery date at all": (
        edited(lambda text: text.replace("納品日", "備考")),
        422,
        "NotACardList",
    ),
    "delivery dates left empty": (
        edited(lambda text: text.replace(",R08.11.09", ",").replace(",R8.11.9", ",")),
        422,
        "MixedDeliveryDates",
    ),
    "two delivery dates": (
        edited(lambda text: text.replace("11.09", "11.10", 1)),
        422,
        "MixedDeliveryDates",
    ),
    "an empty file": (lambda files: files | {"issue_list": b""}, 422, "EmptyList"),
    "a header and no rows": (
        edited(lambda text: text.splitlines()[0] + "\r\n"),
        422,
        "EmptyList",
    ),
    "a picture": (
        lambda files: files | {"resident": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20},
        422,
        "NotACardList",
    ),
    "another list": (
        lambda files: files | {"resident": files["card_face"]},
        422,
        "NotACardList",
    ),
    "larger than a list can be": (
        lambda files: files | {"card_face": b"x" * (MAX_BYTES + 1)},
        413,
        "ListTooLarge",
    ),
    "a column for the 12-digit number": (
        edited(lambda text: text.replace("通番", "個人番号")),
        422,
        "ForbiddenColumn",
    ),
    "the 12-digit number in an address": (
        edited(
            lambda text: text.replace("見本町", f"マイナンバー{PUBLISHED_NUMBER}町"),
            name="resident",
        ),
        422,
        "ForbiddenNumber",
    ),
    "a PIN in a name": (
        edited(lambda text: text.replace("太郎", "太郎 暗証番号1234"), name="card_face"),
        422,
        "ForbiddenNumber",
    ),
}


@pytest.mark.req("OTA-16")
async def test_what_is_no_lot_is_refused_with_its_reason_and_leaves_nothing(
    stack: Stack,
) -> None:
    """
    Half a lot would be worse than none: cards without a case, cases without cards.
    """
    good = dict(work.small_lot(40, seed=4, delivered=date(2026, 11, 9)).files)
    clerk = stack.as_(Role.CLERK)
    before = work.row_counts(stack)
    answers = {}
    for name, (spoil, _, _) in BAD.items():
        spoilt = spoil(good)
        assert spoilt != good, name
        answers[name] = await clerk.take_over(spoilt)

    found = {name: (a.status_code, a.json().get("code")) for name, a in answers.items()}
    assert {name: (status, code) for name, (_, status, code) in BAD.items()} == found
    assert before == work.row_counts(stack)
    assert not [name for name, a in answers.items() if PUBLISHED_NUMBER in a.text]


async def test_a_request_of_100_mb_is_refused_before_it_is_read(stack: Stack) -> None:
    """
    One caller must not be able to fill the memory of the process.
    """
    files = dict.fromkeys(work.small_lot().files, b"x" * 35_000_000)
    clerk = stack.as_(Role.CLERK)
    before = work.row_counts(stack)

    async def dribble() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="resident"; filename="a"\r\n\r\n'
        for _ in range(120):
            yield b"x" * 1_000_000

    answer = await clerk.take_over(files)
    unannounced = await stack.http.post(
        "/api/v1/contracts/ota/card-lots/preview",
        content=dribble(),
        headers={
            "Authorization": f"Bearer {clerk.token}",
            "Content-Type": "multipart/form-data; boundary=x",
        },
    )

    for refused in (answer, unannounced):
        assert (413, "Http413") == (refused.status_code, refused.json()["code"])
        assert "application/problem+json" == refused.headers["content-type"]
    assert before == work.row_counts(stack)


async def test_the_same_cards_are_not_taken_over_twice(stack: Stack) -> None:
    """
    One file handed in again, also with other cards around them, would double every card.
    """
    first, others = work.small_lot(5, seed=9), work.small_lot(5, seed=10)
    await work.take_over(stack, first)
    before = work.row_counts(stack)
    added = first.files["issue_list"].splitlines(keepends=True)[2]
    longer = {"issue_list": others.files["issue_list"] + added}

    again = await stack.as_(Role.CLERK).take_over(first.files)
    more = await stack.as_(Role.CLERK).take_over({**others.files, **longer})
    delivered_anew = await stack.as_(Role.CLERK).take_over(
        work.small_lot(5, seed=9, delivered=date(2026, 11, 10)).files
    )

    for answer in (again, more):
        assert (409, "LotAlreadyTaken") == (answer.status_code, answer.json()["code"])
    assert before["lot_card"] + 5 == work.row_counts(stack)["lot_card"]
    assert 201 == delivered_anew.status_code


async def test_one_upload_sent_twice_at_once_is_one_lot(stack: Stack) -> None:
    """
    An impatient second click, or a client that repeats after a lost answer.
    """
    lot, other = work.small_lot(30), work.small_lot(30, seed=8)
    clerk = stack.as_(Role.CLERK)

    answers = await asyncio.gather(*(clerk.take_over(lot.files, key="once") for _ in range(4)))
    misused = await clerk.take_over(other.files, key="once")

    assert [201] * 4 == [answer.status_code for answer in answers]
    assert 1 == len({answer.text for answer in answers})
    assert 31 == work.row_counts(stack)["case_file"]
    assert (422, "KeyUsedOtherwise") == (misused.status_code, misused.json()["code"])


async def test_two_uploads_with_keys_of_their_own_race_for_the_same_cards(stack: Stack) -> None:
    """
    The control of the test above: without a common key the second one is refused.
    """
    lot, clerk = work.small_lot(30), stack.as_(Role.CLERK)

    answers = await asyncio.gather(*(clerk.take_over(lot.files) for _ in range(4)))

    assert [201, 409, 409, 409] == sorted(answer.status_code for answer in answers)
    assert 31 == work.row_counts(stack)["case_file"]
