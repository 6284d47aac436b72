"""What is due to be disposed of: put on a list, approved by the city, made unreadable.

Belongs here: finding what is due, lists and what became of each line. Does not belong here:
when something is due (``domain.access.retention``), what is kept all the same
(``store.legal_holds``), how something is made unreadable (``store.shredding``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from domain.access.access_errors import NothingDue
from domain.access.retention import CountedFrom, Kept, Retention
from domain.calendars.hours import local
from domain.case import Actor
from store import cases, legal_holds, shredding
from store.keys import KeyRing
from store.record import CASE_FILE
from store.scope import scope
from store.tables.base import METADATA

_LIST = METADATA.tables["disposal_list"]
_ITEM = METADATA.tables["disposal_item"]
_KEY = METADATA.tables["data_key"]

_WHY = "retention"
_MOST_ON_A_LIST = 5000
"""More than anybody looks through; the next list has the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalList:
    """A list as it was put before the city, and how far it has come."""

    number: int
    months: int
    counted_from: CountedFrom
    made_at: datetime
    approved_at: datetime | None
    cases: int
    disposed: int
    kept: int

    @property
    def open(self) -> int:
        """How many of its cases nothing has become of yet."""
        return self.cases - self.disposed - self.kept


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalItem:
    """One case of a list: nothing personal, only which it was and what became of it."""

    case_id: str
    case_number: str
    kind: str
    closed_at: datetime
    disposed_at: datetime | None
    kept_because: Kept | None


def make_list(
    connection: Connection,
    municipality: str,
    contract: str,
    retention: Retention,
    *,
    term_end: date,
    by: str,
    at: datetime,
) -> int:
    """Put what is due on a new list; return its number.

    Raises:
        NothingDue: Nothing is, or all of it stands on a list already.
    """
    today = local(at).date()
    due = [
        row
        for row in _candidates(connection, municipality, contract)
        if retention.is_over(local(row.closed_at).date(), term_end, today)
    ][:_MOST_ON_A_LIST]
    if not due:
        raise NothingDue("保存期間が過ぎ、まだ一覧に載っていない案件はありません。")
    last = select(func.coalesce(func.max(_LIST.c.number), 0)).where(
        _LIST.c.municipality == municipality, _LIST.c.contract == contract
    )
    number: int = connection.execute(last).scalar_one() + 1
    mine = {"municipality": municipality, "contract": contract, "number": number}
    connection.execute(
        insert(_LIST).values(
            **mine,
            months=retention.months,
            counted_from=retention.counted_from.value,
            made_by=by,
            made_at=at,
        )
    )
    connection.execute(insert(_ITEM), [mine | dict(row._mapping) for row in due])
    return number


def approve(
    connection: Connection,
    municipality: str,
    contract: str,
    number: int,
    *,
    by: str,
    at: datetime,
) -> bool:
    """Approve a list; False if none waits for it."""
    approved = connection.execute(
        update(_LIST)
        .where(
            _LIST.c.municipality == municipality,
            _LIST.c.contract == contract,
            _LIST.c.number == number,
            _LIST.c.approved_at.is_(None),
        )
        .values(approved_by=by, approved_at=at)
    )
    return approved.rowcount == 1


def lists(connection: Connection, municipality: str, contract: str) -> list[DisposalList]:
    """Return every list that was made, the newest first."""
    counted = (
        select(
            _ITEM.c.number,
            func.count().label("cases"),
            func.count(_ITEM.c.disposed_at).label("disposed"),
            func.count(_ITEM.c.kept_because).label("kept"),
        )
        .where(_ITEM.c.municipality == municipality, _ITEM.c.contract == contract)
        .group_by(_ITEM.c.number)
        .subquery()
    )
    columns = ("number", "months", "counted_from", "made_at", "approved_at")
    rows = connection.execute(
        select(
            *(_LIST.c[name] for name in columns),
            *(counted.c[name] for name in ("cases", "disposed", "kept")),
        )
        .join(counted, counted.c.number == _LIST.c.number)
        .where(_LIST.c.municipality == municipality, _LIST.c.contract == contract)
        .order_by(_LIST.c.number.desc())
    )
    return [
        DisposalList(**dict(row._mapping) | {"counted_from": CountedFrom(row.counted_from)})
        for row in rows
    ]


def items(
    connection: Connection, municipality: str, contract: str, number: int
) -> list[DisposalItem]:
    """Return the cases of a list, by number."""
    columns = [_ITEM.c[name] for name in DisposalItem.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(
            _ITEM.c.municipality == municipality,
            _ITEM.c.contract == contract,
            _ITEM.c.number == number,
        )
        .order_by(_ITEM.c.case_number)
    )
    return [
        DisposalItem(
            **dict(row._mapping)
            | {"kept_because": Kept(row.kept_because) if row.kept_because else None}
        )
        for row in rows
    ]


def dispose(
    engine: Engine,
    keys: KeyRing,
    municipality: str,
    contract: str,
    retention: Retention,
    *,
    term_end: date,
    by: Actor,
    at: datetime,
) -> tuple[int, int]:
    """Dispose of what stands on approved lists; return how many went and how many stayed.

    Each case in a transaction of its own with the line that says so, so that a run that was
    interrupted is gone on with by the next one.
    """
    with scope(engine, municipality) as connection:
        waiting = _waiting(connection, municipality, contract)
    kept = 0
    for number, case_id in waiting:
        with scope(engine, municipality) as connection:
            # Whoever wants it kept waits for this row, or was there before.
            file = cases.one_case(connection, case_id, lock=True)
            over = file.closed_at is not None and retention.is_over(
                local(file.closed_at).date(), term_end, local(at).date()
            )
            why = _kept_because(connection, municipality, case_id, over=over)
            if why is None:
                shredding.shred_case(
                    connection, keys, municipality, case_id, by=by, why=_WHY, at=at
                )
            kept += why is not None
            outcome = {"kept_because": why.value} if why else {"disposed_at": at}
            connection.execute(
                update(_ITEM)
                .where(
                    _ITEM.c.municipality == municipality,
                    _ITEM.c.contract == contract,
                    _ITEM.c.number == number,
                    _ITEM.c.case_id == case_id,
                )
                .values(**outcome)
            )
    return len(waiting) - kept, kept


def _kept_because(
    connection: Connection, municipality: str, case_id: str, *, over: bool
) -> Kept | None:
    if legal_holds.is_held(connection, municipality, case_id):
        return Kept.HELD
    if not over:
        return Kept.NOT_DUE
    return Kept.OPEN if _has_open_kin(connection, municipality, case_id) else None


def _candidates(connection: Connection, municipality: str, contract: str) -> Sequence[Row[Any]]:
    """Return closed cases that can be read, are not held, hang on nothing open, on no list."""
    own = CASE_FILE.c.municipality == municipality
    readable = select(_KEY.c.case_id).where(
        _KEY.c.municipality == municipality, _KEY.c.wrapped.is_not(None)
    )
    listed = select(_ITEM.c.case_id).where(
        _ITEM.c.municipality == municipality,
        _ITEM.c.disposed_at.is_(None),
        _ITEM.c.kept_because.is_(None),
    )
    hold = METADATA.tables["legal_hold"]
    held = select(hold.c.case_id).where(
        hold.c.municipality == municipality, hold.c.lifted_at.is_(None)
    )
    kin = CASE_FILE.alias("kin")
    still_open = select(kin.c.case_id).where(
        kin.c.municipality == municipality,
        kin.c.closed_at.is_(None),
        (kin.c.parent_id == CASE_FILE.c.case_id) | (kin.c.case_id == CASE_FILE.c.parent_id),
    )
    rows = connection.execute(
        select(*(CASE_FILE.c[name] for name in ("case_id", "case_number", "kind", "closed_at")))
        .where(
            own,
            CASE_FILE.c.contract == contract,
            CASE_FILE.c.closed_at.is_not(None),
            CASE_FILE.c.case_id.in_(readable),
            CASE_FILE.c.case_id.not_in(listed),
            CASE_FILE.c.case_id.not_in(held),
            ~still_open.exists(),
        )
        .order_by(CASE_FILE.c.closed_at, CASE_FILE.c.case_id)
    )
    return rows.all()


def _has_open_kin(connection: Connection, municipality: str, case_id: str) -> bool:
    file, kin = CASE_FILE.alias("file"), CASE_FILE.alias("kin")
    found = connection.execute(
        select(kin.c.case_id)
        .join(file, (kin.c.parent_id == file.c.case_id) | (kin.c.case_id == file.c.parent_id))
        .where(
            file.c.municipality == municipality,
            kin.c.municipality == municipality,
            file.c.case_id == case_id,
            kin.c.closed_at.is_(None),
        )
        .limit(1)
    )
    return found.first() is not None


def _waiting(
    connection: Connection, municipality: str, contract: str
) -> Sequence[tuple[int, str]]:
    rows = connection.execute(
        select(_ITEM.c.number, _ITEM.c.case_id)
        .join(
            _LIST,
            (_LIST.c.municipality == _ITEM.c.municipality)
            & (_LIST.c.contract == _ITEM.c.contract)
            & (_LIST.c.number == _ITEM.c.number),
        )
        .where(
            _ITEM.c.municipality == municipality,
            _ITEM.c.contract == contract,
            _LIST.c.approved_at.is_not(None),
            _ITEM.c.disposed_at.is_(None),
            _ITEM.c.kept_because.is_(None),
        )
        .order_by(_ITEM.c.number, _ITEM.c.case_id)
    )
    return [(row.number, row.case_id) for row in rows]
