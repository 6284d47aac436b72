"""Calling the next number to a desk: a claim in the database, at once also without the engine.

Two desks that call at the same moment get two numbers. Calling again, serving and ending are
steps of the number's case (``api.cases``).
"""

import json
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from api.queue.places import hall_of
from api.queue.tickets import keep_step, question_of, ticket_in
from domain.calendars.hours import local
from domain.errors import WrongStage
from domain.parties import Action
from domain.queue.queue_errors import NobodyWaits
from domain.queue.ticket import Stage
from store import cases, queue_tickets
from store.answers import first_answer, keep_answer
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/queue/calls", tags=["queue"])

Caller = Annotated[Person, Depends(require_action(Action.CALL_NEXT))]


class CallRequest(BaseModel):
    """Which desk is free."""

    desk: str = Field(max_length=80)
    place: str = Field(default="", max_length=80, description="場所が一つなら省略できる")


class CalledBody(BaseModel):
    """The number that was called."""

    case_id: str
    label: str
    line: str
    desk: str


@router.post("", summary="Call the next number to a desk")
def call_next(
    loaded: AccessedContract,
    person: Caller,
    desk: TheDesk,
    key: IdempotencyKey,
    body: CallRequest,
) -> CalledBody:
    """Call whoever is next in the lines of the desk."""
    hall = hall_of(desk, person, loaded, body.place)
    seat = hall.rules.desk(body.desk)
    asked = json.dumps(["call", hall.place, seat.id, str(hall.day)])
    question = question_of(person, key, asked)
    with scope(desk.engine, person.municipality) as connection:
        before = first_answer(connection, question)
        if before is not None:
            return CalledBody(**before)
        case_id = queue_tickets.call_next(connection, *hall.key, desk=seat.id, lines=seat.lines)
        if case_id is None:
            raise NobodyWaits("いまは、だれも待っていません。")
        file = cases.one_case(connection, case_id, lock=True)
        after = ticket_in(file).call(seat.id, desk.clock())
        # Its calls are numbered: put back into the line, it is called anew.
        line_key = f"call/{file.last_seq}"
        keep_step(
            connection,
            desk,
            person,
            file,
            after,
            action=str(Action.CALL_NEXT),
            key=line_key,
            called_to=seat.label,
        )
        answer = {
            "case_id": case_id,
            "label": after.label,
            "line": after.line,
            "desk": seat.id,
        }
        keep_answer(connection, question, answer)
    return CalledBody(**answer)


def begin_service(desk: Desk, person: Person, case_id: str) -> str | None:
    """Let a number be served, because its visit is received; one that is already stays so.

    Args:
        desk: What the process works with.
        person: Who serves.
        case_id: Of the number; empty: the visitor has none.

    Returns:
        The case of the number, of which the visit is a part.

    Raises:
        WrongStage: It was not called, or is another day's.
    """
    if not case_id:
        return None
    now = desk.clock()
    with scope(desk.engine, person.municipality) as connection:
        file = cases.one_case(connection, case_id, lock=True)
        value = ticket_in(file)
        if value.day != local(now).date():
            raise WrongStage("今日の番号ではありません。")
        if value.stage is not Stage.SERVING:
            action, key = str(Action.SERVE_TICKET), f"served/{file.last_seq}"
            after = value.serve(now)
            keep_step(connection, desk, person, file, after, action=action, key=key)
    return case_id
