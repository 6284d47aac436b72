"""Moments and days as people say them.

Japanese phrases for what a page shows; the exact moment stands beside them in the markup.
Sentences that explain a deadline stand in ``domain.deadlines.due_words``.
"""

from datetime import date, datetime, time, timedelta

from domain.calendars.day_rules import day_ja
from domain.calendars.hours import TOKYO, at_clock, clock, local


def day_words(moment: date | datetime) -> str:
    """Return ``7月20日（月）``."""
    return day_ja(local(moment).date() if isinstance(moment, datetime) else moment)


def full_day_words(moment: date | datetime) -> str:
    """Return ``2026年7月20日（月）``."""
    day = local(moment).date() if isinstance(moment, datetime) else moment
    return day_ja(day, year=True)


def clock_words(moment: datetime) -> str:
    """Return ``14:05``."""
    return clock(local(moment).time())


def moment_words(moment: datetime) -> str:
    """Return ``7月20日（月） 14:05``."""
    return f"{day_words(moment)} {clock_words(moment)}"


def until_words(due_at: datetime, now: datetime) -> str:
    """Return ``7月20日（月）まで・あと2日``; what is late says by how much.

    The time of day is said where it is not the day's end.
    """
    at = local(due_at).time()
    timed = "" if (at.hour, at.minute) == (23, 59) else f" {clock(at)}"
    return f"{day_words(due_at)}{timed}まで・{left_words(due_at, now)}"


def left_words(due_at: datetime, now: datetime) -> str:
    """Return ``あと2日``, ``本日`` or ``3日超過``."""
    if now > due_at:
        days = (local(now).date() - local(due_at).date()).days
        return f"{days}日超過" if days else "本日超過"
    days = (local(due_at).date() - local(now).date()).days
    return f"あと{days}日" if days else "本日"


def since_words(moment: datetime, now: datetime) -> str:
    """Return how long something has been waiting: ``35分``, ``4時間``, ``11日``."""
    waited = now - moment
    if waited < timedelta(minutes=1):
        return "1分未満"
    if waited < timedelta(hours=1):
        return f"{int(waited.total_seconds()) // 60}分"
    days = (local(now).date() - local(moment).date()).days
    return f"{days}日" if days else f"{int(waited.total_seconds()) // 3600}時間"


def end_of_day(now: datetime) -> datetime:
    """Return the first moment of tomorrow in Tokyo."""
    return at_clock(local(now).date() + timedelta(days=1), time())


def start_of(day: date) -> datetime:
    """Return the first moment of a day in Tokyo."""
    return datetime.combine(day, time(), TOKYO)
