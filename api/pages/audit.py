"""What auditors open: the integrity of the whole record, and a case run again.

Both ask the functions of ``api.audit``; nothing is decided here.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api import audit as routes
from api.access.auth import require_action
from api.access.door import Person
from api.deps import TheDesk, ViewedCase
from api.pages.rendering import page
from domain.parties import Action, allowed
from store import access
from store.scope import scope

router = APIRouter(include_in_schema=False)

Reader = Annotated[Person, Depends(require_action(Action.READ_AUDIT))]
Replayer = Annotated[Person, Depends(require_action(Action.REPLAY))]

_RECENT = 20


@router.get("/audit")
def show_integrity(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Check every chain of the municipality's record, and say whether it holds."""
    verified = routes.verify_record(person, desk)
    seen: list[access.Access] = []
    if allowed(person.role, Action.SEE_ACCESS_LOG):
        with scope(desk.engine, person.municipality) as connection:
            seen = list(access.accesses(connection, limit=_RECENT))
    return page(request, person, "audit", verified=verified, accesses=seen)


@router.get("/cases/{case_id}/replay")
async def show_replay(
    request: Request, person: Replayer, file: ViewedCase, desk: TheDesk
) -> Response:
    """Run a case again with the code of today, and show each step as it is decided."""
    replayed = await routes.replay_case(file, person, desk)
    return await run_in_threadpool(
        page, request, person, "replay", file=file, replayed=replayed
    )
