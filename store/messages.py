"""The ledger of outgoing messages: claiming a try, marking how it ended, asking what is left.

Belongs here: statements. Does not belong here: what a message says and how it is sent
(``activities``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.case import CaseRef
from domain.sending.outgoing import OPEN_STATES, Carrier, MessageState, Problem
from store.tables.base import METADATA

_MESSAGE = METADATA.tables["message"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEntry:
    """One line of the ledger."""

    case_id: str
    key: str
    kind: str
    means: Carrier
    state: MessageState
    tries: int
    last_problem: Problem | None
    message_id: str
    guidance_version: str | None
    made_at: datetime
    tried_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to be sent, before anybody tried."""

    key: str
    kind: str
    means: Carrier
    message_id: str
    made_at: datetime


class Turn(StrEnum):
    """What a claim for a try came to."""

    OURS = "ours"
    OTHERS = "others"
    """Somebody else is at it, or was until just now."""

    OVER = "over"
    """It is sent, failed or given up."""


_COLUMNS = [_MESSAGE.c[name] for name in MessageEntry.__dataclass_fields__]


def claim(
    connection: Connection, case: CaseRef, new: NewMessage, *, now: datetime, lease: timedelta
) -> tuple[Turn, MessageEntry]:
    """Enter a message if it is new, and take the next try of it.

    A try that has shown no end after ``lease`` is taken for dead, and its turn is over.
    """
    connection.execute(
        upsert(_MESSAGE)
        .values(
            municipality=case.municipality,
            case_id=case.case_id,
            key=new.key,
            kind=new.kind,
            means=new.means,
            state=MessageState.QUEUED,
            tries=0,
            message_id=new.message_id,
            made_at=new.made_at,
        )
        .on_conflict_do_nothing(index_elements=["municipality", "case_id", "key"])
    )
    free = or_(
        _MESSAGE.c.state == MessageState.QUEUED,
        and_(_MESSAGE.c.state == MessageState.SENDING, _MESSAGE.c.tried_at <= now - lease),
    )
    taken = connection.execute(
        update(_MESSAGE)
        .where(*_this(case, new.key), free)
        .values(state=MessageState.SENDING, tries=_MESSAGE.c.tries + 1, tried_at=now)
        .returning(*_COLUMNS)
    ).one_or_none()
    if taken is not None:
        return Turn.OURS, _entry(taken)
    found = connection.execute(select(*_COLUMNS).where(*_this(case, new.key))).one()
    entry = _entry(found)
    return (Turn.OTHERS if entry.state in OPEN_STATES else Turn.OVER), entry


def mark_sent(
    connection: Connection,
    case: CaseRef,
    key: str,
    *,
    guidance_version: str | None,
    now: datetime,
) -> None:
    """Mark a message as taken by a server; that stays, whatever was decided meanwhile."""
    connection.execute(
        update(_MESSAGE)
        .where(*_this(case, key), _MESSAGE.c.state != MessageState.SENT)
        .values(
            state=MessageState.SENT,
            sent_at=now,
            last_problem=None,
            guidance_version=guidance_version,
        )
    )


def mark_problem(
    connection: Connection, case: CaseRef, key: str, problem: Problem, *, final: bool
) -> None:
    """Mark a try as ended without success; the next one may begin at once."""
    connection.execute(
        update(_MESSAGE)
        .where(*_this(case, key), _MESSAGE.c.state == MessageState.SENDING)
        .values(
            state=MessageState.FAILED if final else MessageState.QUEUED, last_problem=problem
        )
    )


def give_up(connection: Connection, case: CaseRef, key: str) -> MessageEntry | None:
    """Stop a message from being tried again; return how it stands.

    One that is sent or refused stays so; ``None`` for one that nobody ever tried.
    """
    connection.execute(
        update(_MESSAGE)
        .where(*_this(case, key), _MESSAGE.c.state.in_(OPEN_STATES))
        .values(state=MessageState.GIVEN_UP)
    )
    found = connection.execute(select(*_COLUMNS).where(*_this(case, key))).one_or_none()
    return None if found is None else _entry(found)


def of_case(connection: Connection, case: CaseRef) -> list[MessageEntry]:
    """Return the messages of a case, oldest first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(_MESSAGE.c.municipality == case.municipality, _MESSAGE.c.case_id == case.case_id)
        .order_by(_MESSAGE.c.made_at, _MESSAGE.c.key)
    )
    return [_entry(row) for row in rows]


def not_sent(
    connection: Connection, municipality: str, *, limit: int = 200
) -> list[MessageEntry]:
    """Return the messages that did not leave at their first try, oldest first.

    One that waits for its first try, or is at it, is no trouble yet.
    """
    at_once = and_(
        _MESSAGE.c.state.in_(OPEN_STATES),
        _MESSAGE.c.tries <= 1,
        _MESSAGE.c.last_problem.is_(None),
    )
    rows = connection.execute(
        select(*_COLUMNS)
        .where(
            _MESSAGE.c.municipality == municipality,
            _MESSAGE.c.state != MessageState.SENT,
            ~at_once,
        )
        .order_by(_MESSAGE.c.made_at, _MESSAGE.c.case_id)
        .limit(limit)
    )
    return [_entry(row) for row in rows]


def count_not_sent(connection: Connection, municipality: str) -> dict[MessageState, int]:
    """Return how many messages have not left, by how they stand."""
    rows = connection.execute(
        select(_MESSAGE.c.state, func.count())
        .where(_MESSAGE.c.municipality == municipality, _MESSAGE.c.state != MessageState.SENT)
        .group_by(_MESSAGE.c.state)
    )
    return {MessageState(state): count for state, count in rows}


def by_message_id(
    connection: Connection, municipality: str, message_ids: Iterable[str]
) -> dict[str, MessageEntry]:
    """Return those of the messages that this municipality has sent."""
    wanted: Sequence[str] = list(message_ids)
    rows = connection.execute(
        select(*_COLUMNS).where(
            _MESSAGE.c.municipality == municipality, _MESSAGE.c.message_id.in_(wanted)
        )
    )
    return {row.message_id: _entry(row) for row in rows}


def _this(case: CaseRef, key: str) -> tuple[ColumnElement[bool], ...]:
    return (
        _MESSAGE.c.municipality == case.municipality,
        _MESSAGE.c.case_id == case.case_id,
        _MESSAGE.c.key == key,
    )


def _entry(row: Row[tuple[object, ...]]) -> MessageEntry:
    values = dict(row._mapping)
    problem = values["last_problem"]
    return MessageEntry(
        **values
        | {
            "means": Carrier(values["means"]),
            "state": MessageState(values["state"]),
            "last_problem": None if problem is None else Problem(problem),
        }
    )
