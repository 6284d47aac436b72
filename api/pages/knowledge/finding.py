"""Finding an article and reading it, with its versions and what changed between them.

Here: pages that everybody may open. Not here: writing (``writing``), editions (``editions``).
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.access.auth import require_action
from api.access.door import Person
from api.catalogue.catalogue import offered_today
from api.deps import Desk, TheDesk
from api.knowledge.articles import versions_for
from api.knowledge.shelf import Shelf, Wanted, sees_drafts, shelf_of, terms_of
from api.pages.catalogue.notes import asked_groups, places
from api.pages.rendering import fragment, page
from domain.calls.inquiry import CATEGORY_TEXT, Category
from domain.catalogue.catalogue import OfferKind
from domain.contract import Contract
from domain.knowledge.article import ARTICLE_TEXT, ArticleKind, ArticleVersion, differences
from domain.parties import Action, allowed

router = APIRouter(prefix="/knowledge", include_in_schema=False)

Finder = Annotated[Person, Depends(require_action(Action.SEE_KNOWLEDGE))]

_LONGEST = 200


@router.get("")
def find(request: Request, person: Finder, desk: TheDesk) -> Response:
    """Show what is found; while somebody types, the list alone."""
    contract = desk.book.current(person.municipality).contract
    shelf, wanted = shelf_of(desk, contract), wanted_of(request)
    found = shelf.find(wanted)
    values = list_values(contract, found, wanted.words)
    if request.headers.get("HX-Request"):
        return HTMLResponse(fragment(request, "_knowledge_found", **values))
    return page(
        request,
        person,
        "knowledge",
        shelf=shelf,
        wanted=wanted,
        kept=terms_of(contract) is not None,
        categories=CATEGORY_TEXT,
        kinds=ARTICLE_TEXT,
        may_write=allowed(person.role, Action.WRITE_ARTICLE),
        **values,
    )


@router.get("/{article:int}")
def read(article: int, request: Request, person: Finder, desk: TheDesk) -> Response:
    """Show an article: the version in use, or the one that was asked for."""
    contract = desk.book.current(person.municipality).contract
    shelf, versions = versions_for(desk, person, contract, article)
    shown = _shown(request, shelf, versions)
    before = next((each for each in versions if each.number == shown.number - 1), None)
    used = shelf.ready.articles.get(article)
    return page(
        request,
        person,
        "article",
        shown=shown,
        used=used,
        versions=versions,
        lines=differences(before.content, shown.content) if before else (),
        before=before,
        drafts=sees_drafts(person.role),
        procedure=contract.procedure(shown.content.procedure),
        category_text=CATEGORY_TEXT,
        kind_text=ARTICLE_TEXT,
        may_write=allowed(person.role, Action.WRITE_ARTICLE),
        done={"saved": "下書きの版を保存しました"}.get(
            request.query_params.get("done", ""), ""
        ),
        noting=_noting(desk, person, contract, shown),
    )


def wanted_of(request: Request) -> Wanted:
    """Return what somebody looks for; what is no category or kind is nothing."""
    asked = request.query_params
    category, kind = asked.get("category", ""), asked.get("kind", "")
    return Wanted(
        words=asked.get("q", "")[:_LONGEST],
        category=Category(category) if category in set(Category) else None,
        kind=ArticleKind(kind) if kind in set(ArticleKind) else None,
    )


def list_values(contract: Contract, found: list[ArticleVersion], words: str) -> dict[str, Any]:
    """Return what a list of articles is drawn from."""
    return {
        "found": found,
        "words_asked": words,
        "category_text": CATEGORY_TEXT,
        "kind_text": ARTICLE_TEXT,
        "procedures": {row.code: row.label for row in contract.procedures},
    }


def _shown(request: Request, shelf: Shelf, versions: list[ArticleVersion]) -> ArticleVersion:
    wanted = request.query_params.get("version", "")
    for each in versions:
        if str(each.number) == wanted:
            return each
    used = shelf.ready.articles.get(versions[-1].article)
    return used if used is not None and used in versions else versions[-1]


def _noting(
    desk: Desk, person: Person, contract: Contract, shown: ArticleVersion
) -> dict[str, Any] | None:
    """Return what is asked to count that somebody was answered by this article."""
    if not allowed(person.role, Action.RECORD_INQUIRY):
        return None
    offered = offered_today(desk, person, contract).selectable(OfferKind.CATEGORY)
    if shown.content.category not in {each.code for each in offered}:
        return None
    return {"places": places(contract), "groups": asked_groups(contract)}
