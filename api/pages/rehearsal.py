"""Rehearsal only: a form that lets days pass for a case."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api import rehearsal as routes
from api.access.auth import CurrentPerson, TheDoor
from api.deps import AccessedCase, TheDesk
from api.pages import case
from api.pages.desk.sending import REFUSALS, Posted, failed, see_other
from domain.errors import ActionUnknown, FieldMissing

router = APIRouter(prefix="/cases", include_in_schema=False)


@router.post("/{case_id}/fast-forward")
async def fast_forward(
    request: Request,
    file: AccessedCase,
    person: CurrentPerson,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Move the clock of a case, and of the open cards of a lot with it.

    Raises:
        ActionUnknown: This is no rehearsal.
    """
    if desk.rehearsal is None:
        raise ActionUnknown("リハーサルではありません。")
    try:
        days = posted.text("days")
        if not (days.isdecimal() and 0 < int(days[:6]) <= 400):
            raise FieldMissing("進める日数は、1から400までの数にしてください。")
        body = routes.FastForward(case_id=file.ref.case_id, duration=timedelta(days=int(days)))
        await routes.fast_forward(body, person, desk)
    except REFUSALS as refused:
        again = failed("forward", posted, refused)
        return await run_in_threadpool(case.case_page, request, file, person, desk, door, again)
    return see_other(f"/cases/{file.ref.case_id}")
