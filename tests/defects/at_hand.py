"""A follow-up as it begins, and attempts to reach somebody, for tests that are about them."""

from datetime import datetime, time
from typing import Any

from domain.applications.defect_kinds import DefectKind
from domain.calls.contact import ContactAttempt, ContactMeans, ContactOutcome
from domain.case import CaseKind
from domain.deadlines.deadline import Deadline
from domain.defects.defect import Defect
from domain.defects.defect_parts import Retake, RetakeState, SeenRetake
from domain.parties import Role
from tests.builders import CALL_AGENT, a_case, at, today
from tests.workflows.office import Course, Office
from workflows.defect_messages import FoundRetake, OpenDefect
from workflows.messages import HandoffEnded

ID = "defect-1"
NOON = at(today(), "12:00")


def a_defect(kind: DefectKind = DefectKind.PHOTO_BLUR_DARK, **more: Any) -> Defect:
    """Return what came back a moment ago; a letter goes out after two attempts."""
    given: dict[str, Any] = {"owner_role": Role.CALL_AGENT, "tries": 2}
    return Defect(case_id=ID, kind=kind, **(given | more))


def tried(
    outcome: str = "no_answer", means: str = "phone", moment: datetime = NOON
) -> ContactAttempt:
    """Return an attempt; by default nobody answered the telephone."""
    return ContactAttempt(
        at=moment,
        by=CALL_AGENT.account_id,
        means=ContactMeans(means),
        outcome=ContactOutcome(outcome),
    )


def a_retake(moment: datetime = NOON) -> Retake:
    """Return a visit of an hour."""
    ends_at = datetime.combine(moment.date(), time(moment.hour + 1), moment.tzinfo)
    return Retake(
        reservation="reservation-1",
        number="OTA-R26-000001-8",
        starts_at=moment,
        ends_at=ends_at,
    )


def seen(state: RetakeState = RetakeState.AHEAD, moment: datetime = NOON) -> SeenRetake:
    """Return a visit as it is found."""
    return SeenRetake(retake=a_retake(moment), state=state)


def found(state: RetakeState = RetakeState.AHEAD, moment: datetime = NOON) -> FoundRetake:
    """Return the same as the port answers it."""
    retake = a_retake(moment)
    return FoundRetake(
        reservation=retake.reservation,
        number=retake.number,
        starts_at=retake.starts_at,
        ends_at=retake.ends_at,
        state=state,
    )


async def start(
    office: Office,
    value: Defect | None = None,
    deadline: Deadline | None = None,
    *,
    parent_id: str | None = None,
) -> Course:
    """Start the course of a follow-up, by itself or of an application."""
    case = a_case(ID, office.city, parent_id)
    message = OpenDefect(case=case, defect=value or a_defect(), deadline=deadline)
    return await office.start("Defect", CaseKind.DEFECT, message)


async def called(course: Course, outcome: str = "no_answer", means: str = "phone") -> str:
    """Record an attempt and return the stage it leads to."""
    done = await course.act("record_contact_attempt", CALL_AGENT, means=means, outcome=outcome)
    return done.stage


async def handed_to_city(course: Course, outcome: str) -> None:
    """Offer it to the city, whose hand-off then ends with ``outcome``."""
    offered = await course.act("offer_handoff", CALL_AGENT, "連絡つかず", section="市民課")
    assert offered.opened is not None
    await course.signal(
        "handoff_ended", HandoffEnded(handoff_id=offered.opened, outcome=outcome)
    )
