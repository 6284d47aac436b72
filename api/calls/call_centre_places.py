"""Where a call centre works, over HTTP: proposed by the provider, approved by the city.

Belongs here: the places of one contract and their approval (Chiba 第1-7(1)). Does not belong
here: venues (``api.contracts`` adds them, ``api.booking.venues`` plans their days), what an
address must say (``domain.places``).
"""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from api.once import once
from contracts.loader import LoadedContract
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import FieldMissing, PlaceNotApproved
from domain.parties import Action
from domain.places import call_centre_site, require_call_centre_place
from domain.writing.privacy import refuse_forbidden
from store import call_centre_places
from store.call_centre_places import CallCentrePlace
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/call-centre-places", tags=["call centre"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Proposer = Annotated[Person, Depends(require_action(Action.PROPOSE_PLACE))]
Approver = Annotated[Person, Depends(require_action(Action.APPROVE_PLACE))]


class PlaceRequest(BaseModel):
    """A place that the provider has prepared."""

    name: str = Field(min_length=1, max_length=200)
    address: str = Field(min_length=1, max_length=200, description="所在地。都道府県から")
    country: str = Field(
        default="JP", pattern="^[A-Z]{2}$", description="国（ISO 3166-1の2文字）"
    )


class PlaceBody(BaseModel):
    """A place, and whether it may be used."""

    number: int
    name: str
    address: str
    country: str
    proposed_at: datetime
    approved_at: datetime | None
    active: bool = Field(description="市が承認し、いま使える場所か")

    @classmethod
    def of(cls, found: CallCentrePlace, active: CallCentrePlace | None) -> Self:
        """Copy a place."""
        return cls(
            number=found.number,
            name=found.name,
            address=found.address,
            country=found.country,
            proposed_at=local(found.proposed_at),
            approved_at=local(found.approved_at) if found.approved_at else None,
            active=found == active,
        )


class PlacePage(BaseModel):
    """Every place that was proposed, in that order."""

    items: list[PlaceBody]
    next_cursor: None = None


@router.get("", summary="List where the call centre may work")
def list_places(loaded: AccessedContract, person: Seer, desk: TheDesk) -> PlacePage:
    """Return the places with their approval; the last one approved may be used."""
    return PlacePage(items=known(desk, person, loaded))


@router.post("", status_code=201, summary="Propose where the call centre works")
def propose_place(
    loaded: AccessedContract,
    person: Proposer,
    desk: TheDesk,
    key: IdempotencyKey,
    body: PlaceRequest,
) -> dict[str, Any]:
    """Propose a place; it may be used once the city has approved it."""
    contract = loaded.contract
    for words in (body.name, body.address):
        refuse_forbidden(words)
    require_call_centre_place(contract, body.address, country=body.country)

    def propose(connection: Connection) -> dict[str, Any]:
        number = call_centre_places.propose(
            connection,
            person.municipality,
            contract.slug,
            name=body.name.strip(),
            address=body.address.strip(),
            country=body.country,
            by=person.account_id,
            at=desk.clock(),
        )
        return {"number": number}

    return once(desk, person, key=key, asked=f"call-centre-place/{body!r}", do=propose)


@router.post("/{number}/approve", summary="Approve a place")
def approve_place(
    number: int, loaded: AccessedContract, person: Approver, desk: TheDesk
) -> dict[str, bool]:
    """Let a place be used from now on; approving it again changes nothing."""
    slug = loaded.contract.slug
    with scope(desk.engine, person.municipality) as connection:
        found = call_centre_places.places(connection, person.municipality, slug)
        if all(each.number != number for each in found):
            raise FieldMissing("この番号の場所は届け出られていません。")
        approved = call_centre_places.approve(
            connection,
            person.municipality,
            slug,
            number,
            by=person.account_id,
            at=desk.clock(),
        )
    return {"approved": approved}


def known(desk: Desk, person: Person, loaded: LoadedContract) -> list[PlaceBody]:
    """Return every place that was proposed for a contract."""
    with scope(desk.engine, person.municipality) as connection:
        found = call_centre_places.places(connection, person.municipality, loaded.contract.slug)
    active = call_centre_places.active(found)
    return [PlaceBody.of(each, active) for each in found]


def require_usable(
    connection: Connection, municipality: str, contract: Contract, site: str
) -> None:
    """Return unless ``site`` is a call centre whose place the city has not approved.

    Raises:
        PlaceNotApproved: No place of it was approved.
    """
    centre = call_centre_site(contract)
    if centre is None or centre.id != site:
        return
    found = call_centre_places.places(connection, municipality, contract.slug)
    if call_centre_places.active(found) is None:
        raise PlaceNotApproved("コールセンターの場所を、まだ市が承認していません。")
