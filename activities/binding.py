"""Printing in a process of its own: layout must not hold up the worker's other work.

The functions here run in the printing process; they take and return plain values. What a
form looks like and how it is drawn stands in ``activities.render``.
"""

import ctypes
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pikepdf import Pdf

from activities import render
from activities.cutting import PrintFile
from activities.render import Paper
from domain.applications.photo_sheet import PhotoSheet
from domain.errors import DomainError, MissingGlyph
from domain.lots.notice import NoticeData, NoticeForm, NoticeTexts

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What came out of one chunk."""

    per_person: dict[str, bytes]
    """One file per case number."""

    print_file: bytes
    refused: dict[str, str]
    """Case numbers whose notice cannot be printed, with the name of the refusal."""


def end_with_parent() -> None:
    """Let this process end when the one that prints with it is gone, however it went.

    A worker that is killed cannot tell its printing process, which would stay for ever.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def print_chunk(notices: Sequence[NoticeData], form: NoticeForm, texts: NoticeTexts) -> Printed:
    """Return the notices that can be printed; one that cannot does not stop the others."""
    missing = render.unprintable(notices)
    refused = dict.fromkeys(missing, MissingGlyph.__name__)
    good = [notice for notice in notices if notice.case_number not in refused]
    try:
        made = render.render_notices(good, form, texts)
    except DomainError:
        refused |= _found_one_by_one(good, form, texts)
        good = [notice for notice in good if notice.case_number not in refused]
        made = render.render_notices(good, form, texts)
    numbers = [notice.case_number for notice in good]
    return Printed(
        per_person=dict(zip(numbers, made.per_person, strict=True)),
        print_file=made.print_file,
        refused=refused,
    )


def print_list(paper: Paper) -> bytes:
    """Return a list or slip as PDF."""
    return render.render_list(paper)


def print_photo_sheet(sheet: PhotoSheet, photo: bytes) -> bytes:
    """Return the sheet that a photo is printed from, as PDF."""
    return render.render_photo_sheet(sheet, photo)


def bind(parts: Sequence[bytes]) -> bytes:
    """Return one file to print from several, in their order."""
    target = BytesIO()
    bound: PrintFile | None = None
    for part in parts:
        with Pdf.open(BytesIO(part)) as pdf:
            bound = bound or PrintFile(target, title=str(pdf.docinfo.get("/Title", "")))
            bound.append(pdf)
    if bound is None:
        raise ValueError("there is nothing to bind")
    bound.close()
    return target.getvalue()


def _found_one_by_one(
    notices: Sequence[NoticeData], form: NoticeForm, texts: NoticeTexts
) -> dict[str, str]:
    refused: dict[str, str] = {}
    for notice in notices:
        try:
            render.render_notices([notice], form, texts)
        except DomainError as refusal:
            refused[notice.case_number] = type(refusal).__name__
    return refused
