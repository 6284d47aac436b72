"""Daily reports over HTTP: those of a month, one as paper, and another version of one.

They tell numbers and nobody's name; the reservation list that goes with them is shown by
``api.booking.reservation_list``. Sending is an action of the case (``api.cases``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Self
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field
from pydantic_core import to_jsonable_python
from starlette.concurrency import run_in_threadpool

from api.access.auth import require_action
from api.access.door import Person
from api.calls.external_entries import MONTH
from api.counter.visits import OpenedBody
from api.deps import AccessedCase, AccessedContract, Desk, IdempotencyKey, TheDesk, running
from contracts.loader import LoadedContract
from domain.calendars.hours import local
from domain.case import Actor, CaseEvent, CaseKind, CaseRef, require_reason
from domain.errors import CaseUnknown, EngineAway, WrongStage
from domain.parties import Action
from domain.sending.daily_report import DailyReport, Figures, Part
from domain.sending.list_sending import STAGE_TEXT, ListSending, Means, Stage
from domain.writing.privacy import refuse_forbidden
from store import cases, contract_state, daily_figures, day_lists, list_days, opening
from store.answers import Question, first_answer, keep_answer
from store.cases import CaseFile, month_of
from store.opening import NewCase
from store.scope import scope
from store.values import value_of
from workflows.keeping import change_of
from workflows.list_messages import OpenListSending

router = APIRouter(prefix="/api/v1/contracts/{slug}/reports", tags=["reports"])

Reader = Annotated[Person, Depends(require_action(Action.SEE_INQUIRIES))]
Sender = Annotated[Person, Depends(require_action(Action.SEND_LIST))]


class Format(StrEnum):
    """As what a report is wanted; the values are words of addresses."""

    JSON = "json"
    PDF = "pdf"


class Correction(BaseModel):
    """Why another version is made."""

    reason: str = Field(max_length=2000)
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One version of a day's report, as it was sent or as it would be now."""

    file: CaseFile
    value: ListSending
    figures: Figures


class ReportBody(BaseModel):
    """One version of the report of a day."""

    case_id: str
    case_number: str
    kind: str = "daily"
    day: date
    since: date = Field(description="数えた最初の日")
    version: int
    parts: list[Part]
    stage: Stage
    stage_text: str
    due_at: datetime | None = Field(description="訂正の版に期限はない")
    stuck: str | None
    sent_at: datetime | None
    means: Means | None
    late: bool
    received: int = Field(description="受電数")
    bookings: int = Field(description="予約者数")
    changes: int = Field(description="予約変更者数（変更・取消）")
    others: int = Field(description="その他問い合わせ数")
    visitors: int | None = Field(description="来場者数。会場を開いていない日は null")

    @classmethod
    def of(cls, sent: Sent) -> Self:
        """Copy a version."""
        value, file = sent.value, sent.file
        assert value.terms is not None, "who has no report is not listed"
        told = [number for _, number in sent.figures.told]
        return cls(
            case_id=file.ref.case_id,
            case_number=file.case_number,
            day=value.day,
            since=value.terms.since,
            version=value.version,
            parts=list(value.parts),
            stage=value.stage,
            stage_text=STAGE_TEXT[value.stage],
            due_at=local(file.deadline.due_at) if file.deadline else None,
            stuck=file.stuck,
            sent_at=local(value.sent_at) if value.sent_at else None,
            means=value.means,
            late=value.late,
            received=told[0] or 0,
            bookings=told[1] or 0,
            changes=told[2] or 0,
            others=told[3] or 0,
            visitors=told[4],
        )


class ReportPage(BaseModel):
    """The reports of a month, the newest day first."""

    month: str
    items: list[ReportBody]
    next_cursor: None = None


@router.get("", summary="List the daily reports of a month")
def list_reports(
    loaded: AccessedContract,
    person: Reader,
    desk: TheDesk,
    month: Annotated[str, Query(pattern=MONTH, description="今月でないとき")] = "",
) -> ReportPage:
    """Return every version of every day that owes one; what is late says so."""
    first = date.fromisoformat(f"{month}-01") if month else local(desk.clock()).date()
    found = of_month(desk, person, loaded, first)
    return ReportPage(month=f"{first:%Y-%m}", items=[ReportBody.of(each) for each in found])


@router.get("/{case_id}/{wanted}", summary="Take a daily report along")
async def take_report(
    wanted: Format, loaded: AccessedContract, file: AccessedCase, person: Reader, desk: TheDesk
) -> Response:
    """Return a report as JSON or PDF: as it was sent, or as it would be sent now."""
    paper, body = await run_in_threadpool(_paper, desk, loaded, file)
    if wanted is Format.JSON:
        return Response(body.model_dump_json(), media_type="application/json")
    if desk.files is None:
        raise EngineAway("この処理では、ファイルを作れません。")
    name = quote(f"日次報告書_{paper.day:%Y%m%d}_第{paper.terms.version}版.pdf")
    return Response(
        await desk.files.paper(paper),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f"inline; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )


@router.post("/{case_id}/versions", status_code=201, summary="Correct a daily report")
def correct_report(
    loaded: AccessedContract,
    file: AccessedCase,
    person: Sender,
    desk: TheDesk,
    key: IdempotencyKey,
    body: Correction,
) -> OpenedBody:
    """Open the next version of what was sent; what was sent stays as it is.

    Raises:
        WrongStage: It was not sent, or has a later version.
    """
    reason = require_reason(body.reason.strip() or None)
    refuse_forbidden(reason, confirmed=body.confirmed)
    question = Question(
        municipality=person.municipality,
        account_id=person.account_id,
        key=key,
        digest=sha256(f"correct/{file.ref.case_id}/{reason}".encode()).hexdigest(),
    )
    contract = running(desk, person.municipality, loaded)
    now, sent, slug = desk.clock(), _sending(file), contract.slug
    with scope(desk.engine, person.municipality) as connection:
        before = first_answer(connection, question)
        if before is not None:
            return OpenedBody(**before)
        worked = list_days.work_between(connection, contract, sent.day, sent.day)[sent.day]
        case_id = list_days.case_id_of(slug, slug, sent.day, sent.version + 1)
        value = sent.corrected(case_id, venue=worked.venue)
        new = _new_case(loaded, person, value, reason, now)
        if not opening.open_once(connection, desk.keys, new, recorded_at=now):
            raise WrongStage(f"第{value.version}版があります。")
        document = desk.book.document(loaded)
        contract_state.keep_version(connection, slug, slug, loaded.version, document, at=now)
        number = cases.one_case(connection, case_id).case_number
        answer = {"case_id": case_id, "case_number": number}
        keep_answer(connection, question, answer)
    return OpenedBody(**answer)


def of_month(desk: Desk, person: Person, loaded: LoadedContract, first: date) -> Sequence[Sent]:
    """Return every version of every day of a month, the newest first."""
    slug = loaded.contract.slug
    with scope(desk.engine, person.municipality) as connection:
        ids = list_days.of_month(connection, slug, slug, first)
        files = [cases.one_case(connection, each) for each in ids]
        values = [(file, value_of(file)) for file in files]
        return [
            Sent(
                file=file,
                value=value,
                figures=(value.closed and value.file and value.file.figures)
                or daily_figures.of_day(connection, slug, slug, value.day, value.terms),
            )
            for file, value in values
            if isinstance(value, ListSending) and value.terms is not None
        ]


def _sending(file: CaseFile) -> ListSending:
    value = value_of(file) if file.kind is CaseKind.LIST_SENDING else None
    if not isinstance(value, ListSending) or value.terms is None:
        raise CaseUnknown("日次報告が見つかりません。")
    return value


def _paper(
    desk: Desk, loaded: LoadedContract, file: CaseFile
) -> tuple[DailyReport, ReportBody]:
    value, contract = _sending(file), loaded.contract
    assert value.terms is not None, "what has no report was refused"
    kept = value.file if value.closed else None
    slug = contract.slug
    with scope(desk.engine, slug) as connection:
        figures = (kept and kept.figures) or daily_figures.of_day(
            connection, slug, slug, value.day, value.terms
        )
        names = day_lists.place_names(connection, contract)
    paper = DailyReport(
        city_name=contract.municipality,
        day=value.day,
        terms=value.terms,
        figures=figures,
        as_of=kept.as_of if kept else desk.clock(),
        rows=kept.rows if kept else None,
        places=tuple(names.items()),
    )
    return paper, ReportBody.of(Sent(file=file, value=value, figures=figures))


def _new_case(
    loaded: LoadedContract, person: Person, value: ListSending, reason: str, now: datetime
) -> NewCase:
    slug = loaded.contract.slug
    case = CaseRef(
        case_id=value.case_id,
        municipality=slug,
        contract=slug,
        contract_version=loaded.version,
        opened_on=month_of(now),
    )
    return NewCase(
        case=case,
        kind=CaseKind.LIST_SENDING,
        change=change_of(value, None),
        event=CaseEvent(
            action="report_corrected",
            at=now,
            actor=Actor(account_id=person.account_id, role=person.role),
            reason=reason,
            detail={
                "stage": str(value.stage),
                "day": value.day.isoformat(),
                "document_version": value.version,
            },
        ),
        start=to_jsonable_python(OpenListSending(case=case, sending=value)),
    )
