"""How much a contract has taken over and made, month by month, from what was recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, cast, func, select

from domain.lots.card import Route
from domain.lots.custody import Holder, ItemKind
from store.record import CASE_FILE, CUSTODY_ITEM, CUSTODY_MOVEMENT
from store.tables.base import METADATA

_LOT_CARD = METADATA.tables["lot_card"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthVolume:
    """What one month came to."""

    month: date
    """Its first day."""

    cards: int = 0
    """Cards delivered in lots, whichever way they leave."""

    notices: int = 0
    """Notices made, in the month they were made."""

    mailed: int = 0
    """Cards that leave by mail to the applicant (application-time visit, outreach)."""


def by_month(
    connection: Connection, municipality: str, contract: str, first: date, last: date
) -> list[MonthVolume]:
    """Return the months of a span in which anything happened, in their order."""
    delivered = _delivered(connection, municipality, contract, first, last)
    made = _made(connection, municipality, contract, first, last)
    return [
        MonthVolume(
            month=month,
            cards=sum(delivered.get((month, way), 0) for way in _ways(delivered)),
            notices=made.get(month, 0),
            mailed=delivered.get((month, Route.MAIL_TO_APPLICANT), 0),
        )
        for month in sorted({month for month, _ in delivered} | set(made))
    ]


def _ways(delivered: Mapping[tuple[date, str], int]) -> set[str]:
    return {way for _, way in delivered}


def _delivered(
    connection: Connection, municipality: str, contract: str, first: date, last: date
) -> dict[tuple[date, str], int]:
    month = cast(func.date_trunc("month", _LOT_CARD.c.delivered_on), Date)
    rows = connection.execute(
        select(month.label("month"), _LOT_CARD.c.route, func.count().label("cards"))
        .join(CASE_FILE, _same_case(_LOT_CARD))
        .where(
            _LOT_CARD.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            _LOT_CARD.c.delivered_on.between(first, last),
        )
        .group_by(month, _LOT_CARD.c.route)
    )
    return {(row.month, row.route): row.cards for row in rows}


def _made(
    connection: Connection, municipality: str, contract: str, first: date, last: date
) -> dict[date, int]:
    here = func.timezone("Asia/Tokyo", CUSTODY_MOVEMENT.c.at)
    month = cast(func.date_trunc("month", here), Date)
    rows = connection.execute(
        select(month.label("month"), func.count().label("notices"))
        .select_from(CUSTODY_MOVEMENT)
        .join(
            CUSTODY_ITEM,
            (CUSTODY_ITEM.c.municipality == CUSTODY_MOVEMENT.c.municipality)
            & (CUSTODY_ITEM.c.item_id == CUSTODY_MOVEMENT.c.item_id),
        )
        .join(CASE_FILE, _same_case(CUSTODY_ITEM))
        .where(
            CUSTODY_MOVEMENT.c.municipality == municipality,
            CASE_FILE.c.contract == contract,
            CUSTODY_ITEM.c.kind == ItemKind.NOTICE,
            CUSTODY_MOVEMENT.c.source == Holder.OUTSIDE,
            cast(here, Date).between(first, last),
        )
        .group_by(month)
    )
    return {row.month: row.notices for row in rows}


def _same_case(table: Any) -> ColumnElement[bool]:
    same: ColumnElement[bool] = (CASE_FILE.c.municipality == table.c.municipality) & (
        CASE_FILE.c.case_id == table.c.case_id
    )
    return same
