"""The paths of numbers at the windows, walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from domain.case import CaseEvent, CaseKind
from domain.queue.ticket import Ticket
from tests.builders import OPERATOR, a_case, a_visit
from tests.queue.at_hand import opened
from tests.stack import eventually
from tests.workflows.office import Course, Office, refusal
from workflows.keeping import change_of
from workflows.messages import CaseView, OpenVisit, Recording
from workflows.names import workflow_id


async def took_number(office: Office) -> Course:
    """Start the course of a number, as the relay does."""
    message = opened(office.city)
    case_id = message.case.case_id
    handle = await office.skipper.client.start_workflow(
        "Ticket",
        message,
        id=workflow_id(office.city, CaseKind.TICKET, case_id),
        task_queue=office.queue,
        result_type=CaseView,
    )
    return Course(office.skipper, office.record, handle, case_id)


async def call(office: Office, course: Course, after: Ticket) -> None:
    """Call a number as a desk does, without its course, which then hears of it."""
    event = CaseEvent(
        action="call_next", at=course.now, actor=OPERATOR, detail={"stage": "called"}
    )
    key = f"claim/call/{len(office.record.recorded[after.case_id])}"
    case, change = a_case(after.case_id, office.city), change_of(after, None)
    office.record.record(Recording(case=case, key=key, event=event, change=change))
    await course.handle.signal("catch_up")
    await eventually(course.view, lambda view: view.stage == after.stage)


async def ticket_served(office: Office) -> dict[str, Course]:
    """Called, called again, back into the line, preferred, called, served with a visit."""
    course = await took_number(office)
    value = opened(office.city).ticket
    called = value.call("one", course.now)
    await call(office, course, called)
    await course.act("recall_ticket", OPERATOR)
    await course.act("move_ticket", OPERATOR, line="b")
    await refusal(course.act("move_ticket", OPERATOR, line="nowhere"))
    await course.act("prefer_ticket", OPERATOR, "体調が悪い")
    again = called.recall().move("b").prefer().call("two", course.now)
    await call(office, course, again)
    await course.act("serve_ticket", OPERATOR)
    message = OpenVisit(case=a_case("visit-1", office.city, "ticket-1"), visit=a_visit())
    visit = await office.start("Visit", CaseKind.VISIT, message)
    await visit.act("close_visit", OPERATOR, result="served")
    await visit.ended()
    await course.ended()
    return {"ticket-served": course, "visit-with-number": visit}


async def ticket_day_ended(office: Office) -> dict[str, Course]:
    """Nobody calls it before the day is over."""
    course = await took_number(office)
    await course.reach(opened().ticket.ends_at)
    await course.ended()
    return {"ticket-day-ended": course}


async def ticket_given_up(office: Office) -> dict[str, Course]:
    """Whoever had it goes."""
    course = await took_number(office)
    await refusal(course.act("end_ticket", OPERATOR, result="served"))
    await course.act("end_ticket", OPERATOR, result="left")
    await course.ended()
    return {"ticket-given-up": course}


QUEUE = (ticket_served, ticket_day_ended, ticket_given_up)
