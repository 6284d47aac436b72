"""No command sequence changes without somebody having seen it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ops import fingerprints
from worker import WORKFLOWS

BEFORE = """
class Base:
    @workflow.update
    async def act(self):
        await self.record()

    async def record(self):
        await workflow.execute_local_activity_method(RecordPort.record, 1)

@workflow.defn(name="Thing")
class Thing(Base):
    @workflow.run
    async def run(self):
        for _ in range(3):
            await workflow.sleep(1)
        await self.record()
"""


def seen(source: str) -> fingerprints.Sequences:
    """Return the sequences of one module."""
    return fingerprints.sequences({"thing.py": source})


def test_the_command_sequences_are_the_ones_that_were_accepted() -> None:
    """
    Replay covers the paths that were recorded; this covers the others.
    """
    told = fingerprints.lesson(fingerprints.committed(), fingerprints.present())

    assert told is None, told


def test_every_registered_workflow_has_a_fingerprint() -> None:
    """
    A workflow the check does not know could change unseen.
    """
    names = {each.__temporal_workflow_definition.name for each in WORKFLOWS}  # type: ignore[attr-defined]

    assert names == set(fingerprints.committed()) == set(fingerprints.present())


def test_inherited_and_called_steps_are_part_of_the_sequence() -> None:
    """
    Most commands stand in the course that all cases share.
    """
    assert {
        "Thing": {
            "update act": ["→ record"],
            "record": ["local activity RecordPort.record"],
            "run run": ["each: timer", "→ record"],
        }
    } == seen(BEFORE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        await self.record()\n\n    async", "        pass\n\n    async"),
        ("RecordPort.record, 1", "RecordPort.keep, 1"),
        ("        await self.record()\n", "        await workflow.sleep(1)\n"),
        ("        for _ in range(3):\n", "        if True:\n"),
        ("execute_local_activity_method", "execute_activity_method"),
        ("    @workflow.update\n", ""),
    ],
)
def test_a_changed_sequence_is_seen(old: str, new: str) -> None:
    """
    The control: without this, the check might be unable to fail.
    """
    assert old in BEFORE

    told = fingerprints.lesson(seen(BEFORE), seen(BEFORE.replace(old, new)))

    assert told is not None
    assert "workflow.patched" in told
    assert "make fingerprints" in told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("range(3)", "range(5)"),
        ("RecordPort.record, 1", "RecordPort.record, 2"),
        ("await self.record()\n\n", "answer = 1\n        await self.record()\n\n"),
    ],
)
def test_other_words_for_the_same_commands_are_not_reported(old: str, new: str) -> None:
    """
    A check that cries at every edit is switched off.
    """
    assert old in BEFORE
    assert fingerprints.lesson(seen(BEFORE), seen(BEFORE.replace(old, new))) is None


def test_a_new_gate_is_named() -> None:
    """
    Whoever gated the change is told that it was noticed; who did not is told that too.
    """
    gated = BEFORE.replace(
        "        for _ in",
        '        if workflow.patched("wait-less"):\n            return\n        for _ in',
    )
    ungated = BEFORE.replace("workflow.sleep(1)", "workflow.uuid7()")

    assert "patched 'wait-less'" in str(fingerprints.lesson(seen(BEFORE), seen(gated)))
    assert "No new gate was seen" in str(fingerprints.lesson(seen(BEFORE), seen(ungated)))


def test_the_command_says_no_and_teaches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    It is part of `make check`: a changed sequence must stop the build with a reason.
    """
    baseline = tmp_path / "fingerprints.json"
    baseline.write_text(json.dumps(seen(BEFORE)))
    monkeypatch.setattr(fingerprints, "BASELINE", baseline)

    refused = fingerprints.main(["--check"])
    told = capsys.readouterr().err
    written = fingerprints.main(["--write"])

    assert (1, 0, 0) == (refused, written, fingerprints.main(["--check"]))
    assert "replayed" in told


def test_the_check_runs_where_nothing_is_installed() -> None:
    """
    Who has not set anything up yet can still ask what a change would do.
    """
    done = subprocess.run(
        [sys.executable, "-S", "-m", "ops.fingerprints", "--check"],
        cwd=fingerprints.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
