"""Visitors at the counter over HTTP: received only while reception is open."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.booking import visit_bookings
from api.booking.venue_openings import require_started
from api.catalogue.catalogue import offered_today
from api.counter.visitor_offers import offer_of
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from api.obligations.held_lately import held_lately
from api.queue.calls import begin_service
from api.single_cases import Opening, open_one
from contracts.loader import LoadedContract
from domain.booking.booking_errors import FieldFault, FormRefused
from domain.booking.reservation_parts import PlaceChange
from domain.calendars.hours import local
from domain.case import CaseKind
from domain.catalogue.catalogue import OfferKind, group_of_procedure
from domain.contract import Contract, calendar_of_channel
from domain.errors import FieldMissing, ReceptionClosed
from domain.incidents.errors import OutOfService
from domain.parties import Action, Party
from domain.procedures import terminals
from domain.procedures.eligibility import (
    QUESTION_TEXT,
    Answers,
    Outcome,
    Question,
    Unanswered,
    Verdict,
    judge,
)
from domain.procedures.procedure_parts import Group
from domain.procedures.visit import Visit, WindowClosing
from store import contract_state, incidents, winding_up
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
    venue: str = Field(default="", max_length=80, description="会場が一つなら省略できる")
    group: Group | None = Field(default=None, description="手続から決まらないときだけ")
    terminal: str = Field(
        default="", max_length=80, description="市の端末。支援員がその端末で支援するとき必須"
    )
    ticket: str = Field(default="", max_length=64, description="呼び出した受付番号の案件")
    answers: dict[Question, bool] = Field(
        default_factory=dict, description="対象かどうかの質問への答え"
    )


class OpenedBody(BaseModel):
    """A case that was opened."""

    case_id: str
    case_number: str


class ReceivedBody(OpenedBody):
    """A visitor who was received, and what becomes of the request."""

    outcome: Outcome = Outcome.SERVE
    handoff: str = Field(default="", description="市職員への引継ぎの案件")
    destination: str = Field(default="", description="案内先")
    procedure_there: str = ""
    clause: str = ""
    advice: list[str] = Field(default_factory=list, description="必ず伝えること")


@router.post("/visits", status_code=201, summary="Receive a visitor")
def receive_visitor(
    loaded: AccessedContract,
    person: Receiver,
    desk: TheDesk,
    key: IdempotencyKey,
    body: VisitRequest,
) -> ReceivedBody:
    """Open a visit; refused outside reception hours, whatever happens afterwards.

    Whether it is served here is the contract's table to say; whoever is sent on is counted
    with where to. An answer that decides and was not given is asked for.

    What is an official's to do is offered to one in the same transaction. Where nobody is
    served without a booking, that of today is named, and its people are recorded as here.
    """
    verdict = judged(loaded.contract, body.procedure, body.answers)
    answer = open_one(
        desk,
        person,
        loaded,
        key=key,
        asked=f"visit/{body.procedure}/{body.channel}{_and(body.reservation)}"
        f"{_and(body.venue)}{_known(body)}{_and(str(body.group or ''))}"
        f"{_and(body.terminal)}",
        make=_numbered(desk, person, body, _opener(desk, person, loaded, body, verdict, key)),
        start=lambda ref, opened: OpenVisit(
            case=ref, visit=_visit(opened), open_handoffs=opened.open_handoffs
        ),
    )
    rule = verdict.rule
    return ReceivedBody(
        **answer,
        outcome=verdict.outcome,
        destination=rule.destination if rule else "",
        procedure_there=rule.procedure_there if rule else "",
        clause=verdict.clause,
        advice=list(verdict.advice),
    )


def _numbered(
    desk: Desk, person: Person, body: VisitRequest, make: Callable[[str, Contract], Opening]
) -> Callable[[str, Contract], Opening]:
    """Return the same, as a part of the number that was called, if there is one."""

    def numbered(case_id: str, contract: Contract) -> Opening:
        opening = make(case_id, contract)
        return replace(opening, parent_id=begin_service(desk, person, body.ticket))

    return numbered


def _opener(
    desk: Desk,
    person: Person,
    loaded: LoadedContract,
    body: VisitRequest,
    verdict: Verdict,
    key: str,
) -> Callable[[str, Contract], Opening]:
    """Return what makes the opening of the visit from its new id."""

    def make(case_id: str, contract: Contract) -> Opening:
        calendar, venue, terminal = _where(desk, person, contract, body, verdict)
        booked = visit_bookings.require_reservation(
            desk, person, loaded, contract, body.procedure, body.reservation, key=key
        )
        visit = Visit(
            case_id=case_id,
            procedure=body.procedure,
            received_by=person.role,
            group=group_of_procedure(contract, body.procedure, body.group),
            outcome=verdict.outcome,
            destination=verdict.rule.destination if verdict.rule else "",
            reservation=booked.case_number if booked else "",
            asks_consent=bool(contract.consents),
            venue=venue,
            in_charge=person.account_id,
            terminal=terminal,
            calendar=calendar,
            closing=_closing(desk, person, calendar),
        )
        walks_in = booked is None and verdict.outcome is not Outcome.REFER
        return Opening(
            kind=CaseKind.VISIT,
            action="visitor_received",
            value=visit,
            detail=_told(verdict, body) | _settled(visit, _at(desk, person, contract, body)),
            places=_places(desk, person, contract, body) if walks_in else (),
            offer=offer_of(desk, person, contract, body.procedure, body.answers, verdict),
        )

    return make


def _terminal(
    desk: Desk, person: Person, contract: Contract, body: VisitRequest, verdict: Verdict
) -> str:
    """Return the city's terminal on which it is done; nothing is done for who is sent on."""
    if verdict.outcome is Outcome.REFER:
        return ""
    terminals.require_supporter(contract, body.procedure, person.role)
    found = terminals.terminal_for(
        contract,
        procedure=body.procedure,
        channel=body.channel,
        role=person.role,
        given=body.terminal,
    )
    if found and found in _out_of_service(desk, person, contract):
        raise OutOfService("この端末は使用中止です。「事案」で状況を確かめてください。")
    return found


def _out_of_service(desk: Desk, person: Person, contract: Contract) -> frozenset[str]:
    with scope(desk.engine, person.municipality) as connection:
        return incidents.out_of_service(connection, person.municipality, contract.slug)


def _places(
    desk: Desk, person: Person, contract: Contract, body: VisitRequest
) -> tuple[PlaceChange, ...]:
    return visit_bookings.walk_in_places(
        desk, person.municipality, contract, body.procedure, body.venue
    )


def judged(contract: Contract, procedure: str, answers: Answers) -> Verdict:
    """Decide whether it is served here.

    Raises:
        FormRefused: An answer that decides was not given.
    """
    verdict = judge(contract.eligibility, procedure, answers)
    if isinstance(verdict, Unanswered):
        asked = verdict.question
        message = f"「{QUESTION_TEXT[asked]}」に答えてください。"
        raise FormRefused(FieldFault(field=asked, code="missing", message=message))
    return verdict


def _told(verdict: Verdict, body: VisitRequest) -> dict[str, str | int | bool | None]:
    """Return what the record says of the request and the decision, where a table was asked."""
    told: dict[str, str | int | bool | None] = {
        "procedure": body.procedure,
        "channel": body.channel,
        **{str(question): answer for question, answer in body.answers.items()},
    }
    if verdict.rule is not None:
        told |= {"eligibility": str(verdict.outcome), "clause": verdict.clause}
        if verdict.rule.destination:
            told["destination"] = verdict.rule.destination
    if verdict.advice:
        told["warned"] = True
    return told


def _settled(visit: Visit, venue: str) -> dict[str, str]:
    """Return what the record says of how the visitor was received."""
    told = {
        "group": str(visit.group or ""),
        "reservation": visit.reservation,
        "city_terminal": visit.terminal,
        "venue": venue,
    }
    return {name: value for name, value in told.items() if value}


def _at(desk: Desk, person: Person, contract: Contract, body: VisitRequest) -> str:
    """Return at which venue the visitor is, so that the visitors of each can be counted."""
    return visit_bookings.venue_visited(desk, person, contract, body.procedure, body.venue)


def _known(body: VisitRequest) -> str:
    answers = "".join(f"/{q}={a}" for q, a in sorted(body.answers.items()))
    return answers + _and(body.ticket)


def _and(reservation: str) -> str:
    return f"/{reservation}" if reservation else ""


def _visit(opened: Opening) -> Visit:
    assert isinstance(opened.value, Visit)
    return opened.value


def _closing(desk: Desk, person: Person, calendar: str) -> WindowClosing | None:
    """Return the closure of today that the visit may run into."""
    with scope(desk.engine, person.municipality) as connection:
        return winding_up.closing_of(connection, person.municipality, calendar, desk.clock())


def _where(
    desk: Desk, person: Person, contract: Contract, body: VisitRequest, verdict: Verdict
) -> tuple[str, str, str]:
    """Return the calendar of the window, the venue's case if it is outside, the terminal."""
    calendar = _require_open(desk, person, contract, body)
    venue = require_started(desk, person, contract, body.channel, body.venue)
    return calendar, venue, _terminal(desk, person, contract, body, verdict)


def _require_open(desk: Desk, person: Person, contract: Contract, body: VisitRequest) -> str:
    """Refuse a procedure that is not done here, and any outside reception hours.

    Returns:
        The name of the calendar that the window follows.
    """
    offered_today(desk, person, contract).require(OfferKind.PROCEDURE, body.procedure)
    if all(channel.id != body.channel for channel in contract.channels):
        raise FieldMissing("この契約にない窓口です。")
    held = held_lately(desk, contract)
    held.require_channel(body.channel)
    held.require_procedure(contract.procedure(body.procedure))
    name = contract.channel(body.channel).calendar
    with scope(desk.engine, person.municipality) as connection:
        added = contract_state.closures(connection, person.municipality, contract.slug, name)
    closures = [each.closure for each in added]
    calendar = calendar_of_channel(contract, body.channel, closures)
    reception = calendar.reception(local(desk.clock()))
    # Who took a number in time has been received, however late they are called.
    if not reception.accepted and not body.ticket:
        raise ReceptionClosed(reception.reason)
    # Without the city's terminal a desk still tells people the way.
    ours = [each for each in contract.equipment if each.owner is Party.PROVIDER]
    things = {each.id for each in ours if each.channel == body.channel}
    if things and things <= _out_of_service(desk, person, contract):
        raise OutOfService("すべて使用中止です。「事案」で状況を確かめてください。")
    visit_bookings.require_venue(desk, person, contract, body.procedure)
    return name
