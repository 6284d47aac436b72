"""The sheet of paper that goes with a hand-off, as a value.

Here: what stands on it, and that nothing secret does. Not here: how it looks
(``report_templates/handoff_sheet``), reading what it was about (``api.pages.handoffs``).
"""

from dataclasses import dataclass
from datetime import datetime

from domain.calendars.day_rules import day_ja
from domain.calendars.hours import clock, local
from domain.lots.notice import refuse_secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffLine:
    """One thing that happened to it."""

    at: datetime
    what: str
    who: str
    why: str = ""

    @property
    def at_text(self) -> str:
        """When, as people read it."""
        return moment_text(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffSheet:
    """One hand-off as of a moment; texts of people stand as they were typed."""

    number: str
    city_name: str
    as_of: datetime
    case_text: str
    """The case it belongs to: kind and number."""

    from_text: str
    to_text: str
    stage_text: str
    told: tuple[str, ...]
    """Reason and summary, line by line."""

    documents: tuple[str, ...]
    lines: tuple[HandoffLine, ...]

    def __post_init__(self) -> None:
        for text in (*self.told, *self.documents, *(line.why for line in self.lines)):
            refuse_secrets(text)

    @property
    def as_of_text(self) -> str:
        """The moment at which it was so."""
        return moment_text(self.as_of, year=True)


def moment_text(moment: datetime, *, year: bool = False) -> str:
    """Return a moment of Tokyo as it stands on paper."""
    here = local(moment)
    return f"{day_ja(here.date(), year=year)} {clock(here.time())}"
