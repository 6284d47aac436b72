"""Rehearsal only: letting days pass for a case, so that its real timers fire in seconds."""

import asyncio
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from temporalio.testing import TimeSkipper

from api import ask
from api.access.auth import CurrentPerson
from api.deps import Desk, TheDesk
from domain.case import CaseKind
from domain.errors import CaseUnknown, FieldMissing
from store import cases
from store.cases import CaseFile
from store.scope import scope
from workflows.names import workflow_id

router = APIRouter(prefix="/api/v1/rehearsal", tags=["rehearsal"])

_LONGEST = timedelta(days=400)
_AT_ONCE = 8


class FastForward(BaseModel):
    """Which case, and how much time is to pass for it."""

    case_id: str
    duration: timedelta
    """ISO 8601, such as ``P14D``."""


@router.post("/fast-forward", summary="Let time pass for a case")
async def fast_forward(
    body: FastForward, person: CurrentPerson, desk: TheDesk
) -> dict[str, Any]:
    """Move the clock of a case, and of the open cards of a lot with it."""
    if not timedelta(0) < body.duration <= _LONGEST:
        raise FieldMissing("進める時間は、400日までの正の長さにしてください。")
    assert desk.rehearsal is not None, "the route exists in rehearsals only"
    files = await run_in_threadpool(_moved, desk, person.municipality, body.case_id)
    turns = asyncio.Semaphore(_AT_ONCE)

    async def move(file: CaseFile, skipper: TimeSkipper) -> bool:
        async with turns:
            handle = desk.temporal.get_workflow_handle(
                workflow_id(file.ref.municipality, file.kind, file.ref.case_id)
            )
            await ask.until_begun(handle)
            return await skipper.fast_forward(handle, body.duration)

    moved = await asyncio.gather(*(move(file, desk.rehearsal) for file in files))
    return {"case_id": body.case_id, "moved": sum(moved), "cases": len(files)}


def _moved(desk: Desk, municipality: str, case_id: str) -> list[CaseFile]:
    with scope(desk.engine, municipality) as connection:
        file = cases.one_case(connection, case_id)
        found = [file]
        if file.kind is CaseKind.LOT:
            found += cases.children(connection, municipality, case_id)
    still_open = [each for each in found if each.closed_at is None]
    if not still_open:
        raise CaseUnknown("この案件はすでに終わっています。")
    return still_open
