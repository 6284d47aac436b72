"""A number as it begins, for tests that are about what becomes of it."""

from datetime import timedelta
from typing import Any

from domain.queue.ticket import Ticket
from tests.builders import a_case, at, today
from workflows.queue_messages import OpenTicket


def a_ticket(**more: Any) -> Ticket:
    """Return a number that was taken at noon and is over at midnight."""
    given: dict[str, Any] = {
        "case_id": "ticket-1",
        "place": "hall",
        "line": "a",
        "letter": "A",
        "number": 12,
        "day": today(),
        "taken_at": at(today(), "12:00"),
        "ends_at": at(today() + timedelta(days=1), "00:00"),
        "calls_before_absent": 2,
        "lines": ("a", "b"),
    }
    return Ticket(**(given | more))


def opened(city: str = "ota", **more: Any) -> OpenTicket:
    """Return the message with which its course begins."""
    value = a_ticket(**more)
    return OpenTicket(case=a_case(value.case_id, city), ticket=value)
