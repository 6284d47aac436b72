"""Lots: their cards as listed, what is handed over on which slip, where things are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from domain.case import CaseRef
from domain.errors import LotAlreadyTaken
from domain.lots.custody import Holder, ItemKind
from store.record import CASE_EVENT, CASE_FILE, CUSTODY_ITEM, SLIP
from store.tables.base import METADATA

_LOT_CARD = METADATA.tables["lot_card"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRow:
    """One card of a lot, as the lists gave it."""

    case_id: str
    row_number: int
    ref: str
    result: str
    reasons: Sequence[str]
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One hand-over slip."""

    slip_id: str
    lot_id: str
    number: int
    quantity: int
    made_by: str
    made_at: datetime
    settled_by: str | None
    settled_at: datetime | None
    outcome: str | None


def keep_rows(
    connection: Connection,
    municipality: str,
    lot_id: str,
    delivered_on: date,
    rows: Sequence[LotRow],
) -> None:
    """Keep the rows of a lot.

    Raises:
        LotAlreadyTaken: One of the cards came with this delivery before.
    """
    values: list[dict[str, Any]] = [
        {
            "municipality": municipality,
            "case_id": row.case_id,
            "lot_id": lot_id,
            "row_number": row.row_number,
            "ref": row.ref,
            "delivered_on": delivered_on,
            "result": row.result,
            "reasons": list(row.reasons),
            "route": row.route,
        }
        for row in rows
    ]
    try:
        connection.execute(insert(_LOT_CARD), values)
    except IntegrityError as error:
        raise LotAlreadyTaken("同じ納品日・照会番号のカードが取込み済みです。") from error


def already_taken(
    connection: Connection, municipality: str, delivered_on: date, refs: Sequence[str]
) -> list[str]:
    """Return those of the cards that came with this delivery before."""
    rows = connection.execute(
        select(_LOT_CARD.c.ref).where(
            _LOT_CARD.c.municipality == municipality,
            _LOT_CARD.c.delivered_on == delivered_on,
            _LOT_CARD.c.ref.in_(refs),
        )
    )
    return sorted(row.ref for row in rows)


def rows_of(connection: Connection, municipality: str, lot_id: str) -> list[LotRow]:
    """Return the rows of a lot in the order of the issue list."""
    rows = connection.execute(
        select(
            _LOT_CARD.c.case_id,
            _LOT_CARD.c.row_number,
            _LOT_CARD.c.ref,
            _LOT_CARD.c.result,
            _LOT_CARD.c.reasons,
            _LOT_CARD.c.route,
        )
        .where(_LOT_CARD.c.municipality == municipality, _LOT_CARD.c.lot_id == lot_id)
        .order_by(_LOT_CARD.c.row_number)
    )
    return [LotRow(**row._mapping) for row in rows]


def row_of(connection: Connection, municipality: str, case_id: str) -> LotRow | None:
    """Return the row that a card came with."""
    row = connection.execute(
        select(
            _LOT_CARD.c.case_id,
            _LOT_CARD.c.row_number,
            _LOT_CARD.c.ref,
            _LOT_CARD.c.result,
            _LOT_CARD.c.reasons,
            _LOT_CARD.c.route,
        ).where(_LOT_CARD.c.municipality == municipality, _LOT_CARD.c.case_id == case_id)
    ).one_or_none()
    return LotRow(**row._mapping) if row else None


def open_slip_quantity(connection: Connection, lot: CaseRef, slip_id: str) -> int | None:
    """Return how many things an unsettled slip of the lot holds; ``None`` without one."""
    return connection.execute(
        select(SLIP.c.quantity).where(
            SLIP.c.municipality == lot.municipality,
            SLIP.c.slip_id == slip_id,
            SLIP.c.lot_id == lot.case_id,
            SLIP.c.settled_at.is_(None),
        )
    ).scalar_one_or_none()


def slips(
    connection: Connection,
    municipality: str,
    lot_id: str | None = None,
    *,
    waiting: bool = False,
) -> list[Slip]:
    """Return hand-over slips, the one that waits longest first."""
    columns = [c for c in SLIP.c if c.name != "municipality"]
    query = select(*columns).where(SLIP.c.municipality == municipality)
    if lot_id is not None:
        query = query.where(SLIP.c.lot_id == lot_id)
    if waiting:
        query = query.where(SLIP.c.settled_at.is_(None), SLIP.c.quantity > 0)
    rows = connection.execute(query.order_by(SLIP.c.made_at, SLIP.c.number))
    return [Slip(**row._mapping) for row in rows]


def cards_that_recorded(connection: Connection, lot: CaseRef, key: str) -> set[str]:
    """Return the cards of a lot whose record holds an event with this key."""
    rows = connection.execute(
        select(CASE_EVENT.c.case_id)
        .join(
            CASE_FILE,
            (CASE_FILE.c.municipality == CASE_EVENT.c.municipality)
            & (CASE_FILE.c.case_id == CASE_EVENT.c.case_id),
        )
        .where(
            CASE_FILE.c.municipality == lot.municipality,
            CASE_FILE.c.parent_id == lot.case_id,
            CASE_EVENT.c.opened_on == lot.opened_on,
            CASE_EVENT.c.key == key,
        )
    )
    return {row.case_id for row in rows}


def custody_of(
    connection: Connection, municipality: str, lot_id: str
) -> dict[tuple[ItemKind, Holder], int]:
    """Return how many things of a lot each holder has."""
    rows = connection.execute(
        select(CUSTODY_ITEM.c.kind, CUSTODY_ITEM.c.holder, func.count().label("things"))
        .where(CUSTODY_ITEM.c.municipality == municipality, CUSTODY_ITEM.c.lot_id == lot_id)
        .group_by(CUSTODY_ITEM.c.kind, CUSTODY_ITEM.c.holder)
    )
    return {(ItemKind(row.kind), Holder(row.holder)): row.things for row in rows}


def things_of(connection: Connection, municipality: str, case_id: str) -> dict[str, Holder]:
    """Return where each thing of a case is."""
    rows = connection.execute(
        select(CUSTODY_ITEM.c.item_id, CUSTODY_ITEM.c.holder)
        .where(CUSTODY_ITEM.c.municipality == municipality, CUSTODY_ITEM.c.case_id == case_id)
        .order_by(CUSTODY_ITEM.c.item_id)
    )
    return {row.item_id: Holder(row.holder) for row in rows}
