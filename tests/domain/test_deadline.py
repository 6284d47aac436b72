"""A deadline knows until when, what to aim at, and whom to tell when."""

from datetime import date, datetime, time
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.calendars.hours import TOKYO, Closure
from domain.deadlines.deadline import Alarm, Deadline, Flag, Meaning, Urgency, compute
from domain.deadlines.due_rules import Base, DueType, LadderStep, NotComputable, Unit
from domain.errors import (
    DeadlineNotSuspended,
    DeadlinePassed,
    DeadlineSuspended,
    ExtensionNotLater,
    ReasonMissing,
)
from domain.parties import Role
from tests.domain.calendars import city_hall
from tests.domain.due_rules import LADDER, OFFICE, rule, running, warned

WHY: dict[str, Any] = {"reason": "国のシステム停止", "by": "staff-7"}


def at(day: str, clock: str = "10:00") -> datetime:
    """Return a moment in Tokyo."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=TOKYO)


def days(deadline: Deadline) -> tuple[str, str]:
    """Return due day and target in short."""
    return f"{deadline.due_at:%m-%d %H:%M}", f"{deadline.target_at:%m-%d %H:%M}"


def told(deadline: Deadline) -> list[str]:
    """Return the alarms in short."""
    return [
        f"{alarm.at:%m-%d %H:%M:%S} {alarm.meaning}{alarm.step or ''}{alarm.role or ''}"
        for alarm in deadline.alarms
    ]


def test_a_closed_due_day_stays_due_and_only_the_target_moves() -> None:
    """The contract's date is the city's; aiming earlier is ours."""
    deadline = running(date(2026, 7, 6))

    assert ("07-20 23:59", "07-17 17:15") == days(deadline)
    assert Flag.CLOSED_DAY in deadline.flags


def test_on_an_open_due_day_the_target_is_closing_time() -> None:
    """Nobody hands anything over at 23:59."""
    assert ("06-15 23:59", "06-15 17:15") == days(running(date(2026, 6, 1)))


def test_a_due_time_before_closing_is_its_own_target() -> None:
    """15:00 is 15:00."""
    deadline = running(unit=Unit.OPEN_DAYS, amount=1, at=time(15))

    assert deadline.due_at == deadline.target_at == at("2026-07-07", "15:00")


def test_what_begins_after_the_last_open_day_aims_at_its_due_moment() -> None:
    """From Saturday to Sunday there is no open day to aim at."""
    deadline = running(date(2026, 7, 4), unit=Unit.CALENDAR_DAYS, amount=1)

    assert deadline.due_at == deadline.target_at


def test_the_last_second_of_the_due_day_is_in_time() -> None:
    """Midnight is late; no fraction of a second is lost before it."""
    deadline = running(date(2026, 6, 1))

    assert not deadline.is_late(at("2026-06-15", "23:59:59.999999"))
    assert deadline.is_late(at("2026-06-16", "00:00"))


def test_alarms_come_when_somebody_is_there() -> None:
    """Warnings and escalations fall into opening hours; only the breach is a bare fact."""
    deadline = running(warnings=warned(2, 0), ladder=LADDER)

    assert [
        "07-15 08:30:00 warn1",
        "07-17 08:30:00 warn2",
        "07-17 17:15:01 target_passed",
        "07-17 17:15:01 escalate1site_manager",
        "07-21 00:00:00 breach",
        "07-21 08:30:00 escalate2operations_manager",
        "07-22 08:30:00 escalate3official",
    ] == told(deadline)


def test_an_escalation_in_hours_waits_for_the_doors() -> None:
    """Two hours after Friday 17:00 is Monday's opening."""
    step = LadderStep(role=Role.SITE_MANAGER, after=Base.DUE, delay=2, unit=Unit.HOURS)
    deadline = running(at("2026-07-03", "16:00"), unit=Unit.HOURS, amount=1, ladder=(step,))

    assert at("2026-07-06", "08:30") == deadline.alarms[-1].at


def test_a_warning_in_minutes_is_exact() -> None:
    """Ten minutes before is not the next morning."""
    deadline = running(
        at("2026-07-03", "10:00"),
        unit=Unit.MINUTES,
        amount=30,
        warnings=warned(10, unit=Unit.MINUTES),
    )

    assert at("2026-07-03", "10:20") == deadline.alarms[0].at


def test_no_warning_comes_before_its_beginning() -> None:
    """A lot that is due tomorrow was not near its deadline last week."""
    deadline = running(unit=Unit.OPEN_DAYS, amount=1, warnings=warned(5, 0))

    assert ["07-07 08:30:00 warn2"] == [line for line in told(deadline) if "warn" in line]


def test_the_next_alarms_are_asked_for_by_the_last_ones_handled() -> None:
    """A worker that was away for a week loses none of them."""
    deadline = running(warnings=warned(2, 0), ladder=LADDER)
    heard: list[Alarm] = []
    last = deadline.anchor
    while alarms := deadline.next_alarms(last):
        heard.extend(alarms)
        last = alarms[0].at

    assert list(deadline.alarms) == heard


def test_alarms_of_one_moment_come_together() -> None:
    """Asking strictly after a moment must not drop its second alarm."""
    deadline = running(warnings=warned(0), ladder=LADDER)
    together = deadline.next_alarms(at("2026-07-17", "12:00"))

    assert [Meaning.TARGET_PASSED, Meaning.ESCALATE] == [each.meaning for each in together]
    first = deadline.next_alarm(at("2026-07-17", "12:00"))
    assert first == together[0]


@pytest.mark.parametrize(
    ("moment", "urgency"),
    [
        ("2026-07-06", Urgency.RUNNING),
        ("2026-07-15", Urgency.NEAR),
        ("2026-07-18", Urgency.NEAR),
        ("2026-07-21", Urgency.BREACHED),
    ],
)
def test_a_list_shows_how_near_a_deadline_is(moment: str, urgency: Urgency) -> None:
    """Near begins with the first warning, breach with the first late second."""
    assert urgency is running(warnings=warned(2)).urgency(at(moment))


def test_a_suspended_deadline_rings_for_itself_alone_and_moves_by_the_days_lost() -> None:
    """Five days of a stopped clock are five days more."""
    stopped = running(ladder=LADDER).suspend(at("2026-07-08"), **WHY)

    assert [Meaning.REVIEW] == [a.meaning for a in stopped.next_alarms(at("2026-08-30"))]
    assert Urgency.SUSPENDED is stopped.urgency(at("2026-08-30"))
    assert ("07-25 23:59", "07-24 17:15") == days(stopped.resume(at("2026-07-13")))


def test_a_suspension_within_a_day_moves_no_day() -> None:
    """Days are counted, not hours, where the clause counts days."""
    stopped = running().suspend(at("2026-07-08", "09:00"), **WHY)

    assert running().due_at == stopped.resume(at("2026-07-08", "16:00")).due_at


def test_open_days_left_are_kept_over_a_suspension() -> None:
    """Three of five open days left before, three left after, whatever lies between."""
    five = running(unit=Unit.OPEN_DAYS, amount=5)
    resumed = five.suspend(at("2026-07-08"), **WHY).resume(at("2026-07-17"))

    assert "07-13 23:59" == days(five)[0]
    assert "07-23 23:59" == days(resumed)[0]


@pytest.mark.parametrize(
    ("resumed_on", "expected"),
    [("2026-07-14", "07-14 23:59"), ("2026-07-18", "07-21 23:59")],
)
def test_a_clock_stopped_on_the_due_day_leaves_the_rest_of_an_open_day(
    resumed_on: str, expected: str
) -> None:
    """Resumed on a closed day, the day that is left is the next open one."""
    stopped = running(unit=Unit.OPEN_DAYS, amount=5).suspend(at("2026-07-13"), **WHY)

    assert expected == days(stopped.resume(at(resumed_on)))[0]


def test_hours_move_by_the_exact_time() -> None:
    """A clock in hours stops and starts by the second."""
    two = running(at("2026-07-06", "10:00"), unit=Unit.HOURS, amount=2)
    resumed = two.suspend(at("2026-07-06", "10:30"), **WHY).resume(at("2026-07-06", "11:15"))

    assert at("2026-07-06", "12:45") == resumed.due_at


def test_an_extension_moves_due_target_and_alarms() -> None:
    """Everything follows the new date; the reason and its author stay."""
    longer = running(ladder=LADDER).extend(date(2026, 8, 2), now=at("2026-07-14"), **WHY)

    assert ("08-02 23:59", "07-31 17:15") == days(longer)
    assert "08-03 00:00:00 breach" in told(longer)
    assert ("国のシステム停止", "staff-7") == (
        longer.extensions[0].reason,
        longer.extensions[0].by,
    )


def test_an_extension_by_the_day_keeps_the_time_of_day() -> None:
    """15:00 stays 15:00 a day later."""
    daily = running(unit=Unit.OPEN_DAYS, amount=1, at=time(15))
    longer = daily.extend(date(2026, 7, 9), now=at("2026-07-06"), **WHY)

    assert at("2026-07-09", "15:00") == longer.due_at


@pytest.mark.parametrize("until", [date(2026, 7, 20), date(2026, 7, 19)])
def test_an_extension_is_later(until: date) -> None:
    """Shortening a promise is not an extension."""
    with pytest.raises(ExtensionNotLater):
        running().extend(until, now=at("2026-07-14"), **WHY)


def test_a_breach_is_not_undone_by_stopping_the_clock() -> None:
    """After the due moment there is nothing left to stop."""
    with pytest.raises(DeadlinePassed):
        running().suspend(at("2026-07-21", "00:00"), **WHY)


def test_the_clock_stops_once_and_starts_once() -> None:
    """Two suspensions in a row would count the same days twice."""
    stopped = running().suspend(at("2026-07-08"), **WHY)

    with pytest.raises(DeadlineSuspended):
        stopped.suspend(at("2026-07-09"), **WHY)
    with pytest.raises(DeadlineNotSuspended):
        running().resume(at("2026-07-09"))


@pytest.mark.parametrize("why", [{"reason": " ", "by": "staff-7"}, {"reason": "x", "by": ""}])
def test_no_date_moves_without_reason_and_author(why: dict[str, Any]) -> None:
    """An auditor asks who and why."""
    with pytest.raises(ReasonMissing):
        running().suspend(at("2026-07-08"), **why)
    with pytest.raises(ReasonMissing):
        running().extend(date(2026, 8, 2), now=at("2026-07-08"), **why)


def test_a_storm_moves_the_target_and_never_what_is_due() -> None:
    """Closing the last open day leaves the contract's date and aims a day earlier."""
    storm = OFFICE.with_closures(Closure(day=date(2026, 7, 17), cause="暴風警報"))

    assert ("07-20 23:59", "07-16 17:15") == days(running().on_calendar(storm))


def test_beyond_the_days_it_knows_a_deadline_says_so() -> None:
    """A date a year ahead has no target until the calendar is asked again."""
    far = running().extend(date(2027, 7, 4), now=at("2026-07-14"), **WHY)

    assert Flag.CALENDAR_ENDS in far.flags
    assert far.due_at == far.target_at
    assert ("07-04 23:59", "07-02 17:15") == days(far.on_calendar(OFFICE))


def test_a_deadline_after_the_term_is_flagged() -> None:
    """The last reports are due when the contract is over, and still due."""
    found = compute(rule(), date(2027, 3, 25), OFFICE, term_end=date(2027, 3, 31))

    assert isinstance(found, Deadline)
    assert Flag.AFTER_TERM in found.flags


def test_a_promise_without_length_is_a_value() -> None:
    """Workflows carry it on instead of failing."""
    silent = rule(Unit.NOT_SET, None, due_type=DueType.BY_AGREEMENT)
    found = compute(silent, date(2026, 7, 6), OFFICE)

    assert isinstance(found, NotComputable)


def test_a_deadline_travels_small_and_comes_back_whole() -> None:
    """It rides in workflow messages, suspended and extended as it may be."""
    adapter = TypeAdapter(Deadline)
    deadline = running(warnings=warned(5, 2, 0), ladder=LADDER)
    lived = (
        deadline.suspend(at("2026-07-08"), **WHY)
        .resume(at("2026-07-13"))
        .extend(date(2026, 8, 2), now=at("2026-07-14"), **WHY)
    )

    assert len(adapter.dump_json(deadline)) < 1500
    assert len(adapter.dump_json(lived)) < 1500
    again = adapter.validate_json(adapter.dump_json(lived))
    assert lived == again
    assert lived.alarms == again.alarms


def test_a_deadline_that_came_over_the_wire_goes_on_counting() -> None:
    """Suspended here, resumed there, without asking any calendar."""
    adapter = TypeAdapter(Deadline)
    stopped = running().suspend(at("2026-07-08"), **WHY)
    arrived = adapter.validate_json(adapter.dump_json(stopped))

    assert days(stopped.resume(at("2026-07-13"))) == days(arrived.resume(at("2026-07-13")))


def test_a_calendar_whose_data_ends_gives_a_shorter_horizon() -> None:
    """The horizon stops where the holidays stop instead of guessing.

    The first weekend of 2033 is closed without asking for holidays; its Monday is unknown.
    """
    late = running(date(2032, 12, 10), calendar=city_hall())

    assert date(2033, 1, 2) == late.horizon.last
    assert late.horizon.knows(late.due_day)
