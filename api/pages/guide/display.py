"""The screen in front of a resident: what to do now, and who is in charge.

Nobody logs in here, and nothing of a person stands here. It changes by itself; without
JavaScript it is asked for again every few seconds.
"""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.access.auth import TheDoor
from api.access.door import Door
from api.counter import display_links
from api.deps import Desk, TheDesk
from api.pages.events import EVERY, LONGEST
from api.pages.guide.guide_words import MANUAL
from api.pages.rendering import fragment, page
from domain.errors import UnknownContract
from domain.guidance.screen import BLANK, Shown, shown
from store import displays
from store.scope import scope

router = APIRouter(prefix="/display", include_in_schema=False)


@router.get("/{token}")
def show(token: str, request: Request, desk: TheDesk, door: TheDoor) -> HTMLResponse:
    """Show the words of the present step; blank where nobody stands behind the link."""
    seen = _seen(desk, door, token)
    return page(request, None, "guide/display", token=token, shown=_parts(seen))


@router.get("/{token}/live")
async def live(token: str, request: Request, desk: TheDesk, door: TheDoor) -> Response:
    """Send what is to be shown whenever it changes."""
    return StreamingResponse(
        _changes(request, desk, door, token),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _changes(request: Request, desk: Desk, door: Door, token: str) -> AsyncIterator[str]:
    # What was shown when the page was made may have changed before this began.
    before: Shown | None = None
    yield ": here\n\n"
    for _ in range(LONGEST // EVERY):
        if await request.is_disconnected():
            return
        now = await run_in_threadpool(_seen, desk, door, token)
        if now != before:
            before = now
            text = fragment(request, "guide/_screen", shown=_parts(now))
            # A message without a line would not be one, and a blank screen is one.
            lines = "".join(f"data: {line}\n" for line in text.splitlines() or [""])
            yield f"event: screen\n{lines}\n"
        await asyncio.sleep(EVERY.total_seconds())


def _seen(desk: Desk, door: Door, token: str) -> Shown:
    """Return what stands on the screen of a link; blank also where the link is none."""
    municipality = display_links.municipality_in(token)
    try:
        # Nothing is made for a city that is not ours.
        key = desk.keys.city_key(desk.book.current(municipality or "").contract.slug)
    except UnknownContract:
        return BLANK
    link, now = display_links.read(key, token), door.clock()
    if link is None or municipality is None or now >= link.expires_at:
        return BLANK
    with scope(desk.engine, municipality) as connection:
        found = displays.driven(connection, municipality, link.display_id, now)
    return shown(found, now)


def _parts(seen: Shown) -> dict[str, object]:
    words = MANUAL.words.get(seen.words)
    return {"in_charge": seen.in_charge, "words": words.display if words else ""}
