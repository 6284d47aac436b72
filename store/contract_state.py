"""What happens to a contract while it runs: signed, closed for a storm, a place added.

What a contract says stands in its file; the text of every version that a case has pinned
is kept here, so that the case can be understood after the file has changed.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.calendars.hours import Closure
from store.scope import scope
from store.tables.base import METADATA

_VERSION = METADATA.tables["contract_version"]
_ACTIVATION = METADATA.tables["contract_activation"]
_SITE = METADATA.tables["added_site"]
_CLOSURE = METADATA.tables["closure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedSite:
    """A place added by agreement, for a time."""

    site_id: str
    name: str
    address: str
    directions: str
    from_day: date
    to_day: date
    agreement: str
    designated: bool = False
    """Whether the city itself names the place (市が指定した場所)."""
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedClosure:
    """A closure entered while the contract runs."""

    closure_id: str
    calendar: str
    closure: Closure
    added_by: str
    added_at: datetime
    withdrawn_at: datetime | None


def keep_version(
    connection: Connection,
    municipality: str,
    contract: str,
    version: str,
    document: dict[str, Any],
    *,
    at: datetime,
) -> None:
    """Keep the text of a version; keeping it again changes nothing."""
    connection.execute(
        upsert(_VERSION)
        .values(
            municipality=municipality,
            version=version,
            contract=contract,
            document=document,
            seen_at=at,
        )
        .on_conflict_do_nothing()
    )


def kept_version(engine: Engine, municipality: str, version: str) -> dict[str, Any] | None:
    """Return what was kept of a version, or ``None``."""
    with scope(engine, municipality) as connection:
        document: dict[str, Any] | None = connection.execute(
            select(_VERSION.c.document).where(
                _VERSION.c.municipality == municipality, _VERSION.c.version == version
            )
        ).scalar_one_or_none()
    return document


def contract_date(connection: Connection, municipality: str, contract: str) -> date | None:
    """Return the day the contract was signed, if it was entered."""
    return connection.execute(
        select(_ACTIVATION.c.contract_date).where(
            _ACTIVATION.c.municipality == municipality, _ACTIVATION.c.contract == contract
        )
    ).scalar_one_or_none()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A term prolonged by a later agreement (変更契約)."""

    until: date
    agreement: str


def extension(connection: Connection, municipality: str, contract: str) -> Extension | None:
    """Return until when the term was prolonged, if it was."""
    row = connection.execute(
        select(_ACTIVATION.c.extended_to, _ACTIVATION.c.extension_agreement).where(
            _ACTIVATION.c.municipality == municipality,
            _ACTIVATION.c.contract == contract,
            _ACTIVATION.c.extended_to.is_not(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return Extension(until=row.extended_to, agreement=row.extension_agreement)


def extend(
    connection: Connection, municipality: str, contract: str, extension: Extension
) -> bool:
    """Prolong the term of a contract that was signed; return False if it was not."""
    extended = connection.execute(
        update(_ACTIVATION)
        .where(_ACTIVATION.c.municipality == municipality, _ACTIVATION.c.contract == contract)
        .values(extended_to=extension.until, extension_agreement=extension.agreement)
    )
    return extended.rowcount == 1


def activate(
    connection: Connection,
    municipality: str,
    contract: str,
    signed_on: date,
    *,
    by: str,
    at: datetime,
) -> bool:
    """Enter the day the contract was signed; return False if it was entered before."""
    entered = connection.execute(
        upsert(_ACTIVATION)
        .values(
            municipality=municipality,
            contract=contract,
            contract_date=signed_on,
            activated_by=by,
            activated_at=at,
        )
        .on_conflict_do_nothing()
        .returning(_ACTIVATION.c.contract)
    )
    return entered.first() is not None


def add_site(connection: Connection, municipality: str, contract: str, site: AddedSite) -> None:
    """Add a place; adding the same id again changes nothing."""
    connection.execute(
        upsert(_SITE)
        .values(
            municipality=municipality,
            site_id=site.site_id,
            contract=contract,
            name=site.name,
            address=site.address,
            directions=site.directions,
            from_day=site.from_day,
            to_day=site.to_day,
            agreement=site.agreement,
            designated=site.designated,
            added_by=site.added_by,
            added_at=site.added_at,
        )
        .on_conflict_do_nothing()
    )


def sites(connection: Connection, municipality: str, contract: str) -> list[AddedSite]:
    """Return the places added to a contract, by their first day."""
    columns = [_SITE.c[name] for name in AddedSite.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(_SITE.c.municipality == municipality, _SITE.c.contract == contract)
        .order_by(_SITE.c.from_day, _SITE.c.site_id)
    )
    return [AddedSite(**row._mapping) for row in rows]


def add_closure(
    connection: Connection, municipality: str, contract: str, added: AddedClosure
) -> None:
    """Enter a closure; entering the same id again changes nothing."""
    closure = added.closure
    connection.execute(
        upsert(_CLOSURE)
        .values(
            municipality=municipality,
            closure_id=added.closure_id,
            contract=contract,
            calendar=added.calendar,
            day=closure.day,
            from_time=closure.starts.isoformat() if closure.starts else None,
            to_time=closure.ends.isoformat() if closure.ends else None,
            cause=closure.cause,
            added_by=added.added_by,
            added_at=added.added_at,
        )
        .on_conflict_do_nothing()
    )


def withdraw_closure(
    connection: Connection, municipality: str, closure_id: str, *, by: str, at: datetime
) -> bool:
    """Take a closure back; return False if there is none that holds."""
    withdrawn = connection.execute(
        update(_CLOSURE)
        .where(
            _CLOSURE.c.municipality == municipality,
            _CLOSURE.c.closure_id == closure_id,
            _CLOSURE.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_by=by, withdrawn_at=at)
    )
    return withdrawn.rowcount == 1


def closed_day(connection: Connection, municipality: str, closure_id: str) -> date | None:
    """Return the day of a closure, also of one that was taken back; ``None`` without one."""
    return connection.execute(
        select(_CLOSURE.c.day).where(
            _CLOSURE.c.municipality == municipality, _CLOSURE.c.closure_id == closure_id
        )
    ).scalar_one_or_none()


def closures(
    connection: Connection, municipality: str, contract: str, calendar: str | None = None
) -> list[AddedClosure]:
    """Return the closures that hold, by day; of one calendar or of all."""
    query = select(_CLOSURE).where(
        _CLOSURE.c.municipality == municipality,
        _CLOSURE.c.contract == contract,
        _CLOSURE.c.withdrawn_at.is_(None),
    )
    if calendar is not None:
        query = query.where(_CLOSURE.c.calendar == calendar)
    rows = connection.execute(query.order_by(_CLOSURE.c.day, _CLOSURE.c.closure_id))
    return [
        AddedClosure(
            closure_id=row.closure_id,
            calendar=row.calendar,
            closure=Closure(
                day=row.day,
                cause=row.cause,
                starts=time.fromisoformat(row.from_time) if row.from_time else None,
                ends=time.fromisoformat(row.to_time) if row.to_time else None,
            ),
            added_by=row.added_by,
            added_at=row.added_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
    ]
