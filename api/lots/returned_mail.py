"""Mail that came back, over HTTP: registering it opens its case."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.counter.visits import OpenedBody
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk, deadline_for
from api.single_cases import Opening, open_one
from domain.case import CaseKind
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.lots.custody import Holder, ItemKind, Movement, item_id
from domain.lots.returned_mail import ReturnedMail, ReturnReason
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import cases, vault
from store.cases import CaseFile
from store.scope import scope
from workflows.messages import OpenReturnedMail

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["returned mail"])

Registrar = Annotated[Person, Depends(require_action(Action.REGISTER_RETURNED_MAIL))]

DUE_RULE = "returned_mail_contact"
_ATTEMPTS = "back_office.returned_mail_attempts"


class ReturnedMailRequest(BaseModel):
    """An item that the post brought back."""

    case_number: str = Field(max_length=40, description="封筒にあるカードの案件番号")
    reason: ReturnReason
    note: str = Field(default="", max_length=1000)
    confirmed: bool = False


@router.post("/returned-mail", status_code=201, summary="Register returned mail")
def register(
    loaded: AccessedContract,
    person: Registrar,
    desk: TheDesk,
    key: IdempotencyKey,
    body: ReturnedMailRequest,
) -> OpenedBody:
    """Open the case of a returned item; from now on its place is always known."""
    refuse_forbidden(body.note, confirmed=body.confirmed)
    with scope(desk.engine, person.municipality) as connection:
        card = cases.by_number(connection, body.case_number.strip().upper())
    if card.kind is not CaseKind.CARD:
        raise FieldMissing("カードの案件番号を入力してください。")

    def make(case_id: str, contract: Contract) -> Opening:
        return _opening(desk, person, contract, card, body, case_id)

    answer = open_one(
        desk,
        person,
        loaded,
        key=key,
        asked=f"returned/{card.ref.case_id}/{body.reason}/{body.note}",
        make=make,
        start=lambda ref, opened: OpenReturnedMail(
            case=ref, mail=_mail(opened), deadline=opened.deadline
        ),
    )
    return OpenedBody(**answer)


def _opening(
    desk: Desk,
    person: Person,
    contract: Contract,
    card: CaseFile,
    body: ReturnedMailRequest,
    case_id: str,
) -> Opening:
    with scope(desk.engine, person.municipality) as connection:
        known = vault.persons(connection, desk.keys, person.municipality, [card.ref.case_id])
    mail = ReturnedMail(
        case_id=case_id,
        reason=body.reason,
        tries_before_unreachable=contract.integer(_ATTEMPTS) or 3,
    )
    now = desk.clock()
    return Opening(
        kind=CaseKind.RETURNED_MAIL,
        action="mail_returned",
        value=mail,
        deadline=deadline_for(desk, person.municipality, contract, DUE_RULE, now),
        reason=body.note or None,
        detail={"why": body.reason, "card": card.case_number},
        person=known.get(card.ref.case_id),
        parent_id=card.ref.case_id,
        movements=(
            Movement(
                item_id=item_id(case_id, ItemKind.RETURNED_MAIL),
                kind=ItemKind.RETURNED_MAIL,
                source=Holder.OUTSIDE,
                target=Holder.PROVIDER,
            ),
        ),
    )


def _mail(opened: Opening) -> ReturnedMail:
    assert isinstance(opened.value, ReturnedMail)
    return opened.value
