"""Incidents on pages: those that are open with their clocks, the things, and a report.

Here: the list and the form. Not here: the steps afterwards, which are taken on the page of
the case.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.deps import Desk, TheDesk
from api.incidents import incidents
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.errors import DomainError, FieldMissing
from domain.incidents.kinds import KIND_TEXT, IncidentKind
from domain.parties import Action, allowed
from store import incidents as kept
from store.scope import scope

router = APIRouter(include_in_schema=False)

Reporter = Annotated[Person, Depends(require_action(Action.REPORT_INCIDENT))]
Reader = Annotated[Person, Depends(require_action(Action.SEE_CASE))]


@router.get("/incidents")
def show_incidents(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Show what is not over and how the things stand, and ask what happened."""
    return _page(request, person, desk)


@router.post("/incidents")
def report(request: Request, person: Reporter, desk: TheDesk, posted: Posted) -> Response:
    """Open the case of an incident; what is done about it is recorded on its page."""
    loaded = desk.book.current(person.municipality)
    try:
        if posted.text("kind") not in set(IncidentKind):
            raise FieldMissing("「何が起きたか」を選んでください。")
        body = incidents.IncidentRequest(
            kind=IncidentKind(posted.text("kind")),
            what=posted.text("what")[:2000],
            thing=posted.text("thing")[:80],
            serious=posted.text("serious") == "yes",
            confirmed=posted.text("confirmed") == "yes",
        )
        opened = incidents.report_incident(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("incident", posted, refused))
    return see_other(f"/cases/{opened.case_id}?done=incident_reported")


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    with scope(desk.engine, person.municipality) as connection:
        files = kept.open_incidents(connection, person.municipality, contract.slug)
    now = desk.clock()
    return page(
        request,
        person,
        "incidents",
        status=failed.told.status if failed else 200,
        lines=[(file, incidents.incident_of(file)) for file in files],
        late=sum(file.due_at is not None and file.due_at < now for file in files),
        equipment=incidents.equipment_of(contract, files),
        kinds=[(kind, KIND_TEXT[kind]) for kind in incidents.kinds_of(contract)],
        may_report=allowed(person.role, Action.REPORT_INCIDENT),
        failed=failed,
    )
