"""Pages that change while they are looked at: server-sent events from the record.

The record is looked at once a second. A page without JavaScript shows the same when it is
loaded again, so nothing here may be needed to do one's work.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.cases import Reader
from api.deps import AccessedCase, Desk, TheDesk
from api.pages.lots import lot_page
from api.pages.rendering import fragment
from domain.case import CaseKind
from domain.errors import ActionUnknown
from store import worklists
from store.cases import CaseFile
from store.scope import scope

router = APIRouter(prefix="/cases", include_in_schema=False)

EVERY: Final = timedelta(seconds=1)
LONGEST: Final = timedelta(minutes=2)
"""Then the browser asks anew, and whether the session still lives is checked again."""


@router.get("/{case_id}/live")
async def live(
    request: Request, file: AccessedCase, person: Reader, desk: TheDesk
) -> StreamingResponse:
    """Send the progress of a lot whenever it has changed.

    Raises:
        ActionUnknown: It is no lot.
    """
    if file.kind is not CaseKind.LOT:
        raise ActionUnknown("納品分の案件ではありません。")
    return StreamingResponse(
        _changes(request, desk, file),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _changes(request: Request, desk: Desk, file: CaseFile) -> AsyncIterator[str]:
    before = await run_in_threadpool(_state, desk, file)
    yield ": here\n\n"
    for _ in range(LONGEST // EVERY):
        await asyncio.sleep(EVERY.total_seconds())
        if await request.is_disconnected():
            return
        now = await run_in_threadpool(_state, desk, file)
        if now != before:
            before = now
            yield _event(await run_in_threadpool(_progress, request, desk, file))


def _state(desk: Desk, file: CaseFile) -> tuple[int, int]:
    with scope(desk.engine, file.ref.municipality) as connection:
        return worklists.last_change(connection, file.ref.municipality, file.ref.case_id)


def _progress(request: Request, desk: Desk, file: CaseFile) -> str:
    parts = lot_page.progress_of(desk, file.ref.municipality, file.ref.case_id)
    return fragment(request, "_progress", **parts)


def _event(text: str) -> str:
    lines = "".join(f"data: {line}\n" for line in text.splitlines())
    return f"event: progress\n{lines}\n"
