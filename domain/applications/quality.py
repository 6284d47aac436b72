"""How applications and their photos fared in a month: the document that the city is given.

Here: what stands in it and what the figures mean. Not here: counting (``store.applications``,
``store.defects``, ``store.photo_refusals``), how it looks
(``report_templates/application_quality``). Source: Chiba specification 第2-1(2)イ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.applications.defect_kinds import DEFECT_TEXT, DefectKind
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import clock, local
from domain.photos.photo_words import REASON_TEXT, PhotoReason


@dataclass(frozen=True, slots=True, kw_only=True)
class WayCount:
    """One way to apply, for a first card or a renewal."""

    way: str
    applied_for: str
    begun: int
    completed: int
    """Of how many the part at the window was over; each application counts once, ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How often something was wrong."""

    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """The applications of one month."""

    city_name: str
    contract_title: str
    month: date
    """Its first day."""

    as_of: datetime
    clause: str = ""
    ways: tuple[WayCount, ...] = ()
    photos: int
    """Applications that went out with a photo that was looked at."""

    refused: int
    """Photos that were not taken, since they would likely have come back."""

    refused_for: tuple[ReasonCount, ...] = ()
    """One photo may have several reasons."""

    overruled: int
    """Photos that the machine took for bad, and a person with a reason for good."""

    returned: int
    """Of ours, what came back for its photo."""

    rate: float | None
    """The share; ``None`` in a month without photos, which is not zero."""

    returned_for: tuple[ReasonCount, ...] = ()
    """Of ours, all that came back, by what was wrong."""

    @property
    def month_text(self) -> str:
        """The month, as people write it."""
        return f"{self.month.year}年{self.month.month}月"

    @property
    def as_of_text(self) -> str:
        """When it was counted."""
        at = local(self.as_of)
        return f"{day_ja(at.date(), year=True)} {clock(at.time())}"

    @property
    def rate_text(self) -> str:
        """The share as people read it, with what it was worked out from."""
        if self.rate is None:
            return "―（写真のある申請なし）"
        return f"{self.rate * 100:.1f}％"

    @property
    def begun(self) -> int:
        """How many applications were begun."""
        return sum(each.begun for each in self.ways)

    @property
    def completed(self) -> int:
        """How many were over at the window."""
        return sum(each.completed for each in self.ways)


def by_photo_reason(found: Mapping[PhotoReason, int]) -> tuple[ReasonCount, ...]:
    """Return what photos were not taken for, in the order of the list of reasons."""
    known = ((reason, found.get(reason, 0)) for reason in PhotoReason)
    return tuple(ReasonCount(label=REASON_TEXT[r], count=count) for r, count in known if count)


def by_defect(found: Mapping[DefectKind, int]) -> tuple[ReasonCount, ...]:
    """Return what applications came back for, in the order of the list of defects."""
    known = ((kind, found.get(kind, 0)) for kind in DefectKind)
    return tuple(ReasonCount(label=DEFECT_TEXT[k], count=count) for k, count in known if count)
