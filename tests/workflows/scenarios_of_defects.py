"""The paths of defective applications whose histories are worth keeping, walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from datetime import timedelta

from domain.defects.defect import Defect
from domain.defects.defect_parts import RetakeState
from tests.builders import OPERATOR
from tests.defects.at_hand import ID, called, found, handed_to_city, start
from tests.workflows.office import Course, Office, refusal

_DAY = timedelta(days=1)


async def defect_unreachable(office: Office) -> dict[str, Course]:
    """Called in vain, missed once, written to in vain, and then the city's."""
    course = await start(office)
    await called(course)
    planned = office.value(ID, Defect).next_try
    assert planned is not None
    await course.reach(planned + timedelta(hours=3))
    await office.record.until(ID, "deadline_breached")
    await called(course)
    await called(course, "sent", "letter")
    until = office.value(ID, Defect).waits_until
    assert until is not None
    await course.reach(until)
    await office.record.until(ID, "letter_unanswered")
    await handed_to_city(course, "withdrawn")
    await office.record.until(ID, "handoff_ended")
    await called(course)
    await handed_to_city(course, "completed")
    await course.ended()
    return {"defect-unreachable": course}


async def defect_retaken(office: Office) -> dict[str, Course]:
    """Reached; a visit that was missed and one that was not; submitted again."""
    course = await start(office)
    await refusal(course.act("record_resubmission", OPERATOR, receipt="A-1"))
    await called(course, "reached")
    visit = course.now.replace(hour=10, minute=0, second=0, microsecond=0) + 2 * _DAY
    for state, happened in (
        (RetakeState.NOBODY_CAME, "retake_missed"),
        (RetakeState.CAME, "retake_came"),
    ):
        office.defects.retake = found(moment=visit)
        await course.act("link_retake", OPERATOR, reservation="OTA-R26-1")
        office.defects.retake = found(state, visit)
        await course.reach(visit + timedelta(hours=1))
        await office.record.until(ID, happened)
        visit += 2 * _DAY
    await course.act("record_resubmission", OPERATOR, receipt="A-1")
    await course.ended()
    return {"defect-retaken": course}


async def defect_given_up(office: Office) -> dict[str, Course]:
    """Reached at once, and no longer wanted."""
    course = await start(office)
    await called(course, "reached")
    await course.act("record_giving_up", OPERATOR, "不要になった")
    await course.ended()
    return {"defect-given-up": course}


DEFECTS = (defect_unreachable, defect_retaken, defect_given_up)
