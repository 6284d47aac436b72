"""The paths of what contracts promise whose histories are worth keeping, walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from datetime import timedelta

from domain.case import Actor, CaseKind
from domain.deadlines.deadline import Deadline
from domain.obligations.obligation import Obligation
from domain.parties import Role
from tests.builders import OFFICIAL, SITE_MANAGER, a_case, a_deadline, at, today
from tests.obligations_at_hand import a_promise
from tests.workflows.office import Course, Office, refusal
from workflows.obligation_messages import OpenObligation

MANAGER = Actor(account_id="manager", role=Role.OPERATIONS_MANAGER)


async def promised(
    office: Office, value: Obligation, deadline: Deadline | None = None
) -> Course:
    """Start one thing that a contract promises."""
    case = a_case(value.case_id, office.city)
    message = OpenObligation(case=case, obligation=value, deadline=deadline)
    return await office.start("Obligation", CaseKind.OBLIGATION, message)


async def obligation_approved(office: Office) -> dict[str, Course]:
    """A day is agreed on, a version returned, the next approved and revised; then it ends."""
    value = a_promise("chiba", "manual_qa")
    course = await promised(office, value)
    begins = today() + timedelta(days=30)
    due = a_deadline(begins, amount=-7)
    await course.act("agree_day", MANAGER, deadline=due, day=str(begins), agreement="協議1")
    await course.act("save_version", MANAGER, reference="第1版")
    await course.act("submit_version", MANAGER)
    await refusal(course.act("approve_version", MANAGER))
    await course.act("return_version", OFFICIAL, "図がない", deadline=due)
    await course.act("save_version", MANAGER, reference="第2版")
    await course.act("submit_version", MANAGER)
    await course.act("approve_version", OFFICIAL)
    await course.act("save_version", MANAGER, reference="第3版")
    await course.act("submit_version", MANAGER)
    await course.act("return_version", OFFICIAL, "時期が早い", deadline=due)
    await course.act("end_obligation", MANAGER, "契約の終わり")
    await course.ended()
    return {"obligation-approved": course}


async def obligation_provisional(office: Office) -> dict[str, Course]:
    """Submitted in time as a provisional version, and late as the final one."""
    value = a_promise("chiba", "final_report", counted_from=today())
    course = await promised(office, value, a_deadline(amount=3))
    sections = "1 2 3 4"
    await refusal(course.act("submit_version", MANAGER))
    await course.act(
        "save_version", MANAGER, reference="暫定版", sections=sections, provisional="yes"
    )
    await course.act("submit_version", MANAGER)
    await course.reach(at(today() + timedelta(days=5), "10:00"))
    await course.act("save_version", MANAGER, reference="確定版", sections=sections)
    await course.act("submit_version", MANAGER)
    await course.ended()
    return {"obligation-provisional": course}


async def obligation_met_late(office: Office) -> dict[str, Course]:
    """Nobody says by the day that it stands; two hear of it, and then it does."""
    value = a_promise("ageo", "go_live", counted_from=today())
    course = await promised(office, value, a_deadline(amount=1))
    await course.reach(at(today() + timedelta(days=6), "17:00"))
    await office.record.until(value.case_id, "escalated", times=2)
    await course.act("record_evidence", SITE_MANAGER, evidence="回線試験 B-1")
    await course.ended()
    return {"obligation-met-late": course}


OBLIGATIONS = (obligation_approved, obligation_provisional, obligation_met_late)
