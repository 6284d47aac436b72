"""Editions over HTTP: what would change, putting one together, and how each one stands.

An edition becomes a version of the contract's document, whose steps (submit, approve, return)
are actions of that document's case (``api.cases``).
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api import cases as case_routes
from api.access.auth import TheDoor, require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from api.knowledge.shelf import sees_drafts, terms_of
from api.once import once
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import WrongStage
from domain.knowledge.article import ArticleVersion
from domain.knowledge.edition import (
    Changes,
    Edition,
    changes,
    entries_of,
    in_use,
    next_edition,
    version_with,
)
from domain.knowledge.knowledge_errors import NoKnowledge
from domain.obligations.obligation import VERSION_TEXT, Obligation, Step, Version, VersionState
from domain.parties import Action
from store import cases, knowledge
from store.cases import CaseFile
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["knowledge"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_KNOWLEDGE))]
Maker = Annotated[Person, Depends(require_action(Action.SAVE_VERSION))]


class EditionBody(BaseModel):
    """One edition, and how the version of the document stands that holds it."""

    number: int
    articles: int
    digest: str
    made_at: datetime
    state: VersionState | None = Field(description="空のときは書類の版になっていない")
    state_text: str
    usable_since: datetime | None = Field(description="この時刻から使える")
    in_use: bool


class EditionPage(BaseModel):
    """Every edition that the caller may see, the newest first."""

    items: list[EditionBody]
    case_id: str | None = Field(description="書類の案件")
    next_cursor: None = None


class MadeBody(BaseModel):
    """An edition that was put together."""

    number: int
    case_id: str
    stage: str


class Editions:
    """Everything that is known of a contract's editions at one moment."""

    def __init__(self, connection: Connection, contract: Contract) -> None:
        """Read it."""
        slug = contract.slug
        self.terms = terms_of(contract)
        self.document: Obligation | None = knowledge.document(connection, contract)
        self.editions: list[Edition] = knowledge.editions(connection, slug, slug)
        self.versions: list[ArticleVersion] = knowledge.versions(connection, slug, slug)
        self.in_use = in_use(self.document, self.editions)

    def ahead(self) -> Changes:
        """Return what the next edition would change of what is in use."""
        return changes(self.in_use, entries_of(self.versions))

    def changes_of(self, edition: Edition) -> Changes:
        """Return what an edition changes of the one before that could be used."""
        before = [each for each in self.editions if each.number < edition.number]
        usable = [each for each in before if self.since(each) is not None]
        return changes(usable[-1] if usable else None, edition.entries)

    def version(self, edition: Edition) -> Version | None:
        """Return the version of the document that holds an edition."""
        return version_with(self.document, edition)

    def since(self, edition: Edition) -> datetime | None:
        """Return since when an edition could be used; ``None``: it never could."""
        usable = self.document.usable() if self.document else ()
        return next((at for each, at in usable if each.reference == edition.reference), None)


@router.get("/knowledge-editions", summary="List the editions")
def list_editions(loaded: AccessedContract, person: Seer, desk: TheDesk) -> EditionPage:
    """Return the editions; who only answers sees those that could be used."""
    with scope(desk.engine, person.municipality) as connection:
        found = Editions(connection, loaded.contract)
    drafts = sees_drafts(person.role)
    return EditionPage(
        items=[
            body_of(found, each)
            for each in reversed(found.editions)
            if drafts or found.since(each) is not None
        ],
        case_id=found.document.case_id if found.document else None,
    )


@router.post("/knowledge-editions", status_code=201, summary="Put an edition together")
async def make_edition(
    loaded: AccessedContract,
    person: Maker,
    desk: TheDesk,
    door: TheDoor,
    key: IdempotencyKey,
    request: Request,
) -> MadeBody:
    """Put the last version of each article together, and keep it as the next version."""
    edition, file, sections = await run_in_threadpool(
        _put_together, desk, person, loaded.contract, key
    )
    body = {"reference": edition.reference} | ({"sections": sections} if sections else {})
    kept = await case_routes.act_on(
        Step.SAVE_VERSION, file, person, desk, door, f"{key}.version", request, body
    )
    return MadeBody(number=edition.number, case_id=file.ref.case_id, stage=kept.stage)


def body_of(found: Editions, edition: Edition) -> EditionBody:
    """Return an edition as it stands."""
    version, since = found.version(edition), found.since(edition)
    state = version.state if version else None
    return EditionBody(
        number=edition.number,
        articles=len(edition.entries),
        digest=edition.digest,
        made_at=local(edition.made_at),
        state=state,
        state_text=VERSION_TEXT[state] if state else "書類の版になっていません",
        usable_since=local(since) if since else None,
        in_use=edition == found.in_use,
    )


def _put_together(
    desk: Desk, person: Person, contract: Contract, key: str
) -> tuple[Edition, CaseFile, str]:
    slug = contract.slug

    def put(connection: Connection) -> dict[str, int]:
        found = Editions(connection, contract)
        _document(found).require(Step.SAVE_VERSION)
        left = _left_over(found)
        if left is not None:
            return {"number": left.number}
        edition = next_edition(found.editions, found.versions, desk.clock())
        knowledge.add_edition(connection, slug, slug, edition, by=person.account_id)
        return {"number": edition.number}

    made = once(desk, person, key=key, asked="knowledge-edition", do=put)
    with scope(desk.engine, slug) as connection:
        found = Editions(connection, contract)
        document = _document(found)
        file = cases.one_case(connection, document.case_id)
    edition = next(each for each in found.editions if each.number == made["number"])
    sections = " ".join(str(n) for n, _ in enumerate(document.terms.sections, 1))
    return edition, file, sections


def _document(found: Editions) -> Obligation:
    if found.terms is None:
        raise NoKnowledge
    if found.document is None:
        raise WrongStage("契約が始まると、版を作れるようになります。")
    return found.document


def _left_over(found: Editions) -> Edition | None:
    """Return an edition that says what is to be said and never became a version."""
    last = found.editions[-1] if found.editions else None
    if last is None or last.entries != entries_of(found.versions):
        return None
    return last if found.version(last) is None else None
