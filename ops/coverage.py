"""Which rows of the requirements have a test that would fail if they were broken.

    python -m ops.coverage                  what the markers in tests/ claim
    python -m ops.coverage --write FILE     docs/coverage.md from what passed in a run
    python -m ops.coverage --check          whether docs/coverage.md still names these rows

A row is claimed by ``@pytest.mark.req("OTA-17")``. Which rows there are stands in
``docs/requirement_ids.txt``; what passed is noted by ``tests/traceability.py``.
"""

import argparse
import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ROWS = PROJECT / "docs" / "requirement_ids.txt"
DOCUMENT = PROJECT / "docs" / "coverage.md"

Tests = Mapping[str, Set[str]]
"""The tests of each row."""

_LISTED = re.compile(r"^\| ([A-Z]+-\d+) \|", re.MULTILINE)
_HEAD = """\
# Which requirement has a test

Written by `make coverage`; never by hand. A row counts when a test marked with it passed:
one that would fail if the row were broken. What the rows say stands in the contracts'
specifications.
"""


@cache
def known_rows() -> Mapping[str, str]:
    """Return every row with the contract it belongs to, in the order of the specification."""
    lines = ROWS.read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines)


def claimed(folder: Path) -> Tests:
    """Return the rows that markers under ``folder`` name, with the tests that do.

    Raises:
        ValueError: A marker's row cannot be read without running the test.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted(folder.rglob("*.py")):
        name = file.relative_to(folder.parent).as_posix()
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for place, row in _markers(tree, name):
            found[row].add(place)
    return found


def passed(outcomes: Mapping[str, Mapping[str, bool]]) -> Tests:
    """Return the rows with at least one test, all of whose tests passed."""
    return {row: set(tests) for row, tests in outcomes.items() if tests and all(tests.values())}


def document(tests: Tests) -> str:
    """Return the document; the same tests give the same text."""
    parts = [_HEAD, _summary(tests)]
    for contract in _contracts():
        rows = _rows_of(contract)
        parts.append(f"## {contract}\n")
        covered = [row for row in rows if row in tests]
        if covered:
            lines = [f"| {row} | {'<br>'.join(sorted(tests[row]))} |" for row in covered]
            parts.append("\n".join(["| row | tests |", "|---|---|", *lines]) + "\n")
        missing = [row for row in rows if row not in tests]
        if missing:
            parts.append(f"Without a test: {', '.join(missing)}.\n")
    return "\n".join(parts)


def drift(written: str, tests: Tests) -> list[str]:
    """Return what the document says otherwise than the markers, one line each."""
    listed, marked = set(_LISTED.findall(written)), set(tests)
    return [
        *(f"{row} has no test any more" for row in sorted(listed - marked)),
        *(
            f"{row} has a test that the document does not know"
            for row in sorted(marked - listed)
        ),
        *(f"{row} is no row of the requirements" for row in sorted(marked - set(known_rows()))),
    ]


def _summary(tests: Tests) -> str:
    lines = ["| contract | rows | with a passing test | without |", "|---|--:|--:|--:|"]
    total = with_test = 0
    for contract in _contracts():
        rows = _rows_of(contract)
        covered = sum(row in tests for row in rows)
        total, with_test = total + len(rows), with_test + covered
        lines.append(f"| {contract} | {len(rows)} | {covered} | {len(rows) - covered} |")
    lines.append(f"| all | {total} | {with_test} | {total - with_test} |")
    return "\n".join(lines) + "\n"


def _contracts() -> list[str]:
    return list(dict.fromkeys(known_rows().values()))


def _rows_of(contract: str) -> list[str]:
    return [row for row, own in known_rows().items() if own == contract]


def _markers(tree: ast.Module, file: str) -> Iterator[tuple[str, str]]:
    """Yield each marker's row with the test it stands at, or the file if at none."""
    owners = {
        id(call): f"{file}::{node.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for decorator in node.decorator_list
        for call in ast.walk(decorator)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.req"):
            continue
        for argument in node.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                problem = f"{file}:{node.lineno}: write the row as it is"
                raise ValueError(problem)  # noqa: TRY004  # wrong in the text we read
            yield owners.get(id(node), file), argument.value


def main(arguments: Sequence[str] | None = None) -> int:
    """Print, write or check; return what the shell should see."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.coverage", description="Which requirement rows have a test."
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--write", metavar="FILE", type=Path, help="what a run of tests noted")
    which.add_argument("--check", action="store_true", help="fail if the document is old")
    asked = parser.parse_args(arguments)
    if asked.check:
        found = drift(DOCUMENT.read_text(encoding="utf-8"), claimed(PROJECT / "tests"))
        print("\n".join([*found, "Renew it: make coverage"]) if found else "", end="")
        return 1 if found else 0
    if asked.write is None:
        print(_summary(claimed(PROJECT / "tests")), end="")
        return 0
    outcomes = json.loads(asked.write.read_text(encoding="utf-8"))
    tests = passed(outcomes)
    DOCUMENT.write_text(document(tests), encoding="utf-8")
    print(_summary(tests), end="")
    failing = sorted(set(outcomes) - set(tests))
    if failing:
        print(f"not all tests passed of: {', '.join(failing)}", file=sys.stderr)
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
