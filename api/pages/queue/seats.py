"""A desk's page: call the next number, call again, serve, end.

Belongs here: what one desk sees and does. Does not belong here: giving out numbers
(``api.pages.queue.intake``), what is done for who came (``api.pages.counter``).
"""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api import cases as routes
from api.access.auth import TheDoor, require_action
from api.access.door import Person
from api.deps import AccessedCase, Desk, TheDesk
from api.pages.desk.sending import REFUSALS, Failed, Posted, failed, see_other
from api.pages.rendering import page
from api.queue import calls, tickets
from api.queue.places import hall_of, places_of
from domain.errors import ActionUnknown, DomainError
from domain.parties import Action
from domain.queue.ticket import AT_A_DESK, Stage, Step

router = APIRouter(prefix="/queue/desk", include_in_schema=False)

Caller = Annotated[Person, Depends(require_action(Action.CALL_NEXT))]

_ASKED: Final = ("result", "line", "reason")


@router.get("")
def show(request: Request, person: Caller, desk: TheDesk) -> Response:
    """Show a desk: whom it has, and who waits in its lines."""
    return _desk_page(request, person, desk, request.query_params.get("desk", ""))


@router.post("/call")
def call(request: Request, person: Caller, desk: TheDesk, posted: Posted) -> Response:
    """Call the next number."""
    loaded = desk.book.current(person.municipality)
    seat, place = posted.text("desk")[:80], posted.text("place")[:80]
    try:
        body = calls.CallRequest(desk=seat, place=place)
        calls.call_next(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _desk_page(request, person, desk, seat, failed("call", posted, refused))
    return see_other(_path(place, seat))


@router.post("/{case_id}/{action}")
async def act(
    action: str,
    request: Request,
    file: AccessedCase,
    person: Caller,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Take a step of the number, and come back to the desk."""
    seat, place = posted.text("desk")[:80], posted.text("place")[:80]
    given = {name: posted.text(name) for name in _ASKED if posted.text(name)}
    try:
        if action not in set(Step):
            raise ActionUnknown("この画面にない操作です。")
        await routes.do_action(action, file, person, desk, door, posted.key, request, given)
    except REFUSALS as refused:
        again = failed(f"{action}-{file.ref.case_id}", posted, refused)
        return await run_in_threadpool(_desk_page, request, person, desk, seat, again)
    if posted.text("back") == "hall":
        return see_other(f"/queue?{urlencode({'place': place})}")
    return see_other(_path(place, seat))


def _path(place: str, seat: str) -> str:
    return f"/queue/desk?{urlencode({'place': place, 'desk': seat})}"


def _desk_page(
    request: Request, person: Person, desk: Desk, wanted: str, failed: Failed | None = None
) -> Response:
    loaded = desk.book.current(person.municipality)
    contract = loaded.contract
    places = places_of(desk, person.municipality, contract)
    rules = contract.queue
    asked = failed.typed.get("place", "") if failed else request.query_params.get("place", "")
    place = asked if asked in places else next(iter(places), "")
    seat = next((each for each in rules.desks if each.id == wanted), None) if rules else None
    hall = hall_of(desk, person, loaded, place) if place else None
    found = tickets.lines_of(desk, hall) if hall else None
    everybody = found.tickets if found else []
    mine = [e for e in everybody if seat and e.desk == seat.id and e.stage in AT_A_DESK]
    return page(
        request,
        person,
        "queue/desk",
        status=failed.told.status if failed else 200,
        rules=rules,
        places=places,
        place=place,
        seat=seat,
        here=mine[0] if mine else None,
        waiting=[
            each
            for each in everybody
            if seat and each.line in seat.lines and each.stage is Stage.WAITING
        ],
        lines={line.id: line.label for line in rules.lines} if rules else {},
        failed=failed,
    )
