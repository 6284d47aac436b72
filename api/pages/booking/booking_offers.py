"""What is free, for the pages: offers of a line, the calendar of a month, the times of a day.

The same calendar serves who books and who moves a booking. What is free is said by
``api.booking.slots``, how it is drawn stands in ``booking_views``.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from api.booking import booking_plan, slots
from api.pages.booking.booking_frame import Public, Venue
from api.pages.booking.booking_views import Offer, Time, first_free, month_of, times_of
from domain.booking.booking_rules import BookingChannel, BookingLine
from domain.booking.slots import last_bookable_day, window_opens
from domain.errors import FieldMissing

Link = Callable[[date], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was chosen so far, as it stands in the address."""

    people: int = 1
    venue: str = ""
    month: date | None = None


def bookable_here(line: BookingLine) -> bool:
    """Tell whether a citizen can book the line on this site."""
    return line.has_slots and line.takes(BookingChannel.WEB)


def last_day(site: Public, line: BookingLine) -> date:
    """Return the last day that can be booked now."""
    limit = last_bookable_day(line, site.now) or booking_plan.horizon(line, site.today)
    return min(limit, site.contract.term.end)


def offers(
    site: Public, line: BookingLine, first: date, last: date, venue: str = ""
) -> list[Offer]:
    """Return what is offered on some days and can be booked now, in its order."""
    first, last = max(first, site.today), min(last, last_day(site, line))
    if last < first or not site.begun:
        return []
    told = slots.free_times(
        site.desk, site.loaded, line.id, first=first, last=last, venue=venue
    )
    return [Offer.of(each) for each in json.loads(told)]


def next_free(site: Public, line: BookingLine) -> datetime | None:
    """Return the first time that somebody alone could have."""
    found = first_free(offers(site, line, site.today, last_day(site, line)), 1)
    return found.starts_at if found else None


def read_choice(
    site: Public, line: BookingLine, query: Mapping[str, str], *, people: int | None = None
) -> Choice:
    """Return what an address says was chosen; what makes no sense is the usual."""
    asked = query.get("people", "")
    given = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 1
    return Choice(
        people=people if people is not None else min(max(given, 1), line.party_max),
        venue=query.get("venue", "") if query.get("venue") in site.venues else "",
        month=_month(query.get("month", "")),
    )


def calendar_values(
    site: Public, line: BookingLine, choice: Choice, *, link: Link, turn: Link
) -> dict[str, Any]:
    """Return what the calendar page shows of one line.

    Args:
        site: Of which city.
        line: Which line.
        choice: What was chosen so far.
        link: The address of a day's times.
        turn: The address of a month.
    """
    last, places = last_day(site, line), line.places_for(choice.people)
    all_offers = offers(site, line, site.today, last)
    chosen = [each for each in all_offers if choice.venue in {"", each.site}]
    soonest = first_free(chosen, places)
    first = _shown_month(site.today, last, choice.month, soonest)
    month = month_of(first, chosen, places=places, today=site.today, window=(site.today, last))
    limited = line.opens_days_before is not None
    return {
        "month": month,
        "next": soonest.starts_at if soonest else None,
        "day_link": link,
        "before": turn(month.before) if month.before else None,
        "after": turn(month.after) if month.after else None,
        "venues": _venues(site, all_offers),
        "venue": choice.venue,
        "people": choice.people,
        "party_max": line.party_max,
        "last": last if limited else None,
        "opens": window_opens(line, last + timedelta(days=1)) if limited else None,
    }


def times_by_venue(
    site: Public, line: BookingLine, day: date, choice: Choice
) -> list[tuple[Venue, tuple[Time, ...]]]:
    """Return the times of a day, place by place."""
    found = offers(site, line, day, day, choice.venue)
    places = line.places_for(choice.people)
    return [
        (venue, times_of([each for each in found if each.site == venue.id], places))
        for venue in _venues(site, found)
    ]


def offer_at(site: Public, line: BookingLine, slot: str) -> Offer | None:
    """Return the offer that a form names, or ``None`` if there is none (any more)."""
    venue, starts_at = read_slot(slot)
    day = starts_at.date()
    found = offers(site, line, day, day, venue)
    return next((each for each in found if each.starts_at == starts_at), None)


def read_slot(slot: str) -> tuple[str, datetime]:
    """Return the place and the time that a form names.

    Raises:
        FieldMissing: It names none.
    """
    venue, _, text = slot.partition("|")
    try:
        starts_at = datetime.fromisoformat(text[:40])
    except ValueError:
        raise FieldMissing("時間を選んでください。") from None
    if not venue or len(venue) > 80 or starts_at.tzinfo is None:
        raise FieldMissing("時間を選んでください。")
    return venue, starts_at


def read_day(text: str) -> date | None:
    """Return the day that an address names, or ``None``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(text: str) -> date | None:
    return read_day(f"{text}-01") if len(text) == len("2022-09") else None


def _shown_month(today: date, last: date, asked: date | None, soonest: Offer | None) -> date:
    """Return the month that was asked for within the window, else that of the first place."""
    if asked is not None:
        return min(max(asked, today.replace(day=1)), last.replace(day=1))
    return (soonest.day if soonest else today).replace(day=1)


def _venues(site: Public, found: Sequence[Offer]) -> list[Venue]:
    return [site.venue(each) for each in dict.fromkeys(offer.site for offer in found)]
