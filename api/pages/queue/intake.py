"""The floor manager's page: giving out numbers, seeing the lines, closing them.

Belongs here: that page and the paper number. Does not belong here: desks that call
(``api.pages.queue.seats``), what giving out a number is (``api.queue.tickets``).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.catalogue.catalogue import offered_today
from api.deps import AccessedCase, Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from api.queue import boards, tickets
from api.queue.places import hall_of, places_of
from domain.catalogue.catalogue import OfferKind
from domain.errors import DomainError, FieldMissing
from domain.parties import Action, allowed
from domain.queue.queue_rules import Numbering, QueueRules

router = APIRouter(prefix="/queue", include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_QUEUE))]
Receptionist = Annotated[Person, Depends(require_action(Action.ISSUE_TICKET))]
Closer = Annotated[Person, Depends(require_action(Action.CLOSE_LINE))]


@router.get("")
def show(request: Request, person: Seer, desk: TheDesk) -> Response:
    """Show the lines of a place, with what a new number asks."""
    return _intake_page(request, person, desk)


@router.post("")
def issue(request: Request, person: Receptionist, desk: TheDesk, posted: Posted) -> Response:
    """Give out a number, and be ready for the next one."""
    loaded = desk.book.current(person.municipality)
    place = posted.text("place")[:80]
    try:
        body = tickets.TicketRequest(
            line=posted.text("line")[:80],
            place=place,
            resident={"yes": True, "no": False}.get(posted.text("resident")),
            reason=posted.text("reason")[:200],
            procedure=posted.text("procedure")[:80],
            number=_number(posted.text("number")),
        )
        issued = tickets.issue_ticket(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _intake_page(request, person, desk, failed("issue", posted, refused))
    return see_other(f"/queue?place={place}&issued={issued.case_id}")


@router.post("/close")
def close(request: Request, person: Closer, desk: TheDesk, posted: Posted) -> Response:
    """Close the lines of a place for today."""
    loaded = desk.book.current(person.municipality)
    place = posted.text("place")[:80]
    try:
        if posted.text("sure") != "yes":
            raise FieldMissing("「待っている方に案内しました」を確かめてください。")
        body = tickets.ClosingRequest(place=place)
        closed = tickets.close_lines(loaded, person, desk, body)
    except DomainError as refused:
        return _intake_page(request, person, desk, failed("close", posted, refused))
    return see_other(f"/queue?place={place}&ended={closed.ended}")


@router.get("/paper/{case_id}")
def paper(request: Request, file: AccessedCase, person: Seer, desk: TheDesk) -> Response:
    """Show a number as it is printed and handed over."""
    value = tickets.ticket_in(file)
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    places = places_of(desk, person.municipality, contract)
    assert contract.queue is not None, "its numbers are given out by rules"
    return page(
        request,
        person,
        "queue/paper",
        ticket=value,
        number=file.case_number,
        line=contract.queue.line(value.line).label,
        place=places.get(value.place, ""),
        city=contract.municipality,
    )


def _intake_page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    loaded = desk.book.current(person.municipality)
    contract = loaded.contract
    places = places_of(desk, person.municipality, contract)
    asked = request.query_params
    wanted = failed.typed.get("place", "") if failed else asked.get("place", "")
    place = wanted if wanted in places else next(iter(places), "")
    hall = hall_of(desk, person, loaded, place) if place else None
    found = tickets.lines_of(desk, hall) if hall else None
    issued = (
        next((each for each in found.tickets if each.case_id == asked.get("issued")), None)
        if found
        else None
    )
    return page(
        request,
        person,
        "queue/intake",
        status=failed.told.status if failed else 200,
        rules=contract.queue,
        places=places,
        place=place,
        found=found,
        issued=issued,
        ended=asked.get("ended", "") if asked.get("ended", "").isdecimal() else "",
        lines={line.id: line.label for line in contract.queue.lines} if contract.queue else {},
        desks={seat.id: seat.label for seat in contract.queue.desks} if contract.queue else {},
        machines=_machines(contract.queue),
        procedures=offered_today(desk, person, contract).selectable(OfferKind.PROCEDURE),
        board=boards.link_to(desk, person.municipality, place) if place else "",
        may_issue=allowed(person.role, Action.ISSUE_TICKET),
        failed=failed,
    )


def _machines(rules: QueueRules | None) -> frozenset[str]:
    """Return the lines whose numbers come from a machine."""
    lines = rules.lines if rules else ()
    return frozenset(line.id for line in lines if line.numbering is Numbering.MACHINE)


def _number(text: str) -> int | None:
    if not text.strip():
        return None
    if not (text.isascii() and text.strip().isdecimal() and 1 <= int(text.strip()[:6]) <= 9999):
        raise FieldMissing("「発券機の番号」は1から9999までの数で入力してください。")
    return int(text.strip())
