"""Deadlines that ring by themselves: with their dates, once each, to the right people."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import Unit
from domain.lots.matching import MatchResult
from domain.parties import Role
from tests.builders import (
    CLERK,
    OFFICIAL,
    SITE_MANAGER,
    TOKYO,
    a_card,
    a_deadline,
    at,
    today,
)
from tests.workflows.office import Office, refusal

DAY = timedelta(days=1)
WARNED, PASSED = "deadline_warned", "target_passed"
BREACHED, ESCALATED = "deadline_breached", "escalated"
REVIEW = "suspension_review_due"


@pytest.mark.req("OTA-20")
async def test_a_card_not_handed_over_warns_then_breaches_then_climbs(office: Office) -> None:
    """
    Two weeks from delivery, with every date: nobody has to look at a list to find it.
    """
    delivered = today()
    due = delivered + 14 * DAY
    course = await office.card(a_deadline(delivered))

    await course.reach(at(due + 2 * DAY, "09:00"))
    await office.record.until("card-1", ESCALATED, times=3)

    assert [
        (WARNED, at(due - 5 * DAY, "08:30"), None),
        (WARNED, at(due - 2 * DAY, "08:30"), None),
        (PASSED, at(due, "17:15:01"), None),
        (ESCALATED, at(due, "17:15:01"), Role.SITE_MANAGER),
        (BREACHED, at(due + DAY, "00:00"), None),
        (ESCALATED, at(due + DAY, "08:30"), Role.OPERATIONS_MANAGER),
        (ESCALATED, at(due + 2 * DAY, "08:30"), Role.OFFICIAL),
    ] == course.rung
    shown = office.record.shown["card-1"]
    assert (BREACHED, Role.OFFICIAL) == (shown.stuck, shown.escalated_to)


async def test_alarms_are_recorded_at_the_cases_own_time(office: Office) -> None:
    """
    The record shows when it rang, not when a worker's clock happened to look.
    """
    course = await office.card(a_deadline())

    await course.reach(at(today() + 9 * DAY, "08:30"))
    await office.record.until("card-1", WARNED)

    (event,) = (each.event for each in office.record.recorded["card-1"])
    late = event.at - at(today() + 9 * DAY, "08:30")
    assert timedelta() <= late < timedelta(seconds=30)


async def test_the_officials_receipt_ends_the_deadline(office: Office) -> None:
    """
    What is done no longer warns, and is shown as stuck no longer.
    """
    card = a_card(result=MatchResult.MOVED_OUT)
    course = await office.card(a_deadline(today() - 20 * DAY), card)
    await office.record.until("card-1", ESCALATED, times=3)

    await course.act("decide_mismatch", CLERK, "転出", decision="return_to_city")
    await course.act("hand_over", CLERK)
    rung = len(course.rung)
    await course.act("acknowledge_receipt", OFFICIAL, count=1)
    await course.ended()

    shown = office.record.shown["card-1"]
    assert (None, None, rung) == (shown.stuck, shown.escalated_to, len(course.rung))


async def test_a_hand_over_alone_does_not_end_the_deadline(office: Office) -> None:
    """
    The promise is the official's receipt; a slip on a desk is not one.
    """
    card = a_card(result=MatchResult.MOVED_OUT)
    course = await office.card(a_deadline(), card)
    await course.act("decide_mismatch", CLERK, "転出", decision="return_to_city")
    await course.act("hand_over", CLERK)

    await course.reach(at(today() + 15 * DAY, "00:00"))

    await office.record.until("card-1", BREACHED)


async def test_a_case_that_begins_twenty_days_late_is_told_at_once(office: Office) -> None:
    """
    Both old warnings are left out; the breach and its ladder are not, in their order.
    """
    course = await office.card(a_deadline(today() - 20 * DAY))

    await office.record.until("card-1", ESCALATED, times=3)

    assert [PASSED, ESCALATED, BREACHED, ESCALATED, ESCALATED] == course.actions


async def test_a_case_that_begins_between_warnings_hears_only_the_last(
    office: Office,
) -> None:
    """
    Three days are left: that five were left once helps nobody.
    """
    delivered = today() - 13 * DAY
    course = await office.card(a_deadline(delivered))

    await office.record.until("card-1", WARNED)

    (first, *_) = course.rung
    assert (WARNED, at(delivered + 12 * DAY, "08:30"), None) == first
    assert 1 == course.actions.count(WARNED)


async def test_a_suspended_deadline_does_not_warn_and_moves_by_what_was_lost(
    office: Office,
) -> None:
    """
    Ten days lost are ten days more, the warnings move along, and none rings twice.

    Meanwhile nothing rings but the question whether the clock must still stand still.
    """
    due = today() + 14 * DAY
    course = await office.card(a_deadline())
    await course.reach(at(due - 5 * DAY, "10:00"))
    await office.record.until("card-1", WARNED)

    await course.act("suspend_deadline", SITE_MANAGER, "市庁舎が被災")
    await course.reach(at(due + 5 * DAY, "10:00"))
    while_suspended = list(course.rung)
    resumed = await course.act("resume_deadline", SITE_MANAGER)
    await course.reach(at(due + 11 * DAY, "09:00"))
    await office.record.until("card-1", ESCALATED, times=2)

    assert [(REVIEW, at(due + 2 * DAY, "08:30"), None)] == while_suspended[1:]
    assert at(due + 10 * DAY, "23:59:59") == resumed.due_at
    assert [
        (WARNED, at(due + 8 * DAY, "08:30"), None),
        (PASSED, at(due + 10 * DAY, "17:15:01"), None),
        (ESCALATED, at(due + 10 * DAY, "17:15:01"), Role.SITE_MANAGER),
        (BREACHED, at(due + 11 * DAY, "00:00"), None),
        (ESCALATED, at(due + 11 * DAY, "08:30"), Role.OPERATIONS_MANAGER),
    ] == course.rung[2:]


async def test_a_suspension_nobody_ends_is_asked_about_again_and_again(
    office: Office,
) -> None:
    """
    A stopped clock sleeps; the case shows as stuck until somebody has decided.
    """
    first = today() + 3 * DAY
    course = await office.card(a_deadline())
    await course.act("suspend_deadline", SITE_MANAGER, "照会中", until=str(first))
    asleep = office.record.shown["card-1"].stuck

    await course.reach(at(first, "08:31"))
    await office.record.until("card-1", REVIEW)
    stuck = office.record.shown["card-1"].stuck
    await course.reach(at(first + 6 * DAY, "08:31"))
    await office.record.until("card-1", REVIEW, times=3)
    await course.act("extend_deadline", OFFICIAL, "協議", until=str(today() + 60 * DAY))
    extended = office.record.shown["card-1"].stuck
    await course.reach(at(first + 9 * DAY, "08:31"))
    await office.record.until("card-1", REVIEW, times=4)
    await course.act("resume_deadline", SITE_MANAGER)
    resumed = office.record.shown["card-1"].stuck
    await course.reach(at(first + 30 * DAY, "08:31"))

    days = [first + n * DAY for n in (0, 3, 6, 9)]
    assert [(REVIEW, at(day, "08:30"), None) for day in days] == course.rung
    assert (None, REVIEW, None, None) == (asleep, stuck, extended, resumed)


async def test_the_day_of_the_review_is_kept_with_the_suspension(office: Office) -> None:
    """
    A default is a decision, too: the timeline says which day it made.
    """
    course = await office.card(a_deadline())

    for day in (today(), today() + 200 * DAY):
        wrong = course.act("suspend_deadline", SITE_MANAGER, "照会中", until=str(day))
        assert "ReviewDayOutOfRange" == await refusal(wrong)
    await course.act("suspend_deadline", SITE_MANAGER, "照会中")

    (kept,) = office.record.recorded["card-1"]
    assert str(today() + 7 * DAY) == kept.event.detail["review_on"]


async def test_lost_answers_ring_nothing_twice_and_lose_nothing(office: Office) -> None:
    """
    Each of these was committed before the line broke; each is there once.
    """
    due = today() + 14 * DAY
    office.record.answers_to_lose = 1
    course = await office.card(a_deadline())
    await course.reach(at(due - 5 * DAY, "08:31"))
    await office.record.until("card-1", WARNED)
    for action, reason in (("suspend_deadline", "被災"), ("resume_deadline", None)):
        office.record.answers_to_lose = 1
        await course.act(action, SITE_MANAGER, reason)
    office.record.answers_to_lose = 1
    await course.reach(at(due + DAY, "00:00"))
    await office.record.until("card-1", BREACHED)

    assert [WARNED, WARNED, PASSED, ESCALATED, BREACHED] == [what for what, *_ in course.rung]
    assert BREACHED == office.record.shown["card-1"].stuck


async def test_an_extension_takes_the_alarm_away_and_warns_again(office: Office) -> None:
    """
    The city grants a later day after the breach: the case is in time again, and watched.
    """
    due = today() + 14 * DAY
    course = await office.card(a_deadline())
    await course.reach(at(due + DAY, "09:00"))
    await office.record.until("card-1", ESCALATED, times=2)
    before = len(course.rung)

    later = due + 10 * DAY
    extended = await course.act("extend_deadline", OFFICIAL, "協議済み", until=str(later))
    shown = office.record.shown["card-1"]
    await course.reach(at(later - DAY, "09:00"))
    await office.record.until("card-1", WARNED, times=4)

    assert at(later, "23:59:59") == extended.due_at
    assert (None, None) == (shown.stuck, shown.escalated_to)
    assert [
        (WARNED, at(later - 5 * DAY, "08:30"), None),
        (WARNED, at(later - 2 * DAY, "08:30"), None),
    ] == course.rung[before:]


async def test_changes_of_a_deadline_are_kept_with_who_and_why(office: Office) -> None:
    """
    A deadline that moved without a name and a reason could hide a breach.
    """
    course = await office.card(a_deadline())

    silent = await refusal(course.act("suspend_deadline", SITE_MANAGER))
    by_clerk = await refusal(course.act("suspend_deadline", CLERK, "忙しい"))
    running = await refusal(course.act("resume_deadline", SITE_MANAGER))
    sooner = await refusal(
        course.act("extend_deadline", OFFICIAL, "協議", until=str(today() + DAY))
    )
    await course.act("suspend_deadline", SITE_MANAGER, "被災")
    twice = await refusal(course.act("suspend_deadline", SITE_MANAGER, "被災"))

    assert [
        "ReasonMissing",
        "NotYourDuty",
        "DeadlineNotSuspended",
        "ExtensionNotLater",
        "DeadlineSuspended",
    ] == [silent, by_clerk, running, sooner, twice]
    (kept,) = office.record.recorded["card-1"]
    assert (SITE_MANAGER, "被災") == (kept.event.actor, kept.event.reason)
    deadline = office.record.deadlines["card-1"]
    assert deadline is not None
    assert deadline.suspended is not None


async def test_a_breach_nobody_was_told_of_is_recorded_before_an_extension(
    closed_office: Office, threads: ThreadPoolExecutor
) -> None:
    """
    The worker was away when it happened: the extension must not make it unhappen.
    """
    office = closed_office
    due_soon = a_minute_from(datetime.now(TOKYO) - timedelta(seconds=55))
    async with office.staffed(threads):
        course = await office.card(due_soon)
        await course.view()
    await passed(due_soon)
    async with office.staffed(threads):
        later = str(today() + 30 * DAY)
        await course.act("extend_deadline", OFFICIAL, "協議済み", until=later)

    assert [BREACHED, "extend_deadline"] == course.actions
    assert office.record.shown["card-1"].stuck is None


async def test_a_step_under_way_when_an_alarm_comes_due_goes_first(office: Office) -> None:
    """
    The receipt was being written when the day ended: it is not breached as well.
    """
    due_soon = a_minute_from(datetime.now(TOKYO) - timedelta(seconds=54))
    course = await office.card(due_soon)
    await course.act("record_pre_issue_setup", CLERK)
    office.notices.may_make.clear()

    making = asyncio.create_task(course.act("make_notice", CLERK))
    await passed(due_soon)
    office.notices.may_make.set()
    await making
    await office.record.until("card-1", BREACHED)

    assert ["make_notice", BREACHED] == course.actions[-2:]


def a_minute_from(anchor: datetime) -> Deadline:
    """Return a deadline of one minute without warnings, for tests in which it must pass."""
    return a_deadline(anchor, unit=Unit.MINUTES, amount=1, warnings=(), ladder=())


async def passed(deadline: Deadline) -> None:
    """Let real time pass: a case's clock is moved only while nothing of it is under way."""
    await asyncio.sleep((deadline.late_from - datetime.now(TOKYO)).total_seconds() + 0.1)
