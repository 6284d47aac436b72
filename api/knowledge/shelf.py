"""What may be answered by now: the edition in use, its articles, and finding one of them.

One shelf for booth, desk and telephone. An edition never changes, so what it holds is read
and made ready for searching once in a process. Does not belong here: routes.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from api.deps import Desk
from domain.calendars.hours import local
from domain.calls.inquiry import Category
from domain.contract import Contract
from domain.knowledge.article import ArticleKind, ArticleVersion
from domain.knowledge.edition import Edition, Used, in_use, used_at
from domain.knowledge.knowledge_errors import ArticleUnknown
from domain.obligations.terms import ObligationTerms
from domain.parties import Action, Role, allowed
from domain.writing.bigrams import Index, Text
from store import knowledge
from store.scope import scope

_MOST_KEPT = 32
"""Editions made ready in one process; more cities than that take turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; nothing: everything there is."""

    words: str = ""
    category: Category | None = None
    kind: ArticleKind | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    articles: Mapping[int, ArticleVersion]
    index: Index = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The articles of one edition, as they hold on a day."""

    edition: Edition | None
    day: date
    ready: _Ready

    def articles(self) -> list[ArticleVersion]:
        """Return what may be told today, in the order of the articles."""
        return [
            each for each in self.ready.articles.values() if each.content.holds_on(self.day)
        ]

    def article(self, number: int) -> ArticleVersion:
        """Return an article that may be told today.

        Raises:
            ArticleUnknown: There is none of this number.
        """
        found = self.ready.articles.get(number)
        if found is None or not found.content.holds_on(self.day):
            raise ArticleUnknown("この番号の記事は、いま使える版にありません。")
        return found

    def find(self, wanted: Wanted) -> list[ArticleVersion]:
        """Return what was looked for, the best first; without words in their order."""
        held = {each.article: each for each in self.articles()}
        keys = self.ready.index.search(wanted.words) if wanted.words.strip() else tuple(held)
        return [
            held[key]
            for key in keys
            if key in held
            and wanted.category in {None, held[key].content.category}
            and wanted.kind in {None, held[key].content.kind}
        ]


_EMPTY = _Ready(articles={}, index=Index(()))


class _Shelves:
    """Remembers what editions hold."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], _Ready] = {}
        self._lock = threading.Lock()

    def ready(self, desk: Desk, connection: Connection, slug: str, edition: Edition) -> _Ready:
        """Return the articles of an edition, ready to be searched."""
        # A digest besides the number: a database that was made anew has other editions.
        key = (desk.engine, slug, edition.number, edition.digest)
        found = self._known.get(key)
        if found is None:
            found = _made_ready(connection, slug, edition)
            with self._lock:
                kept = list(self._known.items())[-_MOST_KEPT + 1 :]
                self._known = {**dict(kept), key: found}
        return found


_SHELVES = _Shelves()


def shelf_of(desk: Desk, contract: Contract) -> Shelf:
    """Return what may be answered by now."""
    slug, day = contract.slug, local(desk.clock()).date()
    with scope(desk.engine, slug) as connection:
        known = knowledge.editions(connection, slug, slug)
        edition = in_use(knowledge.document(connection, contract), known)
        if edition is None:
            return Shelf(edition=None, day=day, ready=_EMPTY)
        ready = _SHELVES.ready(desk, connection, slug, edition)
    return Shelf(edition=edition, day=day, ready=ready)


def worked_by(desk: Desk, contract: Contract, moment: datetime) -> Used | None:
    """Return by which version of the manual people worked at a moment."""
    if terms_of(contract) is None:
        return None
    slug = contract.slug
    with scope(desk.engine, slug) as connection:
        known = knowledge.editions(connection, slug, slug)
        return used_at(knowledge.document(connection, contract), known, moment)


def manual_words(desk: Desk, contract: Contract) -> str:
    """Return the manual of this moment as the record of a step names it; empty: none."""
    used = worked_by(desk, contract, desk.clock())
    if used is None:
        return ""
    number = used.edition.number if used.edition else used.version.number
    return f"マニュアル第{number}版"


def terms_of(contract: Contract) -> ObligationTerms | None:
    """Return what the contract says of its manual and answers."""
    return next((terms for terms in contract.obligations if terms.articles), None)


def sees_drafts(role: Role) -> bool:
    """Say whether somebody sees what may not be used yet: who writes, approves, audits."""
    needed = (Action.WRITE_ARTICLE, Action.APPROVE_VERSION, Action.REPLAY)
    return any(allowed(role, action) for action in needed)


def _made_ready(connection: Connection, slug: str, edition: Edition) -> _Ready:
    wanted = set(edition.entries)
    articles = {
        each.article: each
        for each in knowledge.versions(connection, slug, slug)
        if (each.article, each.number) in wanted
    }
    texts = (
        Text(key=key, title=each.content.title, body=each.content.body)
        for key, each in articles.items()
    )
    return _Ready(articles=articles, index=Index(texts))
