"""Desks report over HTTP that they are ready; late ones are recorded as late."""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.calls.call_centre_places import require_usable
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk, in_force, new_case_id
from api.once import once
from domain.calendars.calendar import Calendar
from domain.calendars.hours import local
from domain.calendars.readiness import readiness
from domain.contract import Contract, calendar_of_channel
from domain.errors import FieldMissing
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import check_ins, contract_state
from store.check_ins import CheckIn
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/check-ins", tags=["check-ins"])

Worker = Annotated[Person, Depends(require_action(Action.CHECK_IN))]
Reader = Annotated[Person, Depends(require_action(Action.READ_AUDIT))]

_LONGEST_SPAN = timedelta(days=400)


class CheckInRequest(BaseModel):
    """Which desk is ready."""

    site: str = Field(max_length=80, description="契約の場所、または追加した場所のID")
    desk: str = Field(min_length=1, max_length=40)


class CheckInBody(BaseModel):
    """A desk that reported being ready."""

    check_in_id: str
    site: str
    desk: str
    day: date
    at: datetime
    ready_by: str | None
    late: bool | None = Field(description="null: the contract names no time for this day")
    account_id: str

    @classmethod
    def of(cls, found: CheckIn) -> "CheckInBody":
        """Copy the report."""
        return cls(
            check_in_id=found.check_in_id,
            site=found.site,
            desk=found.desk,
            day=found.day,
            at=found.at,
            ready_by=found.ready_by,
            late=found.late,
            account_id=found.account_id,
        )


class CheckInPage(BaseModel):
    """Reports of some days, in their order."""

    items: list[CheckInBody]
    next_cursor: None = None


@router.post("", status_code=201, summary="Report a desk as ready")
def check_in(
    loaded: AccessedContract,
    person: Worker,
    desk: TheDesk,
    key: IdempotencyKey,
    body: CheckInRequest,
) -> CheckInBody:
    """Record when a desk was ready; the first report of a desk on a day counts."""
    refuse_forbidden(body.desk)
    now = local(desk.clock())
    contract = in_force(desk, person, loaded, now.date())
    calendar = _calendar_at(desk, person, contract, body.site, now.date())
    found = readiness(calendar.day(now.date()), now)
    report = CheckIn(
        check_in_id=new_case_id(now),
        contract=contract.slug,
        site=body.site,
        desk=body.desk.strip(),
        day=now.date(),
        at=now,
        ready_by=found.ready_by.strftime("%H:%M") if found.ready_by else None,
        late=found.late,
        account_id=person.account_id,
    )
    answer = once(
        desk,
        person,
        key=key,
        asked=f"check-in/{body.site}/{body.desk}",
        do=lambda connection: CheckInBody.of(
            check_ins.keep(connection, person.municipality, report)
        ).model_dump(mode="json"),
    )
    return CheckInBody.model_validate(answer)


@router.get("", summary="List the desks that reported")
def list_check_ins(
    loaded: AccessedContract,
    person: Reader,
    desk: TheDesk,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    late: bool | None = None,
) -> CheckInPage:
    """Return the reports of some days; with ``late`` only the violations."""
    if not timedelta(0) <= last - first <= _LONGEST_SPAN:
        raise FieldMissing("from と to は、400日以内の順に指定してください。")
    with scope(desk.engine, person.municipality) as connection:
        found = check_ins.check_ins(
            connection, person.municipality, loaded.contract.slug, first, last, late=late
        )
    return CheckInPage(items=[CheckInBody.of(each) for each in found])


def _calendar_at(
    desk: Desk, person: Person, contract: Contract, site: str, day: date
) -> Calendar:
    """Return the calendar that holds at a place.

    Raises:
        FieldMissing: The contract has no such place on this day.
        PlaceNotApproved: It is a call centre whose place the city has not approved.
    """
    with scope(desk.engine, person.municipality) as connection:
        require_usable(connection, person.municipality, contract, site)
        added = contract_state.sites(connection, person.municipality, contract.slug)
        closed = contract_state.closures(connection, person.municipality, contract.slug)
    there = {each.site_id for each in added if each.from_day <= day <= each.to_day}
    channels = [channel for channel in contract.channels if channel.site == site]
    if not channels and site in there:
        channels = list(contract.channels)
    if not channels:
        raise FieldMissing("この契約にない場所です。")
    closures = [each.closure for each in closed if each.calendar == channels[0].calendar]
    return calendar_of_channel(contract, channels[0].id, closures)
