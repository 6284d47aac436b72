"""The paths of hand-offs over two levels and of what waits for somebody else, walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from dataclasses import replace
from datetime import timedelta

from domain.case import CaseKind
from tests.builders import (
    CALL_AGENT,
    OFFICIAL,
    OPERATOR,
    OTHER_CLERK,
    SITE_MANAGER,
    an_acceptance,
    at,
    today,
)
from tests.calls.at_hand import an_entry, an_inquiry
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


async def letter_answered(office: Office) -> dict[str, Course]:
    """A visit waits for a letter, whose answer is late."""
    visit = await office.visit()
    day = today() + timedelta(days=1)
    fields = {"about": "office", "reply_due": str(day)}
    deadline = an_acceptance(at(day, "10:00"))
    await visit.act("send_letter", OFFICIAL, "照会", deadline=deadline, **fields)
    message = office.record.opened[-1].start
    letter = await office.start("CityRecord", CaseKind.CITY_RECORD, message)
    await refusal(visit.act("close_visit", OPERATOR, result="served"))
    await letter.reach(at(day, "10:31"))
    await office.record.until(letter.case_id, "deadline_breached")
    await letter.act("record_reply", OFFICIAL)
    await letter.ended()
    await office.record.until("visit-1", "handoff_ended")
    await visit.act("close_visit", OPERATOR, result="served")
    await visit.ended()
    return {"letter-answered": letter, "visit-with-letter": visit}


async def entry_checked(office: Office) -> dict[str, Course]:
    """Entered, found wrong by somebody else, entered again, checked."""
    course = await office.entry(replace(an_entry(), second_person=True))
    deadline = an_acceptance(at(today() + timedelta(days=1), "10:00"))
    act = "record_external_entry"
    await course.act(act, CALL_AGENT, reference="D-1", deadline=deadline)
    await refusal(course.act("check_entry", CALL_AGENT))
    await course.act("send_back_entry", OTHER_CLERK, "番号が違う", deadline=deadline)
    await course.act(act, CALL_AGENT, reference="D-2", deadline=deadline)
    await course.act("check_entry", OTHER_CLERK)
    await course.ended()
    return {"entry-checked": course}


HANDOFFS = (handoff_passed_on, inquiry_transferred, letter_answered, entry_checked)
