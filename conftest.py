"""Command-line options of the tests; pytest wants them in the root conftest."""

import pytest

pytest_plugins = ["tests.traceability"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("madoguchi")
    group.addoption(
        "--record-histories", action="store_true", help="record the missing workflow histories"
    )
