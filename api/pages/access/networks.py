"""Registering and withdrawing networks on the contract's page; it shows them with the place.

What the forms ask is answered by ``api.calls.call_centre_networks``.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.calls import call_centre_networks as routes
from api.deps import TheDesk
from api.pages.contract import contract_page
from api.pages.desk.sending import Posted, failed, see_other
from domain.errors import DomainError, FieldMissing

router = APIRouter(
    prefix="/contract/call-centre-places/{number}/networks", include_in_schema=False
)


@router.post("")
def register(
    number: int, request: Request, person: routes.Registrar, desk: TheDesk, posted: Posted
) -> Response:
    """Register a network of a place."""
    loaded = desk.book.current(person.municipality)
    try:
        network = posted.text("network").strip()
        if not 1 <= len(network) <= 60:
            raise FieldMissing("「回線」を入力してください。")
        body = routes.NetworkRequest(network=network, label=posted.text("label").strip()[:80])
        routes.register_network(number, loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return contract_page(request, person, desk, failed("network", posted, refused))
    return see_other("/contract#centre-title")


@router.post("/{network}/withdraw")
def withdraw(
    number: int, network: int, person: routes.Registrar, desk: TheDesk, posted: Posted
) -> Response:
    """Withdraw a network; who is in from there is out at once."""
    loaded = desk.book.current(person.municipality)
    routes.withdraw_network(number, network, loaded, person, desk)
    return see_other("/contract#centre-title")
