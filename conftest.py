"""Command-line options of the tests; pytest wants them in the root conftest."""

from collections import defaultdict

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("madoguchi")
    group.addoption(
        "--record-histories", action="store_true", help="record the missing workflow histories"
    )
    group.addoption(
        "--requirements", action="store_true", help="list the requirement rows that have tests"
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """List each requirement row with its tests, when asked."""
    if not session.config.getoption("--requirements"):
        return
    tests = defaultdict(set)
    for item in session.items:
        for marker in item.iter_markers("req"):
            for row in marker.args:
                tests[row].add(item.nodeid.partition("[")[0])
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    assert reporter is not None
    for row in sorted(tests):
        reporter.write_line(f"{row}  {'  '.join(sorted(tests[row]))}")
    reporter.write_line(f"{len(tests)} requirement rows have a test")
