"""Where a city gets its lists, over HTTP: shown without the password, set with it.

The password is told once, to whoever sets it, who hands it to the city in another way than by
mail. Where files with names go is recorded with who decided it.
"""

import secrets
import string
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, SecretStr

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, TheDesk
from contracts.loader import LoadedContract
from domain.calendars.hours import local
from domain.errors import FieldMissing, UnknownDueRule
from domain.parties import Action
from domain.sending.list_recipient import ListRecipient, require_address, require_password
from domain.sending.list_sending import DUE_RULE
from domain.writing.privacy import refuse_forbidden
from store import list_recipients
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/list-recipient", tags=["reservations"])

Setter = Annotated[Person, Depends(require_action(Action.SET_LIST_RECIPIENT))]

_LETTERS = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")
_GIVEN_LENGTH = 20
_LONGEST_AGREEMENT = 200


class RecipientRequest(BaseModel):
    """Where lists go from now on."""

    address: str = Field(max_length=254)
    password: SecretStr = Field(default=SecretStr(""), max_length=100)
    """Left out: one is made."""
    agreement: str = Field(max_length=_LONGEST_AGREEMENT, description="いつ・だれと決めたか")


class RecipientBody(BaseModel):
    """What holds now."""

    number: int
    address: str
    agreement: str
    set_by: str
    set_at: datetime
    password: str | None = Field(default=None, description="設定したときに一度だけ返す")

    @classmethod
    def of(cls, found: ListRecipient, *, told: bool = False) -> Self:
        """Copy it; the password only where it is told."""
        return cls(
            number=found.number,
            address=found.address,
            agreement=found.agreement,
            set_by=found.set_by,
            set_at=local(found.set_at),
            password=found.password if told else None,
        )


@router.get("", summary="Show where lists go")
def show_recipient(
    loaded: AccessedContract, person: Setter, desk: TheDesk
) -> RecipientBody | None:
    """Return what holds now, or nothing if nobody has entered anything."""
    found = current(desk, person, loaded)
    return RecipientBody.of(found) if found is not None else None


@router.post("", status_code=201, summary="Say where lists go")
def set_recipient(
    loaded: AccessedContract,
    person: Setter,
    desk: TheDesk,
    body: RecipientRequest,
    response: Response,
) -> RecipientBody:
    """Let another address and password hold from now on; the password is told here only."""
    response.headers["Cache-Control"] = "no-store"
    return RecipientBody.of(succeed(desk, person, loaded, body), told=True)


def current(desk: Desk, person: Person, loaded: LoadedContract) -> ListRecipient | None:
    """Return what holds now."""
    slug = loaded.contract.slug
    with scope(desk.engine, person.municipality) as connection:
        return list_recipients.current(connection, desk.keys, person.municipality, slug)


def succeed(
    desk: Desk, person: Person, loaded: LoadedContract, body: RecipientRequest
) -> ListRecipient:
    """Keep what holds from now on.

    Raises:
        UnknownDueRule: The contract owes no such list.
        NotAListAddress, WeakListPassword, FieldMissing: Something cannot be used.
    """
    contract, now = loaded.contract, desk.clock()
    if DUE_RULE not in {rule.id for rule in contract.due_rules}:
        raise UnknownDueRule("この契約には、予約受付一覧を送る定めがありません。")
    address = require_address(body.address)
    agreement = body.agreement.strip()
    if not agreement:
        raise FieldMissing("「いつ・だれと決めたか」を入力してください。")
    refuse_forbidden(agreement)
    typed = body.password.get_secret_value()
    password = require_password(typed) if typed else new_password()
    with scope(desk.engine, person.municipality) as connection:
        number = list_recipients.succeed(
            connection,
            desk.keys,
            person.municipality,
            contract.slug,
            address=address,
            password=password,
            agreement=agreement,
            by=person.account_id,
            at=now,
        )
    return ListRecipient(
        number=number,
        address=address,
        password=password,
        agreement=agreement,
        set_by=person.account_id,
        set_at=now,
    )


def new_password() -> str:
    """Return a password that can be read out: no letters that look alike."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_GIVEN_LENGTH))
