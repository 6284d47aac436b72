"""An auditor can see, run again and check everything that was decided, and nobody else."""

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from temporalio.api.history.v1 import History

from contracts.loader import load
from domain.case import CaseRef
from domain.parties import Role
from store.engine import build_engine
from tests.stack import Stack, eventually
from tests.visits_at_hand import NAME, REASON, open_visit, rows, tamper

ROLES = {
    "history": {
        Role.SITE_MANAGER,
        Role.OPERATIONS_MANAGER,
        Role.OFFICIAL,
        Role.AUDITOR,
    },
    "replay": {Role.OFFICIAL, Role.AUDITOR},
    "accesses": {Role.OFFICIAL, Role.AUDITOR},
}


@pytest.fixture
def owner(stack: Stack) -> Iterator[Engine]:
    """The database as its owner sees and can change it."""
    engine = build_engine(stack.database.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture
async def visit(stack: Stack) -> AsyncIterator[CaseRef]:
    """A visit whose course is running and whose one line gives a reason."""
    ref = open_visit(stack.engine, stack.keys, reason=REASON)
    async with stack.staffed():
        await eventually(lambda: running(stack, ref))
        yield ref


async def running(stack: Stack, ref: CaseRef) -> bool:
    """Tell whether the course of a case has begun."""
    answer = await stack.as_(Role.AUDITOR).get(history_of(ref))
    return answer.status_code == 200


def history_of(ref: CaseRef) -> str:
    return f"/api/v1/audit/cases/{ref.case_id}/history"


async def close(stack: Stack, ref: CaseRef) -> None:
    """End the visit for a reason and wait until its history is archived."""
    answer = await stack.as_(Role.CLERK).act(
        ref.case_id, "close_visit", result="served", reason=REASON
    )
    assert 200 == answer.status_code, answer.text
    await eventually(lambda: archived(stack, ref))


async def archived(stack: Stack, ref: CaseRef) -> bool:
    return bool((await history(stack, ref))["runs"][0]["sha256"])


async def history(stack: Stack, ref: CaseRef, role: Role = Role.AUDITOR) -> dict[str, Any]:
    answer = await stack.as_(role).get(history_of(ref))
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def replay(stack: Stack, ref: CaseRef, **body: Any) -> dict[str, Any]:
    answer = await stack.as_(Role.AUDITOR).post(
        f"/api/v1/audit/cases/{ref.case_id}/replay", json=body or None
    )
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def verified(stack: Stack, **params: str) -> dict[str, Any]:
    answer = await stack.as_(Role.AUDITOR).get("/api/v1/audit/verify", **params)
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_archived_history_tells_its_origin_and_reads_event_by_event(
    stack: Stack, visit: CaseRef
) -> None:
    """
    Ten years later nobody has the engine that ran the case; the archive must be enough.
    """
    await close(stack, visit)

    found = await history(stack, visit)
    (run,) = found["runs"]
    accepted = next(e for e in run["events"] if e["type"].endswith("update_accepted"))
    marker = next(e for e in run["events"] if e["type"] == "marker_recorded")

    assert (True, "test") == (run["whole"], run["build_id"])
    assert load("ota").version == run["contract_version"]
    assert f"ota/visit/{visit.case_id}" == run["workflow_id"]
    assert [*range(1, len(run["events"]) + 1)] == [e["event_id"] for e in run["events"]]
    assert "close_visit" == marker["summary"]
    (asked,) = accepted["payloads"].values()
    assert ("close_visit", REASON) == (asked["action"], asked["reason"])


async def test_only_who_may_see_the_person_reads_payloads_and_reading_is_recorded(
    stack: Stack, visit: CaseRef
) -> None:
    """
    A reason may name somebody: the operations manager audits a closed case without it.
    """
    await close(stack, visit)
    seen = {
        role: await history(stack, visit, role)
        for role in (Role.OPERATIONS_MANAGER, Role.OFFICIAL)
    }

    shown = {role: NAME in str(found) for role, found in seen.items()}
    log = await stack.as_(Role.AUDITOR).get("/api/v1/audit/accesses", case_id=visit.case_id)
    readers = {(line["role"], line["purpose"]) for line in log.json()["items"]}

    assert {Role.OPERATIONS_MANAGER: False, Role.OFFICIAL: True} == shown
    assert {("official", "監査"), ("auditor", "監査")} == readers


async def test_everybody_else_is_refused(stack: Stack) -> None:
    """
    Role by role: an audit that anybody may read is another leak.
    """
    ref = open_visit(stack.engine, stack.keys)
    allowed: dict[str, set[Role]] = {what: set() for what in ROLES}
    for role in Role:
        caller = stack.as_(role)
        answers = {
            "history": await caller.get(history_of(ref)),
            "replay": await caller.post(f"/api/v1/audit/cases/{ref.case_id}/replay"),
            "accesses": await caller.get("/api/v1/audit/accesses"),
        }
        for what, answer in answers.items():
            if answer.status_code != 403:
                allowed[what].add(role)

    assert ROLES == allowed


async def test_another_citys_auditor_finds_no_such_case(stack: Stack, visit: CaseRef) -> None:
    """
    Not even the existence of a case is theirs to know.
    """
    stranger = stack.as_(Role.AUDITOR, "chiba")

    answers = [
        await stranger.get(history_of(visit)),
        await stranger.post(f"/api/v1/audit/cases/{visit.case_id}/replay"),
    ]

    assert [404, 404] == [answer.status_code for answer in answers]


async def test_a_closed_case_replays_to_the_same_decisions(
    stack: Stack, visit: CaseRef
) -> None:
    """
    Whoever doubts a decision can run it again and see each step with its stage.
    """
    await close(stack, visit)

    found = await replay(stack, visit, step=1)
    (step,) = found["steps"]

    assert ("same", [], None) == (found["result"], found["differences"], found["failure"])
    assert ("test", "test", False) == (
        found["build_then"],
        found["build_now"],
        found["running"],
    )
    assert ("close_visit", "done", 2, True) == (
        step["action"],
        step["stage"],
        step["seq"],
        step["same"],
    )
    assert "served" == step["state"]["value"]["result"]


async def test_a_running_case_replays_too(stack: Stack, visit: CaseRef) -> None:
    """
    A dispute does not wait for the end of the case.
    """
    offered = await stack.as_(Role.CLERK).act(
        visit.case_id, "offer_handoff", section="住民係", reason="本人確認"
    )
    assert 200 == offered.status_code, offered.text

    found = await replay(stack, visit)

    assert ("same", True, None) == (found["result"], found["running"], found["build_then"])
    assert ["offer_handoff"] == [step["action"] for step in found["steps"]]


async def test_a_step_that_does_not_exist_is_refused(stack: Stack, visit: CaseRef) -> None:
    """
    An empty answer would look like a step without a state.
    """
    answer = await stack.as_(Role.AUDITOR).post(
        f"/api/v1/audit/cases/{visit.case_id}/replay", json={"step": 7}
    )

    assert (422, "FieldMissing") == (answer.status_code, answer.json()["code"])


async def test_a_record_that_says_otherwise_than_the_history_is_found_by_replay(
    stack: Stack, visit: CaseRef, owner: Engine
) -> None:
    """
    An owner who writes a new chain passes ``verify``; the sealed history still disagrees.
    """
    await close(stack, visit)
    changes = {
        "action": "action = 'left_by_itself'",
        "actor": "actor = 'account-of-somebody-else'",
        "detail": 'detail = \'{"result": "left"}\'',
        "decided": "key = 'act/another'",
    }
    found = {}
    for field, change in changes.items():
        tamper(owner, "CREATE TABLE before AS SELECT * FROM case_event")
        assert 1 == tamper(owner, f"UPDATE case_event SET {change} WHERE seq = 2")
        found[field] = await replay(stack, visit)
        tamper(
            owner,
            "DELETE FROM case_event; INSERT INTO case_event SELECT * FROM before;"
            " DROP TABLE before",
        )

    assert "same" == (await replay(stack, visit))["result"]
    assert {"different"} == {each["result"] for each in found.values()}
    assert [*changes] == [each["differences"][0]["field"] for each in found.values()]


async def test_a_history_of_other_code_is_named_as_different(
    stack: Stack, visit: CaseRef, owner: Engine
) -> None:
    """
    The control of replays: a history whose commands today's code does not give is noticed.
    """
    await close(stack, visit)
    other = "UPDATE history_archive SET history = :cut WHERE case_id = :id"
    ((packed,),) = rows(
        owner, "SELECT history FROM history_archive WHERE case_id = :id", id=visit.case_id
    )
    tamper(owner, other, cut=without_markers(bytes(packed)), id=visit.case_id)

    found = await replay(stack, visit)

    assert "different" == found["result"]
    assert found["failure"].startswith("NondeterminismError")


def without_markers(packed: bytes) -> bytes:
    """Return a history as code would have left it that records nothing."""
    history = History.FromString(zlib.decompress(packed))
    for event in history.events:
        if event.HasField("marker_recorded_event_attributes"):
            event.marker_recorded_event_attributes.marker_name = "Version"
    return zlib.compress(history.SerializeToString())


async def test_a_healthy_record_verifies(stack: Stack, visit: CaseRef) -> None:
    """
    What is right must not be called broken: auditors would stop looking.
    """
    await close(stack, visit)

    found = await verified(stack)

    assert (True, 1, 2, 1, []) == (
        found["intact"],
        found["cases"],
        found["events"],
        found["archives"],
        found["breaks"],
    )


async def test_a_change_behind_our_back_is_found(
    stack: Stack, visit: CaseRef, owner: Engine
) -> None:
    """
    What else is found stands in ``tests/store/test_integrity.py``.
    """
    assert 1 == tamper(owner, "UPDATE case_event SET actor = 'nobody'")

    found = await verified(stack)
    december = await verified(stack, **{"from": "2026-12-01"})

    broken = {"case_id": visit.case_id, "seq": 1, "problem": "changed"}
    assert (False, 1, [broken]) == (found["intact"], found["breaks_found"], found["breaks"])
    assert (True, 0) == (december["intact"], december["cases"])


async def test_accesses_are_listed_page_by_page_and_by_account(stack: Stack) -> None:
    """
    Who read whose data is asked from both ends: the resident's and the reader's.
    """
    refs = [open_visit(stack.engine, stack.keys) for _ in range(3)]
    for role in (Role.CLERK, Role.OFFICIAL):
        for ref in refs:
            path = f"/api/v1/cases/{ref.case_id}/person"
            assert 200 == (await stack.as_(role).get(path, purpose="受付")).status_code
    auditor = stack.as_(Role.AUDITOR)

    first = (await auditor.get("/api/v1/audit/accesses", limit=4)).json()
    rest = (
        await auditor.get("/api/v1/audit/accesses", limit=4, cursor=first["next_cursor"])
    ).json()
    reader = first["items"][0]["account_id"]
    own = (await auditor.get("/api/v1/audit/accesses", account_id=reader)).json()["items"]

    assert (4, 2, None) == (len(first["items"]), len(rest["items"]), rest["next_cursor"])
    assert [ref.case_id for ref in reversed(refs)] == [line["case_id"] for line in own]
