"""Editions on a page: what is in use, what waits for the city, what the next would change.

Here: the list and putting one together. Not here: submitting and approving, which are steps
on the page of the document's case.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.access.auth import TheDoor, require_action
from api.access.door import Person
from api.deps import Desk, TheDesk
from api.knowledge import editions
from api.knowledge.editions import Editions, body_of
from api.knowledge.shelf import sees_drafts
from api.pages.desk.sending import REFUSALS, Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.knowledge.article import latest
from domain.knowledge.edition import Changes
from domain.obligations.obligation import STAGE_TEXT, Step
from domain.parties import Action, allowed
from store.scope import scope

router = APIRouter(prefix="/knowledge/editions", include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_KNOWLEDGE))]
Maker = Annotated[Person, Depends(require_action(Action.SAVE_VERSION))]


@router.get("")
def show(request: Request, person: Seer, desk: TheDesk) -> Response:
    """Show the editions; who writes sees what the next one would change."""
    return _page(request, person, desk)


@router.post("")
async def make(
    request: Request, person: Maker, desk: TheDesk, door: TheDoor, posted: Posted
) -> Response:
    """Put an edition together and go to the case where it is handed in."""
    loaded = desk.book.current(person.municipality)
    try:
        made = await editions.make_edition(loaded, person, desk, door, posted.key, request)
    except REFUSALS as refused:
        again = failed("edition", posted, refused)
        return await run_in_threadpool(_page, request, person, desk, again)
    return see_other(f"/cases/{made.case_id}?done=save_version")


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    with scope(desk.engine, person.municipality) as connection:
        found = Editions(connection, contract)
    drafts = sees_drafts(person.role)
    shown = [
        (body_of(found, each), _named(found, found.changes_of(each)))
        for each in reversed(found.editions)
        if drafts or found.since(each) is not None
    ]
    document = found.document
    return page(
        request,
        person,
        "editions",
        status=failed.told.status if failed else 200,
        terms=found.terms,
        document=document,
        stage=STAGE_TEXT[document.stage] if document else "",
        editions=shown,
        ahead=_named(found, found.ahead()) if drafts else (),
        may_make=allowed(person.role, Action.SAVE_VERSION)
        and document is not None
        and Step.SAVE_VERSION in document.steps(),
        failed=failed,
    )


def _named(found: Editions, changes: Changes) -> tuple[tuple[str, int, str], ...]:
    """Return how each article is touched, its number and its heading."""
    words = {"新規": changes.added, "変更": changes.changed, "取下げ": changes.removed}
    titles = {number: each.content.title for number, each in latest(found.versions).items()}
    return tuple(
        (how, number, titles.get(number, ""))
        for how, numbers in words.items()
        for number in numbers
    )
