"""The register of IDs of the city's core system, over HTTP: who holds which, since when.

Each ID is one person's. Passwords are asked for nowhere and refused where they are sent.
Belongs here: entering and listing. Does not belong here: accounts of our own
(``ops.accounts``), what a table row is (``store.core_ids``).
"""

from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, IdempotencyKey, TheDesk
from api.once import once
from contracts.loader import LoadedContract
from domain.calendars.hours import local
from domain.errors import FieldMissing
from domain.parties import Action, Party
from domain.writing.privacy import refuse_forbidden
from store import core_ids, people
from store.core_ids import CoreId
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/core-ids", tags=["people"])

Keeper = Annotated[Person, Depends(require_action(Action.KEEP_CORE_IDS))]
Reader = Annotated[Person, Depends(require_action(Action.READ_AUDIT))]

USUAL_SYSTEM = "基幹系業務システム"


class CoreIdRequest(BaseModel):
    """An ID that somebody was given. There is no place for a password."""

    model_config = ConfigDict(extra="forbid")

    login: str = Field(max_length=200, description="この製品でのログイン名。IDを持つ人")
    system: str = Field(default=USUAL_SYSTEM, min_length=1, max_length=80)
    core_id: str = Field(
        min_length=1, max_length=60, pattern=r"^[!-~]+$", description="ID。暗証は記録しない"
    )
    issued_on: date


class RevocationRequest(BaseModel):
    """The day on which an ID stopped working."""

    revoked_on: date


class CoreIdBody(BaseModel):
    """One ID, and whose it is or was."""

    number: int
    system: str
    core_id: str
    account_id: str
    holder: str
    left_at: datetime | None = Field(description="利用者が停止された時刻")
    issued_on: date
    revoked_on: date | None
    to_revoke: bool = Field(description="退職した人のIDで、まだ失効していない")

    @classmethod
    def of(cls, found: CoreId) -> Self:
        """Copy an entry."""
        return cls(
            number=found.number,
            system=found.system,
            core_id=found.core_id,
            account_id=found.account_id,
            holder=found.holder,
            left_at=local(found.left_at) if found.left_at else None,
            issued_on=found.issued_on,
            revoked_on=found.revoked_on,
            to_revoke=found.to_revoke,
        )


class CoreIdPage(BaseModel):
    """The register: what has to be revoked stands first, and stays until it was."""

    items: list[CoreIdBody]
    to_revoke: int
    next_cursor: None = None


@router.get("", summary="List who holds which ID of the core system")
def list_core_ids(loaded: AccessedContract, person: Reader, desk: TheDesk) -> CoreIdPage:
    """Return every ID that was entered; those of leavers that still work come first."""
    with scope(desk.engine, person.municipality) as connection:
        found = core_ids.register(connection, person.municipality, loaded.contract.slug)
    return CoreIdPage(
        items=[CoreIdBody.of(each) for each in found],
        to_revoke=sum(each.to_revoke for each in found),
    )


@router.post("", status_code=201, summary="Enter an ID that somebody was given")
def enter_core_id(
    loaded: AccessedContract,
    person: Keeper,
    desk: TheDesk,
    key: IdempotencyKey,
    body: CoreIdRequest,
) -> dict[str, Any]:
    """Enter whose an ID is; one that somebody holds is nobody else's."""
    _refuse_later(body.issued_on, desk.clock())
    for words in (body.core_id, body.system):
        refuse_forbidden(words)

    def enter(connection: Connection) -> dict[str, Any]:
        holder = _holder(connection, body.login)
        number = core_ids.issue(
            connection,
            person.municipality,
            loaded.contract.slug,
            system=body.system.strip(),
            core_id=body.core_id,
            account_id=holder.account_id,
            issued_on=body.issued_on,
            by=person.account_id,
            at=desk.clock(),
        )
        return {"number": number}

    return once(desk, person, key=key, asked=f"core-id/{body!r}", do=enter)


@router.post("/{number}/revoke", summary="Enter that an ID works no more")
def revoke_core_id(
    number: int,
    loaded: AccessedContract,
    person: Keeper,
    desk: TheDesk,
    body: RevocationRequest,
) -> dict[str, bool]:
    """Take an ID off the list of those in use; doing it again changes nothing."""
    return {"revoked": revoke(desk, person, loaded, number, body.revoked_on)}


def revoke(
    desk: TheDesk, person: Person, loaded: LoadedContract, number: int, day: date
) -> bool:
    """Enter the day on which an ID stopped working; False if none in use was meant.

    Raises:
        FieldMissing: The day has not come yet.
    """
    _refuse_later(day, desk.clock())
    with scope(desk.engine, person.municipality) as connection:
        return core_ids.revoke(
            connection,
            person.municipality,
            loaded.contract.slug,
            number,
            revoked_on=day,
            by=person.account_id,
            at=desk.clock(),
        )


def _holder(connection: Connection, login: str) -> people.Account:
    wanted = login.strip().lower()
    found = next((each for each in people.accounts(connection) if each.login == wanted), None)
    if found is None or found.role.party is not Party.PROVIDER or found.disabled_at is not None:
        raise FieldMissing("このログイン名の従事者はいません。IDは、働いている一人に渡します。")
    return found


def _refuse_later(day: date, now: datetime) -> None:
    if day > local(now).date():
        raise FieldMissing("今日までの日を入力してください。")
