"""What crosses the boundary of incidents. See ``workflows.messages``."""

from dataclasses import dataclass

from domain.case import CaseRef
from domain.deadlines.deadline import Deadline
from domain.incidents.incident import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """Start of the course of an incident; what happened stands sealed in the record."""

    case: CaseRef
    incident: Incident
    deadline: Deadline | None = None
    consult_by: Deadline | None = None
    """Until when the city is consulted, if what happened asks for it from the beginning."""
