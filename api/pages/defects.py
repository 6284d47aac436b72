"""Applications that came back, on pages: who is called next, and what came back this month.

Here: the list, the form that opens a follow-up by itself, what its own page shows beside
that of every case. Not here: its steps, which are taken on the page of the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.access.auth import TheDoor, require_action
from api.access.door import Door, Person
from api.calls.external_entries import first_of
from api.cases import Reader, read_person
from api.defects import follow_ups
from api.deps import AccessedCase, Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.applications.defect_kinds import DEFECT_TEXT, DefectKind
from domain.calendars.hours import local
from domain.calls.contact import MEANS_TEXT, OUTCOME_TEXT
from domain.case import CaseKind
from domain.defects.defect import Defect
from domain.defects.defect_letter import DefectLetter
from domain.errors import ActionUnknown, DomainError, EngineAway, FieldMissing
from domain.parties import Action, allowed
from store import cases, defects
from store.cases import CaseFile, Wanted
from store.scope import scope
from store.values import value_of

router = APIRouter(include_in_schema=False)

Reporter = Annotated[Person, Depends(require_action(Action.REPORT_DEFECT))]

_SHOWN = 100
_PRINTED = "手紙の作成"
_ASKED = ("kana", "name", "address", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpLine:
    """One open follow-up in a list."""

    file: CaseFile
    value: Defect
    kind: str
    last: str
    """How the last attempt ended; empty before the first."""


@router.get("/defects")
def show_defects(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Show who is to be called next, and what came back in a month."""
    return _page(request, person, desk)


@router.post("/defects")
def report(request: Request, person: Reporter, desk: TheDesk, posted: Posted) -> Response:
    """Open the follow-up of an application that was made elsewhere."""
    loaded = desk.book.current(person.municipality)
    try:
        if posted.text("kind") not in set(DefectKind):
            raise FieldMissing("「不備の内容」を選んでください。")
        body = follow_ups.DefectRequest(
            kind=DefectKind(posted.text("kind")),
            note=posted.text("note")[:1000],
            confirmed=posted.text("confirmed") == "yes",
            **{name: posted.text(name)[:100] for name in _ASKED},
        )
        opened = follow_ups.report(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("defect", posted, refused))
    return see_other(f"/cases/{opened.case_id}?done=defect_reported")


@router.get("/defects/{case_id}/letter")
async def print_letter(
    request: Request, file: AccessedCase, person: Reader, desk: TheDesk, door: TheDoor
) -> Response:
    """Return the letter to whom nobody could reach; who printed it is recorded.

    Raises:
        ActionUnknown: The case is no follow-up, or settled.
        NotYourDuty: The role may not see this person.
    """
    if file.kind is not CaseKind.DEFECT or file.closed_at is not None:
        raise ActionUnknown("手紙は、対応中の申請不備だけにあります。")
    letter = await run_in_threadpool(_letter, request, desk, door, person, file)
    if desk.files is None:
        raise EngineAway("この処理では、ファイルを作れません。")
    content = await desk.files.paper(letter)
    name = quote(f"申請不備のお知らせ_{file.case_number}.pdf")
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


def lines_of(files: Sequence[CaseFile]) -> list[FollowUpLine]:
    """Return follow-ups as a list shows them."""
    return [_line(file) for file in files]


def of_defect(value: Defect) -> dict[str, Any]:
    """Return what the page of a follow-up shows beside what every case shows."""
    return {"defect": DEFECT_TEXT[value.kind], "last": last_words(value)}


def last_words(value: Defect) -> str:
    """Return how the last attempt ended: ``電話：応答なし``."""
    last = value.last_attempt
    return f"{MEANS_TEXT[last.means]}：{OUTCOME_TEXT[last.outcome]}" if last else ""


def _letter(
    request: Request, desk: Desk, door: Door, person: Person, file: CaseFile
) -> DefectLetter:
    to = read_person(desk, door, person, file, purpose=_PRINTED, request=request)
    value = value_of(file)
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    assert isinstance(value, Defect), "the kind of the case says so"
    assert contract.defects is not None, "who follows up has rules for it"
    today = local(desk.clock()).date()
    return DefectLetter(
        number=file.case_number,
        city_name=contract.municipality,
        written_on=today,
        name=to.get("name") or to.get("kana") or "",
        address=to.get("address") or "",
        defect_text=DEFECT_TEXT[value.kind],
        answer_by=today + timedelta(days=contract.defects.letter_wait_days),
        telephone=contract.text("call_centre.telephone") or "",
    )


def _line(file: CaseFile) -> FollowUpLine:
    value = value_of(file)
    assert isinstance(value, Defect)
    return FollowUpLine(
        file=file, value=value, kind=DEFECT_TEXT[value.kind], last=last_words(value)
    )


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    city, slug = person.municipality, contract.slug
    month = request.query_params.get("month", "") or f"{local(desk.clock()):%Y-%m}"
    wrong = ""
    try:
        first = first_of(month)
    except FieldMissing as refused:
        wrong, first = str(refused), local(desk.clock()).date()
    with scope(desk.engine, city) as connection:
        open_now = cases.list_cases(
            connection, city, Wanted(kind=CaseKind.DEFECT), limit=_SHOWN
        )
        counted = defects.counts(connection, city, slug, first)
    return page(
        request,
        person,
        "defects",
        status=failed.told.status if failed else 200,
        lines=lines_of(open_now),
        may_report=contract.defects is not None and allowed(person.role, Action.REPORT_DEFECT),
        kinds=DEFECT_TEXT,
        counted=counted,
        month=f"{first:%Y-%m}",
        wrong=wrong,
        failed=failed,
    )
