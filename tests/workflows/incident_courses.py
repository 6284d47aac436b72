"""Starting the courses of incidents; everything else an office does stands in ``office``."""

from domain.case import CaseKind
from domain.deadlines.deadline import Deadline
from domain.incidents.incident import Incident
from tests.builders import a_case
from tests.workflows.office import Course, Office
from workflows.incident_messages import OpenIncident


async def begin(
    office: Office,
    value: Incident,
    deadline: Deadline | None = None,
    consult_by: Deadline | None = None,
) -> Course:
    """Start an incident."""
    message = OpenIncident(
        case=a_case(value.case_id, office.city),
        incident=value,
        deadline=deadline,
        consult_by=consult_by,
    )
    return await office.start("Incident", CaseKind.INCIDENT, message)


async def consultation(office: Office) -> Course:
    """Start the consultation that an incident began last."""
    message = office.record.opened[-1].start
    return await office.start("Incident", CaseKind.INCIDENT, message)
