"""One installation for the folder: starting it takes longer than most of its tests."""

from collections.abc import Iterator

import pytest

from tests.faults.installation import Installation, installed


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Real processes on engines and a folder of their own."""
    with installed(tmp_path_factory.mktemp("faults") / "data") as made:
        yield made
