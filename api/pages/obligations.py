"""What the contract promises, on one page: what is owed, by when, why then, how it stands.

Here: the register as a page. Not here: steps, which are taken on the page of the case.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.deps import TheDesk
from api.obligations.register import register
from api.pages.rendering import page
from domain.obligations.terms import COUNTS_TEXT
from domain.parties import Action
from store import obligations
from store.scope import scope

router = APIRouter(include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]


@router.get("/obligations")
def show_obligations(request: Request, person: Seer, desk: TheDesk) -> Response:
    """Show the register of the caller's contract."""
    loaded = desk.book.current(person.municipality)
    found = register(desk, loaded)
    with scope(desk.engine, person.municipality) as connection:
        files = obligations.files(connection, loaded.contract)
    now = desk.clock()
    running = [file for file in files.values() if file.closed_at is None]
    late = sum(file.due_at < now for file in running if file.due_at)
    heading = f"契約の約束：対応中 {len(running)}件"
    return page(
        request,
        person,
        "obligations",
        contract=loaded.contract,
        heading=f"{heading}・期限超過 {late}件" if late else heading,
        lines=[(line, files.get(line.code)) for line in found],
        counts_text=COUNTS_TEXT,
    )
