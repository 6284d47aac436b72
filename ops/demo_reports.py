"""The demo's daily reports: two operating days that are over, with calls of the days.

Belongs here: what the demo pretends of days before it began. Does not belong here: bookings
(``ops.demo_bookings``), what people asked at desks (``ops.demo_notes``).
"""

import random
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

from activities.day_close import DayCloser
from api.access.door import Person
from api.calls.inquiries import InquiryRequest, record_inquiry
from api.deps import Desk, running
from domain.calendars.hours import at_clock, local
from domain.calls.inquiry import Category, Channel, Outcome
from store import list_days
from store.keys import KeyRing
from store.list_days import ClosedDay
from store.scope import scope

_SLUG = "chiba"
_DAYS = 2
_ASKED = (Category.VENUE, Category.WORK, Category.CARD_SIMPLE, Category.DOCUMENTS)


def seed(desk: Desk, keys: KeyRing, agent: Person, *, now: datetime) -> None:
    """Record calls on the last operating days, and close these days."""
    loaded = desk.book.current(_SLUG)
    closer = DayCloser(desk.engine, keys, desk.book, clock=lambda: now)
    today = local(now).date()
    first, last = today - timedelta(days=14), today - timedelta(days=1)
    contract = running(desk, _SLUG, loaded)
    with scope(desk.engine, _SLUG) as connection:
        worked = list_days.work_between(connection, contract, first, last)
    days = [day for day, work in worked.items() if work.phone][-_DAYS:]
    for day in days:
        chance = random.Random(day.toordinal())  # noqa: S311 - a demo
        for number in range(chance.randint(14, 30)):
            at = at_clock(day, time(9)) + timedelta(minutes=chance.randint(0, 470))
            body = InquiryRequest(
                category=chance.choice(_ASKED), channel=Channel.PHONE, outcome=Outcome.ANSWERED
            )
            then = replace(desk, clock=partial(_same, at))
            record_inquiry(loaded, agent, then, f"demo-call-{day}-{number}", body)
        closer.close_day(loaded, ClosedDay(day=day, venue=worked[day].venue))


def _same(at: datetime) -> datetime:
    return at
