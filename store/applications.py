"""Applications by month, as they are reported.

Belongs here: counting them. Does not belong here: lists of what waits (``store.cases``).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, DateTime, cast, func, select

from domain.applications.application_parts import AppliedFor, Variant
from domain.case import CaseKind
from store.counts import midnight
from store.record import CASE_FILE

_VALUE = CASE_FILE.c.state["value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationCounts:
    """How many were begun in a month, and how many were done at the window in it."""

    opened: Counter[tuple[str, str]]
    supported: Counter[tuple[str, str]]

    def begun(self, variant: Variant, applied_for: AppliedFor) -> int:
        """Return how many of a kind were begun."""
        return self.opened[variant, applied_for]

    def completed(self, variant: Variant, applied_for: AppliedFor) -> int:
        """Return of how many the part at the window was over; each counts once, ever."""
        return self.supported[variant, applied_for]


def counts(
    connection: Connection, municipality: str, contract: str, month: date
) -> ApplicationCounts:
    """Return the counts of a month of Tokyo's calendar."""
    return ApplicationCounts(
        opened=_counted(connection, municipality, contract, month, "opened"),
        supported=_counted(connection, municipality, contract, month, "supported"),
    )


def _counted(
    connection: Connection, municipality: str, contract: str, month: date, what: str
) -> Counter[tuple[str, str]]:
    begins = month.replace(day=1)
    ends = (begins + timedelta(days=32)).replace(day=1)
    supported_at = cast(_VALUE["supported_at"].astext, DateTime(timezone=True))
    at = CASE_FILE.c.opened_at if what == "opened" else supported_at
    variant, applied_for = _VALUE["variant"].astext, _VALUE["applied_for"].astext
    rows = connection.execute(
        select(
            variant.label("variant"),
            applied_for.label("applied_for"),
            func.count().label("n"),
        )
        .where(
            CASE_FILE.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.kind == CaseKind.APPLICATION,
            at >= midnight(begins),
            at < midnight(ends),
        )
        .group_by("variant", "applied_for")
    )
    return Counter({(row.variant, row.applied_for): int(row.n) for row in rows})
