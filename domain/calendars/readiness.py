"""Whether a desk was ready when its contract wants it: staffed before the doors open.

Being ready is not receiving: reception has its own hours (``domain.calendars.hours``). Where a
contract names no time, a desk can be ready and never late.
"""

from dataclasses import dataclass
from datetime import datetime, time

from domain.calendars.calendar import CalendarDay
from domain.calendars.hours import local


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """One desk's report that it can serve people."""

    at: datetime
    ready_by: time | None
    """``None`` where the contract names no time, or the day is closed."""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a report needs an aware time")

    @property
    def late(self) -> bool | None:
        """Tell whether it came late; ``None`` where there is no time to be late for.

        The whole minute counts: at 8:20:59 the clock on the wall still shows 8:20.
        """
        if self.ready_by is None:
            return None
        return local(self.at).time().replace(second=0, microsecond=0) > self.ready_by


def readiness(day: CalendarDay, at: datetime) -> Readiness:
    """Return the report of a desk on a day of its calendar.

    Source: Ota specification §5 note (ready at 8:20, ten minutes before opening).
    """
    return Readiness(at=at, ready_by=day.hours.ready_by if day.open and day.hours else None)
