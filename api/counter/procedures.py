"""Procedures over HTTP: what is done for a visitor begins here, with its plan.

Taking the steps is an action like any other (``api.cases``); whose each step is stands in
the plan (``domain.procedures.procedure_plan``).
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api import refused_acts
from api.access.auth import TheDoor, require_action
from api.access.door import Door, Person
from api.booking import visit_bookings
from api.catalogue.catalogue import offered_today
from api.counter import consents
from api.counter.visits import OpenedBody, judged
from api.deps import AccessedCase, Desk, IdempotencyKey, TheDesk, deadline_for
from api.obligations.held_lately import held_lately
from domain.case import Actor, CaseKind
from domain.catalogue.catalogue import OfferKind
from domain.contract import Contract
from domain.deadlines.deadline import Deadline
from domain.errors import ActionUnknown, WrongStage
from domain.parties import Action, Standing
from domain.procedures.eligibility import Outcome, Question
from domain.procedures.procedure import Procedure
from domain.procedures.procedure_parts import Receiver
from domain.procedures.procedure_plan import plans_of
from domain.procedures.visit import Visit
from store import cases
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of
from workflows.messages import Act

router = APIRouter(prefix="/api/v1/cases", tags=["procedures"])

Adder = Annotated[Person, Depends(require_action(Action.ADD_PROCEDURE))]

TURN_DUE = "handoff_acceptance"
"""Until when the city takes on what has become its turn."""


class ProcedureRequest(BaseModel):
    """What is to be done for the visitor, and who stands at the window."""

    procedure: str = Field(max_length=80, description="手続のコード")
    receiver: Receiver = Field(description="来た人")
    reservation: str = Field(
        default="", max_length=80, description="予約の番号。来庁の受付で示したときは不要"
    )
    answers: dict[Question, bool] = Field(
        default_factory=dict, description="対象かどうかの質問への答え"
    )


@router.post("/{case_id}/procedures", status_code=201, summary="Begin a procedure")
async def add_procedure(
    file: AccessedCase,
    person: Adder,
    desk: TheDesk,
    door: TheDoor,
    key: IdempotencyKey,
    request: Request,
    body: ProcedureRequest,
) -> OpenedBody:
    """Begin one thing for a visitor; a visit may hold several, and ends after them."""
    return await begin(file, person, desk, door, key, request, body)


async def begin(
    file: CaseFile,
    person: Person,
    desk: Desk,
    door: Door,
    key: str,
    request: Request,
    body: ProcedureRequest,
    guide: str = "",
) -> OpenedBody:
    """Begin a procedure for a page or a program.

    Args:
        file: The visit.
        person: Who begins it.
        desk: What the process works with.
        door: Records what is refused.
        key: Sent again, the first answer holds.
        request: Names the route.
        body: What is to be done, and for whom.
        guide: Version of the guide by which it is begun; empty: without one.
    """
    act = await run_in_threadpool(_act, desk, person, file, body, key)
    act = replace(act, guide=guide)
    view = await refused_acts.take(desk, door, person, file, act, key=key, request=request)
    assert view.opened is not None, "a procedure that begins is a case"
    return await run_in_threadpool(_opened, desk, person, view.opened)


def _act(desk: Desk, person: Person, file: CaseFile, body: ProcedureRequest, key: str) -> Act:
    visit = value_of(file)
    if not isinstance(visit, Visit) or file.kind is not CaseKind.VISIT:
        raise ActionUnknown("手続は来庁の案件に加えます。")
    loaded = desk.book.current(person.municipality)
    # A case keeps the rules it began with, and what is begun in it as well.
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    procedure = Procedure(
        case_id="",
        receiver=body.receiver,
        plans=plans_of(contract, body.procedure),
        opened_by=person.role,
    )
    code = procedure.plan.procedure
    offered = offered_today(desk, person, loaded.contract)
    for each in dict.fromkeys((body.procedure, code)):
        if loaded.contract.procedure(each) is not None:
            offered.require(OfferKind.PROCEDURE, each)
    held_lately(desk, contract).require_procedure(contract.procedure(code))
    verdict = judged(contract, code, body.answers)
    if verdict.outcome is Outcome.REFER:
        assert verdict.rule is not None
        raise WrongStage(f"この手続は{verdict.rule.destination}で行います。")
    line = visit_bookings.line_of(contract, code)
    given = body.reservation
    if line is not None and line.required:
        given = given or visit.reservation
    visit_bookings.require_reservation(desk, person, loaded, contract, code, given, key=key)
    return Act(
        action=Action.ADD_PROCEDURE,
        by=Actor(account_id=person.account_id, role=person.role),
        fields={
            "procedure": code,
            "receiver": str(body.receiver),
            **{str(question): answer for question, answer in body.answers.items()},
        },
        deadline=_first_due(desk, contract, procedure),
        procedure=procedure,
        consents=consents.needed(desk, file),
    )


def _first_due(desk: Desk, contract: Contract, procedure: Procedure) -> Deadline | None:
    if procedure.standing is not Standing.WITH_CITY:
        return None
    return deadline_for(desk, contract.slug, contract, TURN_DUE, desk.clock())


def _opened(desk: Desk, person: Person, case_id: str) -> OpenedBody:
    with scope(desk.engine, person.municipality) as connection:
        found = cases.one_case(connection, case_id)
    return OpenedBody(case_id=case_id, case_number=found.case_number)
