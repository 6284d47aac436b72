"""Taking over a delivered lot: three files, a preview, and only then the cases.

Between the two pages the files lie sealed in the database, so that nothing has to be sent
twice and the way works without JavaScript.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.access.auth import require_action
from api.access.door import Person
from api.deps import Desk, TheDesk, deadline_for, in_force
from api.lots.card_lots import PreviewBody
from api.lots.lot_intake import DUE_RULE, Announced, Files, ReadLot, read_lot, take_over
from api.pages.desk.sending import Posted, Sent, failed, see_other
from api.pages.rendering import new_key, page
from domain.deadlines.deadline import Deadline
from domain.errors import DomainError, EmptyList, FieldMissing, ListTooLarge, LotAlreadyTaken
from domain.lots.list_bytes import MAX_BYTES
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import drafts, lots
from store.answers import Question, first_answer
from store.drafts import Draft
from store.scope import scope

router = APIRouter(prefix="/lots", include_in_schema=False)

Taker = Annotated[Person, Depends(require_action(Action.UPLOAD_LOT))]

LISTS: Final[Mapping[str, str]] = {
    "issue_list": "カード交付一覧表",
    "resident": "住民登録の抽出",
    "card_face": "券面事項の一覧",
}


@router.get("/new")
def show_upload(request: Request, person: Taker) -> Response:
    """Ask for the three lists of a lot."""
    return _upload_page(request, person)


@router.post("/new")
async def upload(request: Request, person: Taker, desk: TheDesk, posted: Posted) -> Response:
    """Keep the lists sealed and go on to their preview; a list that is none comes back."""
    try:
        files = await _files(posted)
        announced = _announced(posted)
        draft_id = await run_in_threadpool(_keep, desk, person, files, announced)
    except DomainError as refused:
        return _upload_page(request, person, failed("upload", posted, refused))
    return see_other(f"/lots/drafts/{draft_id}")


@router.get("/drafts/{draft_id}")
def preview(draft_id: str, request: Request, person: Taker, desk: TheDesk) -> Response:
    """Show what taking the lot over would give."""
    return _preview_page(draft_id, request, person, desk)


@router.post("/drafts/{draft_id}/take-over")
def take(
    draft_id: str, request: Request, person: Taker, desk: TheDesk, posted: Posted
) -> Response:
    """Open the lot with one case per card; asked again, it is the same lot."""
    try:
        case_id = _take(desk, person, draft_id)
    except DomainError as refused:
        return _preview_page(draft_id, request, person, desk, failed("take", posted, refused))
    return see_other(f"/cases/{case_id}?done=lot_taken_over")


@router.post("/drafts/{draft_id}/drop")
def drop(draft_id: str, person: Taker, desk: TheDesk) -> Response:
    """Forget the lists and begin anew."""
    with scope(desk.engine, person.municipality) as connection:
        drafts.drop(
            connection, person.municipality, draft_id=draft_id, account_id=person.account_id
        )
    return see_other("/lots/new")


def _keep(desk: Desk, person: Person, files: Files, announced: Announced) -> str:
    # Read once before anything is kept: a file that must not be here is not stored either.
    read_lot(desk.book.current(person.municipality), files)
    draft_id = new_key()
    draft = Draft(
        files={name: getattr(files, name) for name in LISTS},
        said={"count": announced.count, "handed_by": announced.handed_by},
    )
    with scope(desk.engine, person.municipality) as connection:
        drafts.keep(
            connection,
            desk.keys,
            person.municipality,
            draft,
            draft_id=draft_id,
            account_id=person.account_id,
            now=desk.clock(),
        )
    return draft_id


def _take(desk: Desk, person: Person, draft_id: str) -> str:
    question = Question(
        municipality=person.municipality,
        account_id=person.account_id,
        key=f"draft/{draft_id}",
        digest=hashlib.sha256(draft_id.encode()).hexdigest(),
    )
    with scope(desk.engine, person.municipality) as connection:
        before = first_answer(connection, question)
        draft = None if before else _draft(desk, person, draft_id, connection)
    if before is not None:
        return str(before["case_id"])
    if draft is None:
        raise FieldMissing("一覧表の控えが見つかりません。もう一度ファイルを選んでください。")
    files, announced = _of_draft(draft)
    loaded = desk.book.current(person.municipality)
    lot = read_lot(loaded, files)
    answer = take_over(desk, person, loaded, lot, announced, question)
    with scope(desk.engine, person.municipality) as connection:
        drafts.drop(
            connection, person.municipality, draft_id=draft_id, account_id=person.account_id
        )
    return str(answer["case_id"])


def _preview_page(
    draft_id: str, request: Request, person: Person, desk: Desk, failed: Any = None
) -> Response:
    with scope(desk.engine, person.municipality) as connection:
        draft = _draft(desk, person, draft_id, connection)
    if draft is None:
        gone = FieldMissing("一覧表の控えが見つかりません。もう一度ファイルを選んでください。")
        return _upload_page(request, person, _lost(gone))
    files, announced = _of_draft(draft)
    loaded = desk.book.current(person.municipality)
    lot = read_lot(loaded, files)
    deadline, refusal = _would_be_due(desk, person, lot)
    return page(
        request,
        person,
        "lot_preview",
        status=failed.told.status if failed else 200,
        draft_id=draft_id,
        lot=PreviewBody.of(lot),
        listed=len(lot.issue.rows),
        announced=announced,
        difference=_difference(lot, announced),
        deadline=deadline,
        refusal=refusal,
        failed=failed,
    )


def _would_be_due(
    desk: Desk, person: Person, lot: ReadLot
) -> tuple[Deadline | None, DomainError | None]:
    """Return when the notices would be due, or why the lot cannot be taken over at all."""
    loaded = desk.book.current(person.municipality)
    try:
        contract = in_force(desk, person, loaded, lot.delivered_on)
    except DomainError as refusal:
        return None, refusal
    refs = [row.inquiry_number for row in lot.results]
    with scope(desk.engine, person.municipality) as connection:
        taken = lots.already_taken(connection, person.municipality, lot.delivered_on, refs)
    deadline = deadline_for(desk, person.municipality, contract, DUE_RULE, lot.delivered_on)
    if taken:
        words = f"同じ納品日のカードが{len(taken)}件、取込み済みです。"
        return deadline, LotAlreadyTaken(words)
    return deadline, None


def _difference(lot: ReadLot, announced: Announced) -> int:
    if announced.count is None:
        return 0
    return len(lot.issue.rows) + lot.issue.lost - announced.count


def _draft(desk: Desk, person: Person, draft_id: str, connection: Any) -> Draft | None:
    return drafts.open_draft(
        connection,
        desk.keys,
        person.municipality,
        draft_id=draft_id,
        account_id=person.account_id,
        now=desk.clock(),
    )


def _of_draft(draft: Draft) -> tuple[Files, Announced]:
    said = draft.said
    return Files(**draft.files), Announced(count=said["count"], handed_by=said["handed_by"])


def _upload_page(request: Request, person: Person, failed: Any = None) -> Response:
    return page(
        request,
        person,
        "lot_upload",
        status=failed.told.status if failed else 200,
        lists=LISTS,
        largest_mb=MAX_BYTES // 1024 // 1024,
        failed=failed,
    )


def _lost(error: DomainError) -> Any:
    return failed("upload", Sent(fields={}), error)


async def _files(posted: Sent) -> Files:
    contents: dict[str, bytes] = {}
    for name, label in LISTS.items():
        file = posted.files.get(name)
        content = await file.read(MAX_BYTES + 1) if file is not None else b""
        if not content:
            raise EmptyList(f"「{label}」のファイルを選んでください。")
        if len(content) > MAX_BYTES:
            largest = MAX_BYTES // 1024 // 1024
            raise ListTooLarge(f"「{label}」が{largest}MBを超えています。")
        contents[name] = content
    return Files(**contents)


def _announced(posted: Sent) -> Announced:
    text, handed_by = posted.text("count").strip(), posted.text("handed_by").strip()
    refuse_forbidden(handed_by)
    if len(handed_by) > 200:
        raise FieldMissing("「引き渡した人」は200文字までです。")
    if text and not (text.isdecimal() and len(text) < 7):
        raise FieldMissing("「申告の数」は0以上の数で入力してください。")
    return Announced(count=int(text) if text else None, handed_by=handed_by or None)
