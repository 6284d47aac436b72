"""Meetings with the city on a page: writing one down, correcting it, and those before.

Here: the list and the form. Not here: what was asked there and is answered later
(``questions``).
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.deps import Desk, TheDesk
from api.knowledge import meetings
from api.knowledge.questions import may_ask, rows_of
from api.pages.desk.sending import Failed, Posted, Sent, failed, see_other
from api.pages.rendering import page
from domain.calendars.hours import local
from domain.errors import DomainError, FieldMissing
from domain.knowledge.meeting import (
    LONGEST,
    MEETING_TEXT,
    POINT_TEXT,
    MeetingKind,
    Point,
    kinds_of,
)
from domain.parties import Action, allowed

router = APIRouter(prefix="/meetings", include_in_schema=False)

Reader = Annotated[Person, Depends(require_action(Action.SEE_CASE))]
Recorder = Annotated[Person, Depends(require_action(Action.RECORD_MEETING))]


@router.get("")
def show(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Show the meetings that were held, and ask for the next one or a correction."""
    return _page(request, person, desk)


@router.post("")
def record(request: Request, person: Recorder, desk: TheDesk, posted: Posted) -> Response:
    """Keep what was said."""
    loaded = desk.book.current(person.municipality)
    try:
        body = _request(posted)
        kept = meetings.record_meeting(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("meeting", posted, refused))
    return see_other(f"/meetings?done={kept.number}#meeting-{kept.number}")


def _request(posted: Sent) -> meetings.MeetingRequest:
    if posted.text("kind") not in set(MeetingKind):
        raise FieldMissing("「会議」を選んでください。")
    try:
        day = date.fromisoformat(posted.text("held_on"))
    except ValueError:
        raise FieldMissing("「開いた日」は年-月-日で入力してください。") from None
    number = posted.text("number")
    return meetings.MeetingRequest(
        number=int(number) if number.isascii() and number.isdecimal() else None,
        kind=MeetingKind(posted.text("kind")),
        held_on=day,
        place=posted.text("place")[:200],
        notes={point: posted.text(point)[:LONGEST] for point in Point},
        confirmed=posted.text("confirmed") == "yes",
    )


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    held = meetings.kept(desk, contract)
    wanted = request.query_params.get("correct", "")
    asked = [*rows_of(desk, contract, closed=False), *rows_of(desk, contract, closed=True)]
    return page(
        request,
        person,
        "meetings",
        status=failed.told.status if failed else 200,
        meetings=held,
        correcting=next((each for each in held if str(each.number) == wanted), None),
        questions={
            each.number: [q for q in asked if q.value.meeting == each.number] for each in held
        },
        names=MEETING_TEXT,
        kinds=kinds_of(contract),
        points=POINT_TEXT,
        today=local(desk.clock()).date(),
        may_record=allowed(person.role, Action.RECORD_MEETING),
        may_ask=may_ask(contract) and allowed(person.role, Action.REPORT_INCIDENT),
        done=request.query_params.get("done", ""),
        failed=failed,
    )
