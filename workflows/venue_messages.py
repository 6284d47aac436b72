"""What crosses the boundary of venues. See ``workflows.messages``."""

from dataclasses import dataclass

from domain.booking.venue_case import Venue
from domain.case import CaseRef
from domain.deadlines.deadline import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVenue:
    """Start of the course of a place where a venue is to be opened."""

    case: CaseRef
    venue: Venue
    deadline: Deadline | None = None
