"""The places of a day that can be booked, and from when until when.

Belongs here: cutting an open day into slots, and the booking window. Does not belong here:
what a contract says of a line (``domain.booking.booking_rules``), how many places are taken,
which is the database's to judge (``store.claims``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.booking.booking_errors import NotBookable, OutsideBookingWindow
from domain.booking.booking_rules import BookingLine, BookingMode
from domain.calendars.calendar import CalendarDay
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import Closure, at_clock, clock, local


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time with a number of places."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    closed_cause: str | None = None
    """Why it cannot be used, where a closure cuts into the day."""
    hour: int | None = None
    """Which hour from opening it begins in, from 1, where hours have a limit of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """All that can be booked on one day at one place."""

    day: date
    capacity: int | None
    """Places of the whole day; ``None``: only each slot has a limit."""

    slots: tuple[Slot, ...]
    closed_cause: str | None = None
    per_hour: int | None = None
    """Places of an hour counted from opening; ``None``: its slots alone limit it."""


def require_bookable(line: BookingLine) -> None:
    """Return if the line takes bookings of our own.

    Raises:
        NotBookable: Visitors come without a booking, or the contract does not say who
            keeps the bookings.
    """
    if line.mode is BookingMode.WALK_IN:
        raise NotBookable(f"「{line.label}」は予約なしで受け付けます。")
    if line.mode is BookingMode.UNSET:
        raise NotBookable(f"「{line.label}」の予約をどこで管理するか、まだ決まっていません。")


def day_plan(line: BookingLine, day: CalendarDay) -> DayPlan:
    """Return what can be booked on ``day``; a closed day has no slots.

    Where several slots share an hour that has a limit of its own, each says which hour.

    A slot of which a closure takes any part is closed; what is left of the day stays. A
    slot never runs past closing, so a rest shorter than a slot is not given out.
    """
    if day.opens_at is None or day.closes_at is None:
        # Sentences go on with 「のため休止」; the calendar's may end so already.
        cause = day.why.removesuffix("のため休み")
        return DayPlan(day=day.day, capacity=line.per_day, slots=(), closed_cause=cause)
    # A line that is not booked is counted by the hour, where its hours or days are limited.
    length = timedelta(minutes=line.slot_minutes or _AN_HOUR)
    places = _places(line)
    per_hour = line.per_hour if length < _HOUR and line.per_slot else None
    slots: list[Slot] = []
    starts_at = day.opens_at
    while starts_at + length <= day.closes_at:
        ends_at = starts_at + length
        slots.append(
            Slot(
                starts_at=starts_at,
                ends_at=ends_at,
                capacity=places,
                closed_cause=_cause(day.closed_parts, starts_at, ends_at),
                hour=(starts_at - day.opens_at) // _HOUR + 1 if per_hour else None,
            )
        )
        starts_at = ends_at
    return DayPlan(day=day.day, capacity=line.per_day, slots=tuple(slots), per_hour=per_hour)


def _places(line: BookingLine) -> int:
    """Return the places of a slot; no slot has more than its hour."""
    limits = [limit for limit in (line.per_slot, line.per_hour) if limit]
    return min(limits, default=line.per_day or 0)


def slot_at(plan: DayPlan, moment: datetime) -> Slot | None:
    """Return the slot that is running at ``moment``."""
    return next((s for s in plan.slots if s.starts_at <= moment < s.ends_at), None)


def _cause(closures: Sequence[Closure], starts_at: datetime, ends_at: datetime) -> str | None:
    day = starts_at.date()
    for closure in closures:
        begins = at_clock(day, closure.starts) if closure.starts else None
        ends = at_clock(day, closure.ends) if closure.ends else None
        if (begins is None or begins < ends_at) and (ends is None or starts_at < ends):
            return closure.cause
    return None


def window_opens(line: BookingLine, day: date) -> datetime:
    """Return from which moment places of ``day`` can be booked."""
    if line.opens_days_before is None:
        return at_clock(date(2000, 1, 1), line.opens_at)
    return at_clock(day - timedelta(days=line.opens_days_before), line.opens_at)


def last_bookable_day(line: BookingLine, now: datetime) -> date | None:
    """Return the last day whose places can be booked at ``now``; ``None`` without a limit."""
    if line.opens_days_before is None:
        return None
    here = local(now)
    last = here.date() + timedelta(days=line.opens_days_before)
    return last if here.timetz().replace(tzinfo=None) >= line.opens_at else last - _A_DAY


def window_closes(line: BookingLine, starts_at: datetime) -> datetime:
    """Return from which moment on a slot can no longer be booked."""
    return starts_at - timedelta(minutes=line.closes_minutes_before)


def require_in_window(line: BookingLine, starts_at: datetime, now: datetime) -> None:
    """Return if a slot can be booked at ``now``.

    Raises:
        OutsideBookingWindow: It is too early for it, or too late.
    """
    opens = window_opens(line, local(starts_at).date())
    if now < opens:
        raise OutsideBookingWindow(
            f"この日の予約は{day_ja(opens.date())} {clock(opens.time())}からです。"
        )
    if now >= window_closes(line, starts_at):
        raise OutsideBookingWindow("この時間の予約受付は終わりました。")


_A_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_AN_HOUR = 60
"""Minutes."""
