"""Numbers over HTTP: giving one out, the lines of a place, closing them for the day.

Each is one transaction and works while the engine is away; the relay tells the courses. Calling
stands in ``api.queue.calls``, other steps of a number in ``api.cases``.
"""

import json
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from pydantic_core import to_jsonable_python
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.catalogue.catalogue import offered_today
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk, new_case_id
from api.queue.places import Hall, hall_of
from contracts.loader import LoadedContract
from domain.calendars.hours import local
from domain.case import Actor, CaseChange, CaseEvent, CaseKind, CaseRef
from domain.catalogue.catalogue import OfferKind
from domain.contract import calendar_of_channel
from domain.errors import FieldMissing, ReceptionClosed, WrongStage
from domain.parties import Action
from domain.queue.queue_rules import RANK_TEXT, Rank
from domain.queue.ticket import STAGE_TEXT, Stage, Ticket
from domain.records.replay import CLAIMED
from domain.writing.privacy import refuse_forbidden
from store import cases, contract_state, displacing, opening, queue_tickets, record
from store.answers import Question, first_answer, keep_answer
from store.cases import CaseFile, month_of
from store.opening import NewCase
from store.queue_tickets import Queued
from store.scope import scope
from store.values import value_of
from workflows.queue_messages import OpenTicket

router = APIRouter(prefix="/api/v1/contracts/{slug}/queue", tags=["queue"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_QUEUE))]
Receptionist = Annotated[Person, Depends(require_action(Action.ISSUE_TICKET))]
Closer = Annotated[Person, Depends(require_action(Action.CLOSE_LINE))]


class TicketRequest(BaseModel):
    """Somebody who is to wait; nothing of who they are."""

    line: str = Field(max_length=80)
    place: str = Field(default="", max_length=80, description="場所が一つなら省略できる")
    resident: bool | None = Field(default=None, description="市に住民登録があるか")
    reason: str = Field(default="", max_length=200, description="市外の方を受け付ける理由")
    procedure: str = Field(default="", max_length=80, description="手続のコード")
    number: int | None = Field(default=None, ge=1, le=9999, description="発券機の番号")


class TicketBody(BaseModel):
    """A number."""

    case_id: str
    label: str = Field(description="紙と画面に出る番号")
    line: str
    rank: str
    stage: Stage
    stage_label: str
    desk: str
    calls: int
    taken_at: datetime
    resident: bool | None

    @classmethod
    def of(cls, queued: Queued) -> "TicketBody":
        """Copy a row."""
        return cls(
            case_id=queued.case_id,
            label=queued.label,
            line=queued.line,
            rank=RANK_TEXT[queued.rank],
            stage=queued.stage,
            stage_label=STAGE_TEXT[queued.stage],
            desk=queued.desk,
            calls=queued.calls,
            taken_at=local(queued.taken_at),
            resident=queued.resident,
        )


class IssuedBody(BaseModel):
    """A number that was given out."""

    case_id: str
    case_number: str
    label: str
    ahead: int = Field(description="この方より先に呼ばれる人数")


class LinesBody(BaseModel):
    """The lines of a place as they stand."""

    place: str
    waiting: dict[str, int] = Field(description="列ごとの待ち人数")
    tickets: list[TicketBody] = Field(description="呼ばれる順")
    ended: dict[str, int] = Field(description="今日の番号の結果ごとの件数")


class ClosingRequest(BaseModel):
    """Which place's lines are closed for the day."""

    place: str = Field(default="", max_length=80)


class ClosedBody(BaseModel):
    """What became of closing the lines."""

    ended: int = Field(description="呼ばれずに終わった番号の件数")


@router.get("", summary="Show the lines of a place")
def show_lines(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    place: Annotated[str, Query(max_length=80)] = "",
) -> LinesBody:
    """Return who waits, is called and is served at this minute, without names."""
    return lines_of(desk, hall_of(desk, person, loaded, place))


@router.post("/tickets", status_code=201, summary="Give out a number")
def issue_ticket(
    loaded: AccessedContract,
    person: Receptionist,
    desk: TheDesk,
    key: IdempotencyKey,
    body: TicketRequest,
) -> IssuedBody:
    """Give out the next number of a line, or take over that of the machine.

    Who lives elsewhere waits behind residents where the contract has it so, with the reason.
    """
    refuse_forbidden(body.reason, confirmed=False)
    asked = json.dumps(["ticket", body.model_dump()], ensure_ascii=False, sort_keys=True)
    question = question_of(person, key, asked)
    with scope(desk.engine, person.municipality) as connection:
        before = first_answer(connection, question)
    if before is not None:
        # Asked again later, when what was possible then may be refused now.
        return IssuedBody(**before)
    hall = hall_of(desk, person, loaded, body.place)
    _require_reception(desk, person, hall, body)
    return IssuedBody(**_issue(desk, person, loaded, hall, body, question))


@router.post("/closings", summary="Close the lines of a place for today")
def close_lines(
    loaded: AccessedContract, person: Closer, desk: TheDesk, body: ClosingRequest
) -> ClosedBody:
    """End every number that waits or was called; who is being served is served to the end."""
    hall = hall_of(desk, person, loaded, body.place)
    with scope(desk.engine, person.municipality) as connection:
        found = queue_tickets.in_house(connection, *hall.key)
    left = [each for each in found if each.stage is not Stage.SERVING]
    return ClosedBody(ended=sum(_end_day(desk, person, each.case_id) for each in left))


def lines_of(desk: Desk, hall: Hall) -> LinesBody:
    """Return the lines of a place as they stand."""
    with scope(desk.engine, hall.municipality) as connection:
        found = queue_tickets.in_house(connection, *hall.key)
        ended = queue_tickets.ended(connection, *hall.key)
    waiting = [each.line for each in found if each.stage is Stage.WAITING]
    return LinesBody(
        place=hall.place,
        waiting={line.id: waiting.count(line.id) for line in hall.rules.lines},
        tickets=[TicketBody.of(each) for each in found],
        ended={str(stage): count for stage, count in ended.items()},
    )


def question_of(person: Person, key: str, asked: str) -> Question:
    """Return what tells a repetition from another request."""
    return Question(
        municipality=person.municipality,
        account_id=person.account_id,
        key=key,
        digest=sha256(asked.encode()).hexdigest(),
    )


def ticket_in(file: CaseFile) -> Ticket:
    """Return a number as it stands."""
    value = value_of(file)
    if not isinstance(value, Ticket):
        raise WrongStage("受付番号ではない案件です。")
    return value


def keep_step(
    connection: Connection,
    desk: Desk,
    person: Person,
    file: CaseFile,
    after: Ticket,
    *,
    action: str,
    key: str,
    called_to: str = "",
) -> None:
    """Record a step that was taken in the database, and owe its course the news."""
    now = desk.clock()
    told: dict[str, str | int | bool | None] = {"stage": str(after.stage)}
    event = CaseEvent(
        action=action,
        at=now,
        actor=Actor(account_id=person.account_id, role=person.role),
        detail=told | ({"called_to": called_to} if called_to else {}),
    )
    change = CaseChange(
        stage=after.stage, state={**file.state, "value": asdict(after)}, closed=after.closed
    )
    kept = record.append(
        connection,
        desk.keys,
        file.ref,
        event,
        change,
        key=f"{CLAIMED}{key}",
        recorded_at=now,
    )
    assert kept, "asked again, the first answer was found"
    displacing.inform(connection, file)


def _end_day(desk: Desk, person: Person, case_id: str) -> bool:
    with scope(desk.engine, person.municipality) as connection:
        file = cases.one_case(connection, case_id, lock=True)
        try:
            after = ticket_in(file).end_day()
        except WrongStage:
            return False  # served or gone meanwhile
        keep_step(
            connection,
            desk,
            person,
            file,
            after,
            action="line_closed",
            key=f"line-closed/{file.last_seq}",
        )
    return True


def _require_reception(desk: Desk, person: Person, hall: Hall, body: TicketRequest) -> None:
    line = hall.rules.line(body.line)
    hall.rules.require_numbering(line.id, body.number)
    channel = hall.contract.channel(line.channel)
    if body.procedure:
        offered_today(desk, person, hall.contract).require(OfferKind.PROCEDURE, body.procedure)
        if hall.contract.procedure(body.procedure) is None:
            raise FieldMissing("手続を選び直してください。")
    with scope(desk.engine, person.municipality) as connection:
        added = contract_state.closures(
            connection, person.municipality, hall.contract.slug, channel.calendar
        )
    closures = [each.closure for each in added]
    calendar = calendar_of_channel(hall.contract, channel.id, closures)
    reception = calendar.reception(local(desk.clock()))
    if not reception.accepted:
        raise ReceptionClosed(reception.reason)


def _issue(
    desk: Desk,
    person: Person,
    loaded: LoadedContract,
    hall: Hall,
    body: TicketRequest,
    question: Question,
) -> dict[str, Any]:
    rank = hall.rules.rank(body.resident, reason=body.reason)
    with scope(desk.engine, person.municipality) as connection:
        before = first_answer(connection, question)
        if before is not None:
            return before
        number = body.number or queue_tickets.next_number(
            connection,
            *(hall.municipality, hall.contract.slug, hall.place, body.line, hall.day),
        )
        # Read after the turn for the number, so that times follow numbers.
        now = desk.clock()
        new, value = _new_case(person, loaded, hall, body, rank, number, now)
        numbers = opening.open_cases(
            connection, desk.keys, person.municipality, [new], recorded_at=now
        )
        contract_state.keep_version(
            connection,
            person.municipality,
            hall.contract.slug,
            loaded.version,
            desk.book.document(loaded),
            at=now,
        )
        answer = {
            "case_id": value.case_id,
            "case_number": numbers[value.case_id],
            "label": value.label,
            "ahead": _ahead(connection, hall, value),
        }
        keep_answer(connection, question, answer)
    return answer


def _new_case(
    person: Person,
    loaded: LoadedContract,
    hall: Hall,
    body: TicketRequest,
    rank: Rank,
    number: int,
    now: datetime,
) -> tuple[NewCase, Ticket]:
    line = hall.rules.line(body.line)
    value = Ticket(
        case_id=new_case_id(now),
        place=hall.place,
        line=line.id,
        letter=line.letter,
        number=number,
        day=hall.day,
        taken_at=now,
        ends_at=hall.ends_at,
        calls_before_absent=hall.rules.calls_before_absent,
        lines=tuple(each.id for each in hall.rules.lines),
        rank=rank,
        resident=body.resident,
        procedure=body.procedure,
    )
    ref = CaseRef(
        case_id=value.case_id,
        municipality=person.municipality,
        contract=hall.contract.slug,
        contract_version=loaded.version,
        opened_on=month_of(now),
    )
    change = CaseChange(
        stage=value.stage, state={"value": asdict(value), "open_handoffs": []}, closed=False
    )
    start = to_jsonable_python(OpenTicket(case=ref, ticket=value))
    event = _first_line(person, value, line.channel, body.reason, now)
    new = NewCase(case=ref, kind=CaseKind.TICKET, change=change, event=event, start=start)
    return new, value


def _first_line(
    person: Person, value: Ticket, channel: str, reason: str, now: datetime
) -> CaseEvent:
    told: dict[str, str | int | bool | None] = {
        "ticket": value.label,
        "line": value.line,
        "place": value.place,
        "channel": channel,
    }
    told |= {} if value.resident is None else {"resident": value.resident}
    told |= {"procedure": value.procedure} if value.procedure else {}
    return CaseEvent(
        action="ticket_issued",
        at=now,
        actor=Actor(account_id=person.account_id, role=person.role),
        reason=reason.strip() or None,
        detail=told,
    )


def _ahead(connection: Connection, hall: Hall, value: Ticket) -> int:
    """Return how many of its line are called before it."""
    found = queue_tickets.in_house(connection, *hall.key)
    waiting = [e for e in found if e.stage is Stage.WAITING and e.line == value.line]
    return [each.case_id for each in waiting].index(value.case_id)
