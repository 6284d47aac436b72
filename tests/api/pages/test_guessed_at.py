"""Supervisors are shown at whose door somebody tries again and again."""

import pytest

from domain.parties import Role
from store.engine import build_engine
from tests.stack import Stack
from tests.visits_at_hand import tamper

HEADING = "ログインの失敗が続いている利用者"


@pytest.mark.parametrize("role", [Role.SITE_MANAGER, Role.OPERATIONS_MANAGER])
async def test_who_is_guessed_at_is_shown_to_supervisors_and_nobody_else(
    stack: Stack, role: Role
) -> None:
    """
    No login is locked for its owner, so that somebody has to look; of their own city alone.
    """
    quiet = await stack.as_(role).get("/")
    for city in ("ota", "chiba"):
        stack.as_(Role.CLERK, city)
    owner = build_engine(stack.database.owner_url)
    tamper(owner, "UPDATE account SET failed_count = 10 WHERE role = 'clerk'")
    owner.dispose()

    shown = await stack.as_(role).get("/")
    clerks = await stack.as_(Role.CLERK).get("/")

    assert [200] * 3 == [page.status_code for page in (quiet, shown, clerks)]
    assert [False, True, False] == [HEADING in page.text for page in (quiet, shown, clerks)]
    assert (True, False) == ("ota-clerk" in shown.text, "chiba-clerk" in shown.text)
