"""Numbers at the windows: giving them out, calling the next one, showing the line.

Belongs here: the counter, the claim and the row that lists show, which follows the record of
its case in the same transaction. Does not belong here: what a step makes of a number
(``domain.queue.ticket``), what a month came to (``store.queue_counts``).

Locking rule: a counter, then whatever opening a case locks. A call locks the file of the case
that is next and then its row, as every step does; whoever comes second waits there, finds that
it does not wait any more, and goes on to the one behind it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.errors import UniqueViolation
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, Row, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from domain.case import CaseKind, CaseRef
from domain.queue.queue_errors import DeskBusy, NumberTaken
from domain.queue.queue_rules import Rank
from domain.queue.ticket import AT_A_DESK, Stage, Ticket
from store.tables.base import METADATA

_COUNTER = METADATA.tables["queue_counter"]
_TICKET = METADATA.tables["queue_ticket"]
_VALUE: TypeAdapter[Ticket] = TypeAdapter(Ticket)

_IN_HOUSE = (Stage.WAITING, *sorted(AT_A_DESK))

CALL_NEXT = text(
    """
    WITH the_next AS (
      SELECT t.municipality, t.case_id
        FROM queue_ticket t
        JOIN case_file f ON f.municipality = t.municipality AND f.case_id = t.case_id
       WHERE t.municipality = :municipality AND t.contract = :contract AND t.place = :place
         AND t.day = :day AND t.line = ANY(:lines)
         AND t.stage = 'in_line' AND f.stage = 'in_line'
       ORDER BY t.rank, t.taken_at, t.letter, t.number
       LIMIT 1 FOR UPDATE OF f, t)
    UPDATE queue_ticket SET stage = 'called', desk = :desk
      FROM the_next
     WHERE queue_ticket.municipality = the_next.municipality
       AND queue_ticket.case_id = the_next.case_id
    RETURNING queue_ticket.case_id
    """
)
"""Who is next, and taking them: one statement, so that two desks never have the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A number as lists show it."""

    case_id: str
    line: str
    letter: str
    number: int
    rank: Rank
    resident: bool | None
    stage: Stage
    desk: str
    calls: int
    taken_at: datetime
    called_at: datetime | None

    @property
    def label(self) -> str:
        """What stands on the paper and on the board."""
        return f"{self.letter}{self.number:03d}"


def next_number(
    connection: Connection, municipality: str, contract: str, place: str, line: str, day: date
) -> int:
    """Return the next number of a line; others wait until this transaction has ended."""
    where = {
        "municipality": municipality,
        "contract": contract,
        "place": place,
        "line": line,
        "day": day,
    }
    drawn: int = connection.execute(
        upsert(_COUNTER)
        .values(**where, last=1)
        .on_conflict_do_update(index_elements=list(where), set_={"last": _COUNTER.c.last + 1})
        .returning(_COUNTER.c.last)
    ).scalar_one()
    return drawn


def follow(
    connection: Connection, case: CaseRef, kind: str, state: Mapping[str, Any], at: datetime
) -> None:
    """Let the row follow a step of a number; other kinds of cases change nothing here.

    Raises:
        NumberTaken: Somebody has entered this number before.
    """
    if kind != CaseKind.TICKET:
        return
    value = _VALUE.validate_python(to_jsonable_python(state["value"]))
    shown = {
        "line": value.line,
        "rank": int(value.rank),
        "stage": value.stage,
        "desk": value.desk,
        "calls": value.calls,
        "called_at": value.called_at,
        "served_at": value.served_at,
        "ended_at": at if value.closed else None,
    }
    row = upsert(_TICKET).values(
        municipality=case.municipality,
        case_id=case.case_id,
        contract=case.contract,
        place=value.place,
        letter=value.letter,
        number=value.number,
        day=value.day,
        resident=value.resident,
        taken_at=value.taken_at,
        **shown,
    )
    try:
        connection.execute(
            row.on_conflict_do_update(index_elements=["municipality", "case_id"], set_=shown)
        )
    except IntegrityError as taken:
        if _constraint(taken) != "uq_queue_ticket_number":
            raise
        raise NumberTaken("番号を確かめてください。") from None


def call_next(
    connection: Connection,
    municipality: str,
    contract: str,
    place: str,
    day: date,
    *,
    desk: str,
    lines: Sequence[str],
) -> str | None:
    """Take the next number of these lines for a desk; its case is locked from here on.

    Returns:
        Its case, or ``None`` if nobody waits.

    Raises:
        DeskBusy: The desk has somebody.
    """
    asked = {
        "municipality": municipality,
        "contract": contract,
        "place": place,
        "day": day,
        "desk": desk,
        "lines": list(lines),
    }
    try:
        found: str | None = connection.execute(CALL_NEXT, asked).scalar_one_or_none()
    except IntegrityError as busy:
        if _constraint(busy) != "uq_queue_ticket_desk":
            raise
        raise DeskBusy("いまの番号を終えてから、次を呼び出してください。") from None
    return found


def in_house(
    connection: Connection, municipality: str, contract: str, place: str, day: date
) -> list[Queued]:
    """Return who waits, is called or is being served, in the order of their calls."""
    rows = connection.execute(
        select(_TICKET)
        .where(
            _TICKET.c.municipality == municipality,
            _TICKET.c.contract == contract,
            _TICKET.c.place == place,
            _TICKET.c.day == day,
            _TICKET.c.stage.in_(_IN_HOUSE),
        )
        .order_by(*(_TICKET.c[name] for name in ("rank", "taken_at", "letter", "number")))
    )
    return [_queued(row) for row in rows]


def ended(
    connection: Connection, municipality: str, contract: str, place: str, day: date
) -> dict[Stage, int]:
    """Return how many numbers of a day ended how."""
    rows = connection.execute(
        select(_TICKET.c.stage, func.count())
        .where(
            _TICKET.c.municipality == municipality,
            _TICKET.c.contract == contract,
            _TICKET.c.place == place,
            _TICKET.c.day == day,
            _TICKET.c.stage.not_in(_IN_HOUSE),
        )
        .group_by(_TICKET.c.stage)
    )
    return {Stage(row[0]): row[1] for row in rows}


def _queued(row: Row[*tuple[Any, ...]]) -> Queued:
    return Queued(
        case_id=row.case_id,
        line=row.line,
        letter=row.letter,
        number=row.number,
        rank=Rank(row.rank),
        resident=row.resident,
        stage=Stage(row.stage),
        desk=row.desk,
        calls=row.calls,
        taken_at=row.taken_at,
        called_at=row.called_at,
    )


def _constraint(error: IntegrityError) -> str | None:
    broken = error.orig
    return broken.diag.constraint_name if isinstance(broken, UniqueViolation) else None
