"""What people are told before they come, over HTTP: read, and followed by a new version.

A text is never changed. Who was told which version stands with each reservation.
"""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, IdempotencyKey, TheDesk
from api.once import once
from domain.booking.booking_form import Language
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import contract_state, guidance
from store.guidance import Guidance
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/guidance", tags=["reservations"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Writer = Annotated[Person, Depends(require_action(Action.WRITE_GUIDANCE))]

LONGEST = 4000


class GuidanceRequest(BaseModel):
    """A text that follows the one before."""

    site: str = Field(default="", max_length=80, description="空: すべての会場")
    language: Language = Language.JA
    text: str = Field(min_length=1, max_length=LONGEST)


class GuidanceBody(BaseModel):
    """One version of a text."""

    version: str = Field(description="案内した記録が指す名前")
    site: str
    language: str
    number: int
    text: str
    written_at: datetime

    @classmethod
    def of(cls, found: Guidance) -> Self:
        """Copy a version."""
        return cls(
            version=found.version,
            site=found.site,
            language=found.language,
            number=found.number,
            text=found.text,
            written_at=local(found.written_at),
        )


class GuidancePage(BaseModel):
    """Every version, by place and language, the newest first."""

    items: list[GuidanceBody]
    next_cursor: None = None


@router.get("", summary="Show what people are told before they come")
def list_guidance(loaded: AccessedContract, person: Seer, desk: TheDesk) -> GuidancePage:
    """Return every version of every text."""
    with scope(desk.engine, person.municipality) as connection:
        found = guidance.versions(connection, person.municipality, loaded.contract.slug)
    return GuidancePage(items=[GuidanceBody.of(each) for each in found])


@router.post("", status_code=201, summary="Write a new version")
def write_guidance(
    loaded: AccessedContract,
    person: Writer,
    desk: TheDesk,
    key: IdempotencyKey,
    body: GuidanceRequest,
) -> GuidanceBody:
    """Write a text; from now on people are told this one."""
    text = body.text.replace("\r\n", "\n").strip()
    if not text:
        raise FieldMissing("案内の文を入力してください。")
    refuse_forbidden(text)
    now, slug = desk.clock(), loaded.contract.slug

    def write(connection: Connection) -> dict[str, Any]:
        _require_site(connection, person, loaded.contract, body.site)
        number = guidance.write(
            connection,
            person.municipality,
            slug,
            site=body.site,
            language=body.language,
            text=text,
            by=person.account_id,
            at=now,
        )
        written = Guidance(
            site=body.site,
            language=body.language,
            number=number,
            text=text,
            written_by=person.account_id,
            written_at=now,
        )
        return GuidanceBody.of(written).model_dump(mode="json")

    asked = f"guidance/{body.site}/{body.language}/{text}"
    return GuidanceBody.model_validate(once(desk, person, key=key, asked=asked, do=write))


def _require_site(
    connection: Connection, person: Person, contract: Contract, site: str
) -> None:
    """Refuse a text for a place that the contract does not have."""
    added = contract_state.sites(connection, person.municipality, contract.slug)
    known = {each.id for each in contract.sites} | {each.site_id for each in added}
    if site and site not in known:
        raise FieldMissing("この契約にない場所です。")
