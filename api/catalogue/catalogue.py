"""The catalogue over HTTP: what can be chosen on a day, and switching it by agreement.

Belongs here: the catalogue of a contract with what was agreed since, and asking whether
something can be chosen now. Does not belong here: what is done with the choice
(``api.counter``, ``api.calls``), rules (``domain.catalogue.catalogue``).
"""

from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from api.once import once
from domain.calendars.hours import local
from domain.catalogue.catalogue import Catalogue, Entry, OfferKind, Switch, catalogue
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.parties import Action
from domain.procedures.procedure_parts import GROUP_TEXT, Group
from domain.writing.privacy import refuse_forbidden
from store import catalogue_switches
from store.catalogue_switches import EnteredSwitch
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/catalogue", tags=["catalogue"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Switcher = Annotated[Person, Depends(require_action(Action.SWITCH_CATALOGUE))]


class EntryBody(BaseModel):
    """One thing that can be chosen at the windows."""

    kind: OfferKind
    code: str
    label: str
    group: Group | None = Field(description="null は、案件を始めるときに尋ねる")
    group_label: str
    on: bool
    since: date | None = Field(description="いまの扱いになった日。null は契約の初めから")
    agreement: str = Field(description="協議の記録")
    clause: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Copy an entry."""
        return cls(
            kind=entry.kind,
            code=entry.code,
            label=entry.label,
            group=entry.group,
            group_label=GROUP_TEXT[entry.group] if entry.group else "",
            on=entry.on,
            since=entry.since,
            agreement=entry.agreement,
            clause=entry.clause,
        )


class SwitchBody(BaseModel):
    """One agreement about an entry, also one that holds later."""

    number: int
    kind: OfferKind
    code: str
    on: bool
    from_day: date
    agreement: str
    entered_at: datetime

    @classmethod
    def of(cls, entered: EnteredSwitch) -> Self:
        """Copy a switch."""
        switch = entered.switch
        return cls(
            number=entered.number,
            kind=switch.kind,
            code=switch.code,
            on=switch.on,
            from_day=switch.from_day,
            agreement=switch.agreement,
            entered_at=local(entered.entered_at),
        )


class CatalogueBody(BaseModel):
    """Everything of a contract, and every agreement about it."""

    on: date
    items: list[EntryBody]
    switches: list[SwitchBody]
    next_cursor: None = None


class SwitchRequest(BaseModel):
    """What was agreed with the city."""

    kind: OfferKind
    code: str = Field(max_length=80)
    on: bool = Field(description="扱うか")
    from_day: date = Field(description="この日から。今日より前にはできない")
    agreement: str = Field(min_length=1, max_length=200, description="協議の記録")


@router.get("", summary="Show what can be chosen at the windows")
def show_catalogue(
    loaded: AccessedContract, person: Seer, desk: TheDesk, on: date | None = None
) -> CatalogueBody:
    """Return procedures and subjects as they stand on a day, or today."""
    day = on or local(desk.clock()).date()
    entered = switches_of(desk, person, loaded.contract)
    found = catalogue(loaded.contract, [each.switch for each in entered], day)
    return CatalogueBody(
        on=day,
        items=[EntryBody.of(each) for each in found.entries],
        switches=[SwitchBody.of(each) for each in entered],
    )


@router.post("/switches", status_code=201, summary="Switch an entry on or off")
def switch_entry(
    loaded: AccessedContract,
    person: Switcher,
    desk: TheDesk,
    key: IdempotencyKey,
    body: SwitchRequest,
) -> dict[str, Any]:
    """Enter what was agreed; what was begun before goes on, and no record changes."""
    contract, agreement = loaded.contract, body.agreement.strip()
    refuse_forbidden(agreement)
    if not agreement:
        raise FieldMissing("「協議の記録」を入力してください。")
    offered_today(desk, person, contract).entry(body.kind, body.code)
    if body.from_day < local(desk.clock()).date():
        raise FieldMissing("「扱いが変わる日」は、今日か、それより後の日にしてください。")
    switch = Switch(
        kind=body.kind,
        code=body.code,
        on=body.on,
        from_day=body.from_day,
        agreement=agreement,
    )

    def enter(connection: Connection) -> dict[str, Any]:
        number = catalogue_switches.enter(
            connection,
            person.municipality,
            contract.slug,
            switch,
            by=person.account_id,
            at=desk.clock(),
        )
        return {"number": number}

    return once(desk, person, key=key, asked=f"catalogue-switch/{body!r}", do=enter)


def offered_today(desk: Desk, person: Person, contract: Contract) -> Catalogue:
    """Return the catalogue as it stands today."""
    entered = switches_of(desk, person, contract)
    today = local(desk.clock()).date()
    return catalogue(contract, [each.switch for each in entered], today)


def switches_of(desk: Desk, person: Person, contract: Contract) -> list[EnteredSwitch]:
    """Return every agreement in the order in which they were entered."""
    with scope(desk.engine, person.municipality) as connection:
        return catalogue_switches.entered(connection, person.municipality, contract.slug)
