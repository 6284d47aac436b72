"""Photos for applications over HTTP: looked at, and nothing of them kept.

What is found and how it is said is the domain's; measuring is the photo process's. Photos
that belong to a case are kept and deleted by its course.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile as AnyUpload

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, TheDesk
from devices.photo_gate import PhotoGate, Seen
from domain.errors import EngineAway
from domain.parties import Action
from domain.photos.photo import Box, Measurements, Point
from domain.photos.photo_errors import NotAPhoto, PhotoTooLarge
from domain.photos.photo_limits import LOOKED_AT_BYTES
from domain.photos.photo_rules import Exemption, Finding, Severity
from domain.photos.photo_words import QUESTIONS, VERDICT_TEXT, WHO_DECIDES, PhotoReason, Verdict

router = APIRouter(prefix="/api/v1", tags=["photos"])

Checker = Annotated[Person, Depends(require_action(Action.CHECK_PHOTO))]


class FindingBody(BaseModel):
    """One thing to look at."""

    code: PhotoReason
    problem: str
    severity: Severity
    message: str
    excused: bool
    box: Box | None
    line: tuple[Point, Point] | None

    @classmethod
    def of(cls, finding: Finding) -> "FindingBody":
        """Copy a finding with its words."""
        return cls(
            code=finding.reason,
            problem=finding.problem,
            severity=finding.severity,
            message=finding.message,
            excused=finding.excused,
            box=finding.box,
            line=finding.line,
        )


class QuestionBody(BaseModel):
    """What a person has to look at themselves."""

    code: PhotoReason
    question: str


class PhotoBody(BaseModel):
    """What is likely wrong with a photo; whether it is accepted is decided elsewhere."""

    verdict: Verdict
    verdict_text: str
    who_decides: str
    findings: list[FindingBody]
    questions: list[QuestionBody]
    measurements: Measurements

    @classmethod
    def of(cls, seen: Seen) -> "PhotoBody":
        """Copy what was seen, with its words."""
        verdict = seen.judged.verdict
        return cls(
            verdict=verdict,
            verdict_text=VERDICT_TEXT[verdict],
            who_decides=WHO_DECIDES,
            findings=[FindingBody.of(each) for each in seen.judged.findings],
            questions=[QuestionBody(code=code, question=text) for code, text in QUESTIONS],
            measurements=seen.measured,
        )


@router.post("/contracts/{slug}/photos/check", summary="Look at a photo, keeping nothing")
async def check_photo(
    loaded: AccessedContract,
    person: Checker,
    desk: TheDesk,
    photo: Annotated[UploadFile, File()],
    exemption: Annotated[Exemption | None, Form()] = None,
) -> PhotoBody:
    """Return what will likely bring the photo back, and what a person has to look at."""
    content = await content_of(photo)
    gate = gate_of(desk)
    return PhotoBody.of(await run_in_threadpool(gate.look, content, exemption=exemption))


async def content_of(photo: AnyUpload) -> bytes:
    """Return the bytes of a sent photo, which are no more than are looked at.

    Raises:
        NotAPhoto: No file was chosen.
        PhotoTooLarge: It is larger.
    """
    content = await photo.read(LOOKED_AT_BYTES + 1)
    if not content:
        raise NotAPhoto("写真のファイルを選んでください。")
    if len(content) > LOOKED_AT_BYTES:
        raise PhotoTooLarge(f"{LOOKED_AT_BYTES // 1_000_000}MBまでのファイルを選んでください。")
    return content


def gate_of(desk: Desk) -> PhotoGate:
    """Return what looks at photos.

    Raises:
        EngineAway: This process was put together without it.
    """
    if desk.photos is None:
        raise EngineAway("写真の確認は、いまこのサーバーでは使えません。")
    return desk.photos
