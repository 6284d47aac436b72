"""What crosses the boundary of entries and inquiries. See ``workflows.messages``."""

from dataclasses import dataclass

from domain.calls.external_entry import ExternalEntry
from domain.calls.inquiry import Inquiry
from domain.case import CaseRef
from domain.deadlines.deadline import Deadline


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
