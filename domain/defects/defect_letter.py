"""The letter to somebody who could not be reached about their application, as a value.

Here: what stands in it. Not here: how it looks (``report_templates/defect_letter``), whose
address it has (``api.pages.defects``), that it was sent: that is an attempt like any other.
"""

from dataclasses import dataclass
from datetime import date

from domain.calendars.day_rules import day_ja
from domain.lots.notice import refuse_secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectLetter:
    """One letter; it does not say what the person is or has, only what is to be put right."""

    number: str
    city_name: str
    written_on: date
    name: str
    address: str
    defect_text: str
    answer_by: date
    telephone: str = ""
    """Where to call; empty: a line on which it is written."""

    hours: str = ""
    """When somebody answers there."""

    def __post_init__(self) -> None:
        for text in (self.name, self.address):
            refuse_secrets(text)

    @property
    def written_text(self) -> str:
        """The day on which it was written."""
        return day_ja(self.written_on, year=True)

    @property
    def answer_text(self) -> str:
        """The day until which an answer is waited for."""
        return day_ja(self.answer_by, year=True)
