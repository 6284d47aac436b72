"""A stopped clock is looked at again: on a day that somebody named, and again after it."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars.hours import TOKYO
from domain.deadlines.deadline import Alarm, Deadline, Meaning
from domain.deadlines.due_words import explain
from domain.deadlines.suspension import REVIEW_AFTER, REVIEW_WITHIN, Suspension
from domain.errors import ReviewDayOutOfRange
from tests.domain.due_rules import running

WEDNESDAY = date(2026, 7, 8)


def at(day: date, clock: str = "10:00") -> datetime:
    """Return a moment in Tokyo."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=TOKYO)


def stopped(until: date | None = None) -> Deadline:
    """Return a deadline whose clock was stopped on a Wednesday."""
    return running().suspend(at(WEDNESDAY), reason="停止", by="staff-7", until=until)


def review(number: int, moment: datetime) -> Alarm:
    """Return an alarm for a look."""
    return Alarm(at=moment, meaning=Meaning.REVIEW, step=number)


def test_who_names_no_day_is_asked_after_the_usual_length() -> None:
    """A clock stopped and forgotten would lose the case without a sound."""
    expected = (review(1, at(WEDNESDAY + REVIEW_AFTER, "08:30")),)

    assert expected == stopped().next_alarms(at(WEDNESDAY))
    assert expected == stopped().next_alarms(at(WEDNESDAY + timedelta(days=300)))


def test_the_day_that_was_named_counts_and_so_does_its_distance() -> None:
    """Three days to the first look are three days to the next one."""
    first = stopped(WEDNESDAY + timedelta(days=5))
    second = first.reviewed(1)

    assert (review(1, at(date(2026, 7, 13), "08:30")),) == first.next_alarms(at(WEDNESDAY))
    assert (review(2, at(date(2026, 7, 21), "08:30")),) == second.next_alarms(at(WEDNESDAY))


def test_on_a_closed_day_it_waits_for_the_next_opening() -> None:
    """Nobody reads on a Saturday that a case is to be looked at."""
    on_saturday = stopped(date(2026, 7, 11))

    assert (review(1, at(date(2026, 7, 13), "08:30")),) == on_saturday.next_alarms(
        at(WEDNESDAY)
    )


def test_whoever_was_away_is_told_once() -> None:
    """Five looks that were missed say the same as the last one."""
    daily = stopped(WEDNESDAY + timedelta(days=1))
    monday = at(date(2026, 7, 13), "08:30")

    assert daily.review_due(at(WEDNESDAY, "23:59")) is None
    assert review(5, monday) == daily.review_due(monday)
    assert daily.reviewed(5).review_due(monday) is None
    assert review(6, at(date(2026, 7, 14), "08:30")) == daily.reviewed(5).next_alarm(monday)


def test_a_clock_that_runs_is_not_looked_at() -> None:
    """The alarms of the due day are back, and this one is gone."""
    resumed = stopped().resume(at(WEDNESDAY + timedelta(days=1)))

    assert resumed.review_due(at(WEDNESDAY + timedelta(days=60))) is None
    assert Meaning.REVIEW not in {a.meaning for a in resumed.next_alarms(at(WEDNESDAY))}


@pytest.mark.parametrize(
    "until",
    [WEDNESDAY, WEDNESDAY - timedelta(days=1), WEDNESDAY + REVIEW_WITHIN + timedelta(days=1)],
)
def test_the_day_lies_ahead_and_not_beyond_the_season(until: date) -> None:
    """A look in the year 9999 is none."""
    with pytest.raises(ReviewDayOutOfRange):
        stopped(until)
    assert stopped(WEDNESDAY + REVIEW_WITHIN).suspended


def test_a_suspension_of_older_days_has_the_usual_length() -> None:
    """They were kept without a day, and sleep no longer for it."""
    older = Suspension(starts=at(WEDNESDAY), reason="停止", by="staff-7")

    assert WEDNESDAY + REVIEW_AFTER == older.review_day(1)


def test_the_sentence_says_when_somebody_looks_again() -> None:
    """Whoever reads that the clock stands still asks until when."""
    assert "7月8日から停止中（停止）。停止の再確認は7月15日（水）" in explain(stopped())
    assert "再確認は7月22日（水）" in explain(stopped().reviewed(1))


@given(
    ahead=st.integers(1, REVIEW_WITHIN.days), away=st.integers(0, 200), hour=st.integers(0, 23)
)
def test_no_look_is_lost_and_none_is_told_twice(ahead: int, away: int, hour: int) -> None:
    """However long a worker was away: what is due is told, and then the next lies ahead."""
    deadline = stopped(WEDNESDAY + timedelta(days=ahead))
    now = at(WEDNESDAY) + timedelta(days=away, hours=hour)
    due = deadline.review_due(now)
    after = deadline if due is None else deadline.reviewed(due.step)

    assert (due is None) == (deadline.next_alarms(now)[0].at > now)
    assert after.review_due(now) is None
    assert due is None or due.at <= now
