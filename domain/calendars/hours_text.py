"""A calendar's days and hours as a text for people: for a leaflet, a web page, a notice.

Belongs here: saying what the rules of a calendar say, and where single days differ from them.
Does not belong here: what holds on a day (``domain/calendars/calendar.py``), where the text is
shown. The text is made and never typed, so it cannot differ from what is done at the door.

Source: Yokosuka specification §6(5)ア(a)(d), §6(1)ア.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain.calendars.calendar import Calendar, CalendarDay, Closing, Opening
from domain.calendars.day_rules import OnHolidays, day_ja
from domain.calendars.hours import Closure, clock, end_clock

_BETWEEN = "　"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursText:
    """What the public is told of a calendar, part by part."""

    title: str
    opens: tuple[str, ...]
    """Days with their hours, one line per opening."""

    closed: tuple[str, ...]
    """Days that stay shut, whatever the lines above say."""

    holidays: str = ""
    """Said where national holidays make no difference; empty where lines speak of them."""

    term: str = ""
    """From when, or until when, all of it holds; empty: without an end."""

    changes: tuple[str, ...] = ()
    """Single days that differ from the rules, in order."""

    @property
    def text(self) -> str:
        """All of it as lines, to be copied."""
        parts = [self.title, *self.opens]
        parts += ["休みの日", *self.closed] if self.closed else []
        parts += [line for line in (self.holidays, self.term) if line]
        parts += ["臨時の変更", *self.changes] if self.changes else []
        return "\n".join(parts)


def hours_text(calendar: Calendar, first: date, last: date) -> HoursText:
    """Return the text of a calendar; single days from ``first`` to ``last`` are looked at.

    Raises:
        CalendarNotKnown: The holidays of one of those years are not at hand.
    """
    return HoursText(
        title=f"{calendar.label}の{calendar.open_label}と時間",
        opens=tuple(_opening(each) for each in calendar.openings),
        closed=tuple(_closing(each) for each in calendar.closings),
        holidays=_holidays(calendar),
        term=_term(calendar),
        changes=tuple(_changes(calendar, first, last)),
    )


def _opening(opening: Opening) -> str:
    line = f"{opening.days.label}{_BETWEEN}{opening.hours.label}"
    if not opening.closed_on:
        return line
    return f"{line}{_BETWEEN}{'、'.join(_closing(each) for each in opening.closed_on)}を除く"


def _closing(closing: Closing) -> str:
    return f"{closing.label}（{closing.days.label}）" if closing.label else closing.days.label


def _holidays(calendar: Calendar) -> str:
    shut = [*calendar.closings, *(each for o in calendar.openings for each in o.closed_on)]
    days = [each.days for each in shut] + [each.days for each in calendar.openings]
    if any(isinstance(each, OnHolidays) for each in days):
        return ""
    return "祝日も、上のとおりです。"


def _term(calendar: Calendar) -> str:
    first, last = calendar.valid_from, calendar.valid_to
    begins = f"{day_ja(first, year=True)}から" if first else ""
    ends = f"{day_ja(last, year=True)}まで" if last else ""
    return f"期間{_BETWEEN}{begins}{ends}" if first or last else ""


def _changes(calendar: Calendar, first: date, last: date) -> Iterator[str]:
    touched = {each.day for each in calendar.closures}
    touched |= {each.day for each in calendar.listed}
    rules = replace(calendar, closures=(), listed=())
    for day in sorted(touched):
        if first <= day <= last:
            told = _change(rules.day(day), calendar.day(day))
            if told:
                yield f"{day_ja(day, year=True)}{_BETWEEN}{told}"


def _change(usual: CalendarDay, found: CalendarDay) -> str:
    """Return what is different on a day; empty: nothing."""
    if found.hours is None:
        why = f"（{found.closed_for}）" if found.closed_for else ""
        return f"休み{why}" if usual.open else ""
    if found.closed_parts:
        parts = "、".join(_part(each, found) for each in found.closed_parts)
        hours = f"{found.hours.label}{_BETWEEN}" if found.hours != usual.hours else ""
        return f"{hours}{parts}"
    return "" if found.hours == usual.hours else found.hours.label


def _part(part: Closure, day: CalendarDay) -> str:
    assert day.hours is not None, "a part is shut of a day that is open"
    begins = clock(part.starts or day.hours.opens)
    ends = clock(part.ends) if part.ends else end_clock(day.hours.closes)
    return f"{begins}〜{ends}は休止（{part.cause}）"
