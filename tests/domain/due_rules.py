"""Due rules for tests of the engine, each about one way of counting."""

from datetime import date
from typing import Any

from domain.calendars.calendar import Calendar
from domain.deadlines.deadline import Deadline, compute
from domain.deadlines.due_rules import (
    Base,
    DueRule,
    DueType,
    LadderStep,
    NotComputable,
    Unit,
    WarningPoint,
)
from domain.parties import Role
from tests.domain.calendars import city_hall

OFFICE = city_hall(open_label="開庁日")

LADDER = (
    LadderStep(role=Role.SITE_MANAGER, after=Base.TARGET),
    LadderStep(role=Role.OPERATIONS_MANAGER),
    LadderStep(role=Role.OFFICIAL, delay=1),
)


def rule(unit: Unit = Unit.CALENDAR_DAYS, amount: int | None = 14, **more: Any) -> DueRule:
    """Return a rule that counts from a delivery."""
    given: dict[str, Any] = {
        "id": "handover",
        "label": "通知書の引渡し",
        "due_type": DueType.RELATIVE,
        "anchor": "card_delivery_date",
        "anchor_label": "納品日",
        "calendar": "counter",
    }
    return DueRule(unit=unit, amount=amount, **(given | more))


def running(
    anchor: Any = date(2026, 7, 6), calendar: Calendar = OFFICE, **more: Any
) -> Deadline:
    """Return a deadline that has a date."""
    given = rule(**more) if more else rule()
    found = compute(given, anchor, calendar)
    assert not isinstance(found, NotComputable)
    return found


def warned(*before: int, unit: Unit = Unit.OPEN_DAYS) -> tuple[WarningPoint, ...]:
    """Return warning points."""
    return tuple(WarningPoint(before=count, unit=unit) for count in before)
