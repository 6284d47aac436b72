"""The paths of hand-offs over two levels, and of calls nobody took, walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from datetime import timedelta

from tests.builders import (
    CALL_AGENT,
    OFFICIAL,
    OPERATOR,
    SITE_MANAGER,
    an_acceptance,
    at,
    today,
)
from tests.calls.at_hand import an_inquiry
from tests.workflows.office import Course, Office, refusal


async def handoff_passed_on(office: Office) -> dict[str, Course]:
    """Told again and again, taken on, passed on, returned, settled."""
    visit = await office.visit()
    day = today() + timedelta(days=1)
    deadline = an_acceptance(at(day, "10:00"), every=15)
    await visit.act("escalate", OPERATOR, "判断に迷う", deadline=deadline)
    handoff = await office.offered()
    await handoff.reach(at(day, "11:01"))
    await office.record.until(handoff.case_id, "escalated", times=3)
    await handoff.act("take_on", SITE_MANAGER)
    await handoff.act("pass_on", SITE_MANAGER, "市の判断が要る", section="citizens")
    await handoff.act("return_handoff", OFFICIAL, "資料が足りない")
    await refusal(handoff.act("settle", SITE_MANAGER))
    await handoff.act("settle", SITE_MANAGER, "解決した")
    await handoff.ended()
    return {"handoff-passed-on": handoff}


async def inquiry_transferred(office: Office) -> dict[str, Course]:
    """Nobody takes the call; an official calls back late, and the inquiry is dealt with."""
    day = today() + timedelta(days=1)
    course = await office.inquiry(an_inquiry())
    deadline = an_acceptance(at(day, "10:00"))
    fields = {"target": "citizens", "result": "callback"}
    await course.act("transfer_call", CALL_AGENT, "内線", deadline=deadline, **fields)
    task = await office.offered()
    await task.act("accept_handoff", OFFICIAL)
    await task.reach(at(day, "10:31"))
    await office.record.until(task.case_id, "deadline_breached")
    await task.act("complete_handoff", OFFICIAL)
    await task.ended()
    await course.ended()
    return {"inquiry-transferred": course, "handoff-called-back": task}


HANDOFFS = (handoff_passed_on, inquiry_transferred)
