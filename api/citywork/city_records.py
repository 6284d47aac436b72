"""Records of the city over HTTP: beginning one, and what a day amounts to.

Their steps are actions of their cases (``api.cases``); who may begin which stands in the table
of duties. Source: Yokosuka specification §7 ソタチテ.
"""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from api.access.auth import CurrentPerson, TheDoor, require_action, require_duty
from api.access.door import Person
from api.citywork.letters import reply_deadline
from api.counter.visits import OpenedBody
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk, deadline_for
from api.single_cases import Opening, open_one
from contracts.loader import LoadedContract
from domain.calendars.hours import local
from domain.case import CaseKind
from domain.citywork.city_record import BEGINS, DUE_RULE, CityRecord, Stage, What
from domain.citywork.citywork_errors import NotTheCitysHere
from domain.contract import Contract
from domain.contract_parts import Duty
from domain.deadlines.deadline import Deadline
from domain.errors import FieldMissing
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import city_records
from store.city_records import RecordRow
from store.scope import scope
from workflows.city_messages import OpenCityRecord

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["the city's records"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]

_COUNTED = frozenset({What.DOCUMENTS, What.CARDS})


class CityRecordRequest(BaseModel):
    """What is begun; which fields it needs follows from what it is."""

    what: What
    about: str = Field(default="", max_length=200, description="手続・書類の種類・照会先")
    count: int = Field(default=0, ge=0, le=100_000, description="書類かカードの数")
    amount_jpy: int = Field(default=0, ge=0, le=10_000_000, description="手数料の額（円）")
    reply_due: str = Field(default="", max_length=10, description="回答の期限 YYYY-MM-DD")


class CityRecordBody(BaseModel):
    """One record of a day."""

    case_id: str
    case_number: str
    what: What
    stage: Stage
    about: str
    count: int
    amount_jpy: int
    delivered: int
    returned: int
    missing: int
    reply_due: date | None
    replied_on: date | None
    closed_at: datetime | None
    closed_by: str

    @classmethod
    def of(cls, row: RecordRow) -> "CityRecordBody":
        """Copy a row."""
        value = row.value
        return cls(
            case_id=row.case_id,
            case_number=row.case_number,
            what=value.what,
            stage=value.stage,
            about=value.about,
            count=value.count,
            amount_jpy=value.amount_jpy,
            delivered=value.delivered,
            returned=value.returned,
            missing=value.missing,
            reply_due=value.reply_due,
            replied_on=value.replied_on,
            closed_at=local(row.closed_at) if row.closed_at else None,
            closed_by=row.closed_by,
        )


class CityDayBody(BaseModel):
    """What the city did on a day, and what of it is open."""

    day: date
    fees_due: int = Field(description="市の収納を待つ手数料の件数")
    fees_paid: int
    paid_jpy: int = Field(description="収納した額の合計")
    register_jpy: int | None = Field(description="締めたレジの額。締めていない日は null")
    register_difference_jpy: int | None
    cards_delivered: int = Field(description="手続の記録による、その日に渡したカード")
    unaccounted: int = Field(description="まだ全数を確認していないカードの組")
    items: list[CityRecordBody]


@router.post("/city-records", status_code=201, summary="Begin a record of the city's work")
def begin_record(
    loaded: AccessedContract,
    person: CurrentPerson,
    desk: TheDesk,
    door: TheDoor,
    key: IdempotencyKey,
    request: Request,
    body: CityRecordRequest,
) -> OpenedBody:
    """Begin a record; whose act it is follows from what it is about."""
    require_duty(door, person, BEGINS[body.what][1], request=request)
    return begin(loaded, person, desk, key, body)


def begin(
    loaded: LoadedContract, person: Person, desk: Desk, key: str, body: CityRecordRequest
) -> OpenedBody:
    """Begin a record for somebody whose act it is.

    Raises:
        NotTheCitysHere: The contract gives nothing of it to the city.
        FieldMissing: Something of it is missing.
    """
    _require_whole(body)
    answer = open_one(
        desk,
        person,
        loaded,
        key=key,
        asked=f"city-record/{body.model_dump_json()}",
        make=lambda case_id, contract: _opening(desk, person, contract, body, case_id),
        start=lambda ref, opened: OpenCityRecord(
            case=ref, record=_record(opened), deadline=opened.deadline
        ),
    )
    return OpenedBody(**answer)


@router.get("/city-records", summary="Show what the city did on a day")
def show_day(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    day: Annotated[date | None, Query(description="今日でないとき")] = None,
) -> CityDayBody:
    """Return the records of a day, with the sums of its fees, register and cards."""
    return day_of(desk, person, loaded.contract, day or local(desk.clock()).date())


def day_of(desk: Desk, person: Person, contract: Contract, day: date) -> CityDayBody:
    """Return what a day amounts to."""
    city, slug = person.municipality, contract.slug
    with scope(desk.engine, city) as connection:
        rows = city_records.of_day(connection, city, slug, day)
        delivered = city_records.cards_delivered(connection, city, slug, day)
    values = [row.value for row in rows]
    paid = [each.amount_jpy for each in values if each.stage is Stage.PAID]
    closings = [each.amount_jpy for each in values if each.stage is Stage.CLOSED_OUT]
    register = sum(closings) if closings else None
    open_cards = {Stage.BROUGHT, Stage.RECEIVED, Stage.RETURNED}
    return CityDayBody(
        day=day,
        fees_due=sum(each.stage is Stage.DUE for each in values),
        fees_paid=len(paid),
        paid_jpy=sum(paid),
        register_jpy=register,
        register_difference_jpy=None if register is None else register - sum(paid),
        cards_delivered=delivered,
        unaccounted=sum(each.stage in open_cards for each in values),
        items=[CityRecordBody.of(row) for row in rows],
    )


def kinds_of(contract: Contract) -> list[What]:
    """Return what the contract gives to the city and is recorded in the product."""
    given = {each for row in contract.duties if row.duty is Duty.CITY for each in row.records}
    return [each for each in What if each in given]


def _opening(
    desk: Desk, person: Person, contract: Contract, body: CityRecordRequest, case_id: str
) -> Opening:
    if body.what not in kinds_of(contract):
        raise NotTheCitysHere("この契約の分担には、市の記録とするものがありません。")
    stage, action = BEGINS[body.what]
    value = CityRecord(
        case_id=case_id,
        what=body.what,
        day=local(desk.clock()).date(),
        opened_by=person.role,
        stage=stage,
        about=body.about.strip(),
        count=body.count,
        amount_jpy=body.amount_jpy,
        reply_due=date.fromisoformat(body.reply_due) if body.reply_due else None,
    )
    return Opening(
        kind=CaseKind.CITY_RECORD,
        action=str(action),
        value=value,
        deadline=_deadline(desk, person, contract, body),
        detail=_told(body),
    )


def _require_whole(body: CityRecordRequest) -> None:
    refuse_forbidden(body.about, confirmed=False)
    if body.what in _COUNTED and body.count < 1:
        raise FieldMissing("「数」を1以上で入力してください。")
    if body.what is What.FEE and body.amount_jpy < 1:
        raise FieldMissing("「手数料の額」を入力してください。")
    if body.what is What.LETTER and not (body.about.strip() and body.reply_due):
        raise FieldMissing("「照会先」と「回答の期限」を入力してください。")


def _deadline(
    desk: Desk, person: Person, contract: Contract, body: CityRecordRequest
) -> Deadline | None:
    if body.what is What.LETTER:
        return reply_deadline(desk, person.municipality, contract, body.reply_due)
    rule = DUE_RULE.get(body.what)
    if rule is None:
        return None
    return deadline_for(desk, person.municipality, contract, rule, desk.clock())


def _told(body: CityRecordRequest) -> dict[str, str | int | bool | None]:
    told: dict[str, str | int | bool | None] = {
        "about": body.about.strip() or None,
        "count": body.count or None,
        "amount_jpy": body.amount_jpy or None,
    }
    return {"what": str(body.what), **told}


def _record(opened: Opening) -> CityRecord:
    assert isinstance(opened.value, CityRecord)
    return opened.value
