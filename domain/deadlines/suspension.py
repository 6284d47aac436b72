"""A time in which the clock of a deadline stands still, and when somebody looks at it again.

Here: who stopped it, why, and the days on which it has to be looked at. Not here: what a stop
does to a due day (``domain/deadlines/deadline.py``), at what hour somebody is told there, and
what is recorded of it (workflows).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.calendars.hours import local
from domain.errors import ReviewDayOutOfRange

REVIEW_AFTER = timedelta(days=7)
"""After how many calendar days a stopped clock is looked at if nobody names a day.

Our assumption: no specification says how long a clock may stand still.
"""

REVIEW_WITHIN = timedelta(days=90)
"""The latest day that somebody may name; a case that sleeps for a year is a lost case.

Our assumption, like the length above.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A time in which the clock stood still."""

    starts: datetime
    reason: str
    """A code or a short text without personal data; it travels in workflow histories."""
    by: str
    """Id of the person's account, never a name."""
    ends: datetime | None = None
    review_on: date | None = None
    """When it is looked at for the first time; ``None`` stands for the usual length."""
    reviewed: int = 0
    """How many of the days on which it has to be looked at have been told."""

    def __post_init__(self) -> None:
        if self.every < timedelta(days=1):
            raise ValueError("a suspension is looked at after the day it starts")

    @property
    def every(self) -> timedelta:
        """From one look to the next."""
        return REVIEW_AFTER if self.review_on is None else self.review_on - self._first_day

    def review_day(self, number: int) -> date:
        """Return the day on which it is looked at for the ``number``-th time, from 1."""
        return self._first_day + self.every * number

    def reviews_by(self, day: date) -> int:
        """Return how many days for a look there are up to ``day``."""
        return max(0, (day - self._first_day) // self.every)

    @property
    def _first_day(self) -> date:
        return local(self.starts).date()


def begun(now: datetime, *, reason: str, by: str, until: date | None) -> Suspension:
    """Return a suspension that begins now.

    Args:
        now: When the clock stops.
        reason: Why.
        by: Whose account it is.
        until: When somebody looks at it again; ``None`` for the usual length.

    Raises:
        ReviewDayOutOfRange: The day is not to come, or too far ahead.
    """
    today = local(now).date()
    review_on = today + REVIEW_AFTER if until is None else until
    if not timedelta() < review_on - today <= REVIEW_WITHIN:
        raise ReviewDayOutOfRange(
            f"再確認日は明日から{REVIEW_WITHIN.days}日後までの日にしてください。"
        )
    return Suspension(starts=local(now), reason=reason, by=by, review_on=review_on)
