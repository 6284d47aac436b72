"""Opening one case at a time: a visitor at the counter, mail that came back.

What HTTP sends and gets stands in ``api.counter.visits`` and ``api.lots.returned_mail``; lots
open many cases at once in ``api.lots.lot_intake``.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from api.access.door import Person
from api.deps import Desk, in_force, new_case_id
from contracts.loader import LoadedContract
from domain.booking.reservation_parts import PlaceChange
from domain.booking.venue_case import Venue
from domain.calls.external_entry import ExternalEntry
from domain.calls.inquiry import Inquiry
from domain.case import Actor, CaseChange, CaseEvent, CaseKind, CaseRef
from domain.citywork.city_record import CityRecord
from domain.contract import Contract
from domain.deadlines.deadline import Deadline
from domain.defects.defect import Defect
from domain.handoff import Handoff
from domain.incidents.incident import Incident
from domain.lots.custody import Movement
from domain.lots.returned_mail import ReturnedMail
from domain.parties import Action
from domain.procedures.visit import Visit
from store import contract_state, inventory, opening
from store.answers import Question, first_answer, keep_answer
from store.cases import month_of
from store.opening import NewCase
from store.scope import scope
from workflows.messages import OpenHandoff


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What goes to an official in the moment in which its case begins."""

    handoff: Handoff
    told: str
    """Why, and what it is about; sealed with it."""

    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a new case begins with."""

    kind: CaseKind
    action: str
    value: (
        Visit | ReturnedMail | Incident | ExternalEntry | Inquiry | Venue | Defect | CityRecord
    )
    deadline: Deadline | None = None
    reason: str | None = None
    detail: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    person: Mapping[str, Any] | None = None
    parent_id: str | None = None
    movements: tuple[Movement, ...] = ()
    places: tuple[PlaceChange, ...] = ()
    """Places of our inventory that it takes."""

    offer: Offer | None = None

    @property
    def open_handoffs(self) -> tuple[str, ...]:
        """What of it is with an official from the beginning."""
        return () if self.offer is None else (self.offer.handoff.case_id,)


def open_one(
    desk: Desk,
    person: Person,
    loaded: LoadedContract,
    *,
    key: str,
    asked: str,
    make: Callable[[str, Contract], Opening],
    start: Callable[[CaseRef, Opening], Any],
) -> dict[str, Any]:
    """Open one case and return the answer; asked again with the key, the first answer.

    Args:
        desk: What the process works with.
        person: Who opens it.
        loaded: The contract as its file says it.
        key: The caller's Idempotency-Key.
        asked: What was asked, as text, to tell a repetition from another request.
        make: From the new id and the contract in force to what the case begins with.
        start: From the case to the message its course starts with.

    Raises:
        ContractDateMissing, OutsideTerm: The contract does not run today.
        KeyUsedOtherwise: The key came with another request before.
        FullyBooked, SlotClosed, SlotUnknown: The places it takes cannot be had.
    """
    now = desk.clock()
    contract = in_force(desk, person, loaded, now.date())
    question = Question(
        municipality=person.municipality,
        account_id=person.account_id,
        key=key,
        digest=hashlib.sha256(asked.encode()).hexdigest(),
    )
    with scope(desk.engine, person.municipality) as connection:
        before = first_answer(connection, question)
        if before is not None:
            # Asked again later, when what was possible then may be refused now.
            return before
    case_id = new_case_id(now)
    opened = make(case_id, contract)
    ref = CaseRef(
        case_id=case_id,
        municipality=person.municipality,
        contract=contract.slug,
        contract_version=loaded.version,
        opened_on=month_of(now),
        parent_id=opened.parent_id,
    )
    new = [_new_case(ref, opened, person, now, to_jsonable_python(start(ref, opened)))]
    if opened.offer is not None:
        new.append(_offered(new[0], opened.offer))
    return _open(desk, loaded, question, new, opened.places)


def _new_case(
    ref: CaseRef, opened: Opening, person: Person, now: datetime, start: dict[str, Any]
) -> NewCase:
    return NewCase(
        case=ref,
        kind=opened.kind,
        change=CaseChange(
            stage=opened.value.stage,
            state={"value": asdict(opened.value), "open_handoffs": [*opened.open_handoffs]},
            closed=opened.value.closed,
            owner=opened.value.owner,
            deadline=opened.deadline,
        ),
        event=CaseEvent(
            action=opened.action,
            at=now,
            actor=Actor(account_id=person.account_id, role=person.role),
            reason=opened.reason,
            detail=dict(opened.detail),
        ),
        start=start,
        person=opened.person,
        movements=opened.movements,
    )


def _offered(parent: NewCase, offer: Offer) -> NewCase:
    case = replace(parent.case, case_id=offer.handoff.case_id, parent_id=parent.case.case_id)
    start = OpenHandoff(
        case=case, handoff=offer.handoff, parent_kind=parent.kind, deadline=offer.deadline
    )
    return NewCase(
        case=case,
        kind=CaseKind.HANDOFF,
        change=CaseChange(
            stage=offer.handoff.stage,
            state={"value": asdict(offer.handoff), "open_handoffs": []},
            closed=False,
            owner=offer.handoff.owner,
            deadline=offer.deadline,
        ),
        event=CaseEvent(
            action=Action.OFFER_HANDOFF,
            at=parent.event.at,
            actor=parent.event.actor,
            reason=offer.told,
            detail={"section": offer.handoff.section},
        ),
        start=to_jsonable_python(start),
    )


def _open(
    desk: Desk,
    loaded: LoadedContract,
    question: Question,
    new: list[NewCase],
    places: tuple[PlaceChange, ...],
) -> dict[str, Any]:
    first = new[0]
    municipality, at = question.municipality, first.event.at
    with scope(desk.engine, municipality) as connection:
        before = first_answer(connection, question)
        if before is not None:
            return before
        numbers = opening.open_cases(connection, desk.keys, municipality, new, recorded_at=at)
        inventory.move(connection, municipality, first.case.contract, places)
        document = desk.book.document(loaded)
        contract_state.keep_version(
            connection, municipality, first.case.contract, loaded.version, document, at=at
        )
        case_id = first.case.case_id
        answer = {"case_id": case_id, "case_number": numbers[case_id]}
        if len(new) > 1:
            answer["handoff"] = new[1].case.case_id
        keep_answer(connection, question, answer)
    return answer
