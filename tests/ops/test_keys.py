"""Keys are changed while the product runs, and what is erased stays erased everywhere."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.case import CaseRef
from domain.errors import DocumentUnknown
from domain.parties import Role
from ops import keys as command
from store import vault
from store.engine import build_engine
from store.keys import KeyRing, MasterKeys
from store.scope import scope
from store.vault import NewDocument
from tests.stack import Stack, eventually
from tests.visits_at_hand import AT, NAME, REASON, open_visit, rows

SEALED = b"%PDF of " + NAME.encode()


@pytest.fixture(autouse=True)
def environment(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the operator's shell says."""
    file = tmp_path / "keys" / "master.key"
    monkeypatch.setenv("DATABASE_URL", stack.database.app_url)
    monkeypatch.setenv("MASTER_KEY_FILE", str(file))
    stack.as_(Role.AUDITOR)
    return file


@pytest.fixture
def owner(stack: Stack) -> Iterator[Engine]:
    engine = build_engine(stack.database.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture
async def visit(stack: Stack) -> AsyncIterator[CaseRef]:
    """A running case with a person, a reason and a document."""
    ref = open_visit(stack.engine, stack.keys, reason=REASON)
    document = NewDocument(
        document_id=f"{ref.case_id}-paper",
        kind="paper",
        name="受付票.pdf",
        media_type="application/pdf",
        content=SEALED,
    )
    with scope(stack.engine, "ota") as connection:
        vault.keep_documents(connection, stack.keys, "ota", {ref.case_id: document}, made_at=AT)
    async with stack.staffed():
        yield ref


async def close(stack: Stack, ref: CaseRef) -> None:
    await eventually(lambda: found_history(stack, ref))
    done = await stack.as_(Role.CLERK).act(
        ref.case_id, "close_visit", result="served", reason=REASON
    )
    assert 200 == done.status_code, done.text
    await eventually(lambda: archived(stack, ref))


async def found_history(stack: Stack, ref: CaseRef) -> dict[str, Any]:
    answer = await stack.as_(Role.AUDITOR).get(f"/api/v1/audit/cases/{ref.case_id}/history")
    return answer.json() if answer.status_code == 200 else {}


async def archived(stack: Stack, ref: CaseRef) -> bool:
    return bool((await found_history(stack, ref))["runs"][0]["sha256"])


async def everything(stack: Stack, ref: CaseRef) -> str:
    """Return all that the product tells an auditor about a case."""
    auditor = stack.as_(Role.AUDITOR)
    answers = [
        await auditor.get(f"/api/v1/cases/{ref.case_id}"),
        await auditor.get(f"/api/v1/cases/{ref.case_id}/timeline"),
        await auditor.get(f"/api/v1/cases/{ref.case_id}/person", purpose="監査"),
        await auditor.get(f"/api/v1/audit/cases/{ref.case_id}/history"),
    ]
    assert [200] * 4 == [answer.status_code for answer in answers]
    with scope(stack.engine, "ota") as connection:
        try:
            key = f"{ref.case_id}-paper"
            paper = vault.open_document(connection, stack.keys, ref, key).decode()
        except DocumentUnknown:
            paper = ""
        listed = vault.find_by_name(connection, stack.keys, "ota", NAME)
    return "\n".join([*(answer.text for answer in answers), paper, *listed])


async def number_of(stack: Stack, ref: CaseRef) -> str:
    return str((await stack.as_(Role.AUDITOR).case(ref.case_id))["case_number"])


def shred(ref: str, kind: str = "case", *more: str) -> int:
    given = ["ota"] if kind == "municipality" else ["ota", ref]
    return command.main(
        [f"shred-{kind}", *given, "--by", "ota-auditor", "--why", "retention", *more]
    )


async def test_a_shredded_case_is_unreadable_wherever_it_could_be_read(
    stack: Stack, visit: CaseRef
) -> None:
    """
    Reasons, person, document, payloads of the history: one key, gone at once.
    """
    other = open_visit(stack.engine, stack.keys)
    await close(stack, visit)
    before = await everything(stack, visit)

    done = shred(await number_of(stack, visit))
    after = await everything(stack, visit)

    assert 5 <= before.count(NAME)
    assert (0, 0) == (done, after.count(NAME))
    assert visit.case_id not in after.splitlines()
    assert "[消去済み]" in after
    assert other.case_id in after.splitlines()


async def test_the_record_says_who_erased_it_and_still_verifies(
    stack: Stack, visit: CaseRef
) -> None:
    """
    What was decided, when and by which account outlives whom it was about.
    """
    await close(stack, visit)
    number = await number_of(stack, visit)

    assert [0, 0] == [shred(number), shred(number)]
    lines = await stack.as_(Role.AUDITOR).timeline(visit.case_id)
    verified = (await stack.as_(Role.AUDITOR).get("/api/v1/audit/verify")).json()
    replayed = await stack.as_(Role.AUDITOR).post(f"/api/v1/audit/cases/{visit.case_id}/replay")

    assert ["visitor_received", "close_visit", "case_erased"] == [e["action"] for e in lines]
    assert ("auditor", {"why": "retention"}) == (lines[-1]["role"], lines[-1]["detail"])
    assert verified["intact"]
    assert (409, "HistoryErased") == (replayed.status_code, replayed.json()["code"])


async def test_an_open_case_is_not_shredded(
    stack: Stack, visit: CaseRef, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Its course still needs its payloads: it would stand still for good.
    """
    number = await number_of(stack, visit)

    codes = [shred(number), shred("", "municipality", "--sure", "ota")]

    assert [1, 1] == codes
    assert 2 == capsys.readouterr().err.count("まだ終わっていない案件です")
    assert NAME in await everything(stack, visit)


async def test_a_shredded_municipality_is_unreadable_and_takes_no_more_cases(
    stack: Stack, visit: CaseRef, owner: Engine
) -> None:
    """
    At the end of a contract all goes with one key; no other city loses anything.
    """
    foreign = open_visit(stack.engine, stack.keys, municipality="chiba")
    await close(stack, visit)

    without = shred("", "municipality", "--sure", "chiba")
    still = await everything(stack, visit)
    done = shred("", "municipality", "--sure", "ota")
    after = await everything(stack, visit)
    with scope(stack.engine, "chiba") as connection:
        person = vault.persons(connection, stack.keys, "chiba", [foreign.case_id])
    left = rows(
        owner,
        "SELECT (SELECT count(*) FROM person_vault WHERE municipality = 'ota'"
        " AND (sealed, name_key, kana_key) IS DISTINCT FROM (NULL, NULL, NULL)),"
        " (SELECT count(*) FROM document WHERE municipality = 'ota' AND sealed IS NOT NULL),"
        " (SELECT count(*) FROM data_key WHERE municipality = 'ota' AND wrapped IS NOT NULL)",
    )
    verified = (await stack.as_(Role.AUDITOR).get("/api/v1/audit/verify")).json()

    assert (1, 0) == (without, done)
    assert NAME in still
    assert NAME not in after
    assert [(0, 0, 0)] == left
    assert NAME == person[foreign.case_id]["name"]
    assert (True, 3) == (verified["intact"], verified["events"])
    assert 1 == shred("", "municipality", "--sure", "ota")


async def test_somebody_of_another_city_cannot_be_named_as_the_one_who_decided(
    stack: Stack, visit: CaseRef
) -> None:
    """
    The record would name an account that nobody of the city can look up.
    """
    stack.as_(Role.AUDITOR, "chiba")
    await close(stack, visit)
    number = await number_of(stack, visit)

    refused = command.main(
        ["shred-case", "ota", number, "--by", "chiba-auditor", "--why", "request"]
    )

    assert 1 == refused
    assert NAME in await everything(stack, visit)


async def test_the_master_key_is_changed_under_running_processes(
    stack: Stack, visit: CaseRef, owner: Engine, environment: Path
) -> None:
    """
    Rotation re-wraps; nobody restarts anything, and the old key opens nothing any more.
    """
    old = MasterKeys.from_file(environment)

    done = command.main(["rotate"])
    fresh = MasterKeys.from_file(environment)
    wrapped = rows(owner, "SELECT DISTINCT master_id FROM municipality_key")
    seen = await everything(stack, visit)
    opened = open_visit(stack.engine, stack.keys)
    only_new = MasterKeys(keys={"m2": fresh.keys["m2"]}, current="m2")

    assert (0, "m1", "m2") == (done, old.current, fresh.current)
    assert [("m2",)] == wrapped
    assert 5 > seen.count("消去済み")
    assert NAME in seen
    assert KeyRing(stack.engine, only_new).case_key("ota", opened.case_id)
    with pytest.raises(KeyError):
        KeyRing(stack.engine, MasterKeys(keys=old.keys, current="m1")).case_key(
            "ota", opened.case_id
        )
