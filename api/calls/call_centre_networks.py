"""The networks that a call centre's agents work from, over HTTP.

Belongs here: registering and withdrawing one. Does not belong here: places and their approval
(``api.calls.call_centre_places``, which also lists the networks), who is kept out
(``api.access.admission``).
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, IdempotencyKey, TheDesk
from api.once import once
from domain.access.networks import network_of
from domain.errors import FieldMissing
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import call_centre_places, networks
from store.scope import scope

router = APIRouter(
    prefix="/api/v1/contracts/{slug}/call-centre-places/{number}/networks",
    tags=["call centre"],
)

Registrar = Annotated[Person, Depends(require_action(Action.REGISTER_NETWORK))]


class NetworkRequest(BaseModel):
    """A network of a place."""

    network: str = Field(
        min_length=1, max_length=60, description="203.0.113.8 か 203.0.113.0/24"
    )
    label: str = Field(default="", max_length=80, description="回線の呼び名")


@router.post("", status_code=201, summary="Register a network of a place")
def register_network(
    number: int,
    loaded: AccessedContract,
    person: Registrar,
    desk: TheDesk,
    key: IdempotencyKey,
    body: NetworkRequest,
) -> dict[str, Any]:
    """Let agents work from a network, as soon as its place is the one in use."""
    refuse_forbidden(body.label)
    slug, network = loaded.contract.slug, network_of(body.network)

    def register(connection: Connection) -> dict[str, Any]:
        found = call_centre_places.places(connection, person.municipality, slug)
        if all(each.number != number for each in found):
            raise FieldMissing("この番号の場所は届け出られていません。")
        registered = networks.register(
            connection,
            person.municipality,
            slug,
            number,
            network=network,
            label=body.label.strip(),
            by=person.account_id,
            at=desk.clock(),
        )
        return {"number": registered, "network": network}

    return once(desk, person, key=key, asked=f"network/{number}/{body!r}", do=register)


@router.post("/{network}/withdraw", summary="Withdraw a network of a place")
def withdraw_network(
    number: int, network: int, loaded: AccessedContract, person: Registrar, desk: TheDesk
) -> dict[str, bool]:
    """Let nobody work from a network any more; who is in from there is out at once."""
    with scope(desk.engine, person.municipality) as connection:
        withdrawn = networks.withdraw(
            connection,
            person.municipality,
            loaded.contract.slug,
            number,
            network,
            by=person.account_id,
            at=desk.clock(),
        )
    return {"withdrawn": withdrawn}
