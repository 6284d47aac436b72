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
