"""An office per test: a worker as production builds it, with stand-ins for the world."""

import secrets
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from temporalio.testing import TimeSkipper

from tests.workflows.office import Office


@pytest.fixture
def closed_office(env: TimeSkipper) -> Office:
    """An office of a city of its own, where nobody works yet: no two tests share a case."""
    name = f"city{secrets.token_hex(4)}"
    return Office(env, queue=f"test-{name}", city=name)


@pytest.fixture
async def office(closed_office: Office, threads: ThreadPoolExecutor) -> AsyncIterator[Office]:
    """The same with a worker."""
    async with closed_office.staffed(threads):
        yield closed_office
        closed_office.let_go()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Record when asked to, and test otherwise: never both in one run."""
    recording = bool(config.getoption("--record-histories"))
    left_out = [
        item for item in items if (item.get_closest_marker("recorder") is None) is recording
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
