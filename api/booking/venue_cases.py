"""Places where a venue is to be opened, over HTTP: naming a candidate, and its report.

What follows, from the proposal to the end, are actions of its case (``api.cases``); the
days on which it is open stand in ``api.venues``.
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.booking import venues
from api.booking.day_changes import contract_now
from api.booking.venue_openings import goes_out
from api.counter.visits import OpenedBody
from api.deps import AccessedCase, AccessedContract, Desk, IdempotencyKey, TheDesk
from api.single_cases import Opening, open_one
from domain.booking.booking_errors import VenueDayRefused
from domain.booking.venue_case import Venue
from domain.booking.venue_opening import kit_of
from domain.case import CaseKind
from domain.contract import Contract
from domain.errors import CaseUnknown
from domain.parties import Action
from domain.places import plans_venues, require_venue_place
from domain.writing.privacy import refuse_forbidden
from store import venue_reports
from store.cases import CaseFile
from store.scope import scope
from workflows.venue_messages import OpenVenue

router = APIRouter(prefix="/api/v1/contracts/{slug}/venues", tags=["venues"])

Namer = Annotated[Person, Depends(require_action(Action.NAME_VENUE))]
Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]


class VenueRequest(BaseModel):
    """A place that could become a venue."""

    name: str = Field(min_length=1, max_length=200)
    address: str = Field(min_length=1, max_length=200, description="所在地")
    directions: str = Field(default="", max_length=500, description="行き方の案内")
    designated: bool = Field(default=False, description="市が指定した場所か")


class VenueReportBody(BaseModel):
    """What came of one venue until now."""

    case_id: str
    case_number: str
    name: str
    stage: str
    days_planned: int = Field(description="計画した会場の日（取りやめ・休止を除く）")
    days_held: int = Field(description="そのうち、終わった日")
    days_withdrawn: int = Field(description="取りやめた日")
    bookings: int = Field(description="予約（仮予約、取消、日時の再調整を除く）")
    people: int = Field(description="予約の人数")
    arrivals: int = Field(description="来場した予約")
    no_shows: int = Field(description="来場がなかった予約")
    applications: int = Field(description="この会場で始めた申請")
    leaflets: int = Field(description="配ったチラシ")


@router.post("", status_code=201, summary="Name a candidate for a venue")
def name_venue(
    loaded: AccessedContract,
    person: Namer,
    desk: TheDesk,
    key: IdempotencyKey,
    body: VenueRequest,
) -> OpenedBody:
    """Open the case of a place; outside the city only if the city names it."""
    for words in (body.name, body.address, body.directions):
        refuse_forbidden(words)
    if not goes_out(loaded.contract):
        raise VenueDayRefused("この契約に、日を決めて開く会場はありません。")
    require_venue_place(loaded.contract, body.address, designated=body.designated)

    def make(case_id: str, contract: Contract) -> Opening:
        named = Venue(
            case_id=case_id, named_by=person.role, kit=kit_of(contract), **body.model_dump()
        )
        return Opening(kind=CaseKind.VENUE, action="venue_named", value=named)

    answer = open_one(
        desk,
        person,
        loaded,
        key=key,
        asked=f"venue/{body!r}",
        make=make,
        start=lambda ref, opened: OpenVenue(case=ref, venue=_venue(opened)),
    )
    return OpenedBody(**answer)


@router.get("/{case_id}/report", summary="Report on one venue")
def report(
    loaded: AccessedContract, file: AccessedCase, person: Seer, desk: TheDesk
) -> VenueReportBody:
    """Return the days of a venue, and who booked, came and did not."""
    if file.kind is not CaseKind.VENUE or file.ref.contract != loaded.contract.slug:
        raise CaseUnknown("案件が見つかりません。")
    return report_of(desk, person, file)


def report_of(desk: Desk, person: Person, file: CaseFile) -> VenueReportBody:
    """Return what came of a venue until now."""
    ref, now = file.ref, desk.clock()
    contract = contract_now(desk, ref.municipality, desk.book.current(ref.contract))
    with scope(desk.engine, ref.municipality) as connection:
        days = _days(connection, person, contract, file, now)
        counts = venue_reports.of_site(connection, ref.municipality, ref.contract, ref.case_id)
    return VenueReportBody(
        case_id=ref.case_id,
        case_number=file.case_number,
        name=str(file.state["value"]["name"]),
        stage=file.stage,
        days_planned=days[0],
        days_held=days[1],
        days_withdrawn=days[2],
        bookings=counts.bookings,
        people=counts.people,
        arrivals=counts.arrivals,
        no_shows=counts.no_shows,
        applications=counts.applications,
        leaflets=sum(each["leaflets"] for each in file.state["value"].get("days", ())),
    )


def _days(
    connection: Connection, person: Person, contract: Contract, file: CaseFile, now: datetime
) -> tuple[int, int, int]:
    """Return the days planned, held and taken back; outside, those that were arranged."""
    if plans_venues(contract):
        return venues.days_of(connection, person, contract, file.ref.case_id, now)
    days = file.state["value"].get("days", ())
    return len(days), sum(each["ended_at"] is not None for each in days), 0


def _venue(opened: Opening) -> Venue:
    assert isinstance(opened.value, Venue)
    return opened.value
