"""Incidents while they run: who is told when nothing is done, and what begins by itself."""

from datetime import timedelta

import pytest

from domain.deadlines.deadline import Meaning
from domain.handoff import Handoff
from domain.incidents.incident import Incident
from domain.incidents.kinds import IncidentKind
from tests.builders import CLERK, OFFICIAL, OPERATOR, SITE_MANAGER, an_acceptance, at, today
from tests.incidents_at_hand import an_incident, due_by
from tests.workflows.incident_courses import begin
from tests.workflows.office import Office, refusals

FAULT = IncidentKind.FAULT, "ageo", "replacement", "site_manager"
CHANGE = IncidentKind.CHANGE_NOTICE, "ageo", "manual_update", "operations_manager"
TROUBLE = IncidentKind.TROUBLE, "urasoe", "complaint_report", "operations_manager"
COMPLAINT = IncidentKind.COMPLAINT, "ota", "complaint_report", "operations_manager"
LATE = [
    pytest.param(*FAULT, marks=pytest.mark.req("AGEO-09")),
    pytest.param(*CHANGE, marks=pytest.mark.req("AGEO-58")),
    pytest.param(*TROUBLE, marks=pytest.mark.req("URASOE-53")),
    pytest.param(*COMPLAINT, marks=pytest.mark.req("OTA-61")),
]


@pytest.mark.parametrize(("kind", "city", "rule", "told"), LATE)
async def test_what_nobody_deals_with_in_the_contracts_time_is_told_to_who_has_to_know(
    office: Office, kind: IncidentKind, city: str, rule: str, told: str
) -> None:
    """
    No substitute, no link to a revision, no report: at the configured time, and not before.
    """
    due = due_by(city, rule)
    first = next(alarm for alarm in due.alarms if alarm.meaning is Meaning.ESCALATE)
    course = await begin(office, an_incident(kind), due)
    if kind is IncidentKind.FAULT:
        await course.act("take_out_of_service", OPERATOR)

    await course.reach(first.at)
    await office.record.until("incident-1", "escalated")

    assert [(first.at, told)] == [
        (moment, to) for action, moment, to in course.rung if action == "escalated"
    ]
    shown = office.record.shown["incident-1"]
    assert (told, False) == (shown.escalated_to, shown.closed)


async def test_a_substitute_or_a_report_in_time_keeps_the_promise(office: Office) -> None:
    """
    The case goes on without that clock; the report begins the one of dealing with it.
    """
    day = today() + timedelta(days=1)
    due, settle = an_acceptance(at(day, "10:00")), an_acceptance(at(day, "14:00"))
    fault = await begin(office, an_incident(IncidentKind.FAULT, case_id="fault-1"), due)
    complaint = await begin(office, an_incident(), due)

    await fault.act("take_out_of_service", OPERATOR)
    replaced = await fault.act("assign_substitute", OPERATOR, substitute="予備の1台")
    reported = await complaint.act(
        "report_to_city", SITE_MANAGER, means="phone", for_city="no", deadline=settle
    )
    await fault.reach(at(day, "12:31"))

    assert (None, settle.due_at) == (replaced.due_at, reported.due_at)
    assert [] == fault.rung
    assert [False] == [
        each.event.detail["late"]
        for each in office.record.recorded["incident-1"]
        if each.event.action == "report_to_city"
    ]


async def test_what_the_responsible_person_passes_on_is_handed_over_to_the_city(
    office: Office,
) -> None:
    """
    Also when it came back and was settled here; what never left the house was not.
    """
    kept, passed = [
        await begin(office, an_incident(IncidentKind.TROUBLE, case_id=f"trouble-{number}"))
        for number in (1, 2)
    ]
    for course in (kept, passed):
        await course.act(
            "escalate", OPERATOR, "判断に迷う", deadline=an_acceptance(at(today(), "23:00"))
        )
        handoff = await office.offered()
        await handoff.act("take_on", SITE_MANAGER)
        if course is passed:
            await handoff.act("pass_on", SITE_MANAGER, "市の判断が要る", section="citizens")
            await handoff.act("return_handoff", OFFICIAL, "こちらで返答済み")
        await handoff.act("settle", SITE_MANAGER, "解決した")
        await handoff.ended()
        await office.record.until(course.case_id, "handoff_ended")
    asked = office.value(handoff.case_id, Handoff).to_city_at

    assert asked is not None
    assert [None, asked] == [
        office.value(course.case_id, Incident).handed_over_at for course in (kept, passed)
    ]


async def test_who_has_no_part_in_it_is_refused_and_nothing_moves(office: Office) -> None:
    """
    What the city is told is the managers' to say; a mistake of a program is named.
    """
    course = await begin(office, an_incident())

    found = await refusals(
        [
            course.act("report_to_city", CLERK, means="phone", for_city="no"),
            course.act("settle_incident", OFFICIAL, "済", outcome="solved"),
            course.act("settle_incident", SITE_MANAGER, "済", outcome="solved"),
            course.act("mark_serious", SITE_MANAGER),
            course.act("link_revision", SITE_MANAGER, revision="3", link="https://a.example"),
            course.act("report_to_city", SITE_MANAGER),
        ]
    )

    assert ["NotYourDuty", "NotYourDuty", "CityNotTold", "ReasonMissing"] == found[:4]
    assert ["WrongStage", None] == found[4:]
    assert ("not_reported", []) == ((await course.view()).stage, course.actions)


async def test_a_grave_matter_begins_one_consultation_with_a_clock(office: Office) -> None:
    """
    At once, or when it turns out to be serious; told once more it begins no second one.
    """
    by = an_acceptance(at(today(), "23:00"))
    value = an_incident(IncidentKind.TROUBLE, serious=True, consults=True)
    at_once = await begin(office, value, consult_by=by)
    await office.record.until("incident-1", "consultation_needed")
    value = an_incident(IncidentKind.TROUBLE, consults=True, case_id="incident-2")
    later = await begin(office, value)

    answer = await later.act("mark_serious", SITE_MANAGER, "けが人", key="k", deadline=by)
    again = await later.act("mark_serious", SITE_MANAGER, "けが人", key="k", deadline=by)

    first, second = office.record.opened
    assert [by, by] == [first.start.deadline, second.start.deadline]
    assert ["incident-1", "incident-2"] == [first.case.parent_id, second.case.parent_id]
    assert second.case.case_id == answer.opened == again.opened
    assert first.case.case_id == office.value("incident-1", Incident).consultation
    assert ["consultation_needed"] == at_once.actions
