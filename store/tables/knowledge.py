"""The knowledge base: versions of articles, editions of them, and meetings with the city.

Rows are only ever added. Which edition may be used stands with its obligation's case and is
no column here.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from domain.calls.inquiry import Category
from domain.knowledge.article import ArticleKind
from domain.knowledge.meeting import MeetingKind
from domain.parties import Role
from store.tables import base


class KnowledgeVersionRow(SQLModel, table=True):
    """One version of an article, as it was written."""

    __tablename__ = "knowledge_version"
    __table_args__ = (
        base.one_of("kind", ArticleKind),
        base.one_of("category", Category),
        base.one_of("written_role", Role),
        CheckConstraint("article > 0 AND number > 0", name="numbers_positive"),
        CheckConstraint("valid_from <= valid_until", name="ends_after_it_begins"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    municipality: str = base.municipality()
    contract: str = base.key()
    article: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    kind: str = base.words()
    category: str = base.words()
    """The word under which inquiries are counted."""
    procedure: str = base.words()
    title: str = base.words()
    body: str = base.words()
    valid_from: date | None = None
    valid_until: date | None = None
    withdrawn: bool
    reason: str = base.words()
    agreement: str = base.words()
    question: str = base.words()
    """The case of the question to the city that it answers; empty: of none."""
    written_by: str = base.words()
    written_role: str = base.words()
    written_at: datetime = base.moment()


class KnowledgeEditionRow(SQLModel, table=True):
    """What was put together to be one version of the document."""

    __tablename__ = "knowledge_edition"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    municipality: str = base.municipality()
    contract: str = base.key()
    number: int = Field(primary_key=True)
    entries: list[list[int]] = Field(sa_type=JSONB)
    """Pairs of article and version."""
    digest: str = base.words()
    made_by: str = base.words()
    made_at: datetime = base.moment()


class MeetingRow(SQLModel, table=True):
    """A meeting with the city, as it was written down; a correction is another version."""

    __tablename__ = "meeting"
    __table_args__ = (
        base.one_of("kind", MeetingKind),
        CheckConstraint("number > 0 AND version > 0", name="numbers_positive"),
    )

    municipality: str = base.municipality()
    contract: str = base.key()
    number: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    kind: str = base.words()
    held_on: date
    place: str = base.words()
    notes: dict[str, Any] = Field(sa_type=JSONB)
    """By point of the agenda, what was said."""
    written_by: str = base.words()
    written_at: datetime = base.moment()
