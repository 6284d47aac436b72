"""Applications: a few minutes at the window, and then however long it takes."""

from datetime import timedelta

import pytest

from domain.applications.application import Application
from domain.applications.application_parts import STEP_OF, Settlement
from tests.applications.at_hand import an_application, doer, told
from tests.builders import CALL_AGENT, CLERK
from tests.workflows.office import Course, Office, refusal
from workflows.application_messages import DefectSettled

ID = "application-1"


async def supported(course: Course, value: Application) -> Application:
    """Take every step at the window; return the application as it waits."""
    while value.next is not None:
        step, fields = STEP_OF[value.next], told(value.next)
        await course.act(step, doer(value), **fields)
        value = value.take(step, doer(value), fields, course.now)
    return value


@pytest.mark.parametrize("waited", [timedelta(days=20), timedelta(days=183)])
async def test_a_defect_is_settled_however_late_it_comes(
    office: Office, waited: timedelta
) -> None:
    """
    Three weeks or half a year: the application was never lost, and goes on as before.
    """
    await office.visit()
    course = await office.application(an_application())
    await supported(course, an_application())
    await course.reach(course.now + waited)

    reported = await course.act("report_defect", CALL_AGENT, defect="photo_size")
    stopped = await refusal(course.act("record_card_arrival", CLERK))
    settled = DefectSettled(case_id="", settlement=Settlement.RESUBMITTED, receipt="R-2")
    await course.signal("defect_settled", settled)
    await office.record.until(ID, "defect_settled")
    ended = await course.act("record_card_arrival", CLERK)
    await course.ended()

    assert ("defective", "WrongStage") == (reported.stage, stopped)
    assert ("card_arrived", True) == (ended.stage, ended.closed)
    value = office.value(ID, Application)
    assert ("R-2", 1) == (value.receipt, len(value.defects))
