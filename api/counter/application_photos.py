"""The photo of an application over HTTP: looked at, cut out, and only then kept.

A photo that would likely come back is refused and never kept; that there was one is counted.
Where the machine is wrong, who may (``override_photo``) takes it all the same and says why. One
that is accepted stands in the record before its bytes are, so that the course, which deletes
it, knows of every one.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api import refused_acts
from api.access.auth import TheDoor, require_action, require_duty
from api.access.door import Door, Person
from api.case_views import ActedBody
from api.counter.photos import PhotoBody, content_of, gate_of
from api.deps import AccessedCase, Desk, IdempotencyKey, TheDesk
from devices.photo_gate import Seen
from domain.applications.application import Application
from domain.applications.application_errors import NotOverruled, PhotoLikelyRefused
from domain.case import Actor, require_reason
from domain.errors import ActionUnknown, DomainError, FieldMissing
from domain.forms import FieldValue
from domain.parties import Action
from domain.photos.photo import Box
from domain.photos.photo_rules import (
    Exemption,
    Judged,
    PhotoException,
    ReportedBy,
    may_overrule,
)
from domain.photos.photo_words import Problem, Verdict
from domain.writing.privacy import refuse_forbidden
from store import cases, photo_refusals, vault
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of
from workflows.messages import Act

router = APIRouter(prefix="/api/v1/cases", tags=["applications"])

Accepter = Annotated[Person, Depends(require_action(Action.ACCEPT_PHOTO))]

DOCUMENT_KIND = "application_photo"
_TAKE_AGAIN = "顔のまわりに余白を入れて、撮り直してください。"
_WHOLE = Box(left=0.0, top=0.0, width=1.0, height=1.0)
_LONGEST_REASON = 500


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
    overrule: Annotated[str, Form(max_length=_LONGEST_REASON)] = "",
) -> AcceptedPhotoBody:
    """Cut a photo out and keep it, unless it would likely come back.

    ``looked`` says that a person has looked at what no machine can see; ``overrule`` why a
    named supervisor takes what the machine would not. It changes nothing of size and format.
    """
    content = await content_of(photo)
    accepted = Accepting(
        looked=looked, exemption=exemption, reported=reported, overrule=overrule
    )
    return await accept(file, person, desk, door, key, request, content, accepted)


class Accepting(BaseModel):
    """What is said of a photo beside the photo itself."""

    looked: bool = False
    exemption: Exemption | None = None
    reported: ReportedBy | None = None
    overrule: str = ""
    """Why the machine is wrong; empty: nobody says so."""


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
        PhotoLikelyRefused, NotOverruled: It would come back; nothing of it is kept.
        NotAPhoto, PhotoDamaged, PhotoHoldsMore, PhotoTooHard: The file is no photo.
        FieldMissing: Nobody has looked, or nobody said how an exemption is reported.
    """
    by = Actor(account_id=person.account_id, role=person.role)
    await run_in_threadpool(_require_right, desk, door, person, file, by, key, request, said)
    told = _told(desk, person, said)
    look = await run_in_threadpool(_look, desk, content, said)
    if look.refused is not None:
        await run_in_threadpool(_note, desk, file, key, look.judged)
        raise look.refused
    seen, judged = look.seen, look.judged
    overruled = judged.verdict is Verdict.LIKELY_REFUSED
    if overruled:
        told |= {"overruled": True, "against": " ".join(judged.against)}
    document = f"{file.ref.case_id}-photo-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    act = Act(
        action=Action.ACCEPT_PHOTO,
        by=by,
        reason=require_reason(said.overrule) if overruled else None,
        fields={"document": document, "verdict": str(judged.verdict), **told},
    )
    view = await refused_acts.take(desk, door, person, file, act, key=key, request=request)
    await run_in_threadpool(_keep, desk, file, document, seen.photo)
    body = PhotoBody.of(Seen(measured=seen.measured, judged=judged))
    return AcceptedPhotoBody(document_id=document, photo=body, case=ActedBody.of(view))


def _require_right(
    desk: Desk,
    door: Door,
    person: Person,
    file: CaseFile,
    by: Actor,
    key: str,
    request: Request,
    said: Accepting,
) -> None:
    """Return if this person may accept a photo, and overrule the machine if they want to."""
    refused_acts.require_turn(
        *(desk, door, person, file, Action.ACCEPT_PHOTO), key=key, request=request
    )
    value = value_of(file)
    if not isinstance(value, Application):
        raise ActionUnknown("写真は申請の案件で受け付けます。")
    value.require_role(by)
    if said.overrule:
        refuse_forbidden(said.overrule)
        require_duty(door, person, Action.OVERRIDE_PHOTO, request=request)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A photo cut out, and what is to be said of it then."""

    seen: Seen
    judged: Judged
    refused: DomainError | None = None


def _look(desk: Desk, content: bytes, said: Accepting) -> _Looked:
    gate = gate_of(desk)
    seen = gate.look(content, pictures=True, exemption=said.exemption)
    if not seen.photo and said.overrule and Problem.ASPECT not in _problems(seen.judged):
        # The machine found no face to cut out; a person sees one, and the shape is right.
        seen = gate.look(content, cut=_WHOLE, pictures=True, exemption=said.exemption)
    if not seen.photo:
        why = _why(seen.judged) or _TAKE_AGAIN
        return _Looked(seen=seen, judged=seen.judged, refused=PhotoLikelyRefused(why))
    judged = gate.look(seen.photo, exemption=said.exemption).judged
    found = _Looked(seen=seen, judged=judged)
    if judged.verdict is not Verdict.LIKELY_REFUSED:
        return found
    if not said.overrule:
        return replace(found, refused=PhotoLikelyRefused(_why(judged)))
    if not may_overrule(judged.against):
        return replace(found, refused=NotOverruled(_why(judged)))
    return found


def _problems(judged: Judged) -> set[Problem]:
    return {each.problem for each in judged.findings}


def _note(desk: Desk, file: CaseFile, key: str, judged: Judged) -> None:
    """Count a photo that was not taken; nothing of it is kept."""
    case = file.ref
    said = hashlib.sha256(f"{case.case_id}/{key}".encode()).hexdigest()
    with scope(desk.engine, case.municipality) as connection:
        photo_refusals.note(
            connection,
            case,
            refusal_id=said,
            problems=judged.against or tuple(_problems(judged)),
            at=desk.clock(),
        )


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
