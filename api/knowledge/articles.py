"""Articles over HTTP: finding them, reading one with its versions, writing the next version.

What may be used follows from the edition in use (``api.knowledge.editions``); who only
answers never sees more than that.
"""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from api.knowledge.shelf import Shelf, Wanted, sees_drafts, shelf_of, terms_of
from api.once import once
from domain.calendars.hours import local
from domain.calls.inquiry import CATEGORY_TEXT, Category
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.knowledge.article import (
    LONGEST_BODY,
    LONGEST_TITLE,
    ArticleKind,
    ArticleVersion,
    Content,
    checked,
    next_number,
)
from domain.knowledge.knowledge_errors import ArticleUnknown, NoKnowledge
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import knowledge
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["knowledge"])

Finder = Annotated[Person, Depends(require_action(Action.SEE_KNOWLEDGE))]
Writer = Annotated[Person, Depends(require_action(Action.WRITE_ARTICLE))]


class ArticleRequest(BaseModel):
    """What is written: a new article, or the next version of one."""

    article: int | None = Field(default=None, ge=1, description="新しい記事では空")
    kind: ArticleKind = ArticleKind.FAQ
    category: Category
    title: str = Field(max_length=LONGEST_TITLE)
    body: str = Field(max_length=LONGEST_BODY)
    procedure: str = Field(default="", max_length=80, description="手続のコード")
    valid_from: date | None = None
    valid_until: date | None = None
    withdrawn: bool = Field(default=False, description="次の版から外す")
    reason: str = Field(min_length=1, max_length=500, description="作った・変えた理由")
    agreement: str = Field(default="", max_length=200, description="協議の記録")
    question: str = Field(default="", max_length=64, description="市への質問の案件")
    confirmed: bool = False


class ArticleBody(BaseModel):
    """One version of an article."""

    article: int
    number: int
    kind: ArticleKind
    category: Category
    category_text: str
    title: str
    body: str
    procedure: str
    valid_from: date | None
    valid_until: date | None
    withdrawn: bool
    reason: str
    agreement: str
    written_at: datetime

    @classmethod
    def of(cls, version: ArticleVersion) -> Self:
        """Copy a version."""
        content = version.content
        return cls(
            article=version.article,
            number=version.number,
            kind=content.kind,
            category=content.category,
            category_text=CATEGORY_TEXT[content.category],
            title=content.title,
            body=content.body,
            procedure=content.procedure,
            valid_from=content.valid_from,
            valid_until=content.valid_until,
            withdrawn=content.withdrawn,
            reason=version.reason,
            agreement=version.agreement,
            written_at=local(version.written_at),
        )


class FoundArticles(BaseModel):
    """What may be answered by, the best first."""

    edition: int | None = Field(description="いま使う版。まだないときは空")
    items: list[ArticleBody]
    next_cursor: None = None


class ArticleVersions(BaseModel):
    """An article: what may be used, and every version that whoever asks may see."""

    in_use: ArticleBody | None
    versions: list[ArticleBody]


class WrittenBody(BaseModel):
    """What was written."""

    article: int
    number: int


@router.get("/knowledge", summary="Find articles that may be used")
def find_articles(
    loaded: AccessedContract,
    person: Finder,
    desk: TheDesk,
    q: Annotated[str, Query(max_length=200)] = "",
    category: Category | None = None,
    kind: ArticleKind | None = None,
) -> FoundArticles:
    """Return the articles of the edition in use that have every word."""
    shelf = shelf_of(desk, loaded.contract)
    found = shelf.find(Wanted(words=q, category=category, kind=kind))
    return FoundArticles(
        edition=shelf.edition.number if shelf.edition else None,
        items=[ArticleBody.of(each) for each in found],
    )


@router.get("/knowledge/{article}", summary="Show an article with its versions")
def show_article(
    article: int, loaded: AccessedContract, person: Finder, desk: TheDesk
) -> ArticleVersions:
    """Return an article; old versions stay readable, drafts are for who writes or approves."""
    shelf, seen = versions_for(desk, person, loaded.contract, article)
    used = shelf.ready.articles.get(article)
    return ArticleVersions(
        in_use=ArticleBody.of(used) if used else None,
        versions=[ArticleBody.of(each) for each in seen],
    )


@router.post("/knowledge", status_code=201, summary="Write an article or its next version")
def write_article(
    loaded: AccessedContract,
    person: Writer,
    desk: TheDesk,
    key: IdempotencyKey,
    body: ArticleRequest,
) -> WrittenBody:
    """Keep a version; nobody answers by it before it is in an edition that may be used."""
    content = content_of(loaded.contract, body)
    for text in (content.title, content.body, body.reason, body.agreement):
        refuse_forbidden(text, confirmed=body.confirmed)
    asked = f"article/{body.model_dump_json()}"
    answer = once(
        desk,
        person,
        key=key,
        asked=asked,
        do=lambda connection: _keep(connection, desk, person, loaded.contract, body, content),
    )
    return WrittenBody(**answer)


def content_of(contract: Contract, body: ArticleRequest) -> Content:
    """Return what somebody wrote, checked.

    Raises:
        NoKnowledge: The contract speaks of no such document.
        FieldMissing: Something lacks or is not of this contract.
    """
    if terms_of(contract) is None:
        raise NoKnowledge
    if body.procedure and contract.procedure(body.procedure) is None:
        raise FieldMissing("この契約にない手続です。")
    return checked(
        Content(
            kind=body.kind,
            category=body.category,
            title=body.title,
            body=body.body,
            procedure=body.procedure,
            valid_from=body.valid_from,
            valid_until=body.valid_until,
            withdrawn=body.withdrawn,
        )
    )


def versions_for(
    desk: Desk, person: Person, contract: Contract, article: int
) -> tuple[Shelf, list[ArticleVersion]]:
    """Return the shelf, and the versions of an article that somebody may see.

    Raises:
        ArticleUnknown: There is none that they may see.
    """
    slug = contract.slug
    with scope(desk.engine, slug) as connection:
        found = knowledge.versions(connection, slug, slug, article)
        if not sees_drafts(person.role):
            document = knowledge.document(connection, contract)
            known = knowledge.editions(connection, slug, slug)
            used = {each.reference for each, _ in document.usable()} if document else set()
            once_used = {each.version_of(article) for each in known if each.reference in used}
            found = [each for each in found if each.number in once_used]
    if not found:
        raise ArticleUnknown("この番号の記事はないか、まだ使える版にありません。")
    return shelf_of(desk, contract), found


def _keep(
    connection: Connection,
    desk: Desk,
    person: Person,
    contract: Contract,
    body: ArticleRequest,
    content: Content,
) -> dict[str, int]:
    slug = contract.slug
    before: ArticleVersion | None = None
    article = body.article
    if article is None:
        article = knowledge.next_article(connection, slug, slug)
    else:
        known = knowledge.versions(connection, slug, slug, article)
        if not known:
            raise ArticleUnknown("この番号の記事はありません。")
        before = known[-1]
    number = next_number(before, content)
    version = ArticleVersion(
        article=article,
        number=number,
        content=content,
        reason=body.reason.strip(),
        agreement=body.agreement.strip(),
        question=body.question or (before.question if before else ""),
        written_by=person.account_id,
        written_role=person.role,
        written_at=desk.clock(),
    )
    knowledge.add_version(connection, slug, slug, version)
    return {"article": article, "number": number}
