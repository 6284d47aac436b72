"""Nothing is disposed of without a rule, without the city, or against a hold."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from contracts.book import ContractBook
from contracts.loader import LoadedContract
from domain.access.access_errors import UnderLegalHold
from domain.access.retention import Kept, retention_of
from domain.case import Actor, CaseRef
from domain.parties import Role
from ops import retention as job
from store import cases, disposal, legal_holds, shredding, vault
from store.record import CASE_FILE
from store.scope import scope
from tests.domain.test_access import with_facts
from tests.stack import Caller, Stack
from tests.visits_at_hand import NAME, add_line, open_visit

CITY = "urasoe"
PATH = f"/api/v1/contracts/{CITY}/retention"
BEGUN = datetime(2025, 7, 1, 3, 0, tzinfo=UTC)
LATER = datetime(2025, 9, 10, 3, 0, tzinfo=UTC)
BY = Actor(account_id="account-of-official", role=Role.OFFICIAL)


class Agreed(ContractBook):
    """The contracts, with a retention of two months that was agreed on since."""

    def current(self, slug: str, on: date | None = None) -> LoadedContract:
        """Return the version with the agreement."""
        found = super().current(slug, on)
        rule: dict[str, Any] = {"retention": 2, "retention_from": "case_closed"}
        return replace(found, contract=with_facts(found.contract, **rule))


@pytest.fixture
def urasoe(stack: Stack) -> Stack:
    """Urasoe's contract, some months after its first cases."""
    stack.clock.now = LATER
    stack.sign(CITY, date(2025, 6, 20))
    return stack


@pytest.fixture
def agreed(urasoe: Stack) -> Stack:
    """The same with a retention."""
    urasoe.book = Agreed(lambda *_: None)
    urasoe.app.state.desk = replace(urasoe.app.state.desk, book=urasoe.book)
    return urasoe


def visit(stack: Stack, *, closed: bool = True, at: datetime = BEGUN) -> CaseRef:
    """Return a visit of that day, closed or still open."""
    ref = open_visit(stack.engine, stack.keys, municipality=CITY, at=at)
    if closed:
        add_line(stack.engine, stack.keys, ref, key="end", closed=True, at=at, recorded_at=at)
    return ref


def readable(stack: Stack, *refs: CaseRef) -> list[bool]:
    """Return of which cases the person can still be read."""
    for ref in refs:
        stack.keys.forget(CITY, ref.case_id)
    with scope(stack.engine, CITY) as connection:
        found = vault.persons(connection, stack.keys, CITY, [each.case_id for each in refs])
    return [NAME in str(found.get(each.case_id)) for each in refs]


def official(stack: Stack) -> Caller:
    return stack.as_(Role.OFFICIAL, CITY)


def run(stack: Stack, at: datetime = LATER) -> tuple[int, int]:
    return job.run(stack.engine, stack.keys, stack.book, CITY, by=BY, at=at)


async def hold(stack: Stack, ref: CaseRef) -> str:
    number = (await official(stack).case(ref.case_id))["case_number"]
    body = {"case_number": number, "cause": "開示請求の審査中"}
    answer = await official(stack).post(f"{PATH}/holds", json=body)
    assert 201 == answer.status_code, answer.text
    return str(answer.json()["hold_id"])


@pytest.mark.req("URASOE-48")
async def test_the_job_refuses_while_no_retention_was_agreed_and_says_so(
    urasoe: Stack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    On the shell, over HTTP and on the status; and nothing is touched, however old.
    """
    old = visit(urasoe)
    monkeypatch.setenv("DATABASE_URL", urasoe.database.app_url)
    monkeypatch.setenv("MASTER_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    official(urasoe)

    codes = [job.main([each, CITY, "--by", f"{CITY}-official"]) for each in ("list", "run")]
    said = capsys.readouterr().err
    listed = await official(urasoe).post(f"{PATH}/lists")
    status = (await official(urasoe).get(PATH)).json()

    assert [1, 1] == codes
    assert 2 == said.count("保存期間が定まっていないため廃棄できません")
    assert "§11(2)" in said
    assert (409, "RetentionUnset") == (listed.status_code, listed.json()["code"])
    assert (False, None, []) == (status["runs"], status["months"], status["lists"])
    assert "Q-ALL-01" in status["refused"]
    assert [True] == readable(urasoe, old)


@pytest.mark.req("URASOE-48")
async def test_what_is_due_is_listed_approved_disposed_of_and_recorded(agreed: Stack) -> None:
    """
    The control of the refusal: the same job, once the rule is there. Not before the city
    approved, and only what was due when the list was made.
    """
    old, open_one = visit(agreed), visit(agreed, closed=False)
    young = visit(agreed, at=datetime(2025, 8, 20, 3, 0, tzinfo=UTC))

    made = await agreed.as_(Role.OPERATIONS_MANAGER, CITY).post(f"{PATH}/lists")
    early = run(agreed)
    before = (await official(agreed).get(f"{PATH}/lists/1")).json()["items"]
    ours = await agreed.as_(Role.OPERATIONS_MANAGER, CITY).post(f"{PATH}/lists/1/approve")
    await official(agreed).post(f"{PATH}/lists/1/approve")
    done, again = run(agreed), run(agreed)
    after = (await official(agreed).get(f"{PATH}/lists/1")).json()["items"]
    status = (await official(agreed).get(PATH)).json()
    timeline = await official(agreed).timeline(old.case_id)

    assert (201, 403) == (made.status_code, ours.status_code)
    assert ((0, 0), (1, 0), (0, 0)) == (early, done, again)
    assert [(old.case_id, None)] == [(each["case_id"], each["disposed_at"]) for each in before]
    assert [old.case_id] == [each["case_id"] for each in after if each["disposed_at"]]
    assert (1, 1, 0) == tuple(
        status["lists"][0][name] for name in ("cases", "disposed", "open")
    )
    assert [False, True, True] == readable(agreed, old, open_one, young)
    assert ("case_erased", {"why": "retention"}) == (
        timeline[-1]["action"],
        timeline[-1]["detail"],
    )


async def test_what_is_held_stays_until_the_hold_is_lifted(agreed: Stack) -> None:
    """
    On an approved list too, and whoever erases by hand is refused; its neighbour, the
    control, goes. Afterwards it comes onto the next list.
    """
    held, other = visit(agreed), visit(agreed)
    await official(agreed).post(f"{PATH}/lists")
    await official(agreed).post(f"{PATH}/lists/1/approve")
    hold_id = await hold(agreed, held)
    twice = await official(agreed).post(
        f"{PATH}/holds", json={"case_number": "なし", "cause": "訴訟"}
    )

    done = run(agreed)
    with pytest.raises(UnderLegalHold), scope(agreed.engine, CITY) as connection:
        shredding.shred_case(
            connection, agreed.keys, CITY, held.case_id, by=BY, why="request", at=LATER
        )
    nothing = await official(agreed).post(f"{PATH}/lists")
    kept = readable(agreed, held, other)
    lifted = await official(agreed).post(f"{PATH}/holds/{hold_id}/lift")
    next_one = await official(agreed).post(f"{PATH}/lists")

    assert 404 == twice.status_code
    assert ((1, 1), [True, False]) == (done, kept)
    assert (409, "NothingDue") == (nothing.status_code, nothing.json()["code"])
    assert lifted.json()["lifted"]
    assert {"number": 2} == next_one.json()
    with scope(agreed.engine, CITY) as connection:
        reasons = [each.kept_because for each in disposal.items(connection, CITY, CITY, 1)]
    assert {None, Kept.HELD} == set(reasons)


async def test_a_hold_that_comes_while_the_job_runs_is_not_too_late(agreed: Stack) -> None:
    """
    Whoever holds the case has its row: the job waits for it, and then leaves it alone.
    """
    ref = visit(agreed)
    with scope(agreed.engine, CITY) as connection:
        term_end = job.contract_of(agreed.engine, agreed.book, CITY).term.end
        rule = retention_of(agreed.book.current(CITY).contract)
        number = disposal.make_list(
            connection, CITY, CITY, rule, term_end=term_end, by="x", at=LATER
        )
        disposal.approve(connection, CITY, CITY, number, by="x", at=LATER)
    found: list[tuple[int, int]] = []
    working = threading.Thread(target=lambda: found.append(run(agreed)))
    with scope(agreed.engine, CITY) as connection:
        legal_holds.place(
            connection, CITY, hold_id="h", case_id=ref.case_id, cause="訴訟", by="x", at=LATER
        )
        cases.one_case(connection, ref.case_id, lock=True)
        working.start()
        working.join(0.3)
        waits = working.is_alive()
    working.join(10)

    assert (waits, [(0, 1)]) == (True, found)
    assert [True] == readable(agreed, ref)


async def test_a_case_that_something_open_hangs_on_is_not_listed(agreed: Stack) -> None:
    """
    Its neighbour without anything open, the control, is.
    """
    parent, alone = visit(agreed), visit(agreed)
    child = visit(agreed, closed=False)
    with scope(agreed.engine, CITY) as connection:
        connection.execute(
            update(CASE_FILE)
            .where(CASE_FILE.c.case_id == child.case_id)
            .values(parent_id=parent.case_id)
        )

    await official(agreed).post(f"{PATH}/lists")
    items = (await official(agreed).get(f"{PATH}/lists/1")).json()["items"]

    assert [alone.case_id] == [each["case_id"] for each in items]
