"""What is given up where the city's system keeps the bookings is entered there, and in time."""

import secrets
from datetime import UTC, datetime

from domain.booking.booking_rules import BookingMode
from domain.booking.reservation_parts import Stage
from domain.parties import Party, Role
from tests.builders import a_place, a_reservation, some_terms
from tests.reservations_at_hand import open_reservation
from tests.stack import Stack


async def test_a_cancelled_booking_has_until_when_it_is_to_be_entered(stack: Stack) -> None:
    """
    Without a deadline it would be forgotten: the city's system would still expect the visit.
    """
    terms = some_terms(mode=BookingMode.CITY_SYSTEM, phone_party=Party.PROVIDER)
    entered = a_reservation(
        secrets.token_hex(16),
        line="card_delivery",
        place=a_place(site=""),
        stage=Stage.CONFIRMED,
        terms=terms,
        mail=False,
        reference="A-1",
        placed_at=datetime.now(UTC),
    )
    open_reservation(stack, entered, "ageo")
    agent = stack.as_(Role.CALL_AGENT, "ageo")

    async with stack.staffed():
        given_up = await agent.act(entered.case_id, "cancel_reservation", reason="本人の都合")
        waiting = await agent.case(entered.case_id)
        done = await agent.act(entered.case_id, "record_external_entry", reference="A-2")
        after = await agent.case(entered.case_id)

    assert (200, 200) == (given_up.status_code, done.status_code), given_up.text
    assert ("to_enter", True) == (waiting["stage"], waiting["due_at"] is not None)
    assert ("cancelled", True) == (after["stage"], after["closed_at"] is not None)
