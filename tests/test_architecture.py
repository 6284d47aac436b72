"""The shape of the program, checked like any other promise."""

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import workflows.options
import workflows.ports
from api import ask, problems
from domain.errors import DomainError
from domain.refusals import refusals
from tests.ports import REAL, SCRIPTED
from tests.refusals_at_hand import BECAUSE_OF_HOW_THINGS_STAND
from worker import WORKFLOWS, activities_of

ROOT = Path(__file__).parent.parent


def name(path: Path) -> str:
    """Return a path as people name it."""
    return str(path.relative_to(ROOT))


ROOMS = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"migrations", "tests"}
SOURCES = sorted([*ROOT.glob("*.py"), *(p for r in ROOMS for p in (ROOT / r).rglob("*.py"))])
MEASURING = {name(path) for path in SOURCES if path.is_relative_to(ROOT / "bench")}
"""Benchmarks measure the pieces themselves."""

TESTS = sorted((ROOT / "tests").rglob("*.py"))
MIGRATIONS = sorted((ROOT / "migrations").rglob("*.py"))

LONGEST_FILE = 400
LONGEST_FUNCTION = 40

CLOCK_OR_CHANCE = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "random",
    "secrets",
    "time",
    "uuid",
    "os.urandom",
}
"""Modules and calls that answer differently each time they are asked."""


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(*modules: str) -> set[str]:
    """Return the files of the product that import one of the modules."""
    return {
        name(path)
        for path in SOURCES
        for found in imports(ast.parse(path.read_text()))
        if any(found == module or found.startswith(f"{module}.") for module in modules)
    }


def clock_or_chance(source: str) -> set[str]:
    """Return what a source asks that a replay could not answer again."""
    tree = ast.parse(source)
    found = {each for each in imports(tree) if each.partition(".")[0] in CLOCK_OR_CHANCE}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            words = ast.unparse(node).split(".")
            # workflow.random() and its kind are answered from the history.
            if words[0] != "workflow" and ".".join(words[-2:]) in CLOCK_OR_CHANCE:
                found.add(".".join(words[-2:]))
    return found


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how long a function is beside what it says of itself."""
    said = node.body[0] if ast.get_docstring(node) is not None else None
    words = 0 if said is None else (said.end_lineno or 0) - said.lineno + 1
    return (node.end_lineno or 0) - node.lineno + 1 - words


def test_imports_point_down() -> None:
    """
    The contracts in pyproject.toml hold.
    """
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert 0 == done.returncode, done.stdout


def test_nobody_imports_the_processes() -> None:
    """
    They put everything together; what they know, nothing below may know. An audit's replay
    is the exception: it must run exactly what the worker runs.
    """
    assert {"ops/replays.py"} == importers("worker", "server") - MEASURING


def test_only_the_settings_read_the_environment() -> None:
    """
    Every setting is in one place, with its meaning and its fault.
    """
    reads = re.compile(r"os\.(environ|getenv)")

    assert {"settings.py"} == {name(p) for p in SOURCES if reads.search(p.read_text())}


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("aiosmtpd", {"ops/mail_sink.py"}),
        ("cv2", {"devices/photo_child.py", "devices/photo_measuring.py"}),
        ("aiosmtplib", {"activities/mail.py"}),
        ("weasyprint", {"activities/render.py"}),
        ("pikepdf", {f"activities/{room}.py" for room in ("binding", "cutting", "render")}),
    ],
)
def test_each_large_library_is_known_to_few(module: str, allowed: set[str]) -> None:
    """
    They are large and may be exchanged: nobody else may come to depend on them.
    """
    assert allowed == importers(module) - MEASURING


def test_workflows_do_not_import_what_the_sandbox_cannot_load() -> None:
    """
    Sealing payloads is the client's; a workflow that saw the cipher would not start.
    """
    touching = importers("store.codec", "store.keys", "cryptography")

    assert set() == {each for each in touching if each.startswith(("workflows/", "domain/"))}


@pytest.mark.parametrize(
    "path",
    [p for p in SOURCES if p.relative_to(ROOT).parts[0] in {"domain", "workflows"}],
    ids=name,
)
def test_rules_and_courses_know_neither_clock_nor_chance(path: Path) -> None:
    """
    The sandbox does not watch what is passed through it, and a replay must answer the same.
    """
    assert set() == clock_or_chance(path.read_text())


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nnow = datetime.now()",
        "import datetime\nnow = datetime.datetime.now(datetime.UTC)",
        "from datetime import date\nday = date.today()",
        "import datetime\nthen = datetime.datetime.utcnow()",
        "import time",
        "from time import monotonic",
        "import random",
        "from secrets import token_hex",
        "from uuid import uuid4",
        "import os\nseed = os.urandom(8)",
    ],
)
def test_a_clock_or_chance_would_be_seen(source: str) -> None:
    """
    The control: without this, the test above might be unable to fail.
    """
    assert clock_or_chance(source)


def test_what_a_history_answers_is_no_chance() -> None:
    """
    The workflow's own clock and ids come from its history.
    """
    source = "now = workflow.now()\nnew = workflow.uuid7()\nany = workflow.random().random()"

    assert set() == clock_or_chance(source)


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name)
def test_a_file_fits_into_one_head(path: Path) -> None:
    """
    What does not fit is two things. Migrations are lists and stay out; nothing else does.
    """
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name)
def test_a_function_fits_on_one_screen(path: Path) -> None:
    """
    Docstrings do not count: a function is not too long because it is explained.
    """
    long = {
        f"{node.name}: {length}"
        for node in functions(ast.parse(path.read_text()))
        if (length := _lines(node)) > LONGEST_FUNCTION
    }

    assert set() == long


@pytest.mark.parametrize("path", [*SOURCES, *MIGRATIONS], ids=name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """
    Whoever looks for a place for something reads these lines first.
    """
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("implementation", [*REAL, *SCRIPTED])
def test_a_port_is_implemented_whole(implementation: type) -> None:
    """
    A method that forgot its decorator would leave workflows waiting for ever.
    """
    (port,) = [b for b in implementation.__mro__ if b.__module__ == workflows.ports.__name__]
    wanted = {name for name, _ in inspect.getmembers(port, inspect.isfunction)}
    offered: object = object.__new__(implementation)

    assert wanted == {method.__name__ for method in activities_of(offered)}
    assert wanted <= implementation.__dict__.keys()


def test_every_port_has_a_real_and_a_scripted_side() -> None:
    """
    A port without a stand-in is a workflow that cannot be tested.
    """
    ports = {
        found
        for _, found in inspect.getmembers(workflows.ports, inspect.isclass)
        if found.__module__ == workflows.ports.__name__
    }
    real, scripted = (
        {base for each in side for base in each.__mro__ if base in ports}
        for side in (REAL, SCRIPTED)
    )

    assert ports == real == scripted


def test_every_method_of_a_port_says_what_it_does() -> None:
    """
    Whoever writes the other side has nothing else to go by.
    """
    silent = [
        f"{port}.{method}"
        for port, found in inspect.getmembers(workflows.ports, inspect.isclass)
        for method, function in inspect.getmembers(found, inspect.isfunction)
        if found.__module__ == workflows.ports.__name__ and not function.__doc__
    ]

    assert [] == silent


def test_every_activity_is_called_with_a_label() -> None:
    """
    An operator reads it in Temporal's pages; it says what happens to which thing.
    """
    unlabelled = [
        f"{name(path)}:{node.lineno}"
        for path in SOURCES
        if path.parent.name == "workflows"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr.startswith("execute_")
        and not any(keyword.arg is None for keyword in node.keywords)
    ]

    assert [] == unlabelled


def test_refusals_fail_the_step_and_not_the_case() -> None:
    """
    A workflow without this would hang at the first refusal, and every later one with it.
    """
    lax = [
        each.__name__
        for each in WORKFLOWS
        if DomainError not in each.__temporal_workflow_definition.failure_exception_types  # type: ignore[attr-defined]
    ]

    assert [] == lax


def test_the_api_outwaits_the_workflow() -> None:
    """
    Otherwise a slow answer would reach the caller as no answer.
    """
    assert ask.PATIENCE > workflows.options.ANSWER_WITHIN


def test_the_status_of_every_refusal_was_decided() -> None:
    """
    The default is a decision as well: nobody gets a 409 because nobody thought of it.
    """
    by_default = {each for each in refusals() if problems.status_of(each) == problems.STATE}

    assert BECAUSE_OF_HOW_THINGS_STAND == by_default


def test_every_refusal_has_a_title_of_its_own_in_japanese() -> None:
    """
    It is what a person reads first.
    """
    titles = [refusal.title for refusal in refusals().values()]

    assert len(titles) == len(set(titles))
    assert all(re.search(r"[\u3041-\u30ff\u4e00-\u9fff]", title) for title in titles)
    assert DomainError.title not in titles
