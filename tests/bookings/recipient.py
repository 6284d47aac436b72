"""An office of Chiba that gets lists, and how a manager enters it.

Here: what two modules of tests need. Not here: what they expect.
"""

from typing import Any

from domain.parties import Role
from tests.bookings import venue
from tests.stack import Stack

RECIPIENT = f"/api/v1/contracts/{venue.CITY}/list-recipient"
ADDRESS = "kusei@city.chiba.example"
PASSWORD = "ichigo-Ichie-2022"


async def agree(stack: Stack, **more: str) -> dict[str, Any]:
    """Enter where the city wants its lists; return the answer."""
    body = {"address": ADDRESS, "password": PASSWORD, "agreement": "10/1 協議", **more}
    answer = await stack.as_(Role.SITE_MANAGER, venue.CITY).post(RECIPIENT, json=body)
    assert 201 == answer.status_code, answer.text
    told: dict[str, Any] = answer.json()
    return told
