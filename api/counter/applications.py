"""Applications over HTTP: beginning one for a visitor, and what counts month by month.

Taking the steps is an action like any other (``api.cases``), but for the photo
(``api.counter.application_photos``). Whose a way to apply is, the contract's row says.
"""

from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api import refused_acts
from api.access.auth import TheDoor, require_action, route_of
from api.access.door import Door, Person
from api.booking.telephone import international
from api.calls.external_entries import MONTH, first_of
from api.catalogue.catalogue import offered_today
from api.counter import consents
from api.counter.visits import OpenedBody
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from contracts.loader import LoadedContract
from domain.applications.application import begin, require_opener
from domain.applications.application_lines import line_for
from domain.applications.application_parts import AppliedFor, Variant
from domain.booking.booking_form import read_contact
from domain.case import Actor, CaseKind
from domain.catalogue.catalogue import OfferKind
from domain.contract import Contract
from domain.errors import FieldMissing, NotYourDuty
from domain.parties import Action
from domain.procedures.visit import Visit
from domain.writing.privacy import refuse_forbidden
from store import applications, cases, opening
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of
from workflows.messages import Act

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["applications"])

Opener = Annotated[Person, Depends(require_action(Action.ADD_APPLICATION))]
Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]

DEFECT_RULE = "defect_contact"
"""Where a contract has it, somebody is called about a defect, and must be reachable."""

_CONTACT = ("kana", "name", "phone")
_LONGEST_TIME = 100


class ApplicationRequest(BaseModel):
    """How a visitor applies, and whom to call if it comes back."""

    visit: str = Field(max_length=64, description="来庁の案件")
    variant: Variant
    applied_for: AppliedFor
    kana: str = Field(default="", max_length=200)
    name: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=100)
    reachable: str = Field(
        default="", max_length=_LONGEST_TIME, description="電話に出られる時間帯"
    )
    confirmed: bool = False


class CountBody(BaseModel):
    """One way to apply in one month."""

    variant: Variant
    label: str
    applied_for: AppliedFor
    begun: int
    completed: int = Field(description="窓口での支援が終わった件数。一つの申請は一度だけ数える")


class CountsBody(BaseModel):
    """The applications of a month."""

    month: str
    items: list[CountBody]
    next_cursor: None = None


@router.post("/applications", status_code=201, summary="Begin an application")
async def begin_application(
    loaded: AccessedContract,
    person: Opener,
    desk: TheDesk,
    door: TheDoor,
    key: IdempotencyKey,
    request: Request,
    body: ApplicationRequest,
) -> OpenedBody:
    """Begin an application in a visit; the visit ends once it is done at the window.

    Whom to call is kept with the application and nowhere else.
    """
    return await begin_in_visit(loaded, person, desk, door, key, request, body)


async def begin_in_visit(
    loaded: LoadedContract,
    person: Person,
    desk: Desk,
    door: Door,
    key: str,
    request: Request,
    body: ApplicationRequest,
    guide: str = "",
) -> OpenedBody:
    """Begin an application for a page or a program.

    Args:
        loaded: The contract of today.
        person: Who begins it.
        desk: What the process works with.
        door: Records what is refused.
        key: Sent again, the first answer holds.
        request: Names the route.
        body: In which visit, how, and whom to call.
        guide: Version of the guide by which it is begun; empty: without one.
    """
    file, act, contact = await run_in_threadpool(
        _asked, desk, door, person, loaded, body, request
    )
    act = replace(act, guide=guide)
    view = await refused_acts.take(desk, door, person, file, act, key=key, request=request)
    assert view.opened is not None, "an application that begins is a case"
    return await run_in_threadpool(_opened, desk, person, view.opened, contact)


@router.get("/applications/counts", summary="Count the applications of a month")
def count(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    month: Annotated[str, Query(pattern=MONTH, description="YYYY-MM")],
) -> CountsBody:
    """Return each way to apply that the contract offers, new and renewal apart."""
    return CountsBody(month=month, items=counted(desk, person, loaded.contract, month))


def counted(desk: Desk, person: Person, contract: Contract, month: str) -> list[CountBody]:
    """Return the counts of a month, in the order of the contract's rows."""
    with scope(desk.engine, person.municipality) as connection:
        found = applications.counts(
            connection, person.municipality, contract.slug, first_of(month)
        )
    return [
        CountBody(
            variant=line.variant,
            label=line.words,
            applied_for=applied_for,
            begun=found.begun(line.variant, applied_for),
            completed=found.completed(line.variant, applied_for),
        )
        for line in contract.applications
        for applied_for in line.applied_for
    ]


def _asked(
    desk: Desk,
    door: Door,
    person: Person,
    loaded: LoadedContract,
    body: ApplicationRequest,
    request: Request,
) -> tuple[CaseFile, Act, dict[str, Any] | None]:
    with scope(desk.engine, person.municipality) as connection:
        file = cases.one_case(connection, body.visit)
    if file.kind is not CaseKind.VISIT:
        raise FieldMissing("申請は来庁の案件に加えます。")
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    line = line_for(contract.applications, body.variant, body.applied_for)
    by = Actor(account_id=person.account_id, role=person.role)
    if loaded.contract.procedure(line.procedure) is not None:
        offered = offered_today(desk, person, loaded.contract)
        offered.require(OfferKind.PROCEDURE, line.procedure)
    visit = value_of(file)
    assert isinstance(visit, Visit), "of this kind"
    application = replace(begin(line, body.applied_for, person.role), venue=visit.venue)
    try:
        require_opener(by, application)
    except NotYourDuty:
        action, route = Action.ADD_APPLICATION, route_of(request)
        door.note_refused(person, action, case_id=file.ref.case_id, route=route)
        raise
    offered_today(desk, person, loaded.contract).require(OfferKind.PROCEDURE, line.procedure)
    act = Act(
        action=Action.ADD_APPLICATION,
        by=by,
        fields={
            "variant": str(body.variant),
            "applied_for": str(body.applied_for),
            "procedure": line.procedure,
        },
        application=application,
        consents=consents.needed(desk, file),
    )
    return file, act, _contact(contract, body)


def _contact(contract: Contract, body: ApplicationRequest) -> dict[str, Any] | None:
    """Return whom to call, if anybody was named or has to be.

    Raises:
        FormRefused: A field is wrong or missing.
        ForbiddenNumber, LooksLikeForbiddenNumber: A text may not be kept.
    """
    typed = body.model_dump(mode="json", include=set(_CONTACT))
    followed_up = any(rule.id == DEFECT_RULE for rule in contract.due_rules)
    if not followed_up and not any(each.strip() for each in typed.values()):
        return None
    refuse_forbidden(body.reachable, confirmed=body.confirmed)
    contact = read_contact(typed, telephone=international)
    return asdict(contact) | {"reachable": body.reachable.strip()}


def _opened(
    desk: Desk, person: Person, case_id: str, contact: dict[str, Any] | None
) -> OpenedBody:
    with scope(desk.engine, person.municipality) as connection:
        found = cases.one_case(connection, case_id)
        if contact is not None:
            opening.keep_person(connection, desk.keys, found.ref, contact)
    return OpenedBody(case_id=case_id, case_number=found.case_number)
