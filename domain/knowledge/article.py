"""An article of the knowledge base, in versions that are never changed.

Belongs here: what a version holds, which versions may follow it, how two differ. Does not
belong here: which of them may be used (``domain.knowledge.edition``), where they are kept
(``store.knowledge``).

Sources: Ageo specification §5(1)③(ウ), §5(3)③, §5(5)③; Urasoe §8(1)イ, §8(2);
Yokosuka §6(2)イ(a).
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.calls.inquiry import Category
from domain.errors import FieldMissing
from domain.knowledge.knowledge_errors import NothingChanged
from domain.parties import Role

LONGEST_TITLE = 120
LONGEST_BODY = 20_000


class ArticleKind(StrEnum):
    """What an article is."""

    FAQ = "faq"
    MANUAL = "manual"


ARTICLE_TEXT: Mapping[ArticleKind, str] = {
    ArticleKind.FAQ: "FAQ",
    ArticleKind.MANUAL: "マニュアル",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What somebody writes."""

    kind: ArticleKind
    category: Category
    """One table with the inquiries, so that what was answered by it is counted alike."""

    title: str
    """The question, or the heading of a manual's part."""

    body: str
    """The answer; of a manual, its text."""

    procedure: str = ""
    """Code of the contract's procedure that it is about; empty: of none alone."""

    valid_from: date | None = None
    valid_until: date | None = None
    """Both days belong to it; ``None``: no limit."""

    withdrawn: bool = False
    """Whether this version takes the article out of the next edition."""

    def holds_on(self, day: date) -> bool:
        """Say whether it may be told on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    """One version of an article: what it says, and why it was written."""

    article: int
    """Number of the article in its contract, from 1; it stays."""

    number: int
    content: Content
    reason: str
    agreement: str = ""
    """Reference of what was agreed on with the city."""

    question: str = ""
    """The case of the question to the city that it answers, if it does."""

    written_by: str
    written_role: Role
    written_at: datetime


class Differs(StrEnum):
    """How a line differs from the version before."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a comparison."""

    how: Differs
    text: str


def checked(content: Content) -> Content:
    """Return what was written without blanks around it.

    Raises:
        FieldMissing: Something lacks, is too long, or ends before it begins.
    """
    title, body = " ".join(content.title.split()), content.body.replace("\r\n", "\n").strip()
    if not title or not body:
        raise FieldMissing("「題名」と「本文」を入力してください。")
    if len(title) > LONGEST_TITLE or len(body) > LONGEST_BODY:
        raise FieldMissing(f"題名は{LONGEST_TITLE}文字、本文は{LONGEST_BODY}文字までです。")
    first, last = content.valid_from, content.valid_until
    if first is not None and last is not None and last < first:
        raise FieldMissing("「使い終わる日」は「使い始める日」より後にしてください。")
    return Content(
        kind=content.kind,
        category=content.category,
        title=title,
        body=body,
        procedure=content.procedure,
        valid_from=first,
        valid_until=last,
        withdrawn=content.withdrawn,
    )


def next_number(before: ArticleVersion | None, content: Content) -> int:
    """Return the number of the version that follows another one.

    Raises:
        NothingChanged: It says what the version before says.
        FieldMissing: Nothing can be withdrawn that is not there.
    """
    if before is None:
        if content.withdrawn:
            raise FieldMissing("まだない記事は取り下げられません。")
        return 1
    if before.content == content:
        raise NothingChanged("前の版と同じ内容です。")
    return before.number + 1


def latest(versions: Iterable[ArticleVersion]) -> dict[int, ArticleVersion]:
    """Return the last version of each article, in the order of their numbers."""
    found: dict[int, ArticleVersion] = {}
    for version in versions:
        known = found.get(version.article)
        if known is None or known.number < version.number:
            found[version.article] = version
    return dict(sorted(found.items()))


def differences(before: Content | None, after: Content) -> Sequence[Line]:
    """Return the lines of a version with those that went and those that came."""
    old = [] if before is None else _lines(before)
    found = []
    for line in difflib.ndiff(old, _lines(after)):
        how = {"  ": Differs.SAME, "- ": Differs.GONE, "+ ": Differs.NEW}.get(line[:2])
        if how is not None:
            found.append(Line(how=how, text=line[2:]))
    return tuple(found)


def _lines(content: Content) -> list[str]:
    return [content.title, *(line for line in content.body.split("\n") if line.strip())]
