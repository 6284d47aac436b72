"""Where a call centre works, over HTTP: proposed by the provider, approved by the city.

Belongs here: the places of one contract and their approval (Chiba 第1-7(1), Ageo §5(3)②). Does
not belong here: their networks (``api.calls.call_centre_networks``), venues (``api.contracts``
adds them, ``api.booking.venues`` plans their days), what an address must say
(``domain.places``).
"""

from collections.abc import Sequence
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
from domain.parties import Action, allowed
from domain.places import (
    call_centre_site,
    needs_approval_document,
    require_call_centre_place,
)
from domain.writing.privacy import refuse_forbidden
from store import call_centre_places, networks
from store.call_centre_places import CallCentrePlace
from store.networks import Network
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


class ApprovalRequest(BaseModel):
    """What the city approves a place by."""

    document: str = Field(
        default="", max_length=200, description="承認書の番号と日付、保管場所"
    )


class NetworkBody(BaseModel):
    """A network that the place's agents work from."""

    number: int
    network: str
    label: str
    registered_at: datetime


class PlaceBody(BaseModel):
    """A place, and whether it may be used."""

    number: int
    name: str
    address: str
    country: str
    proposed_at: datetime
    approved_at: datetime | None
    active: bool = Field(description="市が承認し、いま使える場所か")
    approval_document: str | None
    networks: list[NetworkBody] = Field(
        description="登録した回線。管理者・市・監査の担当にだけ示す"
    )

    @classmethod
    def of(
        cls,
        found: CallCentrePlace,
        active: CallCentrePlace | None,
        registered: Sequence[Network] = (),
    ) -> Self:
        """Copy a place."""
        return cls(
            number=found.number,
            name=found.name,
            address=found.address,
            country=found.country,
            proposed_at=local(found.proposed_at),
            approved_at=local(found.approved_at) if found.approved_at else None,
            active=found == active,
            approval_document=found.approval_document,
            networks=[
                NetworkBody(
                    number=each.number,
                    network=each.network,
                    label=each.label,
                    registered_at=local(each.registered_at),
                )
                for each in registered
                if each.place == found.number
            ],
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
    number: int,
    loaded: AccessedContract,
    person: Approver,
    desk: TheDesk,
    body: ApprovalRequest | None = None,
) -> dict[str, bool]:
    """Let a place be used from now on; approving it again changes nothing."""
    slug = loaded.contract.slug
    document = (body or ApprovalRequest()).document.strip()
    refuse_forbidden(document)
    if needs_approval_document(loaded.contract) and not document:
        raise FieldMissing("承認書の番号と日付を入力してください。承認書がないと使えません。")
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
            document=document or None,
        )
    return {"approved": approved}


def known(desk: Desk, person: Person, loaded: LoadedContract) -> list[PlaceBody]:
    """Return every place that was proposed for a contract."""
    mine = person.municipality, loaded.contract.slug
    with scope(desk.engine, person.municipality) as connection:
        found = call_centre_places.places(connection, *mine)
        # Where a city's agents can be got at is not for everybody to know.
        shown = allowed(person.role, Action.READ_AUDIT)
        registered = networks.registered(connection, *mine) if shown else []
    active = call_centre_places.active(found)
    return [PlaceBody.of(each, active, registered) for each in found]


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
