"""Which requirement rows passed: a plugin that collects what `req` markers promise.

Here: checking the markers, and writing down what passed when asked to. Not here: what is
made of it (`ops.coverage`).
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from ops.coverage import known_rows

_PROPERTY = "req"
_FILE = "--requirements-file"

Outcomes = dict[str, dict[str, bool]]
_OUTCOMES = pytest.StashKey[Outcomes]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our option."""
    parser.getgroup("madoguchi").addoption(
        _FILE, metavar="FILE", help="write which requirement rows have passing tests"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin with nothing seen."""
    outcomes: Outcomes = defaultdict(dict)
    config.stash[_OUTCOMES] = outcomes
    if config.getoption(_FILE):
        config.pluginmanager.register(_Notes(config), "requirement-notes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse markers of rows that nobody knows; let each test's report carry its rows."""
    rows = {item: marked_rows(item) for item in items}
    unknown = sorted(
        f"{item.nodeid}: {row!r}"
        for item, own in rows.items()
        for row in own
        if row not in known_rows()
    )
    if unknown:
        raise pytest.UsageError("unknown requirement rows:\n" + "\n".join(unknown))
    for item, own in rows.items():
        item.user_properties += [(_PROPERTY, row) for row in own]


def marked_rows(item: pytest.Item) -> list[object]:
    """Return what the markers of a test name; an empty marker names nothing known."""
    return [row for marker in item.iter_markers("req") for row in marker.args or ("",)]


class _Notes:
    """Notes how each marked test ended, and writes it down at the end of the run."""

    def __init__(self, config: pytest.Config) -> None:
        self._file = Path(config.getoption(_FILE))
        self._is_controller = not hasattr(config, "workerinput")
        self._outcomes = config.stash[_OUTCOMES]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test as passed while none of its phases, in no variant, did otherwise."""
        test = report.nodeid.partition("[")[0]
        for name, row in report.user_properties:
            if name == _PROPERTY:
                before = self._outcomes[str(row)].get(test, True)
                self._outcomes[str(row)][test] = before and report.outcome == "passed"

    def pytest_sessionfinish(self) -> None:
        """Write it down once, where all reports arrived."""
        if self._is_controller:
            self._file.write_text(json.dumps(self._outcomes, indent=1, sort_keys=True))
