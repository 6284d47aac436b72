"""Reservations that wait for somebody, and how they come in, over HTTP.

Not entered into the city's system yet, displaced by a closure, to be phoned, not guided:
each with its due moment where it has one. Nobody's data is shown here.
"""

import base64
import binascii
import json
from datetime import date, datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, TheDesk
from domain.booking.reservation_parts import STAGE_TEXT, Stage
from domain.calendars.hours import local
from domain.errors import FieldMissing
from domain.parties import Action
from store import booking_shares, reservation_lists
from store.reservation_lists import AfterVisit, ReservationLine, Waits
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["reservations"])

Reader = Annotated[Person, Depends(require_action(Action.SEE_RESERVATIONS))]
Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]

_LONGEST_PAGE = 200
_LONGEST_SPAN = timedelta(days=800)


class WaitingBody(BaseModel):
    """One reservation that waits."""

    case_id: str
    case_number: str
    line: str
    venue: str
    starts_at: datetime
    people: int
    channel: str
    stage: str
    stage_text: str
    waits_for: list[Waits]
    due_at: datetime | None = Field(description="Until when it is to be entered.")
    stuck: str | None
    reference: str | None

    @classmethod
    def of(cls, line: ReservationLine) -> Self:
        """Copy what waits, and for what."""
        return cls(
            case_id=line.case_id,
            case_number=line.case_number,
            line=line.line,
            venue=line.site,
            starts_at=local(line.starts_at),
            people=line.party,
            channel=line.channel,
            stage=line.stage,
            stage_text=STAGE_TEXT[Stage(line.stage)],
            waits_for=list(reservation_lists.waits_for(line)),
            due_at=local(line.due_at) if line.due_at else None,
            stuck=line.stuck,
            reference=line.reference,
        )


class WaitingPage(BaseModel):
    """A page of them, the soonest visit first."""

    items: list[WaitingBody]
    next_cursor: str | None


class ShareBody(BaseModel):
    """How the bookings of one month came in."""

    month: str = Field(description="YYYY-MM, of the day on which they were made")
    bookings: int
    web: int
    web_share: float | None = Field(description="None where nothing was booked.")


class SharesBody(BaseModel):
    """Each month, also those without bookings."""

    items: list[ShareBody]
    next_cursor: None = None


@router.get("/reservations", summary="List reservations that wait for staff")
def list_waiting(
    loaded: AccessedContract,
    person: Reader,
    desk: TheDesk,
    waiting: Annotated[Waits | None, Query(description="省略すると、すべて")] = None,
    limit: Annotated[int, Query(ge=1, le=_LONGEST_PAGE)] = 50,
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> WaitingPage:
    """Return what somebody has to see to, the soonest visit first."""
    with scope(desk.engine, person.municipality) as connection:
        found = reservation_lists.waiting(
            connection,
            person.municipality,
            loaded.contract.slug,
            what=waiting,
            after=_after(cursor),
            limit=limit + 1,
        )
    page = found[:limit]
    return WaitingPage(
        items=[WaitingBody.of(line) for line in page],
        next_cursor=_cursor(page[-1]) if len(found) > limit else None,
    )


@router.get("/booking-shares", summary="Show by month how bookings come in")
def show_shares(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> SharesBody:
    """Return the share of bookings made on the web, by the month in which they were made."""
    if not timedelta(0) <= last - first <= _LONGEST_SPAN:
        raise FieldMissing("from と to は、800日以内の順に指定してください。")
    with scope(desk.engine, person.municipality) as connection:
        months = booking_shares.by_month(
            connection, person.municipality, loaded.contract.slug, first, last
        )
    return SharesBody(
        items=[
            ShareBody(
                month=f"{each.month:%Y-%m}",
                bookings=each.bookings,
                web=each.web,
                web_share=round(each.web / each.bookings, 4) if each.bookings else None,
            )
            for each in months
        ]
    )


def _cursor(line: ReservationLine) -> str:
    told = json.dumps([line.starts_at.isoformat(), line.case_id])
    return base64.urlsafe_b64encode(told.encode()).decode()


def _after(cursor: str) -> AfterVisit | None:
    if not cursor:
        return None
    try:
        starts_at, case_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = datetime.fromisoformat(starts_at)
    except (binascii.Error, ValueError, TypeError):
        raise FieldMissing("cursor が正しくありません。") from None
    if not isinstance(case_id, str) or moment.tzinfo is None:
        raise FieldMissing("cursor が正しくありません。")
    return AfterVisit(starts_at=moment, case_id=case_id)
