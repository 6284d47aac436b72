"""Say what this machine lacks, what does not work without it, and the one command that adds it.

    python -m ops.doctor [--tests]

As root on a system with apt it runs that command itself, unless ``NO_APT=1``. Standard library
only: it runs before anything is installed. Belongs here: parts that packages of Python cannot
bring. Does not belong here: those packages (`Makefile`, ``requirements.txt``).
"""

import argparse
import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

import settings
from settings import WrongSetting

_INSTALL = ("apt-get", "install", "-y", "--no-install-recommends")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something of the system that the product uses."""

    name: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]
    """What brings it on Debian and Ubuntu."""

    feature: str
    """What does not work without it."""

    needed: bool = True
    """Whether to stop without it; otherwise it is only said."""

    tests_only: bool = False
    """Whether only the tests use it."""


def has_library(file: str) -> bool:
    """Whether the loader finds a shared library, just as the PDF writer will look for it."""
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def has_font(pattern: str) -> bool:
    """Whether fontconfig knows a font that matches ``pattern``."""
    try:
        found = subprocess.run(
            ["fc-list", pattern, "family"], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return bool(found.stdout.strip())


def has_program(name: str) -> bool:
    """Whether a program is on the path."""
    return shutil.which(name) is not None


PARTS = (
    Part(
        name="python3-venv",
        is_there=lambda: importlib.util.find_spec("ensurepip") is not None,
        packages=("python3-venv",),
        feature="installing the packages of Python beside the project",
    ),
    Part(
        name="pango",
        is_there=lambda: has_library("libpango-1.0.so.0"),
        packages=("libpango-1.0-0",),
        feature="notices and reports as PDF",
    ),
    Part(
        name="pangoft2",
        is_there=lambda: has_library("libpangoft2-1.0.so.0"),
        packages=("libpangoft2-1.0-0",),
        feature="notices and reports as PDF",
    ),
    Part(
        name="harfbuzz-subset",
        is_there=lambda: has_library("libharfbuzz-subset.so.0"),
        packages=("libharfbuzz-subset0",),
        feature="small PDF files (they become some ten times larger)",
        needed=False,
    ),
    Part(
        name="a Japanese font",
        is_there=lambda: has_font(":family=Noto Sans CJK JP"),
        packages=("fonts-noto-cjk", "fontconfig"),
        feature="Japanese text in PDF (it would show boxes)",
    ),
    Part(
        name="IPAmj Mincho",
        is_there=lambda: has_font(":family=IPAmjMincho"),
        packages=("fonts-ipamj-mincho", "fontconfig"),
        feature="names on notices, with the characters of the family register",
    ),
    Part(
        name="setpriv and unshare",
        is_there=lambda: has_program("setpriv") and has_program("unshare"),
        packages=("util-linux",),
        feature="the embedded engines",
    ),
    Part(
        name="Chromium",
        is_there=lambda: has_program("chromium") or has_program("chromium-browser"),
        packages=("chromium",),
        feature="the tests in a real browser",
        tests_only=True,
    ),
)


def missing(parts: Sequence[Part], *, tests: bool) -> list[Part]:
    """Return the parts this machine lacks for running, or for running the tests too."""
    return [p for p in parts if (tests or not p.tests_only) and not p.is_there()]


def command(lacking: Sequence[Part]) -> list[str]:
    """Return the one command that brings everything in ``lacking``."""
    return [*_INSTALL, *dict.fromkeys(name for p in lacking for name in p.packages)]


def report(lacking: Sequence[Part], out: TextIO) -> None:
    """Write one line per missing part."""
    for part in lacking:
        how = "missing" if part.needed else "missing (optional)"
        out.write(f"{how}: {part.name} - needed for {part.feature}\n")


def mend(lacking: Sequence[Part], *, may_install: bool, out: TextIO) -> bool:
    """Bring what is needed, or say how; return whether the product can go on.

    Optional parts come along with needed ones, but are never a reason to start an
    installation: a machine without network must still start quickly.
    """
    report(lacking, out)
    if not any(part.needed for part in lacking):
        return True
    whole = command(lacking)
    if not may_install or not has_program("apt-get"):
        out.write(f"run once:  apt-get update && {' '.join(whole)}\n")
        return False
    out.write(f"installing: {' '.join(whole[len(_INSTALL) :])}\n")
    out.flush()
    return _runs(["apt-get", "update", "-qq"], out) and _runs(whole, out)


def _runs(words: Sequence[str], out: TextIO) -> bool:
    done = subprocess.run(
        words,
        env=settings.child_environment({"DEBIAN_FRONTEND": "noninteractive"}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        out.write(f"{' '.join(words)} failed:\n{done.stdout.strip()[-1000:]}\n")
    return done.returncode == 0


def main(arguments: Sequence[str] | None = None, parts: Sequence[Part] = PARTS) -> int:
    """Look, mend or tell; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ops.doctor", description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also what only tests need")
    options = parser.parse_args(arguments)
    out = sys.stderr
    try:
        may_install = settings.load().install_packages and os.geteuid() == 0
    except WrongSetting as wrong:
        out.write(f"{wrong}\n")
        return 1
    lacking = missing(parts, tests=options.tests)
    if not mend(lacking, may_install=may_install, out=out):
        return 1
    still = [p for p in missing(lacking, tests=True) if p.needed]
    report(still, out)
    return 1 if still else 0


if __name__ == "__main__":
    sys.exit(main())
