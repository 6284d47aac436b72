"""The paths of procedures whose histories are worth keeping, to be walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from datetime import timedelta
from typing import Any

from domain.deadlines.deadline import Deadline
from domain.procedures.procedure import Procedure
from domain.procedures.procedure_parts import STEP_OF, Receiver, Step
from tests.builders import OFFICIAL, OPERATOR, OTHER_OFFICIAL, an_acceptance, at, today
from tests.procedures_at_hand import a_procedure, doer, fields_of
from tests.workflows.office import Course, Office, refusal

ID = "procedure-1"


async def begin(office: Office, value: Procedure) -> tuple[Course, Course]:
    """Return a visit and the procedure that began in it."""
    visit = await office.visit()
    await visit.begin_procedure(value, OPERATOR)
    return visit, await office.begun()


async def step(course: Course, value: Procedure, deadline: Deadline | None = None) -> Procedure:
    """Let the party whose turn it is take the step that is due; return what follows."""
    assert value.next is not None
    action = STEP_OF[value.next.kind]
    fields: dict[str, Any] = fields_of(value, action)
    await course.act(action, doer(value), deadline=deadline, **fields)
    return value.take(action, doer(value), fields)


async def procedure_checked(office: Office) -> dict[str, Course]:
    """A card is handed out, sent back by the check, done again and passed; the visit ends."""
    value = a_procedure()
    visit, course = await begin(office, value)
    await refusal(visit.act("close_visit", OPERATOR, result="served"))
    for _ in range(4):
        value = await step(course, value)
    await course.act("fail_check", OFFICIAL, "受領欄が空白", back_to="receipt")
    await course.act("record_receipt", OPERATOR)
    await course.act("pass_check", OTHER_OFFICIAL)
    await course.ended()
    await office.record.until("visit-1", "procedure_ended")
    await visit.act("close_visit", OPERATOR, result="served")
    await visit.ended()
    return {"procedure-checked": course, "visit-with-procedure": visit}


async def procedure_rerouted(office: Office) -> dict[str, Course]:
    """A proxy stands there after all: the city goes on, after it was waited for too long."""
    await office.visit()
    value = a_procedure()
    course = await office.procedure(value)
    await step(course, value)
    await course.act("change_receiver", OPERATOR, "代理人だった", receiver="proxy")
    day = today() + timedelta(days=1)
    due = an_acceptance(at(day, "10:00"))
    value = await step(course, a_procedure(receiver=Receiver.PROXY), deadline=due)
    await course.reach(at(day, "10:31"))
    await office.record.until(ID, "deadline_breached")
    for _ in range(3):
        value = await step(course, value)
    await course.ended()
    return {"procedure-rerouted": course}


async def procedure_decided(office: Office) -> dict[str, Course]:
    """Either may do it: a party is named, and another, and in the end it is given up."""
    await office.visit()
    value = a_procedure("printed_items_change", Receiver.LEGAL_REPRESENTATIVE)
    course = await office.procedure(value)
    value = await step(course, value)
    await course.act("decide_party", OFFICIAL, "市の端末が要る", party="city")
    await course.act("decide_party", OFFICIAL, "端末が直った", party="provider")
    value = value.take(Step.DECIDE_PARTY, OFFICIAL, {"party": "provider"})
    await step(course, value)
    await course.act("decide_party", OPERATOR, "印字は市", party="city")
    await course.act("end_procedure", OFFICIAL, "本人の申し出")
    await course.ended()
    return {"procedure-decided": course}


PROCEDURES = (procedure_checked, procedure_rerouted, procedure_decided)
