"""The paths of incidents whose histories are worth keeping, walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from datetime import timedelta

from domain.incidents.kinds import IncidentKind
from tests.builders import (
    CALL_AGENT,
    OFFICIAL,
    OPERATOR,
    SITE_MANAGER,
    an_acceptance,
    at,
    today,
)
from tests.incidents_at_hand import an_incident
from tests.workflows.incident_courses import begin, consultation
from tests.workflows.office import Course, Office, refusal


async def fault_replaced_late(office: Office) -> dict[str, Course]:
    """Out of service until two people were told; replaced, and back."""
    day = today() + timedelta(days=1)
    course = await begin(
        office, an_incident(IncidentKind.FAULT), an_acceptance(at(day, "10:00"))
    )
    await course.act("take_out_of_service", OPERATOR)
    await course.reach(at(day, "12:31"))
    await office.record.until("incident-1", "escalated", times=2)
    await course.act("assign_substitute", OPERATOR, substitute="予備の1台")
    await course.act("return_to_service", OPERATOR)
    await course.ended()
    return {"fault-replaced-late": course}


async def complaint_handed_over(office: Office) -> dict[str, Course]:
    """Reported, of its own clock from then on, the city's to deal with, and settled."""
    due = an_acceptance(at(today(), "23:00"))
    course = await begin(office, an_incident(), due)
    await refusal(course.act("settle_incident", SITE_MANAGER, "謝罪", outcome="solved"))
    await course.act(
        "report_to_city", SITE_MANAGER, means="phone", for_city="yes", deadline=due
    )
    await course.act("offer_handoff", SITE_MANAGER, "市の制度への苦情", section="citizens")
    handoff = await office.offered()
    await handoff.act("accept_handoff", OFFICIAL)
    await handoff.act("complete_handoff", OFFICIAL)
    await handoff.ended()
    await office.record.until("incident-1", "handoff_ended")
    await course.act("settle_incident", SITE_MANAGER, "市が回答", outcome="left_to_city")
    await course.ended()
    return {"complaint-handed-over": course}


async def vacancy_consulted(office: Office) -> dict[str, Course]:
    """A vacancy begins a consultation; both end by themselves."""
    value = an_incident(IncidentKind.VACANCY, consults=True)
    course = await begin(office, value, consult_by=an_acceptance(at(today(), "23:00")))
    await office.record.until("incident-1", "consultation_needed")
    held = await consultation(office)
    await held.act("record_consultation", OFFICIAL, "代わりの人", section="citizens")
    await held.ended()
    await course.act("fill_vacancy", SITE_MANAGER)
    await course.ended()
    return {"vacancy-consulted": course, "consultation-held": held}


async def trouble_becomes_serious(office: Office) -> dict[str, Course]:
    """Reported at once, found to be serious afterwards; nobody has settled it yet."""
    course = await begin(office, an_incident(IncidentKind.TROUBLE, consults=True))
    await course.act("report_to_city", SITE_MANAGER, means="mail", for_city="no")
    await refusal(course.act("mark_serious", CALL_AGENT, "けが人"))
    await course.act("mark_serious", SITE_MANAGER, "けが人")
    return {"trouble-becomes-serious": course}


async def change_revised(office: Office) -> dict[str, Course]:
    """Ends with the version that has the change."""
    course = await begin(
        office, an_incident(IncidentKind.CHANGE_NOTICE), an_acceptance(at(today(), "23:00"))
    )
    link = "https://files.example/manual-3"
    await course.act("link_revision", SITE_MANAGER, revision="第3版", link=link)
    await course.ended()
    return {"change-revised": course}


INCIDENTS = (
    fault_replaced_late,
    complaint_handed_over,
    vacancy_consulted,
    trouble_becomes_serious,
    change_revised,
)
