"""Messages about a day's list and report on their way; what ``messages`` says holds here.

They carry days, counts and digests; who stands on a list stays in the vault.
"""

from dataclasses import dataclass
from datetime import date, datetime

from domain.case import CaseRef
from domain.deadlines.deadline import Deadline
from domain.sending.daily_report import ReportTerms
from domain.sending.list_sending import ListFile, ListSending


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenListSending:
    """Start of the course of one operating day's list."""

    case: CaseRef
    sending: ListSending
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeList:
    """Make the locked file of a list."""

    case: CaseRef
    document_id: str
    day: date
    as_of: datetime
    """Now, on the clock of the case."""

    terms: ReportTerms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeList:
    """The file that was made and kept."""

    file: ListFile


@dataclass(frozen=True, slots=True, kw_only=True)
class SendList:
    """Send a file that was made to the city's office."""

    case: CaseRef
    key: str
    """What makes it the same mail of this case: ``list/1``."""

    day: date
    file: ListFile
    at: datetime
    """Now, on the clock of the case."""

    terms: ReportTerms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentList:
    """A mail server has taken the file."""

    key: str
    message_id: str
    tries: int
    sent_at: datetime
    """On the wall, which a rehearsal does not move."""
