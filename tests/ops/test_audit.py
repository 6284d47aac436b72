"""Auditors without a browser check the whole record and replay what was archived."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.parties import Role
from ops import audit
from store.engine import build_engine
from store.scope import scope
from tests.stack import Stack, eventually
from tests.visits_at_hand import REASON, open_visit, tamper


@pytest.fixture(autouse=True)
def environment(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operator's shell says."""
    monkeypatch.setenv("DATABASE_URL", stack.database.app_url)
    monkeypatch.setenv("MASTER_KEY_FILE", str(tmp_path / "keys" / "master.key"))


@pytest.fixture
def owner(stack: Stack) -> Iterator[Engine]:
    engine = build_engine(stack.database.owner_url)
    yield engine
    engine.dispose()


async def closed_visits(stack: Stack, count: int) -> list[str]:
    """Open and close visits; return their ids once all are archived."""
    refs = [open_visit(stack.engine, stack.keys, reason=REASON) for _ in range(count)]
    async with stack.staffed():
        for ref in refs:
            done = await stack.as_(Role.CLERK).act(ref.case_id, "close_visit", result="served")
            assert 200 == done.status_code, done.text
        await eventually(lambda: archived(stack), lambda found: len(found) == count)
    return [ref.case_id for ref in refs]


async def archived(stack: Stack) -> list[str]:
    with scope(stack.engine, "ota"):
        return audit.archived(stack.engine, "ota", None)


async def run(*arguments: str) -> int:
    """Run the command as it runs from a shell: outside our event loop."""
    return await asyncio.to_thread(audit.main, arguments)


async def test_a_healthy_record_passes_and_a_broken_one_ends_with_an_error(
    stack: Stack, owner: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Whoever runs it every night looks at the exit code first.
    """
    (case_id,) = await closed_visits(stack, 1)

    healthy = await run("verify")
    told = capsys.readouterr().out
    tamper(owner, "UPDATE case_event SET actor = 'nobody' WHERE seq = 2")
    broken = await run("verify", "ota")

    assert (0, 1) == (healthy, broken)
    assert "ota: 1 cases, 2 events, 1 archived histories" in told
    assert f"BROKEN ota {case_id} 2 changed" in capsys.readouterr().out


async def test_archived_cases_replay_and_one_that_was_rewritten_does_not(
    stack: Stack, owner: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A release is tried on the real past before it decides about the future.
    """
    _, second = await closed_visits(stack, 2)

    healthy = await run("replay", "ota")
    told = capsys.readouterr().out
    change = "UPDATE case_event SET action = 'left' WHERE seq = 2 AND case_id = :id"
    tamper(owner, change, id=second)
    broken = await run("replay", "ota", "--since", "2026-01-01")

    assert (0, 1) == (healthy, broken)
    assert "ota: 2 cases replayed, 0 of them erased\n" == told
    assert f"DIFFERENT {second} 2 action" in capsys.readouterr().out


async def test_nothing_runs_here_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A traceback is no answer to somebody who forgot to start the product.
    """
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "empty"))

    assert 1 == await run("verify")
    assert "make run" in capsys.readouterr().err
