"""The doctor names what is missing, what that stops, and the one command that mends it."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops.doctor import PARTS, Part, command, mend, missing
from settings import child_environment

PROJECT = Path(__file__).resolve().parents[2]


def doctor(path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run it with ``path`` as the only place for programs, and without installing."""
    return subprocess.run(
        [sys.executable, "-m", "ops.doctor", *arguments],
        cwd=PROJECT,
        env=child_environment({"NO_APT": "1", "PATH": str(path), **variables}),
        capture_output=True,
        text=True,
        check=False,
    )


def machine(folder: Path, *, without: str = "") -> Path:
    """Make a path with every program the doctor asks for but one."""
    folder.mkdir()
    for name in ("setpriv", "unshare", "chromium", "fc-list", "apt-get"):
        if name != without:
            program = folder / name
            program.write_text("#!/bin/sh\necho a font\n")
            program.chmod(0o700)
    return folder


@pytest.mark.parametrize(
    ("lost", "feature", "packages"),
    [
        ("setpriv", "the embedded engines", "util-linux"),
        ("chromium", "the tests in a real browser", "chromium"),
        ("fc-list", "Japanese text in PDF", "fonts-noto-cjk fontconfig fonts-ipamj-mincho"),
    ],
)
def test_a_missing_program_or_font_is_named_with_its_command(
    lost: str, feature: str, packages: str, tmp_path: Path
) -> None:
    """One command, and nothing in it that is there already."""
    done = doctor(machine(tmp_path / "bin", without=lost), "--tests")

    assert 1 == done.returncode
    assert feature in done.stderr
    assert (
        "run once:  apt-get update && apt-get install -y --no-install-recommends"
        f" {packages}\n" in done.stderr
    )


@pytest.mark.parametrize(
    ("library", "package", "code"),
    [
        ("libpango-1.0.so.0", "libpango-1.0-0", 1),
        ("libpangoft2-1.0.so.0", "libpangoft2-1.0-0", 1),
        ("libharfbuzz-subset.so.0", "small PDF files", 0),
    ],
)
def test_a_library_that_the_loader_cannot_use_is_missing(
    library: str, package: str, code: int, tmp_path: Path
) -> None:
    """A file of its name is not enough; an optional one is named and stops nothing."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / library).touch()
    done = doctor(machine(tmp_path / "bin"), LD_LIBRARY_PATH=str(tmp_path / "lib"))

    assert code == done.returncode
    assert package in done.stderr


def test_a_whole_machine_is_told_nothing(tmp_path: Path) -> None:
    """The control: without a missing part there is nothing to say."""
    done = doctor(machine(tmp_path / "bin"), "--tests")

    assert (0, "") == (done.returncode, done.stderr)


def test_what_only_the_tests_need_does_not_stop_a_run(tmp_path: Path) -> None:
    """Nobody needs a browser on a server."""
    done = doctor(machine(tmp_path / "bin", without="chromium"))

    assert (0, "") == (done.returncode, done.stderr)


def part(name: str, *, there: bool, needed: bool = True) -> Part:
    return Part(
        name=name,
        is_there=lambda: there,
        packages=(f"lib{name}",),
        feature=f"{name}ing",
        needed=needed,
    )


def test_as_root_it_installs_optional_parts_along_with_needed_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking twice for the same password would be unkind; so one command brings all."""
    folder = tmp_path / "bin"
    folder.mkdir()
    apt = folder / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    apt.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin")
    lacking = missing(
        [part("draw", there=False), part("fold", there=False, needed=False)], tests=False
    )

    assert mend(lacking, may_install=True, out=io.StringIO())
    assert [
        "update -qq",
        "install -y --no-install-recommends libdraw libfold",
    ] == (tmp_path / "asked").read_text().splitlines()


def test_an_optional_part_alone_is_never_a_reason_to_install() -> None:
    """A machine without network must still start quickly."""
    out = io.StringIO()

    assert mend([part("fold", there=False, needed=False)], may_install=True, out=out)
    assert "missing (optional): fold - needed for folding\n" == out.getvalue()


def test_one_command_brings_everything_once() -> None:
    """Two fonts share a package."""
    words = command(PARTS)

    assert len(words) == len(set(words))
