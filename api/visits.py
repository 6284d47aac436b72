"""Visitors at the counter over HTTP: received only while reception is open."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api import visit_bookings
from api.auth import require_action
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from api.door import Person
from api.single_cases import Opening, open_one
from domain.case import CaseKind
from domain.contract import Contract, calendar_of_channel
from domain.errors import FieldMissing, ReceptionClosed
from domain.hours import local
from domain.parties import Action
from domain.visit import Visit
from store import contract_state
from store.scope import scope
from workflows.messages import OpenVisit

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["visits"])

Receiver = Annotated[Person, Depends(require_action(Action.RECEIVE_VISITOR))]


class VisitRequest(BaseModel):
    """A visitor, and what they came for."""

    procedure: str = Field(max_length=80, description="手続のコード")
    channel: str = Field(default="counter", max_length=80)
    reservation: str = Field(
        default="", max_length=80, description="予約の番号。予約が要る手続では必須"
    )


class OpenedBody(BaseModel):
    """A case that was opened."""

    case_id: str
    case_number: str


@router.post("/visits", status_code=201, summary="Receive a visitor")
def receive_visitor(
    loaded: AccessedContract,
    person: Receiver,
    desk: TheDesk,
    key: IdempotencyKey,
    body: VisitRequest,
) -> OpenedBody:
    """Open a visit; refused outside reception hours, whatever happens afterwards.

    Where nobody is served without a booking, that of today is named, and its people are
    recorded as here.
    """

    def make(case_id: str, contract: Contract) -> Opening:
        _require_open(desk, person, contract, body)
        booked = visit_bookings.require_reservation(
            desk, person, loaded, contract, body.procedure, body.reservation, key=key
        )
        visit = Visit(case_id=case_id, procedure=body.procedure, received_by=person.role)
        return Opening(
            kind=CaseKind.VISIT,
            action="visitor_received",
            value=visit,
            detail={
                "procedure": body.procedure,
                "channel": body.channel,
                **({"reservation": booked.case_number} if booked else {}),
            },
        )

    answer = open_one(
        desk,
        person,
        loaded,
        key=key,
        asked=f"visit/{body.procedure}/{body.channel}{_and(body.reservation)}",
        make=make,
        start=lambda ref, opened: OpenVisit(case=ref, visit=_visit(opened)),
    )
    return OpenedBody(**answer)


def _and(reservation: str) -> str:
    return f"/{reservation}" if reservation else ""


def _visit(opened: Opening) -> Visit:
    assert isinstance(opened.value, Visit)
    return opened.value


def _require_open(desk: Desk, person: Person, contract: Contract, body: VisitRequest) -> None:
    """Refuse a procedure the contract does not have, and any outside reception hours."""
    procedure = contract.procedure(body.procedure)
    if procedure is None:
        raise FieldMissing("この契約にない手続です。")
    if all(channel.id != body.channel for channel in contract.channels):
        raise FieldMissing("この契約にない窓口です。")
    name = contract.channel(body.channel).calendar
    with scope(desk.engine, person.municipality) as connection:
        added = contract_state.closures(connection, person.municipality, contract.slug, name)
    closures = [each.closure for each in added]
    calendar = calendar_of_channel(contract, body.channel, closures)
    reception = calendar.reception(local(desk.clock()))
    if not reception.accepted:
        raise ReceptionClosed(reception.reason)
    visit_bookings.require_venue(desk, person, contract, body.procedure)
