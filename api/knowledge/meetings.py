"""Meetings with the city over HTTP: writing one down, correcting it, and their list.

A meeting without a cadence: none is ever missing, and nothing is due. What is asked there and
answered later is a question to the city (``api.knowledge.questions``).
"""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from api.once import once
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.knowledge.meeting import LONGEST, MEETING_TEXT, Meeting, MeetingKind, Point, checked
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import knowledge
from store.knowledge import KeptMeeting
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["knowledge"])

Reader = Annotated[Person, Depends(require_action(Action.SEE_CASE))]
Recorder = Annotated[Person, Depends(require_action(Action.RECORD_MEETING))]

Words = Annotated[str, Field(max_length=LONGEST)]


class MeetingRequest(BaseModel):
    """What was said at a meeting."""

    number: int | None = Field(default=None, ge=1, description="直すときだけ、会議の番号")
    kind: MeetingKind = MeetingKind.DAILY_REPORT
    held_on: date
    place: str = Field(default="", max_length=200)
    notes: dict[Point, Words] = Field(description="項目ごとの内容")
    confirmed: bool = False


class MeetingBody(BaseModel):
    """A meeting as it was last written down."""

    number: int
    version: int
    kind: MeetingKind
    kind_text: str
    held_on: date
    place: str
    notes: dict[Point, str]
    written_at: datetime


class MeetingPage(BaseModel):
    """Every meeting, the newest first."""

    items: list[MeetingBody]
    next_cursor: None = None


class KeptBody(BaseModel):
    """The number of what was kept."""

    number: int


@router.get("/meetings", summary="List the meetings with the city")
def list_meetings(loaded: AccessedContract, person: Reader, desk: TheDesk) -> MeetingPage:
    """Return every meeting that was written down."""
    return MeetingPage(items=[_body(each) for each in kept(desk, loaded.contract)])


@router.post("/meetings", status_code=201, summary="Write a meeting down")
def record_meeting(
    loaded: AccessedContract,
    person: Recorder,
    desk: TheDesk,
    key: IdempotencyKey,
    body: MeetingRequest,
) -> KeptBody:
    """Keep what was said; a correction is kept beside what was written before."""
    slug = loaded.contract.slug
    written = Meeting(
        kind=body.kind, held_on=body.held_on, place=body.place, notes=dict(body.notes)
    )
    meeting = checked(written, loaded.contract, local(desk.clock()).date())
    for text in (meeting.place, *meeting.notes.values()):
        refuse_forbidden(text, confirmed=body.confirmed)
    require_known(desk, loaded.contract, body.number or 0)
    answer = once(
        desk,
        person,
        key=key,
        asked=f"meeting/{body.model_dump_json()}",
        do=lambda connection: {
            "number": knowledge.add_meeting(
                connection,
                slug,
                slug,
                meeting,
                number=body.number,
                by=person.account_id,
                at=desk.clock(),
            )
        },
    )
    return KeptBody(**answer)


def kept(desk: Desk, contract: Contract) -> list[KeptMeeting]:
    """Return every meeting as it was last written down."""
    with scope(desk.engine, contract.slug) as connection:
        return knowledge.meetings(connection, contract.slug, contract.slug)


def require_known(desk: Desk, contract: Contract, number: int) -> None:
    """Return if there is a meeting of this number; 0 is none and needs none.

    Raises:
        FieldMissing: There is none.
    """
    if number and all(each.number != number for each in kept(desk, contract)):
        raise FieldMissing("この番号の会議はありません。")


def _body(each: KeptMeeting) -> MeetingBody:
    return MeetingBody(
        number=each.number,
        version=each.version,
        kind=each.meeting.kind,
        kind_text=MEETING_TEXT[each.meeting.kind],
        held_on=each.meeting.held_on,
        place=each.meeting.place,
        notes=dict(each.meeting.notes),
        written_at=local(each.written_at),
    )
