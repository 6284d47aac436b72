"""The record of who looked at whose personal data, and of who tried what is not theirs.

Both are appended to and never changed; the database grants nothing else. What happens to a
case is recorded elsewhere, in its events.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from domain.parties import Action, Role

BY_ITSELF = "自動（送付）"
"""Who it was where nobody looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One person's data was shown to one other person."""

    access_id: int
    account_id: str | None
    """``None``: the product itself sent the data on, and nobody looked."""
    display_name: str
    role: Role | None
    case_id: str
    purpose: str
    route: str
    at: datetime


def record_access(
    connection: Connection,
    *,
    account_id: str | None,
    case_ids: Iterable[str],
    purpose: str,
    route: str,
    now: datetime,
) -> None:
    """Record that the persons of these cases were shown; call it before showing them.

    Without an account it was the product that sent them on, as it was told to.
    """
    rows = [
        {
            "account_id": account_id,
            "case_id": case_id,
            "purpose": purpose,
            "route": route,
            "now": now,
        }
        for case_id in case_ids
    ]
    if rows:
        connection.execute(
            text(
                "INSERT INTO access_record (municipality, account_id, case_id, purpose, route,"
                " at) VALUES (current_setting('app.municipality'), :account_id, :case_id,"
                " :purpose, :route, :now)"
            ),
            rows,
        )


def accesses(
    connection: Connection,
    *,
    case_id: str | None = None,
    account_id: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> Sequence[Access]:
    """Return who saw what, the newest first, narrowed as asked.

    Args:
        connection: In the scope of the municipality.
        case_id: Only this case.
        account_id: Only what this person saw.
        before: Only entries older than this ``access_id``; for paging.
        limit: At most so many.
    """
    rows = connection.execute(
        text(
            "SELECT r.access_id, r.account_id, a.display_name, a.role, r.case_id, r.purpose,"
            " r.route, r.at FROM access_record r"
            " LEFT JOIN account a USING (municipality, account_id)"
            " WHERE (CAST(:case_id AS text) IS NULL OR r.case_id = :case_id)"
            " AND (CAST(:account_id AS text) IS NULL OR r.account_id = :account_id)"
            " AND (CAST(:before AS bigint) IS NULL OR r.access_id < :before)"
            " ORDER BY r.access_id DESC LIMIT :limit"
        ),
        {"case_id": case_id, "account_id": account_id, "before": before, "limit": limit},
    )
    return [_access_of(row) for row in rows]


def record_refused(
    connection: Connection,
    *,
    account_id: str,
    action: Action | str,
    case_id: str | None,
    route: str,
    now: datetime,
) -> None:
    """Record that a known person was refused something that is not theirs to do.

    What is no action of a case, such as a second session, has a word of its own.
    """
    connection.execute(
        text(
            "INSERT INTO refused_act (municipality, account_id, action, case_id, route, at)"
            " VALUES (current_setting('app.municipality'), :account_id, :action, :case_id,"
            " :route, :now)"
        ),
        {
            "account_id": account_id,
            "action": str(action),
            "case_id": case_id,
            "route": route,
            "now": now,
        },
    )


def _access_of(row: Row[Any]) -> Access:
    return Access(
        access_id=row.access_id,
        account_id=row.account_id,
        display_name=row.display_name or BY_ITSELF,
        role=Role(row.role) if row.role else None,
        case_id=row.case_id,
        purpose=row.purpose,
        route=row.route,
        at=row.at,
    )
