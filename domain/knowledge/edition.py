"""An edition: which version of each article belongs together, and may be used.

An edition is one version of the document that a contract speaks of (マニュアル・FAQ). It is
submitted, approved and returned as that document's versions are (``domain.obligations``): the
version names the edition by its reference, and nothing else decides what may be used.

Belongs here: what an edition holds, which one was used when, what a newer one changes. Does
not belong here: articles (``domain.knowledge.article``).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.knowledge.article import ArticleVersion, latest
from domain.knowledge.knowledge_errors import NothingChanged
from domain.obligations.obligation import Obligation, Version

_DIGEST_CHARACTERS = 8
"""Never twelve: it must not be taken for a number that may not be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What was put together, once and for all."""

    number: int
    entries: tuple[tuple[int, int], ...]
    """Article and number of its version, in the order of the articles."""

    digest: str
    made_at: datetime

    @property
    def reference(self) -> str:
        """What the version of the document is called that holds it."""
        return f"共有FAQ・マニュアル 第{self.number}版（{len(self.entries)}件・{self.digest}）"

    def version_of(self, article: int) -> int | None:
        """Return which version of an article it holds; ``None``: it is not in it."""
        return dict(self.entries).get(article)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an edition changes, by the numbers of articles."""

    added: tuple[int, ...]
    changed: tuple[int, ...]
    removed: tuple[int, ...]

    @property
    def articles(self) -> tuple[int, ...]:
        """Every article that it touches."""
        return tuple(sorted((*self.added, *self.changed, *self.removed)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What was worked by: the version of the document, and its edition where there is one."""

    version: Version
    since: datetime
    edition: Edition | None


def entries_of(versions: Iterable[ArticleVersion]) -> tuple[tuple[int, int], ...]:
    """Return what an edition would hold now: the last version of each article."""
    return tuple(
        (article, version.number)
        for article, version in latest(versions).items()
        if not version.content.withdrawn
    )


def next_edition(
    editions: Sequence[Edition], versions: Sequence[ArticleVersion], at: datetime
) -> Edition:
    """Return the edition that follows those there are.

    Raises:
        NothingChanged: It would hold what the last one holds, or nothing at all.
    """
    entries = entries_of(versions)
    if not entries or (editions and editions[-1].entries == entries):
        raise NothingChanged("前の版から変わった記事がありません。")
    return Edition(
        number=len(editions) + 1,
        entries=entries,
        digest=_digest(entries, versions),
        made_at=at,
    )


def changes(before: Edition | None, entries: tuple[tuple[int, int], ...]) -> Changes:
    """Return what other entries change."""
    old = dict(before.entries) if before else {}
    new = dict(entries)
    return Changes(
        added=tuple(sorted(set(new) - set(old))),
        changed=tuple(sorted(each for each in new if each in old and old[each] != new[each])),
        removed=tuple(sorted(set(old) - set(new))),
    )


def used_at(
    document: Obligation | None, editions: Iterable[Edition], moment: datetime
) -> Used | None:
    """Return what was worked by at a moment; ``None`` before there was anything."""
    if document is None:
        return None
    begun = [(since, version) for version, since in document.usable() if since <= moment]
    if not begun:
        return None
    since, version = begun[-1]
    return Used(version=version, since=since, edition=_edition(editions, version))


def in_use(document: Obligation | None, editions: Sequence[Edition]) -> Edition | None:
    """Return the edition to answer by: the last one that a usable version names.

    A version of the document that is kept elsewhere takes no article away.
    """
    if document is None:
        return None
    found = [_edition(editions, version) for version, _ in document.usable()]
    return next((each for each in reversed(found) if each is not None), None)


def version_with(document: Obligation | None, edition: Edition) -> Version | None:
    """Return the last version of the document that names an edition."""
    if document is None:
        return None
    named = [each for each in document.versions if each.reference == edition.reference]
    return named[-1] if named else None


def _edition(editions: Iterable[Edition], version: Version) -> Edition | None:
    return next((each for each in editions if each.reference == version.reference), None)


def _digest(entries: tuple[tuple[int, int], ...], versions: Sequence[ArticleVersion]) -> str:
    known = {(each.article, each.number): each.content for each in versions}
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(repr((entry, known[entry])).encode())
    return digest.hexdigest()[:_DIGEST_CHARACTERS]
