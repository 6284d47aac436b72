"""What is installed is pinned, and no file of the set-up names a host."""

import os
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "uv.txt")
HOST = re.compile(r"://|\b[\w-]+\.(?:org|com|net|io|dev|jp)\b", re.IGNORECASE)


def pins(file: str) -> dict[str, str]:
    text = (PROJECT / file).read_text()
    return dict(re.findall(r"^([\w.\[\],-]+)==([^ ;]+)", text, re.MULTILINE))


@pytest.mark.parametrize("file", [*REQUIREMENTS, "Makefile", ".ci/run", "ops/doctor.py"])
def test_the_set_up_names_no_host(file: str) -> None:
    """Where packages come from is the machine's affair; some have a mirror of their own."""
    found = [line for line in (PROJECT / file).read_text().splitlines() if HOST.search(line)]

    assert [] == found


def test_control_a_host_would_be_found() -> None:
    """The pattern above does match what it is there to find."""
    assert HOST.search("--index-url https://mirror/simple")
    assert HOST.search("curl packages.example.org")


@pytest.mark.parametrize("file", REQUIREMENTS)
def test_every_pin_has_a_hash(file: str) -> None:
    """What was tried is what is installed."""
    blocks = re.split(r"^(?=\S+==)", (PROJECT / file).read_text(), flags=re.MULTILINE)

    assert [] == [b.split()[0] for b in blocks if "==" in b and "--hash=sha256:" not in b]


def test_the_set_for_tests_holds_the_set_for_running() -> None:
    """`make run` after `make test` installs nothing, and the tests try what runs."""
    running, testing = pins("requirements.txt"), pins("requirements-dev.txt")

    assert running == {name: testing.get(name) for name in running}


def test_the_installer_is_the_one_the_lock_was_made_with() -> None:
    """Two versions would resolve differently one day."""
    assert pins("uv.txt") == {"uv": pins("requirements-dev.txt")["uv"]}


@pytest.mark.parametrize(
    ("broken", "asked", "code"),
    [("test", ["test"], 1), ("check", ["test", "check"], 1), ("", ["test", "check"], 0)],
)
def test_ci_runs_tests_then_checks_and_fails_with_either(
    broken: str, asked: list[str], code: int, tmp_path: Path
) -> None:
    """A step that fails quietly would be worse than none."""
    make = tmp_path / "make"
    make.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/asked\n[ "$1" != "{broken}" ]\n')
    make.chmod(0o700)
    path = f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin"
    done = subprocess.run([PROJECT / ".ci" / "run"], env={"PATH": path}, check=False)

    assert asked == (tmp_path / "asked").read_text().split()
    assert code == done.returncode


def test_django_stays_out() -> None:
    """Only a file out of django-htmx is used; importing Django would be a second framework."""
    assert "django" not in pins("requirements.txt")
