"""Plausible cases and people for tests; a test mentions only what it is about.

Belongs here: values of the domain and messages with sensible defaults. Does not belong
here: engines (`tests/conftest.py`), stand-ins for ports (`tests/fakes.py`), whole lots as
files (`ops/make_lot.py`).
"""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from domain import card
from domain.calendar import Calendar, Opening
from domain.card import Card, Route
from domain.case import Actor, CaseEvent, CaseRef
from domain.day_rules import Weekday, Weekdays
from domain.deadline import Deadline, compute
from domain.due_rules import (
    Base,
    DueRule,
    DueType,
    LadderStep,
    NotComputable,
    Unit,
    WarningPoint,
)
from domain.handoff import Handoff
from domain.hours import Hours, Intake
from domain.lot import Lot
from domain.matching import MatchResult
from domain.parties import Role
from domain.returned_mail import ReturnedMail, ReturnReason
from domain.visit import Visit

TOKYO = ZoneInfo("Asia/Tokyo")

CLERK = Actor(account_id="clerk-1", role=Role.CLERK)
OTHER_CLERK = Actor(account_id="clerk-2", role=Role.CLERK)
OPERATOR = Actor(account_id="operator-1", role=Role.OPERATOR)
SITE_MANAGER = Actor(account_id="manager-1", role=Role.SITE_MANAGER)
OFFICIAL = Actor(account_id="official-1", role=Role.OFFICIAL)
OTHER_OFFICIAL = Actor(account_id="official-2", role=Role.OFFICIAL)
AUDITOR = Actor(account_id="auditor-1", role=Role.AUDITOR)

LADDER = (
    LadderStep(role=Role.SITE_MANAGER, after=Base.TARGET),
    LadderStep(role=Role.OPERATIONS_MANAGER),
    LadderStep(role=Role.OFFICIAL, delay=1),
)


def today() -> date:
    """Return the day it is in Tokyo."""
    return datetime.now(TOKYO).date()


def at(day: date, clock: str) -> datetime:
    """Return a moment in Tokyo."""
    return datetime.combine(day, time.fromisoformat(clock), TOKYO)


def every_day() -> Calendar:
    """Return a calendar without closed days, so that tests can count on their fingers."""
    hours = Hours(
        opens=time(8, 30), closes=time(17, 15), last_reception=None, intake=Intake.EXACT
    )
    week = Weekdays(weekdays=tuple(Weekday))
    return Calendar(name="counter", label="窓口", openings=(Opening(days=week, hours=hours),))


def a_rule(**more: Any) -> DueRule:
    """Return two weeks from a delivery, with two warnings and the whole ladder."""
    given: dict[str, Any] = {
        "id": "notice_handover",
        "label": "通知書の引渡し",
        "due_type": DueType.RELATIVE,
        "anchor": "card_delivery_date",
        "anchor_label": "納品日",
        "calendar": "counter",
        "unit": Unit.CALENDAR_DAYS,
        "amount": 14,
        "warnings": (
            WarningPoint(before=5, unit=Unit.OPEN_DAYS),
            WarningPoint(before=2, unit=Unit.OPEN_DAYS),
        ),
        "ladder": LADDER,
    }
    return DueRule(**(given | more))


def a_deadline(anchor: date | datetime | None = None, **rule: Any) -> Deadline:
    """Return a running deadline; by default for what was delivered today."""
    found = compute(a_rule(**rule), anchor or today(), every_day())
    assert not isinstance(found, NotComputable)
    return found


def an_acceptance(offered: datetime, minutes: int = 30) -> Deadline:
    """Return until when an official is to take on what is offered."""
    return a_deadline(
        offered,
        id="handoff_acceptance",
        unit=Unit.MINUTES,
        amount=minutes,
        warnings=(WarningPoint(before=10, unit=Unit.MINUTES),),
        ladder=(
            LadderStep(role=Role.SITE_MANAGER),
            LadderStep(role=Role.OPERATIONS_MANAGER, delay=2, unit=Unit.HOURS),
        ),
    )


def a_case(case_id: str, city: str = "ota", parent_id: str | None = None) -> CaseRef:
    """Return which case it is."""
    return CaseRef(
        case_id=case_id,
        municipality=city,
        contract="ota",
        contract_version="v1",
        opened_on=today().replace(day=1),
        parent_id=parent_id,
    )


def a_card(
    case_id: str = "card-1",
    result: MatchResult = MatchResult.MATCH,
    route: Route | None = Route.PICKUP_NOTICE,
) -> Card:
    """Return a card as the match of the lists leaves it."""
    return card.begin(case_id, result, route)


def a_lot(case_id: str = "lot-1", cards: int = 2, **more: Any) -> Lot:
    """Return a lot that came as it was announced."""
    given: dict[str, Any] = {"cards": cards, "listed": cards, "announced": cards}
    return Lot(case_id=case_id, **(given | more))


def a_handoff(case_id: str = "handoff-1", by: Role = Role.OPERATOR) -> Handoff:
    """Return a hand-off that waits for an official."""
    return Handoff(case_id=case_id, section="citizens", offered_by=by)


def returned_mail(case_id: str = "mail-1", tries: int = 3) -> ReturnedMail:
    """Return an item that the post brought back."""
    return ReturnedMail(
        case_id=case_id,
        reason=ReturnReason.UNKNOWN_AT_ADDRESS,
        tries_before_unreachable=tries,
    )


def a_visit(case_id: str = "visit-1") -> Visit:
    """Return a visit under way."""
    return Visit(case_id=case_id, procedure="card_delivery", received_by=Role.OPERATOR)


def an_event(action: str = "seal", **more: Any) -> CaseEvent:
    """Return something that happened just now."""
    given: dict[str, Any] = {"at": datetime.now(TOKYO), "actor": CLERK}
    return CaseEvent(action=action, **(given | more))
