"""How many applications come back for their photo, of those whose photo we looked at.

Belongs here: the figures of one month. Does not belong here: counting cases
(``store.defects``). Source: Chiba specification 第2-1(2)イ.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.applications.defect_kinds import OF_PHOTO, DefectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectCounts:
    """What came back in one month."""

    photos: int
    """Applications made with us whose photo was looked at before it was sent or printed."""

    ours: Mapping[DefectKind, int] = field(default_factory=dict)
    """Of applications made with us: what came back, by what was wrong."""

    others: Mapping[DefectKind, int] = field(default_factory=dict)
    """Of applications made elsewhere, which say nothing of our photos."""

    settled: Mapping[str, int] = field(default_factory=dict)
    """Of all of them, by how they stand now."""

    @property
    def came_back(self) -> int:
        """Return how many came back for anything."""
        return sum(self.ours.values()) + sum(self.others.values())

    @property
    def photos_returned(self) -> int:
        """Return how many of ours came back for their photo."""
        return sum(count for kind, count in self.ours.items() if kind in OF_PHOTO)

    @property
    def photo_return_rate(self) -> float | None:
        """Return the share; ``None`` in a month without photos, which is not zero."""
        return round(self.photos_returned / self.photos, 4) if self.photos else None
