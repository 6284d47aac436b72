"""What crosses the boundary of a number at the windows. See ``workflows.messages``."""

from dataclasses import dataclass

from domain.case import CaseRef
from domain.queue.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket:
    """Start of the course of a number."""

    case: CaseRef
    ticket: Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEnded:
    """Word that the visit received with a number is over."""

    case_id: str
    """Of the visit."""

    left: bool
    """Whether the visitor went before the end."""
