"""The five contracts as the tests ask them: loaded once, calendars and deadlines by name."""

from datetime import date, datetime

from contracts.loader import load
from domain.calendars.calendar import Calendar
from domain.calendars.hours import TOKYO
from domain.contract import Contract, calendar_of, deadline
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import NotComputable

SLUGS = ("ageo", "chiba", "ota", "urasoe", "yokosuka")


def city(slug: str) -> Contract:
    """Return a city's contract."""
    return load(slug).contract


def calendar(slug: str, name: str) -> Calendar:
    """Return a city's calendar with its holidays."""
    return calendar_of(city(slug), name)


def at(day: str, clock: str) -> datetime:
    """Return a moment in Tokyo."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=TOKYO)


def days(*texts: str) -> list[date]:
    """Return days from their ISO texts."""
    return [date.fromisoformat(text) for text in texts]


def due(slug: str, rule_id: str, anchor: str) -> Deadline:
    """Return a city's deadline from the day of its anchor."""
    found = deadline(city(slug), rule_id, date.fromisoformat(anchor))
    assert not isinstance(found, NotComputable)
    return found


def due_and_target(slug: str, rule_id: str, anchor: str) -> tuple[str, str]:
    """Return due moment and target day in short."""
    found = due(slug, rule_id, anchor)
    return f"{found.due_at:%Y-%m-%d %H:%M:%S}", f"{found.target_at:%Y-%m-%d}"
