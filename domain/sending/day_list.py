"""A day list handed over by the city, compared with the rules.

Some contracts refer to an attachment that lists the open days one by one. Here: the
comparison, and the calendar in which an approved list wins. Not here: reading files, or who
may approve.
"""

from dataclasses import dataclass, replace
from datetime import date

from domain.calendars.calendar import Calendar, ListedDay
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import Hours
from domain.errors import ReasonMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDifference:
    """One day on which the list and the rules disagree."""

    day: date
    by_rule: Hours | None
    """``None``: the rules keep the day closed."""
    by_list: Hours | None
    """``None``: the list keeps the day closed."""

    @property
    def text(self) -> str:
        """The difference as people read it."""
        rule, listed = (
            hours.label if hours else "休み" for hours in (self.by_rule, self.by_list)
        )
        return f"{day_ja(self.day, year=True)}：規則では{rule}、日別表では{listed}"


def differences(calendar: Calendar, listed: tuple[ListedDay, ...]) -> tuple[DayDifference, ...]:
    """Return every listed day on which the rules say something else, in order of days."""
    found = []
    for entry in sorted(listed, key=lambda entry: entry.day):
        by_rule = calendar.day(entry.day).hours
        if _points(by_rule) != _points(entry.hours):
            found.append(DayDifference(day=entry.day, by_rule=by_rule, by_list=entry.hours))
    return tuple(found)


def approve(calendar: Calendar, listed: tuple[ListedDay, ...], *, agreement: str) -> Calendar:
    """Return the calendar in which the approved list wins over the rules.

    Args:
        calendar: The calendar by its rules.
        listed: The days of the list; days it does not name stay with the rules.
        agreement: Reference of the consultation (協議) that approved it.

    Raises:
        ReasonMissing: No agreement is named.
        ValueError: The list names a day twice.
    """
    if not agreement.strip():
        raise ReasonMissing("日別表を適用するには協議の記録が必要です")
    if len({entry.day for entry in listed}) != len(listed):
        raise ValueError("the list names a day twice")
    noted = tuple(replace(entry, note=entry.note or agreement) for entry in listed)
    kept = tuple(old for old in calendar.listed if old.day not in {n.day for n in noted})
    return replace(calendar, listed=(*kept, *noted))


def _points(hours: Hours | None) -> tuple[object, ...] | None:
    """Compare what people see: a list rarely repeats staff hours or the reading of 17:00."""
    return (hours.opens, hours.closes, hours.last_reception) if hours else None
