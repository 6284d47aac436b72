"""Beginning an application from the page of a visit, and sending its photo.

What the pages ask stands in ``api.pages.counter.application``, what is checked in
``api.counter.applications`` and ``api.counter.application_photos``.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.access.auth import CurrentPerson, TheDoor, require_duty
from api.counter import application_photos
from api.counter import applications as routes
from api.counter.application_photos import Accepting
from api.counter.photos import content_of
from api.deps import AccessedCase, TheDesk
from api.pages.case import case_page
from api.pages.counter.application import FORM, PHOTO_FORM
from api.pages.desk.sending import REFUSALS, Posted, Sent, failed, see_other
from domain.applications.application_parts import AppliedFor, Variant
from domain.errors import FieldMissing
from domain.parties import Action
from domain.photos.photo_errors import NotAPhoto
from domain.photos.photo_rules import Exemption, ReportedBy

router = APIRouter(prefix="/cases", include_in_schema=False)

_TYPED = {"kana": 200, "name": 200, "phone": 100, "reachable": 100}


@router.post("/{case_id}/applications")
async def add(
    request: Request,
    file: AccessedCase,
    person: CurrentPerson,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Begin an application for the visitor; a refusal shows the visit again."""
    try:
        body = _asked(file.ref.case_id, posted)
        await run_in_threadpool(
            require_duty, door, person, Action.ADD_APPLICATION, request=request
        )
        loaded = desk.book.current(person.municipality)
        opened = await routes.begin_application(
            loaded, person, desk, door, posted.key, request, body
        )
    except REFUSALS as refused:
        again = failed(FORM, posted, refused)
        return await run_in_threadpool(case_page, request, file, person, desk, door, again)
    return see_other(f"/cases/{opened.case_id}?done=application_begun")


@router.post("/{case_id}/photos")
async def accept_photo(
    request: Request,
    file: AccessedCase,
    person: CurrentPerson,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Accept the photo of an application; a refusal says what to do about it."""
    try:
        await run_in_threadpool(
            require_duty, door, person, Action.ACCEPT_PHOTO, request=request
        )
        content = await content_of(_file(posted))
        await application_photos.accept(
            file, person, desk, door, posted.key, request, content, _said(posted)
        )
    except REFUSALS as refused:
        again = failed(PHOTO_FORM, posted, refused)
        return await run_in_threadpool(case_page, request, file, person, desk, door, again)
    return see_other(f"/cases/{file.ref.case_id}?done=accept_photo")


def _asked(visit: str, posted: Sent) -> routes.ApplicationRequest:
    if posted.text("variant") not in set(Variant):
        raise FieldMissing("「申請の方法」を選んでください。")
    if posted.text("applied_for") not in set(AppliedFor):
        raise FieldMissing("「新規・更新」を選んでください。")
    return routes.ApplicationRequest(
        visit=visit,
        variant=Variant(posted.text("variant")),
        applied_for=AppliedFor(posted.text("applied_for")),
        confirmed=posted.text("confirmed") == "yes",
        **{name: posted.text(name)[:most] for name, most in _TYPED.items()},
    )


def _file(posted: Sent) -> UploadFile:
    chosen = [posted.files[name] for name in ("photo", "camera") if name in posted.files]
    file = next((each for each in chosen if each.size), None)
    if file is None:
        raise NotAPhoto("写真を選ぶか、撮ってください。")
    return file


def _said(posted: Sent) -> Accepting:
    exemption, reported = posted.text("exemption"), posted.text("reported")
    return Accepting(
        looked=posted.text("looked") == "yes",
        exemption=Exemption(exemption) if exemption in set(Exemption) else None,
        reported=ReportedBy(reported) if reported in set(ReportedBy) else None,
        overrule=posted.text("overrule").strip()[:500],
    )
