"""The month's report on applications and their photos, as a page and on paper.

Belongs here: choosing a month. Does not belong here: counting (``api.counter.quality``).
"""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.access.auth import require_action
from api.access.door import Person
from api.calls.external_entries import MONTH
from api.counter import quality
from api.deps import TheDesk
from api.pages.rendering import page
from domain.calendars.hours import local
from domain.parties import Action

router = APIRouter(prefix="/quality", include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]


@router.get("")
async def show(request: Request, person: Seer, desk: TheDesk) -> Response:
    """Show this month, or the one that was chosen; with ``as=pdf`` the document."""
    loaded = desk.book.current(person.municipality)
    wanted = request.query_params.get("month", "")
    month = wanted if re.fullmatch(MONTH, wanted) else f"{local(desk.clock()):%Y-%m}"
    report = await run_in_threadpool(quality.report_of, desk, person, loaded, month)
    if request.query_params.get("as") == "pdf":
        return await quality.paper_of(desk, report)
    return page(request, person, "quality", report=report, month=month)
