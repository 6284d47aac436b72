"""Incidents as they begin, for tests that are about what becomes of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from contracts.loader import load
from domain.contract import calendar_of, deadline, due_rule
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import NotComputable
from domain.incidents.incident import Incident, begun
from domain.incidents.kinds import IncidentKind, Stage
from domain.parties import Role
from tests.builders import a_case, a_deadline, at, today
from workflows.incident_messages import OpenIncident


def an_incident(
    kind: IncidentKind = IncidentKind.COMPLAINT,
    by: Role = Role.OPERATOR,
    case_id: str = "incident-1",
    **more: Any,
) -> Incident:
    """Return an incident that was reported a moment ago."""
    return begun(case_id, kind, by, at=at(today(), "10:00"), **more)


def a_whole_incident() -> Incident:
    """Return an incident of which everything is known, for what is written of it."""
    return replace(
        an_incident(IncidentKind.TROUBLE, thing="booth_2", thing_label="2番ブース"),
        stage=Stage.REPORTED,
        serious=True,
        consults=True,
        written_if_serious=True,
        reported_at=at(today(), "10:05"),
        for_city=True,
        handed_over_at=at(today(), "10:10"),
        written_report="報告書 第1号",
        substitute="予備の1台",
        revision="運用マニュアル 第3版",
        link="https://files.example/manual-3",
        consultation="incident-2",
    )


def a_whole_opening() -> OpenIncident:
    """Return the message that such an incident starts with."""
    due = a_deadline().suspend(at(today(), "12:00"), reason="被災", by="manager-1")
    return OpenIncident(
        case=a_case("incident-1"), incident=a_whole_incident(), deadline=due, consult_by=due
    )


def due_by(slug: str, rule_id: str) -> Deadline:
    """Return until when a city's contract wants what is reported on an open morning ahead."""
    contract = load(slug).contract
    calendar = calendar_of(contract, due_rule(contract, rule_id).calendar)
    day = next(
        day
        for day in (today() + timedelta(days=ahead) for ahead in range(2, 30))
        if calendar.is_open_on(day)
    )
    found = deadline(contract, rule_id, at(day, "10:00"))
    assert not isinstance(found, NotComputable)
    return found
