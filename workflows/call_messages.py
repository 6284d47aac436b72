"""What crosses the boundary of entries and inquiries. See ``workflows.messages``."""

from dataclasses import dataclass

from domain.case import CaseRef
from domain.deadline import Deadline
from domain.external_entry import ExternalEntry
from domain.inquiry import Inquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenExternalEntry:
    """Start of the course of what is to be entered into a city's system."""

    case: CaseRef
    entry: ExternalEntry
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInquiry:
    """Start of the course of an inquiry; what was asked stands sealed in the record."""

    case: CaseRef
    inquiry: Inquiry
    deadline: Deadline | None = None
