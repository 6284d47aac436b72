"""An entry and an inquiry as they begin, for tests that are about their courses."""

from domain.calls.external_entry import EntryKind, ExternalEntry
from domain.calls.inquiry import Category, Channel, Inquiry
from domain.parties import Role


def an_entry(case_id: str = "entry-1") -> ExternalEntry:
    """Return a form that somebody on the telephone wants to be sent."""
    return ExternalEntry(
        case_id=case_id, what=EntryKind.FORM_DISPATCH, received_by=Role.CALL_AGENT
    )


def an_inquiry(case_id: str = "inquiry-1") -> Inquiry:
    """Return a question by telephone."""
    return Inquiry(
        case_id=case_id,
        category=Category.VENUE,
        channel=Channel.PHONE,
        received_by=Role.CALL_AGENT,
    )
