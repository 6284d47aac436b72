"""A running worker goes on with the workflows it began with, whatever becomes of the files."""

import importlib
import secrets
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from ops.kept_modules import keep
from worker import SANDBOX, WORKFLOWS

SOURCE = """
from datetime import datetime
from temporalio import workflow
from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

@workflow.defn(name="Which")
class Which:
    @workflow.run
    async def run(self) -> str:
        try:
            datetime.now()
        except RestrictedWorkflowAccessError:
            return "VERSION, watched"
        return "VERSION"
"""


def write(path: Path, version: str) -> None:
    """Write the workflow in one of its versions."""
    path.write_text(SOURCE.replace("VERSION", version))
    importlib.invalidate_caches()


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Path]:
    """A file with a workflow that says which version it is, and can be imported."""
    path = tmp_path / f"which_{secrets.token_hex(4)}.py"
    write(path, "first")
    sys.path.insert(0, str(tmp_path))
    yield path
    sys.path.remove(str(tmp_path))
    sys.modules.pop(path.stem, None)


@pytest.mark.parametrize(("kept", "second"), [(True, "first"), (False, "second")])
async def test_a_file_replaced_under_a_worker_changes_nothing_if_it_is_kept(
    env: TimeSkipper, threads: ThreadPoolExecutor, module: Path, kept: bool, second: str
) -> None:
    """
    Two versions in one process get stuck; the one that is not kept is the control.
    """
    which = importlib.import_module(module.stem).Which
    if kept:
        keep(module.stem)
    said = []
    queue = f"test-{module.stem}"
    async with Worker(
        env.client,
        task_queue=queue,
        workflows=[which],
        workflow_runner=SANDBOX,
        activity_executor=threads,
    ):
        for version in ("first", "second"):
            write(module, version)
            case = f"{module.stem}-{version}"
            said.append(await env.client.execute_workflow("Which", id=case, task_queue=queue))

    assert ["first, watched", f"{second}, watched"] == said


def test_every_workflow_of_the_worker_is_kept() -> None:
    """
    One that was forgotten would be read from the disk for every case.
    """
    names = {"workflows", *(each.__module__ for each in WORKFLOWS)}
    first = sys.meta_path[0]

    assert names == {name for name in names if first.find_spec(name, None) is not None}
    assert first.find_spec("workflows.keeping", None) is None
