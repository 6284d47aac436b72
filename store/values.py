"""Cases as values of the domain, read back from what the record keeps of them."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from domain.actions import Value
from domain.applications.application import Application
from domain.booking.reservation import Reservation
from domain.booking.venue_case import Venue
from domain.calls.external_entry import ExternalEntry
from domain.calls.inquiry import Inquiry
from domain.case import CaseKind
from domain.citywork.city_record import CityRecord
from domain.defects.defect import Defect
from domain.handoff import Handoff
from domain.incidents.incident import Incident
from domain.lots.card import Card
from domain.lots.lot import Lot
from domain.lots.returned_mail import ReturnedMail
from domain.obligations.obligation import Obligation
from domain.procedures.procedure import Procedure
from domain.procedures.visit import Visit
from domain.queue.ticket import Ticket
from domain.sending.list_sending import ListSending
from store.cases import CaseFile

ADAPTERS: Mapping[CaseKind, TypeAdapter[Any]] = {
    CaseKind.CARD: TypeAdapter(Card),
    CaseKind.LOT: TypeAdapter(Lot),
    CaseKind.HANDOFF: TypeAdapter(Handoff),
    CaseKind.INCIDENT: TypeAdapter(Incident),
    CaseKind.RETURNED_MAIL: TypeAdapter(ReturnedMail),
    CaseKind.VISIT: TypeAdapter(Visit),
    CaseKind.RESERVATION: TypeAdapter(Reservation),
    CaseKind.LIST_SENDING: TypeAdapter(ListSending),
    CaseKind.PROCEDURE: TypeAdapter(Procedure),
    CaseKind.EXTERNAL_ENTRY: TypeAdapter(ExternalEntry),
    CaseKind.INQUIRY: TypeAdapter(Inquiry),
    CaseKind.DEFECT: TypeAdapter(Defect),
    CaseKind.CITY_RECORD: TypeAdapter(CityRecord),
    CaseKind.APPLICATION: TypeAdapter(Application),
    CaseKind.VENUE: TypeAdapter(Venue),
    CaseKind.OBLIGATION: TypeAdapter(Obligation),
    CaseKind.TICKET: TypeAdapter(Ticket),
}
"""How the value of each kind of case is read."""


def value_of(file: CaseFile) -> Value:
    """Return the case as the value that its course has made of it."""
    value: Value = ADAPTERS[file.kind].validate_python(file.state["value"])
    return value


def open_handoffs(file: CaseFile) -> tuple[str, ...]:
    """Return the hand-offs of the case that are not finished."""
    return tuple(file.state["open_handoffs"])
