"""What the lines do not hold is told by the history of each course, or said to be untold."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.access.door import now_in_tokyo
from domain.case import CLOCK, CaseKind
from domain.parties import Role
from ops import rebuild
from ops.drift import Drift
from ops.retold import Heard, Silent, differing
from store import shredding
from store.engine import build_engine
from store.scope import scope
from tests.lots import work
from tests.ops.test_rebuild import a_days_work
from tests.stack import Stack, eventually
from tests.visits_at_hand import add_line, open_visit, rows, tamper

OTHER_DAY = date(2026, 11, 10)
SHOWN = "SELECT * FROM case_file ORDER BY case_id"


@pytest.fixture
def owner(stack: Stack) -> Iterator[Engine]:
    engine = build_engine(stack.database.owner_url)
    yield engine
    engine.dispose()


async def look(stack: Stack) -> tuple[list[Drift], Heard]:
    heard = Heard()
    found = differing(stack.engine, stack.keys, stack.temporal, "ota", heard)
    return [each async for each in found], heard


async def alarms(stack: Stack) -> str:
    """Let the deadlines of a lot and its cards pass, and one of them be extended."""
    lot = await work.take_over(stack, work.small_lot(3, seed=9, delivered=OTHER_DAY))
    caller = stack.as_(Role.CLERK)
    async with stack.staffed():
        cards = (await caller.get("/api/v1/cases", parent=lot["case_id"], kind="card")).json()[
            "items"
        ]
        for card in cards[:2]:
            await stack.fast_forward(CaseKind.CARD, card["case_id"], timedelta(days=40))
        await eventually(
            lambda: caller.case(cards[0]["case_id"]), lambda card: card["stuck"] is not None
        )
        later = now_in_tokyo().date() + timedelta(days=60)
        extended = await stack.as_(Role.SITE_MANAGER).act(
            cards[1]["case_id"], "extend_deadline", until=later.isoformat(), reason="大雪"
        )
        assert 200 == extended.status_code, extended.text
    return str(cards[0]["case_id"])


async def test_histories_tell_what_lists_show_and_put_it_back_as_it_was(
    stack: Stack, owner: Engine
) -> None:
    """
    Open and closed, on time and late, value for value; a difference that is none would be
    written.
    """
    await a_days_work(stack)
    late = await alarms(stack)
    shown = rows(owner, SHOWN)
    nothing, whole = await look(stack)
    breached = rows(owner, "SELECT stuck FROM case_file WHERE case_id = :id", id=late)
    tamper(
        owner,
        "UPDATE case_file SET state = jsonb_set(state, '{value}', '{}'), owner = 'lost',"
        " due_at = now(), target_at = NULL, deadline = NULL, stuck = 'lost',"
        " stuck_at = now(), escalated_to = 'lost'",
    )

    found, _ = await look(stack)
    done = rebuild.write(stack.engine, "ota", found)
    again, heard = await look(stack)

    assert ([], {}, len(shown)) == (nothing, whole.untold, whole.agreed)
    assert [("deadline_breached",)] == breached
    assert (len(found), []) == (done, again)
    assert (shown, len(shown)) == (rows(owner, SHOWN), heard.agreed)


async def test_a_case_that_its_history_cannot_tell_is_named_and_left_alone(
    stack: Stack, owner: Engine
) -> None:
    """
    Nothing is silently equal: not begun, erased, or with a line that no course decided.
    """
    with_course, erased = [open_visit(stack.engine, stack.keys) for _ in range(2)]
    clerk = stack.as_(Role.CLERK)
    async with stack.staffed():
        for ref in (with_course, erased):
            offered = await clerk.act(ref.case_id, "close_visit", result="served")
            assert 200 == offered.status_code, offered.text
    open_visit(stack.engine, stack.keys)
    with scope(stack.engine, "ota") as connection:
        shredding.shred_case(
            connection,
            stack.keys,
            "ota",
            erased.case_id,
            by=CLOCK,
            why="retention_over",
            at=now_in_tokyo(),
        )
    add_line(stack.engine, stack.keys, with_course, key="act/of-nobody", closed=True)
    tamper(owner, "UPDATE case_file SET owner = 'lost'")

    found, heard = await look(stack)

    assert [] == found
    assert {with_course.case_id: "its history and its record part"} == heard.untold
    assert {Silent.ERASED: 1, Silent.NOT_BEGUN: 1} == heard.silent


async def test_the_command_says_what_it_did_not_compare(
    stack: Stack,
    owner: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    The control of the histories: without them a lost state is not found, and that is said.
    """
    monkeypatch.setenv("DATABASE_URL", stack.database.app_url)
    monkeypatch.setenv("MASTER_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    monkeypatch.setenv("TEMPORAL_ADDRESS", stack.temporal.service_client.config.target_host)
    ref = open_visit(stack.engine, stack.keys)
    async with stack.staffed():
        await eventually(lambda: begun(stack))
    tamper(owner, "UPDATE case_file SET owner = 'lost', state = jsonb_set(state, '{x}', '1')")

    async def run(*asked: str) -> int:
        return await asyncio.to_thread(rebuild.main, ["ota", *asked])

    lines_alone = await run()
    said = capsys.readouterr().out
    codes = [await run("--histories"), await run("--histories", "--write"), await run()]
    told = capsys.readouterr().out

    assert 0 == lines_alone
    assert "not compared: state and deadline of 1 cases, owner and stuck of the 1 open" in said
    assert [1, 0, 0] == codes
    assert f"ota {ref.case_id} state: x differ in the history" in told
    assert f"ota {ref.case_id} owner: lost is clerk in the history" in told
    assert "ota: 0 histories agree, 0 cannot tell" in told


async def begun(stack: Stack) -> bool:
    _, heard = await look(stack)
    return not heard.silent
