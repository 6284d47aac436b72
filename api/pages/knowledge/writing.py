"""Writing an article or its next version: the editor, with a look before it is kept.

Here: the form. Not here: what is checked (``api.knowledge.articles``), editions.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.deps import Desk, TheDesk
from api.knowledge import articles
from api.knowledge.articles import ArticleRequest, content_of
from api.knowledge.questions import rows_of
from api.pages.desk.sending import Failed, Posted, Sent, failed, see_other
from api.pages.rendering import page
from domain.calls.inquiry import CATEGORY_TEXT, Category
from domain.errors import DomainError, FieldMissing
from domain.knowledge.article import (
    ARTICLE_TEXT,
    LONGEST_BODY,
    LONGEST_TITLE,
    ArticleKind,
    ArticleVersion,
    Content,
    Line,
    differences,
)
from domain.knowledge.knowledge_errors import ArticleUnknown
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import knowledge
from store.knowledge import QuestionRow
from store.scope import scope

router = APIRouter(prefix="/knowledge", include_in_schema=False)

Writer = Annotated[Person, Depends(require_action(Action.WRITE_ARTICLE))]

_NAMES = (
    *("article", "kind", "category", "title", "body", "procedure", "valid_from"),
    *("valid_until", "withdrawn", "reason", "agreement", "question"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Preview:
    content: Content
    lines: tuple[Line, ...]


@router.get("/new")
def begin(request: Request, person: Writer, desk: TheDesk) -> Response:
    """Ask for a new article, or for one that answers a question to the city."""
    question = _question(desk, person, request.query_params.get("question", ""))
    given = (
        {
            "question": question.file.ref.case_id,
            "title": question.asked[:LONGEST_TITLE],
            "body": question.answer,
        }
        if question
        else {}
    )
    return _editor(request, person, desk, given, question=question)


@router.get("/{article:int}/edit")
def revise(article: int, request: Request, person: Writer, desk: TheDesk) -> Response:
    """Ask for the next version of an article, beginning with its last one."""
    return _editor(request, person, desk, _typed(_last(desk, person, article)))


@router.post("")
def keep(request: Request, person: Writer, desk: TheDesk, posted: Posted) -> Response:
    """Keep what was written, or show it as it would be read."""
    loaded = desk.book.current(person.municipality)
    given = {name: posted.text(name) for name in _NAMES}
    try:
        body = _request(posted)
        if posted.text("preview"):
            content = content_of(loaded.contract, body)
            refuse_forbidden(f"{content.title}\n{content.body}", confirmed=body.confirmed)
            before = _last(desk, person, body.article).content if body.article else None
            lines = tuple(differences(before, content)) if before else ()
            shown = _Preview(content=content, lines=lines)
            return _editor(request, person, desk, given, preview=shown, key=posted.key)
        kept = articles.write_article(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        again = failed("article", posted, refused)
        return _editor(request, person, desk, given, again=again)
    return see_other(f"/knowledge/{kept.article}?version={kept.number}&done=saved")


def _editor(
    request: Request,
    person: Person,
    desk: Desk,
    given: dict[str, str],
    *,
    question: QuestionRow | None = None,
    preview: _Preview | None = None,
    again: Failed | None = None,
    key: str = "",
) -> Response:
    contract = desk.book.current(person.municipality).contract
    asked = question or _question(desk, person, given.get("question", ""))
    return page(
        request,
        person,
        "article_edit",
        status=again.told.status if again else 200,
        given={name: given.get(name, "") for name in _NAMES},
        question=asked,
        preview=preview,
        key=key,
        failed=again,
        categories=CATEGORY_TEXT,
        kinds=ARTICLE_TEXT,
        procedures=[(row.code, row.label) for row in contract.procedures],
        longest=(LONGEST_TITLE, LONGEST_BODY),
    )


def _request(posted: Sent) -> ArticleRequest:
    if posted.text("category") not in set(Category):
        raise FieldMissing("「分類」を選んでください。")
    if posted.text("kind") not in set(ArticleKind):
        raise FieldMissing("「種類」を選んでください。")
    if not posted.text("reason").strip():
        raise FieldMissing("「作った・変えた理由」を入力してください。")
    number = posted.text("article")
    return ArticleRequest(
        article=int(number) if number.isascii() and number.isdecimal() else None,
        kind=ArticleKind(posted.text("kind")),
        category=Category(posted.text("category")),
        title=posted.text("title")[:LONGEST_TITLE],
        body=posted.text("body")[:LONGEST_BODY],
        procedure=posted.text("procedure")[:80],
        valid_from=_day(posted.text("valid_from"), "使い始める日"),
        valid_until=_day(posted.text("valid_until"), "使い終わる日"),
        withdrawn=posted.text("withdrawn") == "yes",
        reason=posted.text("reason").strip()[:500],
        agreement=posted.text("agreement")[:200],
        question=posted.text("question")[:64],
        confirmed=posted.text("confirmed") == "yes",
    )


def _day(text: str, label: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise FieldMissing(f"「{label}」は年-月-日で入力してください。") from None


def _last(desk: Desk, person: Person, article: int) -> ArticleVersion:
    city = person.municipality
    with scope(desk.engine, city) as connection:
        found = knowledge.versions(connection, city, city, article)
    if not found:
        raise ArticleUnknown("この番号の記事はありません。")
    return found[-1]


def _question(desk: Desk, person: Person, case_id: str) -> QuestionRow | None:
    """Return an open question to the city that is to be written up."""
    if not case_id:
        return None
    contract = desk.book.current(person.municipality).contract
    rows = rows_of(desk, contract, closed=False)
    return next((row for row in rows if row.file.ref.case_id == case_id), None)


def _typed(version: ArticleVersion) -> dict[str, Any]:
    content = version.content
    return {
        "article": str(version.article),
        "kind": content.kind,
        "category": content.category,
        "title": content.title,
        "body": content.body,
        "procedure": content.procedure,
        "valid_from": content.valid_from.isoformat() if content.valid_from else "",
        "valid_until": content.valid_until.isoformat() if content.valid_until else "",
    }
