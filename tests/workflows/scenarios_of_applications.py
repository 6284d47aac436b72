"""The paths of applications whose histories are worth keeping, to be walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of. What follows a
defect is walked with the follow-ups.
"""

from datetime import timedelta

from domain.applications.application import Application
from domain.applications.application_parts import ON_PAPER, STEP_OF, StepKind, Variant
from domain.parties import Party
from tests.applications.at_hand import TERMS, an_application, doer, told
from tests.builders import CLERK, OFFICIAL, OPERATOR, SITE_MANAGER, a_visit, at, today
from tests.workflows.office import Course, Office, refusal

ID = "application-1"


async def step(course: Course, value: Application) -> Application:
    """Take the step that is due at the window; return what follows."""
    assert value.next is not None
    action, fields = STEP_OF[value.next], told(value.next)
    await course.act(action, doer(value), **fields)
    return value.take(action, doer(value), fields, course.now)


async def supported(course: Course, value: Application) -> Application:
    """Take every step at the window; return the application as it waits."""
    while value.next is not None:
        value = await step(course, value)
    return value


async def application_arrived(office: Office) -> dict[str, Course]:
    """Agreed, begun in a visit that ends, sent with a photo; a month later it is there."""
    visit = await office.visit(a_visit(asks_consent=True))
    await refusal(visit.begin_application(an_application(), OPERATOR, TERMS))
    said = {"consenter": "applicant", "answer": "agreed", "means": "screen"}
    await visit.consent(TERMS, OPERATOR, **said)
    await visit.begin_application(an_application(), OPERATOR, TERMS)
    course = await office.begun()
    await supported(course, an_application())
    await office.record.until("visit-1", "procedure_ended")
    await visit.act("close_visit", OPERATOR, result="served")
    await visit.ended()
    await course.reach(course.now + timedelta(days=31))
    await course.act("record_card_arrival", CLERK)
    await course.ended()
    return {"application-arrived": course, "visit-with-application": visit}


async def application_photo_deleted(office: Office) -> dict[str, Course]:
    """Not sent that day: the photo is deleted, taken anew, and the city takes it over."""
    await office.visit()
    course = await office.application(an_application())
    value = await step(course, an_application())
    await step(course, value)
    await course.reach(at(today() + timedelta(days=1), "00:00"))
    await office.record.until(ID, "photo_deleted")
    fields = told(StepKind.PHOTO) | {"document": "photo-2"}
    await course.act("accept_photo", OPERATOR, **fields)
    await course.act("offer_handoff", OPERATOR, "本人確認に迷う", section="citizens")
    handoff = await office.offered()
    await refusal(course.act("take_over_application", OFFICIAL, "市で進める"))
    await handoff.act("accept_handoff", OFFICIAL)
    await handoff.act("complete_handoff", OFFICIAL)
    await office.record.until(ID, "handoff_ended")
    await course.act("take_over_application", OFFICIAL, "市で進める")
    await course.ended()
    return {"application-photo-deleted": course}


async def application_of_the_city(office: Office) -> dict[str, Course]:
    """Express is the city's: we are refused, an official takes it in, and it is given up."""
    await office.visit()
    planned = (StepKind.RECEIVE_FORM,)
    value = an_application(Variant.EXPRESS, party=Party.CITY, planned=planned)
    course = await office.application(value)
    await refusal(course.act("receive_form", OPERATOR))
    await supported(course, value)
    await course.act("withdraw_application", OFFICIAL, "本人の申し出")
    await course.ended()
    return {"application-of-the-city": course}


async def application_on_paper(office: Office) -> dict[str, Course]:
    """Skipped steps are refused; a misjudged photo is taken, printed, pasted, handed in."""
    await office.visit()
    planned = (*ON_PAPER, StepKind.RECEIVE_FORM)
    value = an_application(Variant.PAPER, planned=planned)
    course = await office.application(value)
    bad = told(StepKind.PHOTO) | {"verdict": "likely_refused", "against": "dark"}
    bad |= {"overruled": True}
    await refusal(course.act("accept_photo", SITE_MANAGER, **bad))
    await course.act("accept_photo", SITE_MANAGER, "目で見て明るい", **bad)
    await refusal(course.act("receive_form", OPERATOR))
    await course.act("print_photo", OPERATOR)
    await refusal(course.act("receive_form", OPERATOR))
    await course.act("paste_photo", OPERATOR)
    await course.act("receive_form", OPERATOR)
    await course.act("record_card_arrival", CLERK)
    await course.ended()
    return {"application-on-paper": course}


APPLICATIONS = (
    application_arrived,
    application_photo_deleted,
    application_of_the_city,
    application_on_paper,
)
