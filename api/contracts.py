"""Contracts and their calendars over HTTP, and what happens to them while they run."""

from datetime import date, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.booking import day_changes
from api.deps import (
    AccessedContract,
    Desk,
    IdempotencyKey,
    SeenContract,
    TheDesk,
    new_case_id,
    running,
)
from api.once import once
from contracts.loader import profile_as_json
from domain.calendars.calendar import CalendarDay, DayType
from domain.calendars.hours import Closure
from domain.contract import Contract, calendar_of
from domain.errors import ContractDateMissing, FieldMissing
from domain.parties import Action
from domain.places import require_venue_place
from domain.writing.privacy import refuse_forbidden
from store import contract_state, winding_up
from store.contract_state import AddedClosure, AddedSite, Extension
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts", tags=["contracts"])

_LONGEST_SPAN = timedelta(days=800)

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Closer = Annotated[Person, Depends(require_action(Action.ADD_CLOSURE))]
SiteAdder = Annotated[Person, Depends(require_action(Action.ADD_SITE))]
Activator = Annotated[Person, Depends(require_action(Action.ACTIVATE_CONTRACT))]


class ContractLine(BaseModel):
    """One contract in a list."""

    slug: str
    municipality: str
    title: str
    version: str
    effective_from: date
    term_start: date | None
    term_end: date
    channels: list[str]


class DayBody(BaseModel):
    """What a calendar says of one day."""

    day: date
    open: bool
    day_type: DayType
    why: str
    ready_by: str | None
    opens: str | None
    last_reception: str | None
    closes: str | None
    closed_parts: list[dict[str, str | None]]

    @classmethod
    def of(cls, day: CalendarDay) -> "DayBody":
        """Copy the day; times are ``HH:MM``."""
        hours = day.hours
        return cls(
            day=day.day,
            open=day.open,
            day_type=day.type,
            why=day.why,
            ready_by=_clock(hours.ready_by) if hours else None,
            opens=_clock(hours.opens) if hours else None,
            last_reception=_clock(hours.last_reception) if hours else None,
            closes=_clock(hours.closes) if hours else None,
            closed_parts=[
                {"from": _clock(part.starts), "to": _clock(part.ends), "cause": part.cause}
                for part in day.closed_parts
            ],
        )


class CalendarBody(BaseModel):
    """Days of one calendar."""

    contract: str
    calendar: str
    open_days: int
    days: list[DayBody]


class ClosureRequest(BaseModel):
    """A closure to enter: a whole day, or a part of it."""

    calendar: str
    day: date
    cause: str = Field(min_length=1, max_length=200)
    starts: time | None = None
    ends: time | None = None


class SiteRequest(BaseModel):
    """A place to add by agreement."""

    name: str = Field(min_length=1, max_length=200)
    address: str = Field(default="", max_length=200, description="所在地")
    directions: str = Field(default="", max_length=500, description="行き方の案内")
    from_day: date
    to_day: date
    agreement: str = Field(min_length=1, max_length=200, description="協議の記録")
    designated: bool = Field(default=False, description="市が指定した場所か")


class ActivationRequest(BaseModel):
    """The day the contract was signed."""

    contract_date: date


class ExtensionRequest(BaseModel):
    """An amendment that lets the contract run longer."""

    until: date = Field(description="新しい最終日")
    agreement: str = Field(min_length=1, max_length=200, description="変更契約の番号など")


@router.get("", summary="List contracts")
def list_contracts(person: Seer, desk: TheDesk) -> dict[str, Any]:
    """Return every contract that this installation serves, the caller's own first."""
    slugs = sorted(desk.book.slugs(), key=lambda slug: (slug != person.municipality, slug))
    return {"items": [_line(desk, slug) for slug in slugs], "next_cursor": None}


@router.get("/{slug}", summary="Show a contract, every value with its clause")
def show_contract(loaded: SeenContract, person: Seer, desk: TheDesk) -> dict[str, Any]:
    """Return the profile; how the contract runs only to its own municipality."""
    profile = profile_as_json(loaded)
    slug = loaded.contract.slug
    if slug != person.municipality:
        return profile
    with scope(desk.engine, slug) as connection:
        signed = contract_state.contract_date(connection, slug, slug)
        added = contract_state.sites(connection, slug, slug)
        longer = contract_state.extension(connection, slug, slug)
    return profile | {
        "contract_date": signed,
        "extended_to": longer.until if longer else None,
        "extended_by": longer.agreement if longer else None,
        "active": signed is not None or loaded.contract.term.start is not None,
        "added_sites": [
            {
                "id": site.site_id,
                "name": site.name,
                "address": site.address,
                "directions": site.directions,
                "from_day": site.from_day,
                "to_day": site.to_day,
                "agreement": site.agreement,
                "designated": site.designated,
            }
            for site in added
        ],
    }


@router.get("/{slug}/calendars/{name}", summary="Show the days of a calendar")
def show_calendar(
    name: str,
    loaded: SeenContract,
    person: Seer,
    desk: TheDesk,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> CalendarBody:
    """Return each day from one day to another: open or closed, why, and its hours.

    A term that was prolonged (変更契約) prolongs the calendars that end with it.
    """
    if not timedelta(0) <= last - first <= _LONGEST_SPAN:
        raise FieldMissing("from と to は、800日以内の順に指定してください。")
    contract = day_changes.contract_now(desk, loaded.contract.slug, loaded)
    with scope(desk.engine, contract.slug) as connection:
        added = contract_state.closures(connection, contract.slug, contract.slug, name)
    calendar = calendar_of(contract, name, [each.closure for each in added])
    days = [DayBody.of(day) for day in calendar.days(first, last)]
    return CalendarBody(
        contract=contract.slug,
        calendar=name,
        open_days=sum(day.open for day in days),
        days=days,
    )


@router.post("/{slug}/closures", status_code=201, summary="Close a day, or a part of it")
def add_closure(
    loaded: AccessedContract,
    person: Closer,
    desk: TheDesk,
    key: IdempotencyKey,
    body: ClosureRequest,
) -> dict[str, Any]:
    """Enter a closure, such as a storm; it holds at once for reception and deadlines.

    Whoever had booked the time is displaced: the answer says how many, and each waits for
    somebody to call. Visits that run into it can be cut short from now on.
    """
    refuse_forbidden(body.cause)
    calendar_of(loaded.contract, body.calendar)
    if body.starts is not None and body.ends is not None and body.starts >= body.ends:
        raise FieldMissing("終わりの時刻は、始まりより後にしてください。")
    closure = Closure(day=body.day, cause=body.cause, starts=body.starts, ends=body.ends)
    closure_id = new_case_id(desk.clock())
    added = AddedClosure(
        closure_id=closure_id,
        calendar=body.calendar,
        closure=closure,
        added_by=person.account_id,
        added_at=desk.clock(),
        withdrawn_at=None,
    )

    contract = day_changes.contract_now(desk, person.municipality, loaded)

    def enter(connection: Connection) -> dict[str, Any]:
        contract_state.add_closure(connection, person.municipality, contract.slug, added)
        lost = day_changes.follow(
            connection, desk, person, contract, body.day, because=closure_id
        )
        told = winding_up.to_be_told(connection, person.municipality, at=added.added_at)
        day_type = _day_type(connection, contract, body)
        counts = {"displaced": lost, "visits_told": told}
        return {"closure_id": closure_id, "day_type": day_type, **counts}

    answer = once(desk, person, key=key, asked=f"closure/{body!r}", do=enter)
    day_changes.settle(desk, person)
    return answer


@router.delete("/{slug}/closures/{closure_id}", summary="Take a closure back")
def withdraw_closure(
    closure_id: str, loaded: AccessedContract, person: Closer, desk: TheDesk
) -> dict[str, bool]:
    """Take a closure back; taking it back again changes nothing.

    The times can be booked again. Who was displaced stays so: they were told, and have to
    be asked what they want now.
    """
    contract = day_changes.contract_now(desk, person.municipality, loaded)
    with scope(desk.engine, person.municipality) as connection:
        withdrawn = contract_state.withdraw_closure(
            connection,
            person.municipality,
            closure_id,
            by=person.account_id,
            at=desk.clock(),
        )
        day = contract_state.closed_day(connection, person.municipality, closure_id)
        if withdrawn and day is not None:
            because = f"{closure_id}/withdrawn"
            day_changes.follow(connection, desk, person, contract, day, because=because)
    day_changes.settle(desk, person)
    return {"withdrawn": withdrawn}


@router.post("/{slug}/sites", status_code=201, summary="Add a place by agreement")
def add_site(
    loaded: AccessedContract,
    person: SiteAdder,
    desk: TheDesk,
    key: IdempotencyKey,
    body: SiteRequest,
) -> dict[str, Any]:
    """Add a place for some days; a venue outside the city only if the city names it."""
    if body.from_day > body.to_day:
        raise FieldMissing("終わりの日は、始まりの日以後にしてください。")
    for words in (body.name, body.agreement, body.address, body.directions):
        refuse_forbidden(words)
    require_venue_place(loaded.contract, body.address, designated=body.designated)
    site_id = new_case_id(desk.clock())
    site = AddedSite(
        site_id=site_id,
        name=body.name,
        address=body.address,
        directions=body.directions,
        from_day=body.from_day,
        to_day=body.to_day,
        agreement=body.agreement,
        designated=body.designated,
        added_by=person.account_id,
        added_at=desk.clock(),
    )

    def add(connection: Connection) -> dict[str, Any]:
        contract_state.add_site(connection, person.municipality, loaded.contract.slug, site)
        return {"site_id": site_id}

    return once(desk, person, key=key, asked=f"site/{body!r}", do=add)


@router.post("/{slug}/activation", status_code=201, summary="Enter the contract date")
def activate(
    loaded: AccessedContract, person: Activator, desk: TheDesk, body: ActivationRequest
) -> dict[str, Any]:
    """Enter the day the contract was signed; without it no case of it can begin."""
    contract = loaded.contract.activated(body.contract_date)
    if body.contract_date > contract.term.end:
        raise FieldMissing("契約日は、契約の終わりより前の日にしてください。")
    with scope(desk.engine, person.municipality) as connection:
        contract_state.activate(
            connection,
            person.municipality,
            contract.slug,
            body.contract_date,
            by=person.account_id,
            at=desk.clock(),
        )
        signed = contract_state.contract_date(connection, person.municipality, contract.slug)
    return {"contract_date": signed}


@router.post("/{slug}/extension", status_code=201, summary="Prolong the term")
def extend(
    loaded: AccessedContract,
    person: Activator,
    desk: TheDesk,
    key: IdempotencyKey,
    body: ExtensionRequest,
) -> dict[str, Any]:
    """Let the contract run longer by an amendment (変更契約); it must have been signed."""
    refuse_forbidden(body.agreement)
    municipality = person.municipality

    def prolong(connection: Connection) -> dict[str, Any]:
        longer = running(desk, municipality, loaded).extended(body.until, body.agreement)
        extension = Extension(until=body.until, agreement=body.agreement.strip())
        if not contract_state.extend(connection, municipality, longer.slug, extension):
            raise ContractDateMissing("先に契約日を入力してください。")
        return {"until": body.until.isoformat(), "agreement": extension.agreement}

    return once(desk, person, key=key, asked=f"extension/{body!r}", do=prolong)


def _day_type(connection: Connection, contract: Contract, body: ClosureRequest) -> DayType:
    """Return what kind of day it has become."""
    slug = contract.slug
    added = contract_state.closures(connection, slug, slug, body.calendar)
    calendar = calendar_of(contract, body.calendar, [each.closure for each in added])
    return calendar.day(body.day).type


def _line(desk: Desk, slug: str) -> ContractLine:
    loaded = desk.book.current(slug)
    contract = loaded.contract
    return ContractLine(
        slug=slug,
        municipality=contract.municipality,
        title=contract.title,
        version=loaded.version,
        effective_from=contract.effective_from,
        term_start=contract.term.start,
        term_end=contract.term.end,
        channels=[channel.id for channel in contract.channels],
    )


def _clock(at: time | None) -> str | None:
    return at.strftime("%H:%M") if at is not None else None
