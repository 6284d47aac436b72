"""Desks that reported being ready: the first report of a desk on a day counts."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as upsert

from store.tables.base import METADATA

_CHECK_IN = METADATA.tables["desk_check_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """One desk of one site on one day."""

    check_in_id: str
    contract: str
    site: str
    desk: str
    day: date
    at: datetime
    ready_by: str | None
    """``HH:MM``; ``None`` where the contract names no time."""

    late: bool | None
    account_id: str


_COLUMNS = [_CHECK_IN.c[name] for name in CheckIn.__dataclass_fields__]


def keep(connection: Connection, municipality: str, check_in: CheckIn) -> CheckIn:
    """Keep a report and return the one that counts: the first of the desk that day."""
    values = {name: getattr(check_in, name) for name in CheckIn.__dataclass_fields__}
    connection.execute(
        upsert(_CHECK_IN).values(municipality=municipality, **values).on_conflict_do_nothing()
    )
    row = connection.execute(
        select(*_COLUMNS).where(
            _CHECK_IN.c.municipality == municipality,
            _CHECK_IN.c.contract == check_in.contract,
            _CHECK_IN.c.site == check_in.site,
            _CHECK_IN.c.desk == check_in.desk,
            _CHECK_IN.c.day == check_in.day,
        )
    ).one()
    return CheckIn(**row._mapping)


def check_ins(
    connection: Connection,
    municipality: str,
    contract: str,
    first: date,
    last: date,
    *,
    late: bool | None = None,
) -> list[CheckIn]:
    """Return the reports of some days in their order; only late ones where asked."""
    query = select(*_COLUMNS).where(
        _CHECK_IN.c.municipality == municipality,
        _CHECK_IN.c.contract == contract,
        _CHECK_IN.c.day.between(first, last),
    )
    if late is not None:
        query = query.where(_CHECK_IN.c.late == late)
    order = (_CHECK_IN.c.day, _CHECK_IN.c.at, _CHECK_IN.c.check_in_id)
    return [CheckIn(**row._mapping) for row in connection.execute(query.order_by(*order))]
