"""What crosses the boundary of applications for a card. See ``workflows.messages``."""

from dataclasses import dataclass

from domain.applications.application import Application
from domain.applications.application_parts import Settlement
from domain.case import CaseRef
from domain.deadlines.deadline import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApplication:
    """Start of the course of an application."""

    case: CaseRef
    application: Application
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectSettled:
    """The follow-up of a defect has ended; the application goes on, or ends with it."""

    case_id: str
    """Of the follow-up."""

    settlement: Settlement
    receipt: str = ""
    """What the national site showed when it was submitted again."""
