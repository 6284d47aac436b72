"""The photo of an application over HTTP: looked at, cut out, and only then kept.

A photo that would likely come back is refused and never kept. One that is accepted stands in
the record before its bytes are, so that the course, which deletes it, knows of every one.
"""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api import refused_acts
from api.access.auth import TheDoor, require_action
from api.access.door import Door, Person
from api.case_views import ActedBody
from api.counter.photos import PhotoBody, content_of, gate_of
from api.deps import AccessedCase, Desk, IdempotencyKey, TheDesk
from devices.photo_gate import Seen
from domain.applications.application import Application
from domain.applications.application_errors import PhotoLikelyRefused
from domain.case import Actor
from domain.errors import ActionUnknown, FieldMissing
from domain.forms import FieldValue
from domain.parties import Action
from domain.photos.photo_rules import Exemption, Judged, PhotoException, ReportedBy
from domain.photos.photo_words import Verdict
from store import cases, vault
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of
from workflows.messages import Act

router = APIRouter(prefix="/api/v1/cases", tags=["applications"])

Accepter = Annotated[Person, Depends(require_action(Action.ACCEPT_PHOTO))]

DOCUMENT_KIND = "application_photo"
_TAKE_AGAIN = "顔のまわりに余白を入れて、撮り直してください。"


class AcceptedPhotoBody(BaseModel):
    """A photo that is kept until the application is submitted, or until its day ends."""

    document_id: str
    photo: PhotoBody
    case: ActedBody


@router.post("/{case_id}/photos", status_code=201, summary="Accept the photo of an application")
async def accept_photo(
    file: AccessedCase,
    person: Accepter,
    desk: TheDesk,
    door: TheDoor,
    key: IdempotencyKey,
    request: Request,
    photo: Annotated[UploadFile, File()],
    looked: Annotated[bool, Form()] = False,
    exemption: Annotated[Exemption | None, Form()] = None,
    reported: Annotated[ReportedBy | None, Form()] = None,
) -> AcceptedPhotoBody:
    """Cut a photo out and keep it, unless it would likely come back.

    ``looked`` says that a person has looked at what no machine can see.
    """
    content = await content_of(photo)
    accepted = Accepting(looked=looked, exemption=exemption, reported=reported)
    return await accept(file, person, desk, door, key, request, content, accepted)


class Accepting(BaseModel):
    """What is said of a photo beside the photo itself."""

    looked: bool = False
    exemption: Exemption | None = None
    reported: ReportedBy | None = None


async def accept(
    file: CaseFile,
    person: Person,
    desk: Desk,
    door: Door,
    key: str,
    request: Request,
    content: bytes,
    said: Accepting,
) -> AcceptedPhotoBody:
    """Accept a photo for a page or a program.

    Raises:
        PhotoLikelyRefused: It would come back; nothing of it is kept.
        NotAPhoto, PhotoDamaged, PhotoHoldsMore, PhotoTooHard: The file is no photo.
        FieldMissing: Nobody has looked, or nobody said how an exemption is reported.
    """
    await run_in_threadpool(
        refused_acts.require_turn,
        *(desk, door, person, file, Action.ACCEPT_PHOTO),
        key=key,
        request=request,
    )
    by = Actor(account_id=person.account_id, role=person.role)
    value = value_of(file)
    if not isinstance(value, Application):
        raise ActionUnknown("写真は申請の案件で受け付けます。")
    value.require_role(by)
    told = _told(desk, person, said)
    seen, judged = await run_in_threadpool(_look, desk, content, said.exemption)
    document = f"{file.ref.case_id}-photo-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    act = Act(
        action=Action.ACCEPT_PHOTO,
        by=by,
        fields={"document": document, "verdict": str(judged.verdict), **told},
    )
    view = await refused_acts.take(desk, door, person, file, act, key=key, request=request)
    await run_in_threadpool(_keep, desk, file, document, seen.photo)
    body = PhotoBody.of(Seen(measured=seen.measured, judged=judged))
    return AcceptedPhotoBody(document_id=document, photo=body, case=ActedBody.of(view))


def _told(desk: Desk, person: Person, said: Accepting) -> dict[str, FieldValue]:
    if not said.looked:
        raise FieldMissing("機械では分からないところを、目で確かめてください。")
    if said.exemption is None:
        return {"looked": True}
    if said.reported is None:
        raise FieldMissing("配慮の理由をどう伝えるかを選んでください。")
    try:
        PhotoException(
            exemption=said.exemption,
            reported=said.reported,
            reported_at=desk.clock(),
            by=person.role,
        )
    except ValueError:
        raise FieldMissing("ヘルプデスクへの連絡は市の職員が行います。") from None
    return {
        "looked": True,
        "exemption": str(said.exemption),
        "reported": str(said.reported),
    }


def _look(desk: Desk, content: bytes, exemption: Exemption | None) -> tuple[Seen, Judged]:
    """Return the photo cut out, and what is to be said of it then."""
    gate = gate_of(desk)
    seen = gate.look(content, pictures=True, exemption=exemption)
    if not seen.photo:
        raise PhotoLikelyRefused(_why(seen.judged) or _TAKE_AGAIN)
    judged = gate.look(seen.photo, exemption=exemption).judged
    if judged.verdict is Verdict.LIKELY_REFUSED:
        raise PhotoLikelyRefused(_why(judged))
    return seen, judged


def _why(judged: Judged) -> str:
    return "".join(dict.fromkeys(each.message for each in judged.findings))


def _keep(desk: Desk, file: CaseFile, document: str, content: bytes) -> None:
    """Keep the bytes, unless the photo was deleted or replaced meanwhile.

    Whoever deletes it locks the case too: one of both is first.
    """
    case = file.ref
    with scope(desk.engine, case.municipality) as connection:
        now = value_of(cases.one_case(connection, case.case_id, lock=True))
        if not isinstance(now, Application) or now.photo is None:
            return
        if now.photo.document != document:
            return
        kept = vault.NewDocument(
            document_id=document,
            kind=DOCUMENT_KIND,
            name="photo.jpg",
            media_type="image/jpeg",
            content=content,
        )
        vault.keep_documents(
            connection, desk.keys, case.municipality, {case.case_id: kept}, made_at=desk.clock()
        )
