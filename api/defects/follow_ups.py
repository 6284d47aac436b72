"""Opening the follow-up of an application that came back, and what came back in a month.

An application that was made with us opens it by its own step; here are those that were made
elsewhere, or before. What the person said of it is sealed with the record.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.booking.telephone import international
from api.calls.external_entries import MONTH, first_of
from api.counter.visits import OpenedBody
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk, deadline_for
from api.single_cases import Opening, open_one
from domain.applications.defect_kinds import DefectKind
from domain.booking.booking_form import read_requester
from domain.case import CaseKind
from domain.contract import Contract
from domain.deadlines.deadline import Deadline
from domain.defects.defect import Defect
from domain.defects.defect_errors import NoDefectsHere
from domain.defects.defect_rules import FIRST_CONTACT_DUE
from domain.parties import Action, Role, Standing, allowed
from domain.writing.privacy import refuse_forbidden
from store import defects
from store.cases import CaseFile
from store.scope import scope
from workflows.defect_messages import OpenDefect

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["defects"])

Reporter = Annotated[Person, Depends(require_action(Action.REPORT_DEFECT))]
Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]


class DefectRequest(BaseModel):
    """What came back, and whom to call; the fields are read as those of a booking."""

    kind: DefectKind = Field(description="不備の内容")
    kana: str = Field(max_length=200)
    name: str = Field(default="", max_length=200)
    address: str = Field(max_length=500)
    phone: str = Field(max_length=100)
    note: str = Field(default="", max_length=1000, description="暗号化して履歴に残る")
    confirmed: bool = False


class DefectCountsBody(BaseModel):
    """What came back in a month, and for how many photos of ours."""

    month: str
    came_back: int
    photos: int = Field(description="当窓口で写真を確認して申請した件数")
    photos_returned: int = Field(description="写真の不備で戻った件数（戻った月）")
    photo_return_rate: float | None = Field(description="写真がない月は null")
    ours: dict[str, int] = Field(description="当窓口での申請。不備の内容ごと")
    others: dict[str, int] = Field(description="当窓口の外での申請。不備の内容ごと")
    stages: dict[str, int] = Field(description="いまの段階ごと")


@router.post("/defects", status_code=201, summary="Report an application that came back")
def report(
    loaded: AccessedContract,
    person: Reporter,
    desk: TheDesk,
    key: IdempotencyKey,
    body: DefectRequest,
) -> OpenedBody:
    """Open the follow-up of an application that has no case here."""
    refuse_forbidden(body.note, confirmed=body.confirmed)
    typed = body.model_dump(mode="json", include={"kana", "name", "address", "phone"})
    known = asdict(read_requester(typed, telephone=international))

    def make(case_id: str, contract: Contract) -> Opening:
        return Opening(
            kind=CaseKind.DEFECT,
            action="defect_reported",
            value=begun(contract, case_id, body.kind, person.role),
            deadline=first_contact(desk, person.municipality, contract),
            reason=body.note or None,
            detail={"defect": str(body.kind)},
            person=known,
        )

    answer = open_one(
        desk,
        person,
        loaded,
        key=key,
        asked=f"defect/{body.kind}/{'/'.join(known.values())}/{body.note}",
        make=make,
        start=lambda ref, opened: OpenDefect(
            case=ref, defect=_defect(opened), deadline=opened.deadline
        ),
    )
    return OpenedBody(**answer)


@router.get("/defects/counts", summary="Count what came back in a month")
def count(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    month: Annotated[str, Query(pattern=MONTH, description="YYYY-MM、戻った月")],
) -> DefectCountsBody:
    """Return what came back, by kind, and the share of our photos that did."""
    with scope(desk.engine, person.municipality) as connection:
        found = defects.counts(
            connection, person.municipality, loaded.contract.slug, first_of(month)
        )
    return DefectCountsBody(
        month=month,
        came_back=found.came_back,
        photos=found.photos,
        photos_returned=found.photos_returned,
        photo_return_rate=found.photo_return_rate,
        ours=_words(found.ours),
        others=_words(found.others),
        stages=dict(found.settled),
    )


def begun(contract: Contract, case_id: str, kind: DefectKind, by: Role) -> Defect:
    """Return a follow-up as it begins under a contract.

    Raises:
        NoDefectsHere: The contract has nobody follow up what comes back.
    """
    rules = contract.defects
    if rules is None:
        raise NoDefectsHere("申請不備の連絡は、この契約の業務に含まれていません。")
    calls = allowed(by, Action.RECORD_CONTACT_ATTEMPT, Standing.WITH_PROVIDER)
    return Defect(
        case_id=case_id,
        kind=kind,
        owner_role=by if calls else Role.CALL_AGENT,
        tries=rules.tries,
    )


def first_contact(desk: Desk, municipality: str, contract: Contract) -> Deadline | None:
    """Return until when the person is to be contacted first."""
    return deadline_for(desk, municipality, contract, FIRST_CONTACT_DUE, desk.clock())


def of_application(
    desk: Desk, person: Person, file: CaseFile, fields: Mapping[str, object]
) -> tuple[Deadline | None, Defect | None]:
    """Return until when an application that came back is followed up, and by what.

    Nothing of the kind where the contract has nobody follow up.
    """
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    if contract.defects is None:
        return None, None
    kind = DefectKind(str(fields["defect"]))
    due = first_contact(desk, file.ref.municipality, contract)
    return due, begun(contract, "", kind, person.role)


def _words(found: Mapping[DefectKind, int]) -> dict[str, int]:
    return {str(kind): count for kind, count in found.items()}


def _defect(opened: Opening) -> Defect:
    assert isinstance(opened.value, Defect)
    return opened.value
