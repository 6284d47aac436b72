"""The board of called numbers in a waiting room.

Nobody logs in here, and nothing of a person stands here. It changes by itself; without
JavaScript it is asked for again every few seconds.
"""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.deps import Desk, TheDesk
from api.pages.events import EVERY, LONGEST
from api.pages.rendering import fragment, page
from api.queue import boards
from domain.queue.board import Board

router = APIRouter(prefix="/called", include_in_schema=False)


@router.get("/{token}")
def show(token: str, request: Request, desk: TheDesk) -> HTMLResponse:
    """Show who is called; blank where the link is none or over."""
    return page(request, None, "queue/board", token=token, board=boards.seen(desk, token))


@router.get("/{token}/live")
async def live(token: str, request: Request, desk: TheDesk) -> Response:
    """Send the board whenever it changes."""
    return StreamingResponse(
        _changes(request, desk, token),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _changes(request: Request, desk: Desk, token: str) -> AsyncIterator[str]:
    before: Board | None = None
    yield ": here\n\n"
    for _ in range(LONGEST // EVERY):
        if await request.is_disconnected():
            return
        now = await run_in_threadpool(boards.seen, desk, token)
        if now != before:
            before = now
            text = fragment(request, "queue/_board", board=now)
            lines = "".join(f"data: {line}\n" for line in text.splitlines() or [""])
            yield f"event: screen\n{lines}\n"
        await asyncio.sleep(EVERY.total_seconds())
