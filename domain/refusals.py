"""Every refusal there is, wherever it is written down.

A new module of refusals is imported here, or nobody would know its names.
"""

from domain import errors
from domain.access import access_errors
from domain.applications import application_errors
from domain.booking import booking_errors
from domain.calls import call_errors
from domain.citywork import citywork_errors
from domain.defects import defect_errors
from domain.incidents import errors as incident_errors
from domain.knowledge import knowledge_errors
from domain.lots import list_errors
from domain.obligations import obligation_errors
from domain.photos import photo_errors
from domain.procedures import procedure_errors
from domain.queue import queue_errors
from domain.roster import roster_errors
from domain.surveys import survey_errors

__all__ = [
    "access_errors",
    "application_errors",
    "booking_errors",
    "call_errors",
    "citywork_errors",
    "defect_errors",
    "errors",
    "incident_errors",
    "knowledge_errors",
    "list_errors",
    "obligation_errors",
    "photo_errors",
    "procedure_errors",
    "queue_errors",
    "refusals",
    "roster_errors",
    "survey_errors",
]


def refusals() -> dict[str, type[errors.DomainError]]:
    """Return every refusal by its wire name, in a stable order."""
    found: dict[str, type[errors.DomainError]] = {}
    waiting = list(errors.DomainError.__subclasses__())
    while waiting:
        refusal = waiting.pop()
        found[refusal.__name__] = refusal
        waiting.extend(refusal.__subclasses__())
    return dict(sorted(found.items()))
