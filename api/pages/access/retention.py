"""How long cases are kept, as a page: lists before the city, what became of them, holds."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access import retention as routes
from api.access.door import Person
from api.deps import Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.errors import DomainError, FieldMissing
from domain.parties import Action, allowed

router = APIRouter(prefix="/retention", include_in_schema=False)

_LONGEST_CAUSE = 200


@router.get("")
def show(request: Request, person: routes.Reader, desk: TheDesk) -> Response:
    """Show what the contract says, the lists and the holds."""
    return _page(request, person, desk)


@router.get("/lists/{number}")
def show_list(number: int, request: Request, person: routes.Reader, desk: TheDesk) -> Response:
    """Show the cases of a list, and what became of each."""
    loaded = desk.book.current(person.municipality)
    found = routes.show_list(number, loaded, person, desk)
    status = routes.show_retention(loaded, person, desk)
    one = next(each for each in status.lists if each.number == number)
    may = allowed(person.role, Action.APPROVE_DISPOSAL)
    return page(
        request, person, "access/disposal_list", list=one, items=found.items, may_approve=may
    )


@router.post("/lists")
def make_list(
    request: Request, person: routes.Lister, desk: TheDesk, posted: Posted
) -> Response:
    """Put what is due on a list for the city."""
    loaded = desk.book.current(person.municipality)
    try:
        made = routes.make_list(loaded, person, desk, posted.key)
    except DomainError as refused:
        return _page(request, person, desk, failed("list", posted, refused))
    return see_other(f"/retention/lists/{made['number']}")


@router.post("/lists/{number}/approve")
def approve(number: int, person: routes.Approver, desk: TheDesk, posted: Posted) -> Response:
    """Let the job dispose of a list."""
    loaded = desk.book.current(person.municipality)
    routes.approve_list(number, loaded, person, desk)
    return see_other(f"/retention/lists/{number}")


@router.post("/holds")
def hold(request: Request, person: routes.Holder, desk: TheDesk, posted: Posted) -> Response:
    """Keep a case whatever its retention says."""
    loaded = desk.book.current(person.municipality)
    try:
        number, cause = posted.text("case_number").strip(), posted.text("cause").strip()
        if not number or len(cause) < 2 or len(cause) > _LONGEST_CAUSE:
            raise FieldMissing("「案件番号」と「理由」（200文字まで）を入力してください。")
        body = routes.HoldRequest(case_number=number[:40], cause=cause)
        routes.hold_case(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("hold", posted, refused))
    return see_other("/retention")


@router.post("/holds/{hold_id}/lift")
def lift(hold_id: str, person: routes.Holder, desk: TheDesk, posted: Posted) -> Response:
    """Let a case go the way of its retention again."""
    loaded = desk.book.current(person.municipality)
    routes.lift_hold(hold_id, loaded, person, desk)
    return see_other("/retention")


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    loaded = desk.book.current(person.municipality)
    return page(
        request,
        person,
        "access/retention",
        status=failed.told.status if failed else 200,
        found=routes.show_retention(loaded, person, desk),
        may_list=allowed(person.role, Action.LIST_FOR_DISPOSAL),
        may_hold=allowed(person.role, Action.HOLD_CASE),
        failed=failed,
    )
