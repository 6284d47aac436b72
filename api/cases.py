"""Cases over HTTP: lists, one case, its timeline, and doing one of its actions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api import refused_acts
from api.access.auth import CurrentPerson, TheDoor, require_action, require_duty, route_of
from api.access.door import Door, Person
from api.booking import venue_openings
from api.case_views import ActedBody, CaseBody, CaseDetailBody, EventBody
from api.citywork.letters import reply_deadline
from api.counter import consents, form_ids
from api.defects import follow_ups
from api.deps import AccessedCase, Desk, IdempotencyKey, TheDesk, ViewedCase, deadline_for
from api.incidents import incidents
from api.knowledge import questions
from api.obligations.promised import promised_by
from api.paging import after_cursor, cursor_after
from domain import handoff
from domain.actions import form_of
from domain.calls.external_entry import CHECK_RULE
from domain.calls.external_entry import DUE_RULE as ENTRY_RULES
from domain.case import Actor, CaseKind
from domain.deadlines.deadline import Deadline
from domain.defects.defect import Defect
from domain.errors import FieldMissing
from domain.forms import checked
from domain.incidents import kinds as incident_kinds
from domain.parties import Action
from store import access, cases, vault
from store.cases import CaseFile, Wanted
from store.scope import scope
from store.values import value_of
from workflows.messages import Act, Fields

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])

CLOSED_STAGES = frozenset(
    {"done", "discarded", "completed", "withdrawn", "left", "resent"}
    | {"arrived", "no_show", "cancelled", "lapsed", "sent"}
    | {"resubmitted"}
    | {"card_arrived", "taken_over"}
    | {"paid", "closed_out", "approved", "replied", "accounted", "void"}
    | {"entered", "checked", "answered", "referred", "closed", "transferred"}
    | {"met", "ended"}
    | {"served", "day_ended"}
    | {str(stage) for stage in incident_kinds.ENDED}
)
_LONGEST_PAGE = 200

Reader = Annotated[Person, Depends(require_action(Action.SEE_CASE))]


class CasePage(BaseModel):
    """A page of cases, the most urgent first."""

    items: list[CaseBody]
    next_cursor: str | None


class Timeline(BaseModel):
    """The record of a case, oldest first."""

    items: list[EventBody]
    next_cursor: None = None


def wanted(
    contract: str | None = None,
    kind: CaseKind | None = None,
    stage: Annotated[str | None, Query(max_length=40)] = None,
    stuck: bool | None = None,
    due_before: datetime | None = None,
    parent: Annotated[str | None, Query(max_length=64)] = None,
    owner: Annotated[str | None, Query(max_length=40)] = None,
    closed: bool | None = None,
) -> Wanted:
    """Return which cases a list is to show; asking for an end stage asks for closed ones."""
    if due_before is not None and due_before.tzinfo is None:
        raise FieldMissing("due_before には時差（+09:00 など）を付けてください。")
    return Wanted(
        contract=contract,
        kind=kind,
        stage=stage,
        stuck=stuck,
        due_before=due_before,
        parent_id=parent,
        owner=owner,
        closed=stage in CLOSED_STAGES if closed is None else closed,
    )


@router.get("", summary="List cases, the most urgent first")
def list_cases(
    person: Reader,
    desk: TheDesk,
    wanted: Annotated[Wanted, Depends(wanted)],
    limit: Annotated[int, Query(ge=1, le=_LONGEST_PAGE)] = 50,
    cursor: str | None = None,
) -> CasePage:
    """Return open cases of the caller's municipality."""
    after = after_cursor(cursor)
    with scope(desk.engine, person.municipality) as connection:
        found = cases.list_cases(
            connection, person.municipality, wanted, limit=limit + 1, after=after
        )
    page = found[:limit]
    return CasePage(
        items=[CaseBody.of(file) for file in page],
        next_cursor=cursor_after(page[-1]) if len(found) > limit else None,
    )


@router.get("/{case_id}", summary="Show one case")
def show_case(file: ViewedCase, person: Reader, desk: TheDesk) -> CaseDetailBody:
    """Return one case with its deadlines and what the caller may do now."""
    return CaseDetailBody.seen_by(file, person.role, desk.clock())


@router.get("/{case_id}/timeline", summary="Show what happened")
def show_timeline(file: ViewedCase, person: Reader, desk: TheDesk) -> Timeline:
    """Return the record of one case."""
    with scope(desk.engine, person.municipality) as connection:
        events = cases.timeline(connection, desk.keys, file.ref)
    return Timeline(items=[EventBody.of(event) for event in events])


@router.get("/{case_id}/person", summary="Show whom the case is about")
def show_person(
    file: AccessedCase,
    person: CurrentPerson,
    desk: TheDesk,
    door: TheDoor,
    request: Request,
    purpose: Annotated[str, Query(min_length=2, max_length=200)],
) -> dict[str, Any]:
    """Return what is known of the person; who asked and why is recorded."""
    return read_person(desk, door, person, file, purpose=purpose, request=request)


@router.post("/{case_id}/actions/{action}", summary="Do one of the case's actions")
async def do_action(
    action: str,
    file: AccessedCase,
    person: CurrentPerson,
    desk: TheDesk,
    door: TheDoor,
    key: IdempotencyKey,
    request: Request,
    body: Annotated[dict[str, Any] | None, Body()] = None,
) -> ActedBody:
    """Take one step; a step with the cards of a lot is accepted and goes on by itself."""
    return await act_on(action, file, person, desk, door, key, request, body)


async def act_on(
    action: str,
    file: CaseFile,
    person: Person,
    desk: Desk,
    door: Door,
    key: str,
    request: Request,
    body: Mapping[str, Any] | None,
    guide: str = "",
) -> ActedBody:
    """Take one step for a page or a program.

    Args:
        action: Which.
        file: Of which case.
        person: Who takes it.
        desk: What the process works with.
        door: Records what is refused.
        key: Sent again, the first answer holds.
        request: Names the route.
        body: What was told: fields of the action's form, ``reason``, ``confirmed``.
        guide: Version of the guide by which it is taken; empty: without one.
    """
    given = dict(body or {})
    confirmed = given.pop("confirmed", False)
    reason = given.pop("reason", None)
    if not isinstance(confirmed, bool) or not isinstance(reason, str | None):
        raise FieldMissing("reason は文字、confirmed は真偽で送ってください。")
    form = form_of(file.kind, action)
    await run_in_threadpool(require_duty, door, person, form.action, request=request)
    await run_in_threadpool(
        refused_acts.require_turn,
        *(desk, door, person, file, form.action),
        key=key,
        request=request,
    )
    why, fields = checked(form, given, reason, confirmed=confirmed)
    deadline, defect = await run_in_threadpool(
        _begun_by, desk, person, file, form.action, fields
    )
    act = Act(
        action=form.action,
        by=Actor(account_id=person.account_id, role=person.role),
        reason=why,
        fields=await run_in_threadpool(form_ids.told, desk, file, form.action, fields),
        consents=consents.needed(desk, file),
        deadline=deadline,
        guide=guide,
        defect=defect,
    )
    view = await refused_acts.take(desk, door, person, file, act, key=key, request=request)
    return ActedBody.of(view)


def read_person(
    desk: Desk, door: TheDoor, person: Person, file: CaseFile, *, purpose: str, request: Request
) -> dict[str, Any]:
    """Return what is known of a case's person, after recording who reads it and why.

    Raises:
        NotYourDuty: The role may not see this person now; the attempt is recorded.
    """
    standing = value_of(file).standing
    require_duty(door, person, Action.SEE_PERSON, stage=standing, request=request)
    with scope(desk.engine, person.municipality) as connection:
        access.record_access(
            connection,
            account_id=person.account_id,
            case_ids=[file.ref.case_id],
            purpose=purpose,
            route=route_of(request),
            now=desk.clock(),
        )
        found = vault.persons(connection, desk.keys, person.municipality, [file.ref.case_id])
    return found.get(file.ref.case_id, {})


def _begun_by(
    desk: Desk, person: Person, file: CaseFile, action: Action, fields: Fields
) -> tuple[Deadline | None, Defect | None]:
    """Return until when this action leaves something to somebody, and what it begins."""
    if file.kind is CaseKind.VENUE:
        venue_openings.require_day(desk, person, action, fields)
    if action is Action.SEND_LETTER:
        pinned = desk.book.pinned(file.ref.contract, file.ref.contract_version)
        due = str(fields["reply_due"])
        return reply_deadline(desk, file.ref.municipality, pinned, due), None
    if action is Action.ADOPT_ANSWER:
        questions.require_in_faq(desk, file, dict(fields))
    if action is Action.REPORT_DEFECT:
        return follow_ups.of_application(desk, person, file, fields)
    return _deadline_of_offer(desk, file, action, fields), None


_DUE_OF_OFFER: Mapping[Action, tuple[str, ...]] = {
    Action.OFFER_HANDOFF: (handoff.DUE_RULE,),
    Action.PASS_ON: (handoff.DUE_RULE,),
    Action.ESCALATE: (handoff.ESCALATION_DUE_RULE,),
    Action.TRANSFER_CALL: (handoff.CALL_BACK_DUE_RULE, handoff.DUE_RULE),
}
"""By which rule somebody is to take on what an action leaves to them; the first there is."""


_DUE_OF_ENTRY: Mapping[Action, tuple[str, ...]] = {
    Action.RECORD_EXTERNAL_ENTRY: (CHECK_RULE,),
    Action.SEND_BACK_ENTRY: tuple(ENTRY_RULES.values()),
}


def _deadline_of_offer(
    desk: Desk, file: CaseFile, action: Action, fields: Fields
) -> Deadline | None:
    """Return until when somebody is to do what this action leaves to them, if anything."""
    if file.kind is CaseKind.OBLIGATION:
        return promised_by(desk, file, action, fields)
    if file.kind is CaseKind.INCIDENT and action in incidents.BEGINS_A_CLOCK:
        return incidents.deadline_after(desk, file, action)
    # Any step of a procedure may make it the city's turn.
    usual = (handoff.DUE_RULE,) if file.kind is CaseKind.PROCEDURE else ()
    rules = _DUE_OF_OFFER.get(action, usual)
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    if file.kind is CaseKind.EXTERNAL_ENTRY:
        rules = _DUE_OF_ENTRY.get(action, rules)
    if action is Action.CANCEL_RESERVATION and file.kind is CaseKind.RESERVATION:
        # Where the city's system keeps the bookings, a cancellation is entered there.
        line = str(file.state["value"]["line"])
        found = next((each.entry_due for each in contract.bookings if each.id == line), None)
        rules = (found,) if found else ()
    due = (
        deadline_for(desk, file.ref.municipality, contract, rule, desk.clock())
        for rule in rules
    )
    return next((each for each in due if each is not None), None)
