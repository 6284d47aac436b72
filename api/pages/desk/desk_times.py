"""Times to choose from at the desk: typed as 「8/1 13」 or picked from a table.

Who telephones says a day and a time; whoever listens types it as they hear it. What is free
is said by ``api.booking.slots``; whether it is still so, by whoever claims it.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final

from api.booking import booking_plan, slots
from api.pages.booking.booking_views import CHOOSABLE, Offer, Time, times_of
from api.pages.desk.desk_frame import City
from api.pages.desk.sending import Sent
from domain.booking.booking_errors import FullyBooked, SlotUnknown
from domain.booking.booking_rules import BookingLine
from domain.booking.slots import last_bookable_day
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import at_clock, clock, local
from domain.errors import FieldMissing

_DAYS_SHOWN: Final = 7
_WHEN: Final = re.compile(
    r"(?:(?P<month>[0-9]{1,2})(?:/|-|月))?(?P<day>[0-9]{1,2})日?"
    r"(?:\([月火水木金土日]\))?[ ,、の]+"
    r"(?P<hour>[0-9]{1,2})(?:[::時](?P<minute>[0-9]{2})?分?)?(?P<half>半)?"
    r"(?: +(?P<place>.+))?"
)
_EXAMPLE: Final = "「日時」は「8/1 13」「8/1 13:30」のように入力してください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time as somebody said it, and words of the place if they said any."""

    starts_at: datetime
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The times of one place on one day."""

    day: date
    site: str
    label: str
    times: tuple[Time, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Some days to choose from, with the way to those that follow."""

    rows: tuple[Row, ...]
    next_day: date | None
    first_free: Offer | None


def table_of(city: City, line: BookingLine, first: date | None, people: int) -> Table:
    """Return the open days from ``first`` on, as many as fit a screen."""
    found = offers_of(city, line, first or city.today)
    days = sorted({each.day for each in found})
    shown = set(days[:_DAYS_SHOWN])
    places = line.places_for(people)
    rows = [
        Row(
            day=day, site=site, label=city.site_label(site), times=times_of(list(group), places)
        )
        for (day, site), group in groupby(
            sorted(
                (each for each in found if each.day in shown),
                key=lambda each: (each.day, each.site, each.starts_at),
            ),
            key=lambda each: (each.day, each.site),
        )
    ]
    free = [each for each in found if each.room(places) in CHOOSABLE]
    return Table(
        rows=tuple(rows),
        next_day=days[_DAYS_SHOWN] if len(days) > _DAYS_SHOWN else None,
        first_free=min(free, key=lambda each: each.starts_at, default=None),
    )


def offers_of(
    city: City, line: BookingLine, first: date, last: date | None = None
) -> list[Offer]:
    """Return what can be booked now from a day on, or up to another."""
    end = last_bookable_day(line, city.now) or booking_plan.horizon(line, city.today)
    until = min(end, last) if last is not None else end
    if until < first:
        return []
    told = slots.free_times(city.desk, city.loaded, line.id, first=first, last=until)
    return [Offer.of(each) for each in json.loads(told)]


def chosen(city: City, line: BookingLine, posted: Sent) -> tuple[str, datetime]:
    """Return place and time of what was typed or ticked; ticking says the place as well.

    Raises:
        FieldMissing: Neither, or they contradict, or the place is not clear.
        SlotUnknown, FullyBooked: Nothing is offered then.
    """
    typed = posted.text("when").strip()
    when = read_when(typed, city.today) if typed else None
    if posted.text("slot") and line.has_slots:
        site, starts_at = _ticked(posted.text("slot"))
        if when is not None and when.starts_at != starts_at:
            raise FieldMissing(
                "入力した日時と、表で選んだ時間が違います。どちらかを直してください。"
            )
        return site, starts_at
    if when is None:
        raise FieldMissing(_EXAMPLE)
    if not line.has_slots:
        return "", when.starts_at
    day = local(when.starts_at).date()
    return _offered(city, offers_of(city, line, day, day), when)


def _ticked(slot: str) -> tuple[str, datetime]:
    site, _, text = slot.partition("|")
    try:
        starts_at = datetime.fromisoformat(text[:40])
    except ValueError:
        raise FieldMissing(_EXAMPLE) from None
    if starts_at.tzinfo is None:
        raise FieldMissing(_EXAMPLE)
    return site[:80], starts_at


def read_when(text: str, today: date) -> When:
    """Return the time that a text names: the next such day from ``today`` on.

    Raises:
        FieldMissing: It names none.
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    found = _WHEN.fullmatch(folded)
    if found is None:
        raise FieldMissing(_EXAMPLE)
    given = found.groupdict()
    minute = 30 if given["half"] else int(given["minute"] or 0)
    try:
        at = time(int(given["hour"]), minute)
    except ValueError:
        raise FieldMissing(_EXAMPLE) from None
    day = _next(today, int(given["month"]) if given["month"] else None, int(given["day"]))
    return When(starts_at=at_clock(day, at), place=given["place"] or "")


def _next(today: date, month: int | None, day: int) -> date:
    for ahead in range(366):
        found = today + timedelta(days=ahead)
        if found.day == day and month in {None, found.month}:
            return found
    raise FieldMissing(_EXAMPLE)


def _offered(city: City, offers: Sequence[Offer], when: When) -> tuple[str, datetime]:
    then = [each for each in offers if each.starts_at == when.starts_at]
    said = [each for each in then if when.place in city.site_label(each.site)]
    if not said:
        raise SlotUnknown(_instead(offers, when))
    if len(said) > 1:
        free = [each for each in said if each.free]
        if len(free) != 1:
            names = "・".join(city.site_label(each.site) for each in free or said)
            raise FieldMissing(
                f"会場がいくつかあります（{names}）。日時の後に会場の名を続けてください。"
            )
        said = free
    if not said[0].free:
        raise FullyBooked(_instead(offers, when))
    return said[0].site, said[0].starts_at


def _instead(offers: Sequence[Offer], when: When) -> str:
    """Say which times of the day are free, to be offered in the same breath."""
    day = day_ja(local(when.starts_at).date())
    free = sorted({each.starts_at for each in offers if each.free})
    if not free:
        return f"{day}に空きはありません。"
    times = "、".join(clock(local(each).time()) for each in free[:8])
    return f"{day}で空いている時間：{times}"
