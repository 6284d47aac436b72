"""Articles, editions and meetings of a contract; rows are only ever added.

Belongs here: statements. Does not belong here: which edition may be used
(``domain.knowledge.edition``), the words of questions to the city beyond their record.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select
from sqlalchemy.dialects.postgresql import distinct_on

from domain.calls.inquiry import Category
from domain.case import CaseKind
from domain.contract import Contract
from domain.incidents.incident import Incident
from domain.incidents.kinds import IncidentKind, Stage
from domain.knowledge.article import ArticleKind, ArticleVersion, Content
from domain.knowledge.edition import Edition
from domain.knowledge.meeting import Meeting, MeetingKind, Point
from domain.obligations.obligation import Obligation
from domain.parties import Role
from store import cases, obligations
from store.cases import CaseFile, TimelineEvent, Wanted
from store.keys import KeyRing
from store.tables.base import METADATA
from store.values import value_of

_VERSION = METADATA.tables["knowledge_version"]
_EDITION = METADATA.tables["knowledge_edition"]
_MEETING = METADATA.tables["meeting"]
_MOST = 200
_OPEN_STAGES = (Stage.ASKED, Stage.CITY_ANSWERED)
_ANSWERED_STAGES = (Stage.IN_FAQ, Stage.SETTLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMeeting:
    """A meeting as it was last written down."""

    number: int
    version: int
    meeting: Meeting
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """A question to the city with what was asked and what was answered."""

    file: CaseFile
    value: Incident
    asked: str
    answer: str


def versions(
    connection: Connection, municipality: str, contract: str, article: int | None = None
) -> list[ArticleVersion]:
    """Return every version of every article, or of one, the oldest first."""
    wanted = [_VERSION.c.municipality == municipality, _VERSION.c.contract == contract]
    if article is not None:
        wanted.append(_VERSION.c.article == article)
    rows = connection.execute(
        select(_VERSION).where(*wanted).order_by(_VERSION.c.article, _VERSION.c.number)
    )
    return [_version(row._mapping) for row in rows]


def next_article(connection: Connection, municipality: str, contract: str) -> int:
    """Return the number for another article; of two at once the key refuses one."""
    number: int = connection.execute(
        select(func.coalesce(func.max(_VERSION.c.article), 0) + 1).where(
            _VERSION.c.municipality == municipality, _VERSION.c.contract == contract
        )
    ).scalar_one()
    return number


def add_version(
    connection: Connection, municipality: str, contract: str, version: ArticleVersion
) -> None:
    """Keep a version; one that is there stays as it is."""
    values = asdict(version)
    content = values.pop("content")
    connection.execute(
        insert(_VERSION).values(
            municipality=municipality, contract=contract, **values, **content
        )
    )


def editions(connection: Connection, municipality: str, contract: str) -> list[Edition]:
    """Return every edition, the oldest first."""
    rows = connection.execute(
        select(_EDITION)
        .where(_EDITION.c.municipality == municipality, _EDITION.c.contract == contract)
        .order_by(_EDITION.c.number)
    )
    return [
        Edition(
            number=row.number,
            entries=tuple((article, number) for article, number in row.entries),
            digest=row.digest,
            made_at=row.made_at,
        )
        for row in rows
    ]


def add_edition(
    connection: Connection, municipality: str, contract: str, edition: Edition, *, by: str
) -> None:
    """Keep an edition."""
    connection.execute(
        insert(_EDITION).values(
            municipality=municipality,
            contract=contract,
            number=edition.number,
            entries=[list(entry) for entry in edition.entries],
            digest=edition.digest,
            made_by=by,
            made_at=edition.made_at,
        )
    )


def document(connection: Connection, contract: Contract) -> Obligation | None:
    """Return the document that editions are versions of; ``None`` before it is owed."""
    wanted = [terms for terms in contract.obligations if terms.articles]
    known = obligations.standing(connection, contract) if wanted else {}
    return next((known[terms.code] for terms in wanted if terms.code in known), None)


def add_meeting(
    connection: Connection,
    municipality: str,
    contract: str,
    meeting: Meeting,
    *,
    number: int | None,
    by: str,
    at: datetime,
) -> int:
    """Keep a meeting, or a correction of the one with this number; return its number."""
    mine = [_MEETING.c.municipality == municipality, _MEETING.c.contract == contract]
    counted = _MEETING.c.number if number is None else _MEETING.c.version
    if number is not None:
        mine.append(_MEETING.c.number == number)
    after = select(func.coalesce(func.max(counted), 0) + 1).where(*mine).scalar_subquery()
    kept: int = connection.execute(
        insert(_MEETING)
        .values(
            municipality=municipality,
            contract=contract,
            number=after if number is None else literal(number),
            version=literal(1) if number is None else after,
            kind=meeting.kind,
            held_on=meeting.held_on,
            place=meeting.place,
            notes={str(point): text for point, text in meeting.notes.items()},
            written_by=by,
            written_at=at,
        )
        .returning(_MEETING.c.number)
    ).scalar_one()
    return kept


def meetings(connection: Connection, municipality: str, contract: str) -> list[KeptMeeting]:
    """Return every meeting as it was last written, the newest first."""
    rows = connection.execute(
        select(_MEETING)
        .where(_MEETING.c.municipality == municipality, _MEETING.c.contract == contract)
        .ext(distinct_on(_MEETING.c.number))
        .order_by(_MEETING.c.number.desc(), _MEETING.c.version.desc())
    )
    return [
        KeptMeeting(
            number=row.number,
            version=row.version,
            meeting=Meeting(
                kind=MeetingKind(row.kind),
                held_on=row.held_on,
                place=row.place,
                notes={point: row.notes[point] for point in Point if point in row.notes},
            ),
            written_by=row.written_by,
            written_at=row.written_at,
        )
        for row in rows
    ]


def questions(
    connection: Connection,
    keys: KeyRing,
    municipality: str,
    contract: str,
    *,
    closed: bool = False,
) -> list[QuestionRow]:
    """Return the questions to the city with their texts, the most urgent first."""
    files = [
        file
        for stage in (_ANSWERED_STAGES if closed else _OPEN_STAGES)
        for file in cases.list_cases(
            connection,
            municipality,
            Wanted(contract=contract, kind=CaseKind.INCIDENT, stage=stage, closed=closed),
            limit=_MOST,
        )
    ]
    return [
        question_of(file, cases.timeline(connection, keys, file.ref))
        for file in files
        if file.state["value"]["kind"] == IncidentKind.QUESTION
    ]


def question_of(file: CaseFile, events: list[TimelineEvent]) -> QuestionRow:
    """Return a question with what its record says."""
    value = value_of(file)
    assert isinstance(value, Incident)
    told = {event.action: event.reason or "" for event in events}
    return QuestionRow(
        file=file,
        value=value,
        asked=told.get("incident_reported", ""),
        answer=told.get("answer_question", ""),
    )


def _version(row: Mapping[Any, Any]) -> ArticleVersion:
    return ArticleVersion(
        article=row["article"],
        number=row["number"],
        content=Content(
            kind=ArticleKind(row["kind"]),
            category=Category(row["category"]),
            title=row["title"],
            body=row["body"],
            procedure=row["procedure"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            withdrawn=row["withdrawn"],
        ),
        reason=row["reason"],
        agreement=row["agreement"],
        question=row["question"],
        written_by=row["written_by"],
        written_role=Role(row["written_role"]),
        written_at=row["written_at"],
    )
