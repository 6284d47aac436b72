"""The telephone number that residents are told, over HTTP: entered with where it is agreed.

Belongs here: entering it. Does not belong here: where it is shown (``api.pages.booking``,
``activities.messages_facts``), which numbers there are (``api.booking.telephone``).
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.booking import telephone
from api.deps import AccessedContract, IdempotencyKey, TheDesk
from api.once import once
from domain.errors import FieldMissing
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import contact_numbers
from store.contact_numbers import ContactNumber

router = APIRouter(prefix="/api/v1/contracts/{slug}/contact-number", tags=["call centre"])

Writer = Annotated[Person, Depends(require_action(Action.WRITE_GUIDANCE))]


class ContactNumberRequest(BaseModel):
    """A number, and where it is written."""

    telephone: str = Field(min_length=1, max_length=40, description="住民に案内する電話番号")
    agreement: str = Field(min_length=1, max_length=200, description="条項や協議の記録")


class ContactNumberBody(BaseModel):
    """The number that residents are told from now on."""

    telephone: str
    agreement: str


@router.post("", status_code=201, summary="Enter the telephone number for residents")
def enter_number(
    loaded: AccessedContract,
    person: Writer,
    desk: TheDesk,
    key: IdempotencyKey,
    body: ContactNumberRequest,
) -> ContactNumberBody:
    """Enter the number; booking pages and messages tell it at once."""
    refuse_forbidden(body.agreement)
    number = telephone.international(body.telephone)
    if number is None or not body.agreement.strip():
        raise FieldMissing("日本の電話番号と、条項または協議の記録を入力してください。")
    entered = ContactNumber(
        telephone=telephone.national(number),
        agreement=body.agreement.strip(),
        set_by=person.account_id,
        set_at=desk.clock(),
    )

    def enter(connection: Connection) -> dict[str, str]:
        slug = loaded.contract.slug
        contact_numbers.enter(connection, person.municipality, slug, entered)
        return {"telephone": entered.telephone, "agreement": entered.agreement}

    asked = f"contact-number/{body!r}"
    return ContactNumberBody.model_validate(once(desk, person, key=key, asked=asked, do=enter))
