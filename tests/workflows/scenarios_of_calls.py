"""The paths of entries and inquiries whose histories are worth keeping, walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from datetime import timedelta

from tests.builders import CALL_AGENT, OTHER_CLERK, an_acceptance, at, today
from tests.calls.at_hand import an_entry, an_inquiry
from tests.workflows.office import Course, Office, refusal


async def entry_made_late(office: Office) -> dict[str, Course]:
    """Nobody enters it until two people were told; then it is entered."""
    day = today() + timedelta(days=1)
    course = await office.entry(an_entry(), an_acceptance(at(day, "10:00")))
    await course.reach(at(day, "12:31"))
    await office.record.until("entry-1", "escalated", times=2)
    await course.act("record_external_entry", CALL_AGENT, reference="D-1")
    await course.ended()
    return {"entry-made-late": course}


async def entry_withdrawn(office: Office) -> dict[str, Course]:
    """Given up with a reason, after an attempt without."""
    course = await office.entry(an_entry(), an_acceptance(at(today(), "23:00")))
    await refusal(course.act("withdraw_entry", OTHER_CLERK))
    await course.act("withdraw_entry", OTHER_CLERK, "二重の依頼")
    await course.ended()
    return {"entry-withdrawn": course}


async def inquiry_called_back(office: Office) -> dict[str, Course]:
    """To be called back, referred nowhere, and then to a section of the city."""
    course = await office.inquiry(an_inquiry())
    await course.act("close_inquiry", CALL_AGENT, "確認します", outcome="call_back")
    await refusal(course.act("close_inquiry", CALL_AGENT, "市へ", outcome="referred"))
    await course.act(
        "close_inquiry", CALL_AGENT, "市へ", outcome="referred", destination="citizens"
    )
    await course.ended()
    return {"inquiry-called-back": course}


CALLS = (entry_made_late, entry_withdrawn, inquiry_called_back)
