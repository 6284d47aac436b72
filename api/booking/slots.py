"""Times that can be booked, for everybody: no account, nothing personal."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.booking import booking_plan
from api.deps import Desk, SeenContract, TheDesk
from api.obligations.held_lately import held_lately
from api.running_lately import running_lately
from contracts.loader import LoadedContract
from domain.booking.booking_rules import BookingChannel, BookingLine
from domain.booking.slots import last_bookable_day, require_bookable
from domain.calendars.hours import local
from domain.errors import FieldMissing
from store.availability import AVAILABILITY
from store.inventory import Shelf

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["reservations"])


@router.get("/slots", summary="Show times and free places")
def show_slots(
    loaded: SeenContract,
    desk: TheDesk,
    line: Annotated[str, Query(max_length=80)],
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    venue: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """Return the times that can be booked now, by time and venue, with what is free.

    Times before the window opens or after it has closed are left out, and all of them while
    booking waits for something that the contract wants first.
    """
    items = free_times(desk, loaded, line, first=first, last=last, venue=venue)
    if held_lately(desk, loaded.contract).booking(loaded.contract, BookingChannel.WEB):
        items = "[]"  # nothing can be booked here yet
    body = f'{{"items":{items},"next_cursor":null}}'
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def free_times(
    desk: Desk,
    loaded: LoadedContract,
    line_id: str,
    *,
    first: date | None = None,
    last: date | None = None,
    venue: str = "",
) -> str:
    """Return the bookable times of some days as a JSON list; today and later only.

    Raises:
        UnknownLine, NotBookable: There is nothing to be booked.
        FieldMissing: The days are in the wrong order.
    """
    if first is not None and last is not None and last < first:
        raise FieldMissing("from と to は、順に指定してください。")
    contract = running_lately(desk, loaded.contract.slug, loaded)
    line = contract.booking(line_id)
    require_bookable(line)
    if not line.has_slots:
        return "[]"  # the times are the city system's
    now = desk.clock()
    begins, ends = _span(line, local(now).date(), first, last, last_bookable_day(line, now))
    if ends < begins:
        return "[]"
    municipality = loaded.contract.slug
    booking_plan.ensure(desk, municipality, contract, line, ends)
    shelf = Shelf(municipality=municipality, contract=contract.slug, line=line.id, site=venue)
    # Whatever begins sooner can no longer be booked.
    after = now + timedelta(minutes=line.closes_minutes_before)
    return AVAILABILITY.read(desk.engine, shelf, begins, ends, after)


def _span(
    line: BookingLine, today: date, first: date | None, last: date | None, end: date | None
) -> tuple[date, date]:
    until = end or booking_plan.horizon(line, today)
    return max(first or today, today), min(last or until, until)
