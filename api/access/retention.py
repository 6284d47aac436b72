"""How long cases are kept, over HTTP: what the contract says, lists for the city, holds.

Belongs here: status, putting what is due on a list, the city's approval, keeping a case all
the same. Does not belong here: disposing itself, which a job does (``ops.retention``).
"""

import secrets
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk, running
from api.once import once
from contracts.loader import LoadedContract
from domain.access.access_errors import RetentionUnset
from domain.access.retention import COUNTED_FROM_TEXT, KEPT_TEXT, Kept, retention_of
from domain.calendars.hours import local
from domain.errors import FieldMissing
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import cases, disposal, legal_holds
from store.disposal import DisposalItem, DisposalList
from store.legal_holds import LegalHold
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/retention", tags=["retention"])

Reader = Annotated[Person, Depends(require_action(Action.READ_AUDIT))]
Lister = Annotated[Person, Depends(require_action(Action.LIST_FOR_DISPOSAL))]
Approver = Annotated[Person, Depends(require_action(Action.APPROVE_DISPOSAL))]
Holder = Annotated[Person, Depends(require_action(Action.HOLD_CASE))]


class ListBody(BaseModel):
    """A list of what is due."""

    number: int
    months: int
    counted_from: str
    made_at: datetime
    approved_at: datetime | None = Field(description="null: 市の承認を待つ")
    cases: int
    disposed: int
    kept: int
    open: int

    @classmethod
    def of(cls, found: DisposalList) -> "ListBody":
        """Copy a list."""
        return cls(
            number=found.number,
            months=found.months,
            counted_from=COUNTED_FROM_TEXT[found.counted_from],
            made_at=local(found.made_at),
            approved_at=local(found.approved_at) if found.approved_at else None,
            cases=found.cases,
            disposed=found.disposed,
            kept=found.kept,
            open=found.open,
        )


class ItemBody(BaseModel):
    """One case of a list, and what became of it."""

    case_id: str
    case_number: str
    kind: str
    closed_at: datetime
    disposed_at: datetime | None
    kept_because: Kept | None
    kept_text: str

    @classmethod
    def of(cls, found: DisposalItem) -> "ItemBody":
        """Copy a line."""
        return cls(
            case_id=found.case_id,
            case_number=found.case_number,
            kind=found.kind,
            closed_at=local(found.closed_at),
            disposed_at=local(found.disposed_at) if found.disposed_at else None,
            kept_because=found.kept_because,
            kept_text=KEPT_TEXT[found.kept_because] if found.kept_because else "",
        )


class HoldBody(BaseModel):
    """A case that is kept, and why."""

    hold_id: str
    case_id: str
    case_number: str
    cause: str
    placed_at: datetime

    @classmethod
    def of(cls, found: LegalHold) -> "HoldBody":
        """Copy a hold."""
        return cls(
            hold_id=found.hold_id,
            case_id=found.case_id,
            case_number=found.case_number,
            cause=found.cause,
            placed_at=local(found.placed_at),
        )


class RetentionBody(BaseModel):
    """How retention stands; what was not agreed is not there, and nothing is disposed of."""

    runs: bool
    refused: str = Field(description="廃棄を行わない理由。行うときは空")
    months: int | None
    counted_from: str
    lists: list[ListBody]
    holds: list[HoldBody]


class ItemPage(BaseModel):
    """The cases of a list."""

    items: list[ItemBody]
    next_cursor: None = None


class HoldRequest(BaseModel):
    """A case that has to be kept."""

    case_number: str = Field(min_length=1, max_length=40)
    cause: str = Field(min_length=2, max_length=200, description="個人の名前は書かない")


@router.get("", summary="Show how long cases are kept, and what was disposed of")
def show_retention(loaded: AccessedContract, person: Reader, desk: TheDesk) -> RetentionBody:
    """Return what the contract says, every list, and what is kept all the same."""
    mine = person.municipality, loaded.contract.slug
    with scope(desk.engine, person.municipality) as connection:
        lists = disposal.lists(connection, *mine)
        holds = legal_holds.in_force(connection, person.municipality)
    months, counted_from, refused = None, "", ""
    try:
        found = retention_of(loaded.contract)
        months, counted_from = found.months, COUNTED_FROM_TEXT[found.counted_from]
    except RetentionUnset as unset:
        refused = str(unset)
    return RetentionBody(
        runs=not refused,
        refused=refused,
        months=months,
        counted_from=counted_from,
        lists=[ListBody.of(each) for each in lists],
        holds=[HoldBody.of(each) for each in holds],
    )


@router.post("/lists", status_code=201, summary="Put what is due on a list for the city")
def make_list(
    loaded: AccessedContract, person: Lister, desk: TheDesk, key: IdempotencyKey
) -> dict[str, Any]:
    """List the cases whose retention is over; nothing is disposed of by that."""
    retention, ends = retention_of(loaded.contract), term_end(desk, person, loaded)

    def make(connection: Connection) -> dict[str, Any]:
        number = disposal.make_list(
            connection,
            person.municipality,
            loaded.contract.slug,
            retention,
            term_end=ends,
            by=person.account_id,
            at=desk.clock(),
        )
        return {"number": number}

    return once(desk, person, key=key, asked="disposal-list", do=make)


@router.get("/lists/{number}", summary="Show the cases of a list")
def show_list(number: int, loaded: AccessedContract, person: Reader, desk: TheDesk) -> ItemPage:
    """Return which cases are to go, or went: the list before, the record afterwards."""
    with scope(desk.engine, person.municipality) as connection:
        found = disposal.items(connection, person.municipality, loaded.contract.slug, number)
    if not found:
        raise FieldMissing("この番号の一覧はありません。")
    return ItemPage(items=[ItemBody.of(each) for each in found])


@router.post("/lists/{number}/approve", summary="Approve a list")
def approve_list(
    number: int, loaded: AccessedContract, person: Approver, desk: TheDesk
) -> dict[str, bool]:
    """Let the job dispose of a list; approving it again changes nothing."""
    with scope(desk.engine, person.municipality) as connection:
        approved = disposal.approve(
            connection,
            person.municipality,
            loaded.contract.slug,
            number,
            by=person.account_id,
            at=desk.clock(),
        )
    return {"approved": approved}


@router.post("/holds", status_code=201, summary="Keep a case whatever its retention says")
def hold_case(
    loaded: AccessedContract,
    person: Holder,
    desk: TheDesk,
    key: IdempotencyKey,
    body: HoldRequest,
) -> dict[str, Any]:
    """Keep a case until the hold is lifted, on a list or not."""
    refuse_forbidden(body.cause)

    def hold(connection: Connection) -> dict[str, Any]:
        found = cases.by_number(connection, body.case_number.strip())
        cases.one_case(connection, found.ref.case_id, lock=True)
        hold_id = secrets.token_hex(8)
        legal_holds.place(
            connection,
            person.municipality,
            hold_id=hold_id,
            case_id=found.ref.case_id,
            cause=body.cause.strip(),
            by=person.account_id,
            at=desk.clock(),
        )
        return {"hold_id": hold_id}

    return once(desk, person, key=key, asked=f"hold/{body!r}", do=hold)


@router.post("/holds/{hold_id}/lift", summary="Lift a hold")
def lift_hold(
    hold_id: str, loaded: AccessedContract, person: Holder, desk: TheDesk
) -> dict[str, bool]:
    """Let a case go the way of its retention again."""
    with scope(desk.engine, person.municipality) as connection:
        lifted = legal_holds.lift(
            connection, person.municipality, hold_id, by=person.account_id, at=desk.clock()
        )
    return {"lifted": lifted}


def term_end(desk: Desk, person: Person, loaded: LoadedContract) -> date:
    """Return the last day of the term, as it was prolonged."""
    return running(desk, person.municipality, loaded).term.end
