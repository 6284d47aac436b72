"""Where a city gets its reservation lists, as a page for those who answer for it.

The password is shown once, on the answer to the form that set it, and nowhere else.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import SecretStr

from api.access.door import Person
from api.booking import list_recipients as routes
from api.booking.list_recipients import RecipientRequest, Setter
from api.deps import Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, failed
from api.pages.rendering import page
from domain.errors import DomainError
from domain.sending.list_recipient import SHORTEST_PASSWORD

router = APIRouter(prefix="/list-recipient", include_in_schema=False)


@router.get("")
def show(request: Request, person: Setter, desk: TheDesk) -> Response:
    """Show what holds now, and ask for something else."""
    return _page(request, person, desk)


@router.post("")
def change(request: Request, person: Setter, desk: TheDesk, posted: Posted) -> Response:
    """Let something else hold; show its password once."""
    loaded = desk.book.current(person.municipality)
    body = RecipientRequest(
        address=posted.text("address")[:254],
        password=SecretStr(posted.text("password")[:100]),
        agreement=posted.text("agreement")[:200],
    )
    try:
        told = routes.succeed(desk, person, loaded, body)
    except DomainError as refused:
        return _page(request, person, desk, failed=failed("recipient", posted, refused))
    return _page(request, person, desk, password=told.password)


def _page(
    request: Request,
    person: Person,
    desk: Desk,
    *,
    failed: Failed | None = None,
    password: str = "",
) -> Response:
    loaded = desk.book.current(person.municipality)
    answer = page(
        request,
        person,
        "list_recipient",
        status=failed.told.status if failed else 200,
        current=routes.current(desk, person, loaded),
        password=password,
        shortest=SHORTEST_PASSWORD,
        failed=failed,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
