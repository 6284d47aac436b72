"""The tool of the desk for photos: choose or take one, see what to look at, cut it out.

Nothing is kept: what was sent comes back inside the page, and the page is not stored either.
It works with a form alone; only cutting by hand needs a script. What a photo is held to
stands in ``domain.photos.photo_rules``.
"""

import base64
import math
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.access.auth import require_action
from api.access.door import Person
from api.counter.photos import content_of, gate_of
from api.deps import TheDesk
from api.pages.desk.sending import Failed, Posted, Sent, failed
from api.pages.rendering import page
from devices.photo_gate import PhotoGate, Seen
from domain.errors import DomainError
from domain.parties import Action
from domain.photos import photo_limits, photo_rules, photo_words
from domain.photos.photo import Box
from domain.photos.photo_errors import CropRefused, NotAPhoto
from domain.photos.photo_rules import Exemption, Judged, Severity
from domain.photos.photo_words import Verdict

router = APIRouter(prefix="/photos", include_in_schema=False)

Checker = Annotated[Person, Depends(require_action(Action.CHECK_PHOTO))]

_EDGES: Final = ("left", "top", "width", "height")
_TONES: Final = {
    Verdict.LIKELY_FINE: ("good", "○"),
    Verdict.LOOK_HERE: ("warn", "△"),
    Verdict.LIKELY_REFUSED: ("bad", "■"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding as the page tells it."""

    number: int
    reason: str
    message: str
    sure: bool
    excused: bool
    shown: bool
    """Whether its number stands on the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the machine thinks of one picture."""

    text: str
    meaning: str
    tone: str
    shape: str
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, judged: Judged) -> "Opinion":
        """Put an opinion into words."""
        tone, shape = _TONES[judged.verdict]
        return cls(
            text=photo_words.VERDICT_TEXT[judged.verdict],
            meaning=photo_words.VERDICT_MEANING[judged.verdict],
            tone=tone,
            shape=shape,
            lines=tuple(
                Line(
                    number=number,
                    reason=photo_words.REASON_TEXT[each.reason],
                    message=each.message,
                    sure=each.severity is Severity.LIKELY_REFUSED,
                    excused=each.excused,
                    shown=each.box is not None or each.line is not None,
                )
                for number, each in enumerate(judged.findings, 1)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A photo that was looked at, with everything the page shows of it."""

    opinion: Opinion
    width_px: int
    height_px: int
    size_bytes: int
    marked: str
    """Address that holds the picture itself, like the two below."""

    whole: str
    photo: str
    """The photo cut out, to be handed on; empty where it cannot be cut out."""

    photo_opinion: Opinion | None
    photo_size_bytes: int
    by_hand: bool
    frame: Box | None
    """Where the frame for cutting by hand begins."""


@router.get("")
def show(request: Request, person: Checker) -> Response:
    """Ask for a photo."""
    return _page(request, person)


@router.post("")
async def look(request: Request, person: Checker, desk: TheDesk, posted: Posted) -> Response:
    """Look at a photo, or at the part of one that was cut out by hand."""
    try:
        file = posted.files.get("photo") or posted.files.get("camera")
        if file is not None and not file.size:
            file = posted.files.get("camera")
        if file is None:
            raise NotAPhoto("写真を選ぶか、撮ってください。")
        content = await content_of(file)
        shown = await run_in_threadpool(
            _look, gate_of(desk), content, _part(posted), _exemption(posted)
        )
    except DomainError as refused:
        return _page(request, person, failed=failed("photo", posted, refused))
    return _page(request, person, shown=shown, exemption=_exemption(posted))


def _look(
    gate: PhotoGate, content: bytes, part: Box | None, exemption: Exemption | None
) -> Shown:
    seen = gate.look(content, cut=part, pictures=True, exemption=exemption)
    cut = seen.judged if part is not None else _judged(gate, seen, exemption)
    return Shown(
        opinion=Opinion.of(seen.judged),
        width_px=seen.measured.file.width_px,
        height_px=seen.measured.file.height_px,
        size_bytes=seen.measured.file.size_bytes,
        marked=_address(seen.marked),
        whole=_address(seen.whole),
        photo=_address(seen.photo),
        photo_opinion=None if cut is None else Opinion.of(cut),
        photo_size_bytes=len(seen.photo),
        by_hand=part is not None,
        frame=part or photo_rules.suggested_crop(seen.measured),
    )


def _judged(gate: PhotoGate, seen: Seen, exemption: Exemption | None) -> Judged | None:
    """Return what is to be said of the part that is suggested; ``None``: there is none."""
    return gate.look(seen.photo, exemption=exemption).judged if seen.photo else None


def _address(picture: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}" if picture else ""


def _part(posted: Sent) -> Box | None:
    """Return the part to cut out, if one was given.

    Raises:
        CropRefused: What was given is no part of a picture.
    """
    texts = [posted.text(f"cut_{edge}") for edge in _EDGES]
    if not any(texts):
        return None
    try:
        left, top, width, height = (float(text) for text in texts)
    except ValueError:
        raise CropRefused("切り抜く範囲を読み取れません。枠を置き直してください。") from None
    if not all(map(math.isfinite, (left, top, width, height))) or min(width, height) <= 0:
        raise CropRefused("切り抜く範囲を読み取れません。枠を置き直してください。")
    return Box(left=left, top=top, width=width, height=height)


def _exemption(posted: Sent) -> Exemption | None:
    given = posted.text("exemption")
    return Exemption(given) if given in set(Exemption) else None


def _page(
    request: Request,
    person: Person,
    *,
    shown: Shown | None = None,
    exemption: Exemption | None = None,
    failed: Failed | None = None,
) -> Response:
    return page(
        request,
        person,
        "photos",
        status=failed.told.status if failed else 200,
        shown=shown,
        failed=failed,
        chosen=str(exemption or (failed.typed.get("exemption", "") if failed else "")),
        exemptions=photo_rules.EXEMPTION_TEXT,
        reports=tuple(photo_rules.REPORT_TEXT.values()),
        questions=photo_words.QUESTIONS,
        reason_text=photo_words.REASON_TEXT,
        who_decides=photo_words.WHO_DECIDES,
        no_photo_needed=photo_words.NO_PHOTO_NEEDED,
        largest_mb=photo_limits.LOOKED_AT_BYTES // 1_000_000,
        aspect=photo_limits.ASPECT,
    )
