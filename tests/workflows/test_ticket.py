"""The course of a number: what people do, what midnight does, and what it does not know yet."""

from domain.queue.ticket import Ticket
from tests.builders import OFFICIAL, OPERATOR
from tests.queue.at_hand import opened
from tests.workflows.office import Office, refusal
from tests.workflows.scenarios_of_queue import call, ticket_served, took_number


async def test_a_number_is_served_with_the_visit_that_began_with_it(office: Office) -> None:
    """
    Each call is in the record, whoever made it; the visit's end is the number's.
    """
    await ticket_served(office)
    value = office.value("ticket-1", Ticket)

    assert ("served", "b", "two", 3) == (value.stage, value.line, value.desk, value.calls)
    assert office.record.actions("ticket-1") == [
        *("call_next", "recall_ticket", "move_ticket", "prefer_ticket", "call_next"),
        *("serve_ticket", "visit_ended"),
    ]


async def test_midnight_ends_a_number_that_was_called_and_never_served(
    office: Office,
) -> None:
    """
    The city does nothing with a number, and nobody is left in a line for tomorrow.
    """
    course = await took_number(office)
    theirs = await refusal(course.act("end_ticket", OFFICIAL, result="left"))
    offered = await refusal(course.act("offer_handoff", OPERATOR, "頼む"))
    await call(office, course, opened(office.city).ticket.call("one", course.now))
    await course.reach(opened().ticket.ends_at)
    ended = await course.ended()

    assert ["NotYourDuty", "ActionUnknown"] == [theirs, offered]
    assert ("day_ended", True) == (ended.stage, ended.closed)
    assert ["call_next", "day_ended"] == course.actions
