"""Days on which places without regular hours are open, over HTTP: planned and taken back.

A day is planned where the contract's calendar lets it be (Chiba 第1-6, 第1-8(2)) and at a place
that was agreed on; its times can be booked at once. What people are told before they come
stands in ``api.guidance_texts``.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.booking import booking_plan, day_changes
from api.booking.booking_plan import Offer
from api.deps import AccessedContract, IdempotencyKey, TheDesk, running
from api.once import once
from domain.booking.booking_errors import VenueDayRefused
from domain.booking.booking_rules import VenueSource
from domain.booking.venue_plan import Progress, Session, Standing, Week, progress, weeks
from domain.calendars.calendar import Calendar, CalendarDay
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import agreed_venues, contract_state, inventory, venue_days
from store.scope import scope
from store.venue_days import VenueDay

router = APIRouter(prefix="/api/v1/contracts/{slug}/venue-days", tags=["reservations"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Planner = Annotated[Person, Depends(require_action(Action.PLAN_VENUE_DAY))]

_LONGEST_SPAN = timedelta(days=800)


class VenueDayRequest(BaseModel):
    """A place to be opened on a day."""

    site: str = Field(min_length=1, max_length=80)
    day: date


class WithdrawRequest(BaseModel):
    """Why a day is taken back; told to those who had booked it."""

    cause: str = Field(min_length=1, max_length=200)


class VenueLineBody(BaseModel):
    """One line of a venue day; each is counted for itself."""

    line: str
    label: str
    bookable: bool = Field(description="falseは予約なしで受け付ける")
    taken: int | None = Field(description="埋まった席。数えていなければnull")
    per_day: int | None = Field(description="1日の人数の上限")


class VenueDayBody(BaseModel):
    """One place on one day; times are ``HH:MM``."""

    site: str
    day: date
    setup_from: str | None = Field(description="準備の始まり")
    opens: str | None
    closes: str | None
    cleared_by: str | None = Field(description="撤去の終わり")
    staffed_minutes: int | None = Field(description="準備から撤去まで")
    planned_at: datetime
    withdrawn_at: datetime | None
    cause: str | None
    lines: list[VenueLineBody]

    @classmethod
    def of(
        cls, planned: VenueDay, on: CalendarDay, lines: Sequence[VenueLineBody] = ()
    ) -> Self:
        """Copy a planned day, with the hours that its calendar gives it and its lines."""
        hours = on.hours
        staff = (hours.staff_from, hours.staff_to) if hours else (None, None)
        minutes = None
        if staff[0] is not None and staff[1] is not None:
            begins, ends = (datetime.combine(planned.day, at) for at in staff if at)
            minutes = round((ends - begins) / timedelta(minutes=1))
        return cls(
            site=planned.site,
            day=planned.day,
            setup_from=f"{staff[0]:%H:%M}" if staff[0] else None,
            opens=f"{hours.opens:%H:%M}" if hours else None,
            closes=f"{hours.closes:%H:%M}" if hours else None,
            cleared_by=f"{staff[1]:%H:%M}" if staff[1] else None,
            staffed_minutes=minutes,
            planned_at=local(planned.planned_at),
            withdrawn_at=local(planned.withdrawn_at) if planned.withdrawn_at else None,
            cause=planned.cause,
            lines=list(lines),
        )


class VenueWeekBody(BaseModel):
    """A week of venues against the contract."""

    monday: date
    weekdays: int = Field(description="会場を開く平日の数")
    days_off: int = Field(description="会場を開く休日の数")
    sessions: int = Field(description="1会場1日を1回と数える")
    flagged: bool = Field(description="契約の回数に足りないか")
    faults: list[str]
    warnings: list[str] = Field(description="望ましい数に足りない日。足りなくてもよい")

    @classmethod
    def of(cls, week: Week) -> Self:
        """Copy a week."""
        return cls(
            monday=week.monday,
            weekdays=week.weekdays,
            days_off=week.days_off,
            sessions=week.sessions,
            flagged=week.flagged,
            faults=list(week.faults),
            warnings=list(week.warnings),
        )


class VenueDayPage(BaseModel):
    """Planned days, those that were taken back too, by day and place, and their weeks."""

    items: list[VenueDayBody]
    weeks: list[VenueWeekBody] = Field(default_factory=list, description="最初の会場の日から")
    next_cursor: None = None


class ProgressBody(BaseModel):
    """Sessions of the whole term against the number of the contract."""

    required: int | None
    held: int
    planned: int = Field(description="これから開くと決まっている回数")
    forecast: int | None = Field(description="期間の終わりの見込み")
    lacking: int
    standing: Standing
    sentence: str
    unit: str | None = Field(description="1回の数え方")
    clause: str

    @classmethod
    def of(cls, found: Progress, contract: Contract) -> Self:
        """Copy how the count stands."""
        return cls(
            required=found.required,
            held=found.held,
            planned=found.planned,
            forecast=found.forecast,
            lacking=found.lacking,
            standing=found.standing,
            sentence=found.sentence,
            unit=contract.text("venues.session_unit"),
            clause=found.clause,
        )


class WithdrawnBody(BaseModel):
    """What became of a day."""

    withdrawn: bool
    displaced: int = Field(description="時間を失った予約の数")


@router.get("", summary="List the days of places without regular hours")
def list_venue_days(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> VenueDayPage:
    """Return what was planned from one day to another."""
    if not timedelta(0) <= last - first <= _LONGEST_SPAN:
        raise FieldMissing("from と to は、800日以内の順に指定してください。")
    contract = day_changes.contract_now(desk, person.municipality, loaded)
    with scope(desk.engine, person.municipality) as connection:
        known = _all_days(connection, person, contract)
        if not known:
            return VenueDayPage(items=[])
        calendar = _offer(connection, person, contract).calendar
        taken = inventory.taken_by_day(
            connection, person.municipality, contract.slug, first, last
        )
    return VenueDayPage(
        items=[
            VenueDayBody.of(each, calendar.day(each.day), _lines(contract, each, taken))
            for each in known
            if first <= each.day <= last
        ],
        weeks=_weeks(contract, calendar, _sessions(known, calendar), first, last),
    )


@router.get("/progress", summary="Count the sessions of the term")
def show_progress(loaded: AccessedContract, person: Seer, desk: TheDesk) -> ProgressBody:
    """Return how many venues were opened, and how many will be by the end of the term."""
    contract = day_changes.contract_now(desk, person.municipality, loaded)
    with scope(desk.engine, person.municipality) as connection:
        calendar = _offer(connection, person, contract).calendar
        known = _all_days(connection, person, contract)
    sessions = _sessions(known, calendar)
    return ProgressBody.of(progress(contract, calendar, sessions, desk.clock()), contract)


@router.post("", status_code=201, summary="Open a place on a day")
def plan_venue_day(
    loaded: AccessedContract,
    person: Planner,
    desk: TheDesk,
    key: IdempotencyKey,
    body: VenueDayRequest,
) -> VenueDayBody:
    """Plan a day; its times can be booked as soon as their window is open."""
    contract = running(desk, person.municipality, loaded)
    now = desk.clock()
    planned = VenueDay(
        site=body.site, day=body.day, planned_by=person.account_id, planned_at=now
    )

    def plan(connection: Connection) -> dict[str, Any]:
        # Who ends a venue waits for this turn, or has ended it before.
        inventory.take_turn(connection, person.municipality, contract.slug)
        offered = _offer(connection, person, contract)
        if body.day < local(now).date():
            raise VenueDayRefused(f"{day_ja(body.day, year=True)}は過ぎています。")
        booking_plan.require_plannable(offered, body.day)
        _require_agreed(connection, person, contract, body)
        venue_days.plan(connection, person.municipality, contract.slug, planned)
        booking_plan.lay_out_day(connection, person.municipality, contract, body.day)
        on = offered.calendar.day(body.day)
        found = VenueDayBody.of(planned, on, _lines(contract, planned, {}))
        return found.model_dump(mode="json")

    asked = f"venue-day/{body.site}/{body.day}"
    return VenueDayBody.model_validate(once(desk, person, key=key, asked=asked, do=plan))


@router.post("/{site}/{day}/withdraw", summary="Take a day back")
def withdraw_venue_day(
    site: str,
    day: date,
    loaded: AccessedContract,
    person: Planner,
    desk: TheDesk,
    key: IdempotencyKey,
    body: WithdrawRequest,
) -> WithdrawnBody:
    """Close a planned day: whoever booked it is displaced, and waits for a call."""
    refuse_forbidden(body.cause)
    contract = day_changes.contract_now(desk, person.municipality, loaded)
    now = desk.clock()

    def withdraw(connection: Connection) -> dict[str, Any]:
        withdrawn = venue_days.withdraw(
            connection,
            person.municipality,
            contract.slug,
            site,
            day,
            cause=body.cause,
            by=person.account_id,
            at=now,
        )
        lost = 0
        if withdrawn:
            because = f"{site}/{day}/{now.isoformat()}"
            lost = day_changes.follow(connection, desk, person, contract, day, because=because)
        return {"withdrawn": withdrawn, "displaced": lost}

    asked = f"withdraw-venue-day/{site}/{day}/{body.cause}"
    answer = once(desk, person, key=key, asked=asked, do=withdraw)
    day_changes.settle(desk, person)
    return WithdrawnBody.model_validate(answer)


def _lines(
    contract: Contract, planned: VenueDay, taken: Mapping[tuple[str, str, date], int]
) -> list[VenueLineBody]:
    return [
        VenueLineBody(
            line=line.id,
            label=line.label,
            bookable=line.has_slots,
            taken=taken.get(
                (line.id, planned.site, planned.day), 0 if line.has_slots else None
            ),
            per_day=line.per_day,
        )
        for line in contract.bookings
        if line.venues is VenueSource.PLANNED
    ]


def days_of(
    connection: Connection, person: Person, contract: Contract, site: str, now: datetime
) -> tuple[int, int, int]:
    """Return how many days of a place stand, how many of them are over, and were taken back.

    A day that a storm shuts does not stand.
    """
    known = [e for e in _all_days(connection, person, contract) if e.site == site]
    calendar = _offer(connection, person, contract).calendar
    sessions = _sessions(known, calendar)
    held = sum(each.ends_at <= now for each in sessions)
    withdrawn = sum(each.withdrawn_at is not None for each in known)
    return len(sessions), held, withdrawn


def _all_days(connection: Connection, person: Person, contract: Contract) -> list[VenueDay]:
    return venue_days.between(
        connection, person.municipality, contract.slug, date.min, date.max
    )


def _sessions(known: Sequence[VenueDay], calendar: Calendar) -> list[Session]:
    """Return the days that stand; one that a storm shuts, or was taken back, is none."""
    return [
        Session(site=each.site, day=each.day, ends_at=ends_at)
        for each in known
        if each.withdrawn_at is None and (ends_at := calendar.day(each.day).closes_at)
    ]


def _weeks(
    contract: Contract,
    calendar: Calendar,
    sessions: Sequence[Session],
    first: date,
    last: date,
) -> list[VenueWeekBody]:
    """Return the weeks of these days; before the first session nothing is asked for."""
    if not sessions:
        return []
    monday = first - timedelta(days=first.weekday())
    begins = max(monday, min(each.day for each in sessions))
    found = weeks(contract, calendar, sessions, begins, last)
    return [VenueWeekBody.of(week) for week in found]


def _offer(connection: Connection, person: Person, contract: Contract) -> Offer:
    """Return a line that is served on planned days, with its calendar.

    Raises:
        VenueDayRefused: The contract has none.
    """
    for line in contract.bookings:
        if line.venues is VenueSource.PLANNED:
            return booking_plan.offer(connection, person.municipality, contract, line)
    raise VenueDayRefused("この契約に、日を決めて開く会場はありません。")


def _require_agreed(
    connection: Connection, person: Person, contract: Contract, body: VenueDayRequest
) -> None:
    """Refuse a place that nobody agreed on, or not for this day."""
    added = contract_state.sites(connection, person.municipality, contract.slug)
    if body.site in agreed_venues.ended(connection, person.municipality, contract.slug):
        raise VenueDayRefused("この会場は終わっています。")
    found = next((each for each in added if each.site_id == body.site), None)
    if found is not None and found.from_day <= body.day <= found.to_day:
        return
    if any(site.id == body.site for site in contract.sites_on(body.day)):
        return
    if found is None and all(site.id != body.site for site in contract.sites):
        raise FieldMissing("この契約にない場所です。")
    raise VenueDayRefused("この会場は、その日について協議されていません。")
