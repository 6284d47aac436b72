"""Card lots over HTTP: a preview, taking a lot over, and its hand-over slips."""

import hashlib
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, IdempotencyKey, TheDesk, ViewedCase
from api.lots.lot_intake import Announced, Files, ReadLot, read_lot, take_over
from domain.errors import ListTooLarge
from domain.lots.list_bytes import MAX_BYTES
from domain.lots.matching import MatchResult
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import lots
from store.answers import Question
from store.scope import scope

router = APIRouter(prefix="/api/v1", tags=["card lots"])

Taker = Annotated[Person, Depends(require_action(Action.UPLOAD_LOT))]
Reader = Annotated[Person, Depends(require_action(Action.SEE_CASE))]
Upload = Annotated[UploadFile, File()]


class LotRowBody(BaseModel):
    """What the match found for one card."""

    ref: str
    result: MatchResult
    case_id: str


class LotBody(BaseModel):
    """A lot that was taken over."""

    case_id: str
    due_at: datetime
    target_at: datetime
    rows: list[LotRowBody]


class UnreadableBody(BaseModel):
    """A row, or a cell of it, that could not be read."""

    list: str
    line: int
    problem: str


class PreviewBody(BaseModel):
    """What taking the lot over would give; nothing is kept of it."""

    delivered_on: date
    cards: int
    undecided: int
    counts: dict[str, int]
    unreadable: list[UnreadableBody]
    notices: list[str]

    @classmethod
    def of(cls, lot: ReadLot) -> "PreviewBody":
        """Copy what a person should know before taking the lot over."""
        return cls(
            delivered_on=lot.delivered_on,
            cards=len(lot.results),
            undecided=lot.undecided,
            counts={str(result): count for result, count in lot.tally.items()},
            unreadable=[
                UnreadableBody(list=kind, line=row.line, problem=row.reason)
                for kind, rows in lot.unreadable.items()
                for row in rows
            ],
            notices=[*lot.issue.notices, *lot.residents.notices, *lot.faces.notices],
        )


class SlipBody(BaseModel):
    """A hand-over slip."""

    slip_id: str
    number: int
    quantity: int
    made_at: datetime
    settled_at: datetime | None
    outcome: str | None


async def files(issue_list: Upload, resident: Upload, card_face: Upload) -> Files:
    """Return the three lists as they were sent, none of them larger than a list can be."""
    return Files(
        issue_list=await _content(issue_list),
        resident=await _content(resident),
        card_face=await _content(card_face),
    )


def announced(
    count: Annotated[int | None, Form(ge=0, le=1_000_000)] = None,
    handed_by: Annotated[str | None, Form(max_length=200)] = None,
) -> Announced:
    """Return what was said when the lot was handed over."""
    refuse_forbidden(handed_by or "")
    return Announced(count=count, handed_by=handed_by or None)


SentFiles = Annotated[Files, Depends(files)]
SentAnnounced = Annotated[Announced, Depends(announced)]


@router.post(
    "/contracts/{slug}/card-lots/preview", summary="Read and match a lot, keeping nothing"
)
async def preview_lot(loaded: AccessedContract, person: Taker, sent: SentFiles) -> PreviewBody:
    """Return what could not be read and how the three lists match."""
    return PreviewBody.of(await run_in_threadpool(read_lot, loaded, sent))


@router.post("/contracts/{slug}/card-lots", status_code=201, summary="Take over a lot")
async def take_over_lot(
    loaded: AccessedContract,
    person: Taker,
    desk: TheDesk,
    key: IdempotencyKey,
    sent: SentFiles,
    said: SentAnnounced,
) -> LotBody:
    """Read, match and open the lot with one case per card; all of it or nothing."""

    def work() -> dict[str, Any]:
        lot = read_lot(loaded, sent)
        question = Question(
            municipality=person.municipality,
            account_id=person.account_id,
            key=key,
            digest=_digest(sent, said),
        )
        return take_over(desk, person, loaded, lot, said, question)

    return LotBody.model_validate(await run_in_threadpool(work))


@router.get("/cases/{case_id}/slips", summary="List the hand-over slips of a lot")
def list_slips(file: ViewedCase, person: Reader, desk: TheDesk) -> dict[str, Any]:
    """Return the slips of a lot, the one that was made first first."""
    with scope(desk.engine, person.municipality) as connection:
        found = lots.slips(connection, person.municipality, file.ref.case_id)
    items = [
        SlipBody(
            slip_id=slip.slip_id,
            number=slip.number,
            quantity=slip.quantity,
            made_at=slip.made_at,
            settled_at=slip.settled_at,
            outcome=slip.outcome,
        )
        for slip in found
    ]
    return {"items": items, "next_cursor": None}


async def _content(upload: UploadFile) -> bytes:
    content = await upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ListTooLarge(f"一つの一覧表は{MAX_BYTES // 1024 // 1024}MBまでです。")
    return content


def _digest(sent: Files, said: Announced) -> str:
    whole = hashlib.sha256()
    for part in (sent.issue_list, sent.resident, sent.card_face, repr(said).encode()):
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
