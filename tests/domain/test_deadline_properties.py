"""What must hold for every deadline, whatever day it begins and whatever happens to it."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.calendars.calendar import Calendar
from domain.calendars.hours import TOKYO, local
from domain.deadlines.deadline import Alarm, Deadline, Flag, Meaning
from domain.deadlines.due_rules import Unit
from tests.domain.calendars import card_centre, city_hall, weekend_too
from tests.domain.due_rules import LADDER, running, warned

anchors = st.dates(date(2026, 8, 3), date(2029, 12, 31))
calendars = st.sampled_from([city_hall(), weekend_too(), card_centre()])
amounts = st.integers(1, 40)
day_units = st.sampled_from([Unit.CALENDAR_DAYS, Unit.OPEN_DAYS])


def on(day: date, hour: int = 10) -> datetime:
    """Return a moment of a day in Tokyo."""
    return datetime.combine(day, time(hour), TOKYO)


@given(anchor=anchors, calendar=calendars, amount=amounts, unit=day_units)
def test_the_target_is_open_and_never_after_what_is_due(
    anchor: date, calendar: Calendar, amount: int, unit: Unit
) -> None:
    """Otherwise there is no open day between beginning and end to aim at."""
    deadline = running(anchor, calendar, unit=unit, amount=amount)
    target = local(deadline.target_at).date()

    assert deadline.target_at <= deadline.due_at
    if deadline.target_at < deadline.due_at:
        assert calendar.is_open_on(target)
        assert () == calendar.open_days(target + timedelta(days=1), deadline.due_day)
    else:
        assert () == calendar.open_days(anchor, deadline.due_day)


@given(anchor=anchors, amount=amounts, pause=st.integers(0, 60), begin=st.integers(0, 39))
def test_calendar_days_move_by_exactly_the_days_of_a_suspension(
    anchor: date, amount: int, pause: int, begin: int
) -> None:
    """Not one more for the weekend in it, not one less for the hours."""
    deadline = running(anchor, amount=amount)
    stop = anchor + timedelta(days=begin % (amount + 1))
    stopped = deadline.suspend(on(stop), reason="停止", by="staff-1")
    resumed = stopped.resume(on(stop + timedelta(days=pause), 16))

    assert timedelta(days=pause) == resumed.due_at - deadline.due_at


@given(
    anchor=anchors,
    calendar=calendars,
    amount=amounts,
    pause=st.integers(0, 60),
    begin=st.integers(0, 39),
)
def test_open_days_left_are_the_same_before_and_after_a_suspension(
    anchor: date, calendar: Calendar, amount: int, pause: int, begin: int
) -> None:
    """And the due day never moves to an earlier one."""
    deadline = running(anchor, calendar, unit=Unit.OPEN_DAYS, amount=amount)
    length = (deadline.due_day - anchor).days
    stop = anchor + timedelta(days=begin % (length + 1))
    start = stop + timedelta(days=pause)
    stopped = deadline.suspend(on(stop), reason="停止", by="staff-1")
    resumed = stopped.resume(on(start, 16))
    left = len(calendar.open_days(stop + timedelta(days=1), deadline.due_day))

    assert resumed.due_at >= deadline.due_at
    if left:
        after = calendar.open_days(start + timedelta(days=1), resumed.due_day)
        assert left == len(after)


@given(anchor=anchors, calendar=calendars, more=st.integers(1, 100))
def test_extending_never_makes_anything_earlier(
    anchor: date, calendar: Calendar, more: int
) -> None:
    """Due, target and breach all wait at least as long as before."""
    deadline = running(anchor, calendar, ladder=LADDER)
    longer = deadline.extend(
        deadline.due_day + timedelta(days=more), now=on(anchor), reason="延長", by="staff-1"
    )

    assert longer.due_at > deadline.due_at
    assert longer.target_at >= deadline.target_at
    assert all(
        later.at >= earlier.at
        for earlier, later in zip(ladder(deadline), ladder(longer), strict=True)
    )


def ladder(deadline: Deadline) -> list[Alarm]:
    """Return the escalations in the order of the ladder."""
    steps = [alarm for alarm in deadline.alarms if alarm.meaning is Meaning.ESCALATE]
    return sorted(steps, key=lambda alarm: alarm.step)


@given(anchor=anchors, calendar=calendars, amount=amounts, unit=day_units)
def test_no_warning_or_escalation_reaches_anybody_at_night(
    anchor: date, calendar: Calendar, amount: int, unit: Unit
) -> None:
    """A mail at 00:00 is read by nobody and trusted by nobody the next time."""
    deadline = running(
        anchor, calendar, unit=unit, amount=amount, warnings=warned(5, 1, 0), ladder=LADDER
    )

    for alarm in deadline.alarms:
        if alarm.meaning in {Meaning.WARN, Meaning.ESCALATE}:
            # The second after closing still finds people at their desks.
            shortly_before = alarm.at - timedelta(seconds=2)
            assert calendar.is_open_at(alarm.at) or calendar.is_open_at(shortly_before)


@given(anchor=anchors, calendar=calendars, amount=amounts, unit=day_units)
def test_what_is_flagged_as_closed_is_closed(
    anchor: date, calendar: Calendar, amount: int, unit: Unit
) -> None:
    """The flag follows the calendar, not the weekday."""
    deadline = running(anchor, calendar, unit=unit, amount=amount)

    assert (Flag.CLOSED_DAY in deadline.flags) == (not calendar.is_open_on(deadline.due_day))
