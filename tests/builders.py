"""Plausible cases and people for tests; a test mentions only what it is about.

Belongs here: values of the domain and messages with sensible defaults. Does not belong
here: engines (`tests/conftest.py`), stand-ins for ports (`tests/fakes.py`), whole lots as
files (`ops/make_lot.py`).
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.booking.booking_rules import BookingChannel, BookingMode
from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Place, Terms
from domain.calendars.calendar import Calendar, Opening
from domain.calendars.day_rules import Weekday, Weekdays
from domain.calendars.hours import Hours, Intake
from domain.case import Actor, CaseEvent, CaseRef
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
from domain.handoff import Handoff
from domain.lots import card
from domain.lots.card import Card, Route
from domain.lots.lot import Lot
from domain.lots.matching import MatchResult
from domain.lots.returned_mail import ReturnedMail, ReturnReason
from domain.parties import Party, Role
from domain.procedures.visit import Visit

TOKYO = ZoneInfo("Asia/Tokyo")

CLERK = Actor(account_id="clerk-1", role=Role.CLERK)
OTHER_CLERK = Actor(account_id="clerk-2", role=Role.CLERK)
CALL_AGENT = Actor(account_id="agent-1", role=Role.CALL_AGENT)
OPERATOR = Actor(account_id="operator-1", role=Role.OPERATOR)
SUPPORT_STAFF = Actor(account_id="support-1", role=Role.SUPPORT_STAFF)
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


def an_acceptance(offered: datetime, minutes: int = 30, every: int = 0) -> Deadline:
    """Return until when somebody is to take on what is offered; told ``every`` so often."""
    return a_deadline(
        offered,
        id="handoff_acceptance",
        unit=Unit.MINUTES,
        amount=minutes,
        warnings=(WarningPoint(before=10, unit=Unit.MINUTES),),
        ladder=(
            LadderStep(role=Role.SITE_MANAGER, unit=Unit.MINUTES, every=every),
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


def a_visit(case_id: str = "visit-1", **more: Any) -> Visit:
    """Return a visit under way."""
    given: dict[str, Any] = {"procedure": "card_delivery", "received_by": Role.OPERATOR}
    return Visit(case_id=case_id, **(given | more))


def some_terms(**more: Any) -> Terms:
    """Return terms of a line whose bookings are ours, with no rule about who is late."""
    given: dict[str, Any] = {
        "mode": BookingMode.OWN,
        "hold_for": timedelta(minutes=10),
        "return_after": timedelta(minutes=30),
        "late_after": None,
        "no_show_after": timedelta(),
        "remind_days_before": 1,
        "remind_at": time(10),
        "phone_party": Party.PROVIDER,
        "people_use_places": True,
    }
    return Terms(**(given | more))


def a_place(day: date | None = None, clock: str = "10:00", site: str = "hall") -> Place:
    """Return half an hour at a site; in five days, where no day is named."""
    starts_at = at(day or today() + timedelta(days=5), clock)
    return Place(site=site, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30))


def a_reservation(case_id: str = "reservation-1", **more: Any) -> Reservation:
    """Return two people's hold of ten minutes, who left an address to write to."""
    given: dict[str, Any] = {
        "line": "application",
        "channel": BookingChannel.WEB,
        "place": a_place(),
        "party": 2,
        "terms": some_terms(),
        "mail": True,
    }
    if "stage" not in more:
        given["held_until"] = datetime.now(TOKYO) + timedelta(minutes=10)
    return Reservation(case_id=case_id, **(given | more))


def an_event(action: str = "seal", **more: Any) -> CaseEvent:
    """Return something that happened just now."""
    given: dict[str, Any] = {"at": datetime.now(TOKYO), "actor": CLERK}
    return CaseEvent(action=action, **(given | more))
