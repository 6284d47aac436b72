"""Questions to the city on a page, for both sides: what waits, what was said, asking one.

Here: the list and the form. Not here: answering and ending one, which are steps on the page
of its case.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.deps import Desk, TheDesk
from api.incidents import incidents
from api.knowledge import meetings
from api.knowledge.questions import may_ask, rows_of
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.errors import DomainError
from domain.incidents.kinds import IncidentKind, Stage
from domain.parties import Action, allowed

router = APIRouter(prefix="/questions", include_in_schema=False)

Reader = Annotated[Person, Depends(require_action(Action.SEE_CASE))]
Asker = Annotated[Person, Depends(require_action(Action.REPORT_INCIDENT))]


@router.get("")
def show(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Show what the city has to answer and what has to get into the answers."""
    return _page(request, person, desk)


@router.post("")
def ask(request: Request, person: Asker, desk: TheDesk, posted: Posted) -> Response:
    """Open the case of a question; from now on the city is reminded."""
    loaded = desk.book.current(person.municipality)
    number = posted.text("meeting")
    try:
        body = incidents.IncidentRequest(
            kind=IncidentKind.QUESTION,
            what=posted.text("what")[:2000],
            meeting=int(number) if number.isascii() and number.isdecimal() else 0,
            confirmed=posted.text("confirmed") == "yes",
        )
        opened = incidents.report_incident(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("question", posted, refused))
    return see_other(f"/cases/{opened.case_id}?done=incident_reported")


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    rows = rows_of(desk, contract, closed=False)
    return page(
        request,
        person,
        "questions",
        status=failed.told.status if failed else 200,
        waiting=[row for row in rows if row.value.stage is Stage.ASKED],
        answered=[row for row in rows if row.value.stage is Stage.CITY_ANSWERED],
        ended=rows_of(desk, contract, closed=True)[:20],
        may_ask=may_ask(contract) and allowed(person.role, Action.REPORT_INCIDENT),
        may_write=allowed(person.role, Action.WRITE_ARTICLE),
        may_answer=allowed(person.role, Action.ANSWER_QUESTION),
        known=may_ask(contract),
        meetings=meetings.kept(desk, contract)[:20],
        meeting=request.query_params.get("meeting", ""),
        failed=failed,
    )
