"""Inquiries over HTTP: recording one, the list of a month, and what counts month by month.

Dealing with one is an action of its case (``api.cases``). What was asked and answered is
sealed with the record and leaves it only here and on the page of the case.
"""

from datetime import datetime
from typing import Annotated, Self
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.calls.external_entries import MONTH, first_of
from api.catalogue.catalogue import offered_today
from api.counter.visits import OpenedBody
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from api.single_cases import Opening, open_one
from domain.calendars.hours import local
from domain.calls.inquiry import (
    CATEGORY_TEXT,
    CHANNEL_TEXT,
    STAGE_TEXT,
    Category,
    Channel,
    Inquiry,
    Nature,
    Outcome,
    Stage,
)
from domain.case import CaseKind, require_reason
from domain.catalogue.catalogue import OfferKind, group_of_inquiry
from domain.contract import Contract
from domain.contract_parts import ChannelKind
from domain.errors import FieldMissing
from domain.parties import Action
from domain.procedures.procedure_parts import Group
from domain.writing.csv_files import Encoding, to_csv
from domain.writing.privacy import refuse_forbidden
from store import booking_shares, calls
from store.calls import InquiryRow
from store.scope import scope
from workflows.call_messages import OpenInquiry

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["inquiries"])

Recorder = Annotated[Person, Depends(require_action(Action.RECORD_INQUIRY))]
Reader = Annotated[Person, Depends(require_action(Action.SEE_INQUIRIES))]
Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Month = Annotated[str, Query(pattern=MONTH, description="YYYY-MM")]

_CHANNEL_OF = {ChannelKind.PHONE: Channel.PHONE, ChannelKind.BOOTH: Channel.BOOTH}
"""How people come where it is not the counter."""

COLUMNS = ("案件番号", "受付日時", "経路", "分類", "問合せ", "回答", "結果", "案内先")


class InquiryRequest(BaseModel):
    """What somebody asked; what was dealt with at once needs no words of it."""

    category: Category
    channel: Channel = Channel.PHONE
    question: str = Field(default="", max_length=2000)
    confirmed: bool = False
    nature: Nature = Nature.QUESTION
    place: str = Field(default="", max_length=80, description="窓口・電話のコード")
    group: Group | None = Field(default=None, description="契約が尋ねるときだけ")
    outcome: Outcome | None = Field(default=None, description="その場で済んだとき")
    destination: str = Field(default="", max_length=200, description="空は、市の窓口")


class InquiryBody(BaseModel):
    """One inquiry with what was asked and answered."""

    case_id: str
    case_number: str
    received_at: datetime
    category: Category
    category_text: str
    channel: Channel
    question: str
    answers: list[str]
    stage: Stage
    stage_text: str
    destination: str

    @classmethod
    def of(cls, row: InquiryRow) -> Self:
        """Copy a row."""
        return cls(
            case_id=row.case_id,
            case_number=row.case_number,
            received_at=local(row.received_at),
            category=row.inquiry.category,
            category_text=CATEGORY_TEXT[row.inquiry.category],
            channel=row.inquiry.channel,
            question=row.question,
            answers=list(row.answers),
            stage=row.inquiry.stage,
            stage_text=STAGE_TEXT[row.inquiry.stage],
            destination=row.inquiry.destination,
        )


class InquiryList(BaseModel):
    """The inquiries of a month, and how many went to the city in which way."""

    month: str
    total: int
    referred: int
    transferred: int = Field(description="転送して市職員が出た電話")
    transferred_without_taker: int = Field(description="出なかったため市から折り返す電話")
    items: list[InquiryBody]
    next_cursor: None = None


class IndicatorBody(BaseModel):
    """What tells whether the web is used and questions become fewer."""

    month: str
    bookings: int
    web: int
    web_share: float | None = Field(description="予約がない月は null")
    inquiries: int


@router.post("/inquiries", status_code=201, summary="Record an inquiry")
def record_inquiry(
    loaded: AccessedContract,
    person: Recorder,
    desk: TheDesk,
    key: IdempotencyKey,
    body: InquiryRequest,
) -> OpenedBody:
    """Open the case of an inquiry; what was asked is sealed with its first line.

    What was dealt with at once is over as soon as it begins, and counted like any other.
    """
    question = body.question.strip() or None
    if body.outcome is None:
        question = require_reason(question)
    for words in filter(None, (question, body.destination)):
        refuse_forbidden(words, confirmed=body.confirmed)
    offered_today(desk, person, loaded.contract).require(OfferKind.CATEGORY, body.category)

    def make(case_id: str, contract: Contract) -> Opening:
        value = _begun(contract, body, case_id, person)
        return Opening(
            kind=CaseKind.INQUIRY,
            action="inquiry_received",
            value=value,
            reason=question,
            detail=_detail(value, body),
        )

    answer = open_one(
        desk,
        person,
        loaded,
        key=key,
        asked=f"inquiry/{body!r}",
        make=make,
        start=lambda ref, opened: OpenInquiry(case=ref, inquiry=_inquiry(opened)),
    )
    return OpenedBody(**answer)


def city_window(contract: Contract) -> str:
    """Return where the contract sends people on to; without a word of it, the city."""
    sent_on = [rule.destination for rule in contract.eligibility if rule.destination]
    return next(iter(sent_on), f"{contract.municipality}の窓口")


def _begun(contract: Contract, body: InquiryRequest, case_id: str, person: Person) -> Inquiry:
    value = Inquiry(
        case_id=case_id,
        category=body.category,
        channel=_channel(contract, body),
        received_by=person.role,
        nature=body.nature,
        place=body.place,
        group=group_of_inquiry(contract, body.group),
    )
    if body.outcome is None:
        return value
    return value.close(body.outcome, body.destination or city_window(contract))


def _channel(contract: Contract, body: InquiryRequest) -> Channel:
    if not body.place:
        return body.channel
    kinds = {channel.id: channel.kind for channel in contract.channels}
    if body.place not in kinds:
        raise FieldMissing("この契約にない窓口です。")
    return _CHANNEL_OF.get(kinds[body.place], Channel.COUNTER)


def _detail(value: Inquiry, body: InquiryRequest) -> dict[str, str | int | bool | None]:
    detail: dict[str, str | int | bool | None] = {
        "category": str(value.category),
        "channel": str(value.channel),
        "nature": str(value.nature),
    }
    detail |= {"place": value.place} if value.place else {}
    detail |= {"group": str(value.group)} if value.group else {}
    if body.outcome is not None:
        detail |= {"stage": str(value.stage), "outcome": str(body.outcome)}
    detail |= {"destination": value.destination} if value.destination else {}
    return detail


@router.get("/inquiries", summary="List the inquiries of a month")
def list_inquiries(
    loaded: AccessedContract, person: Reader, desk: TheDesk, month: Month
) -> InquiryList:
    """Return every inquiry that came in a month with its answer."""
    rows = rows_of(desk, person, loaded.contract, month)
    city, slug = person.municipality, loaded.contract.slug
    with scope(desk.engine, city) as connection:
        calls_through = calls.count_transfers(connection, city, slug, first_of(month))
    return InquiryList(
        month=month,
        total=len(rows),
        referred=sum(row.inquiry.stage is Stage.REFERRED for row in rows),
        transferred=calls_through.taken,
        transferred_without_taker=calls_through.called_back,
        items=[InquiryBody.of(row) for row in rows],
    )


@router.get("/inquiries/csv", summary="Take the inquiries of a month along")
def take_inquiries(
    loaded: AccessedContract,
    person: Reader,
    desk: TheDesk,
    month: Month,
    encoding: Encoding = Encoding.UTF_8,
) -> Response:
    """Return the same rows as a CSV file."""
    rows = rows_of(desk, person, loaded.contract, month)
    content = to_csv(COLUMNS, {row.case_number: _cells(row) for row in rows}, encoding)
    name = quote(f"問合せ一覧_{month}.csv")
    return Response(
        content,
        media_type=f"text/csv; charset={'utf-8' if encoding is Encoding.UTF_8 else 'cp932'}",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


@router.get("/indicators", summary="Show the web's share and the inquiries of a month")
def show_indicators(
    loaded: AccessedContract, person: Seer, desk: TheDesk, month: Month
) -> IndicatorBody:
    """Return both numbers by which measures to promote the web are judged."""
    first = first_of(month)
    city, slug = person.municipality, loaded.contract.slug
    with scope(desk.engine, city) as connection:
        (share,) = booking_shares.by_month(connection, city, slug, first, first)
        asked = calls.count_inquiries(connection, city, slug, first)
    return IndicatorBody(
        month=month,
        bookings=share.bookings,
        web=share.web,
        web_share=round(share.web / share.bookings, 4) if share.bookings else None,
        inquiries=asked,
    )


def rows_of(desk: Desk, person: Person, contract: Contract, month: str) -> list[InquiryRow]:
    """Return the inquiries of a month with their texts."""
    with scope(desk.engine, person.municipality) as connection:
        return calls.inquiries(
            connection, desk.keys, person.municipality, contract.slug, first_of(month)
        )


def _cells(row: InquiryRow) -> tuple[str, ...]:
    return (
        row.case_number,
        f"{local(row.received_at):%Y-%m-%d %H:%M}",
        CHANNEL_TEXT[row.inquiry.channel],
        CATEGORY_TEXT[row.inquiry.category],
        row.question,
        "\n".join(row.answers),
        STAGE_TEXT[row.inquiry.stage],
        row.inquiry.destination,
    )


def _inquiry(opened: Opening) -> Inquiry:
    assert isinstance(opened.value, Inquiry)
    return opened.value
