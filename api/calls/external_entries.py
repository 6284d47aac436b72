"""What must be typed into a city's system, over HTTP: asking for it, and monthly counts.

Entering it and giving it up are actions of its case (``api.cases``).
"""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.booking.telephone import international
from api.counter.visits import OpenedBody
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk, deadline_for
from api.single_cases import Opening, open_one
from domain.booking.booking_form import read_requester
from domain.calls.external_entry import CHECK_RULE, DUE_RULE, EntryKind, ExternalEntry
from domain.case import CaseKind
from domain.contract import Contract
from domain.deadlines.deadline import Deadline
from domain.errors import FieldMissing
from domain.parties import Action
from store import calls
from store.scope import scope
from workflows.call_messages import OpenExternalEntry

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["external entries"])

Asker = Annotated[Person, Depends(require_action(Action.REQUEST_ENTRY))]
Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]

MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


class EntryRequest(BaseModel):
    """Who asked for what; the fields are read as those of a booking."""

    what: EntryKind = EntryKind.FORM_DISPATCH
    kana: str = Field(max_length=200)
    name: str = Field(default="", max_length=200)
    address: str = Field(max_length=500)
    phone: str = Field(max_length=100)


class EntryCountBody(BaseModel):
    """The entries asked for in a month, by how they stand now."""

    month: str
    what: EntryKind
    requested: int
    entered: int
    withdrawn: int
    waiting: int = Field(description="まだ入力されていない依頼")


@router.post("/external-entries", status_code=201, summary="Ask for an entry elsewhere")
def request_entry(
    loaded: AccessedContract,
    person: Asker,
    desk: TheDesk,
    key: IdempotencyKey,
    body: EntryRequest,
) -> OpenedBody:
    """Open the case of what is to be entered; from now on it is due by the contract's rule."""
    typed = body.model_dump(mode="json", exclude={"what"})
    asked_by = read_requester(typed, telephone=international)

    def make(case_id: str, contract: Contract) -> Opening:
        return Opening(
            kind=CaseKind.EXTERNAL_ENTRY,
            action="entry_requested",
            value=ExternalEntry(
                case_id=case_id,
                what=body.what,
                received_by=person.role,
                second_person=asks_second_person(contract),
            ),
            deadline=_deadline(desk, person, contract, body.what),
            detail={"entry": str(body.what)},
            person=asdict(asked_by),
        )

    answer = open_one(
        desk,
        person,
        loaded,
        key=key,
        asked=f"entry/{body.what}/{'/'.join(asdict(asked_by).values())}",
        make=make,
        start=lambda ref, opened: OpenExternalEntry(
            case=ref, entry=_entry(opened), deadline=opened.deadline
        ),
    )
    return OpenedBody(**answer)


@router.get("/external-entries/counts", summary="Count the entries asked for in a month")
def count(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    month: Annotated[str, Query(pattern=MONTH, description="YYYY-MM、依頼を受けた月")],
    what: EntryKind = EntryKind.FORM_DISPATCH,
) -> EntryCountBody:
    """Return how many were asked for in a month, and what has become of them."""
    with scope(desk.engine, person.municipality) as connection:
        found = calls.count_entries(
            connection, person.municipality, loaded.contract.slug, what, first_of(month)
        )
    return EntryCountBody(month=month, what=what, **asdict(found))


def first_of(month: str) -> date:
    """Return the first day of a month that ``MONTH`` let pass.

    Raises:
        FieldMissing: There is no such month.
    """
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise FieldMissing("月は 2026-04 のように指定してください。") from None


def kinds_of(contract: Contract) -> list[EntryKind]:
    """Return what this contract has entered into the city's system."""
    rules = {rule.id for rule in contract.due_rules}
    return [kind for kind in EntryKind if DUE_RULE[kind] in rules]


def asks_second_person(contract: Contract) -> bool:
    """Say whether somebody else has to look at what was entered."""
    return any(rule.id == CHECK_RULE for rule in contract.due_rules)


def _deadline(desk: Desk, person: Person, contract: Contract, what: EntryKind) -> Deadline:
    due = None
    if what in kinds_of(contract):
        rule = DUE_RULE[what]
        due = deadline_for(desk, person.municipality, contract, rule, desk.clock())
    if due is None:
        raise FieldMissing("この契約では受け付けていない依頼です。")
    return due


def _entry(opened: Opening) -> ExternalEntry:
    assert isinstance(opened.value, ExternalEntry)
    return opened.value
