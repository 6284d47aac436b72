"""One case: who it is about, what happened, what may be done now.

The page of a lot is put together in ``lot_page``; documents are handed out in
``documents``.
"""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from api import cases as routes
from api.access.auth import CurrentPerson, TheDoor, require_duty
from api.access.door import Door, Person
from api.booking.public_hours import hours_now
from api.booking.telephone import national
from api.cases import Reader, read_person
from api.deps import AccessedCase, Desk, TheDesk, ViewedCase
from api.knowledge.shelf import worked_by
from api.pages import defects, work
from api.pages.acting import failed_form_id, shown, with_failure
from api.pages.counter import application, procedure
from api.pages.desk import venue_pages
from api.pages.desk.sending import REFUSALS, Failed, Posted, failed, own_path, see_other
from api.pages.documents import documents_for
from api.pages.lots import lot_page
from api.pages.lots.differences import birth_words, compare_lists
from api.pages.paths import way_of
from api.pages.rendering import page
from api.pages.timeline import ahead_of, days_of
from api.pages.words import EVENT_TEXT
from domain.actions import forms_now
from domain.applications.application import Application
from domain.booking.venue_case import Venue
from domain.case import CaseKind
from domain.catalogue.counts import COUNTED
from domain.defects.defect import Defect
from domain.guidance.steps import GUIDED
from domain.knowledge.edition import Used
from domain.obligations.obligation import Obligation
from domain.parties import Action, Party, Role, allowed
from domain.procedures.procedure import Procedure
from domain.procedures.visit import Visit
from store import access, cases, listed_people, lots
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of

router = APIRouter(prefix="/cases", include_in_schema=False)

USUAL_PURPOSE: Final = "業務処理"
PURPOSES: Final = (USUAL_PURPOSE, "本人からの問合せ", "市からの照会", "点検・監査")
_TEMPLATES: Final = {
    CaseKind.PROCEDURE: "procedure",
    CaseKind.DEFECT: "defect",
    CaseKind.APPLICATION: "application",
}
_WITH_TELEPHONE: Final = frozenset(
    {CaseKind.EXTERNAL_ENTRY, CaseKind.DEFECT, CaseKind.APPLICATION}
)
_ABOUT_SOMEBODY: Final = _WITH_TELEPHONE | {CaseKind.CARD, CaseKind.RETURNED_MAIL}


@router.get("/{case_id}")
def show(
    request: Request, file: ViewedCase, person: Reader, desk: TheDesk, door: TheDoor
) -> Response:
    """Show one case, or the lot that it is."""
    return case_page(request, file, person, desk, door)


@router.post("/{case_id}/actions/{action}")
async def act(
    action: str,
    request: Request,
    file: AccessedCase,
    person: CurrentPerson,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Take one step; a refusal shows the page again with what was typed."""
    body: dict[str, Any] = dict(posted.given)
    body["confirmed"] = posted.text("confirmed") == "yes"
    back = own_path(posted.text("back"), "")
    try:
        done = await routes.do_action(
            action, file, person, desk, door, posted.key, request, body
        )
    except REFUSALS as refused:
        again = failed(
            failed_form_id(file.ref.case_id, action, posted.given, back), posted, refused
        )
        return await run_in_threadpool(
            _again, request, file.ref.case_id, person, desk, door, again, back
        )
    if back == "/":
        return see_other(f"/?done={action}")
    count = f"&count={done.accepted}" if done.accepted is not None else ""
    return see_other(f"/cases/{file.ref.case_id}?done={action}{count}")


@router.get("/{case_id}/record")
def show_record(
    request: Request, file: ViewedCase, person: Reader, desk: TheDesk, door: TheDoor
) -> Response:
    """Show the raw record, link by link, to whoever audits."""
    require_duty(door, person, Action.READ_AUDIT, request=request)
    with scope(desk.engine, person.municipality) as connection:
        events = cases.timeline(connection, desk.keys, file.ref)
    return page(request, person, "record", file=file, events=events)


@router.get("/{case_id}/accesses")
def show_accesses(
    request: Request, file: AccessedCase, person: Reader, desk: TheDesk, door: TheDoor
) -> Response:
    """Show who looked at the person of this case, when and why, and who was sent them."""
    require_duty(door, person, Action.SEE_ACCESS_LOG, request=request)
    with scope(desk.engine, person.municipality) as connection:
        found = access.accesses(connection, case_id=file.ref.case_id)
        sent = listed_people.disclosures(connection, person.municipality, file.ref.case_id)
    return page(request, person, "accesses", file=file, accesses=found, sent=sent)


def may_guide(person: Person, file: CaseFile) -> bool:
    """Say whether a guide leads this person through the case."""
    open_to = allowed(person.role, Action.FOLLOW_GUIDE) and file.kind in GUIDED
    return open_to and file.closed_at is None


def case_page(
    request: Request,
    file: CaseFile,
    person: Person,
    desk: Desk,
    door: Door,
    failed: Failed | None = None,
) -> HTMLResponse:
    """Return the page of a case as this person may see it now."""
    status = failed.told.status if failed else 200
    if file.kind is CaseKind.LOT:
        parts = lot_page.parts_of(desk, person, file, failed)
        template = "lot"
    else:
        parts = _parts_of(desk, person, file, failed)
        parts |= _about(request, file, person, desk, door)
        parts["may_guide"] = may_guide(person, file)
        template = _TEMPLATES.get(file.kind, "case")
    return page(
        request,
        person,
        template,
        status=status,
        file=file,
        me=person,
        failed=failed,
        done=_done_words(request.query_params),
        documents=documents_for(desk, person, file),
        may_audit=allowed(person.role, Action.READ_AUDIT),
        may_replay=allowed(person.role, Action.REPLAY),
        may_see_accesses=allowed(person.role, Action.SEE_ACCESS_LOG),
        **parts,
    )


def _again(
    request: Request,
    case_id: str,
    person: Person,
    desk: Desk,
    door: Door,
    failed: Failed,
    back: str,
) -> Response:
    if back == "/":
        return work.work_page(request, person, desk, failed)
    # Read anew: somebody else may have moved the case, which is why it was refused.
    with scope(desk.engine, person.municipality) as connection:
        file = cases.one_case(connection, case_id)
    return case_page(request, file, person, desk, door, failed)


def _parts_of(
    desk: Desk, person: Person, file: CaseFile, failed: Failed | None
) -> dict[str, Any]:
    value = value_of(file)
    with scope(desk.engine, person.municipality) as connection:
        events = cases.timeline(connection, desk.keys, file.ref)
        things = lots.things_of(connection, person.municipality, file.ref.case_id)
        row = lots.row_of(connection, person.municipality, file.ref.case_id)
        linked = cases.children(connection, person.municipality, file.ref.case_id)
        parent = None
        if file.ref.parent_id is not None:
            parent = cases.one_case(connection, file.ref.parent_id)
    forms = [
        shown(form, file.ref.case_id)
        for form in venue_pages.with_people(
            desk, person, forms_now(file.kind, value, file.deadline, person.role)
        )
    ]
    return _of_kind(desk, person, file, linked, failed) | {
        "value": value,
        "manual": _manual(desk, file),
        "way": way_of(value),
        "days": days_of(events, file.kind),
        # In a rehearsal the case may be ahead of the wall clock.
        "ahead": ahead_of(file.deadline, max(desk.clock(), events[-1].at)),
        "things": things,
        "row": row,
        "parent": parent,
        "linked": linked,
        "forms": with_failure(forms, failed),
        "waits_for_city": value.standing.value == "offered" and person.party is Party.PROVIDER,
    }


def _manual(desk: Desk, file: CaseFile) -> Used | None:
    """Return by which version of the manual somebody was attended to, if somebody was."""
    if file.kind not in COUNTED:
        return None
    contract = desk.book.current(file.ref.contract).contract
    return worked_by(desk, contract, file.opened_at)


def _of_kind(
    desk: Desk, person: Person, file: CaseFile, linked: list[CaseFile], failed: Failed | None
) -> dict[str, Any]:
    """Return what only the page of this kind of case shows."""
    value = value_of(file)
    more: dict[str, Any] = {
        "begun": [],
        "addable": [],
        "report": None,
        "terminal": None,
        "hours_told": None,
    }
    if isinstance(value, Application):
        more |= application.of_application(value, person)
    elif isinstance(value, Procedure):
        more |= procedure.of_procedure(value, person)
    elif isinstance(value, Defect):
        more |= defects.of_defect(value)
    elif isinstance(value, Visit):
        more |= procedure.of_visit(desk, person, file, linked, failed)
        more |= application.of_visit(desk, person, file, linked, failed)
    elif isinstance(value, Obligation) and value.terms.hours_of:
        more["hours_told"] = hours_now(desk, person.municipality, value.terms.hours_of)
    elif isinstance(value, Venue):
        more |= venue_pages.of_venue(desk, person, file, value)
    return more


def _about(
    request: Request, file: CaseFile, person: Person, desk: Desk, door: Door
) -> dict[str, Any]:
    """Return whom the case is about, if this person may see it and has said why.

    Who works on an open case opens it for that work; everybody else has to name a purpose.
    """
    standing = value_of(file).standing
    may = file.kind in _ABOUT_SOMEBODY and allowed(person.role, Action.SEE_PERSON, standing)
    given = request.query_params.get("purpose", "")
    working = person.role is not Role.AUDITOR and file.closed_at is None
    purpose = given if given in PURPOSES else USUAL_PURPOSE if working else ""
    about: Mapping[str, Any] | None = None
    if may and purpose:
        about = read_person(desk, door, person, file, purpose=purpose, request=request)
    lists = (about or {}).get("lists")
    asked_by = (about or {}).get("phone") if file.kind in _WITH_TELEPHONE else None
    return {
        "may_see_person": may,
        "about_somebody": file.kind in _ABOUT_SOMEBODY,
        "purpose": purpose,
        "purposes": PURPOSES,
        "about": about,
        "phone": national(asked_by) if asked_by else "",
        "birth": birth_words((about or {}).get("birth")),
        "lists": compare_lists(lists) if lists else None,
    }


def _done_words(query: Mapping[str, str]) -> str:
    action, count = query.get("done", ""), query.get("count", "")
    if action not in EVENT_TEXT:
        return ""
    if count.isdecimal():
        return f"{count}件の作業を受け付けました。この画面を閉じても続きます。"
    return f"{EVENT_TEXT[action]}。"
