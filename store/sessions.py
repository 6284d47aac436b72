"""Sessions of browsers and tokens of programs: looked up by a hash, ended by deleting.

The credential itself is never stored. Who may open a session is decided in ``api``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, Engine, Row, text

from store.people import Account, account_of
from store.scope import enter_found, found_journey, unscoped

ABSOLUTE: Final = timedelta(hours=10)
"""A session ends this long after the login, however busy: one working day."""

IDLE: Final = timedelta(minutes=30)
"""A session ends this long after its last request."""

# Writing the time of every request would make each page a write.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSession:
    """One browser in which a person is logged in."""

    session_id: str
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str = ""
    """Where it was opened from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A program's credential, without the credential."""

    token_id: str
    label: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def open_session(
    connection: Connection,
    account: Account,
    *,
    session_id: str,
    token_sha256: bytes,
    device: str,
    now: datetime,
    address: str = "",
) -> None:
    """Keep a new session, and sweep out those of the same person that are over."""
    connection.execute(
        text(
            "DELETE FROM login_session WHERE account_id = :account_id"
            " AND (expires_at <= :now OR seen_at <= :idle_since)"
        ),
        {"account_id": account.account_id, "now": now, "idle_since": now - IDLE},
    )
    connection.execute(
        text(
            "INSERT INTO login_session (municipality, session_id, account_id, token_sha256,"
            " device, address, created_at, seen_at, expires_at) VALUES (:municipality,"
            " :session_id, :account_id, :token_sha256, :device, :address, :now, :now,"
            " :expires_at)"
        ),
        {
            "municipality": account.municipality,
            "session_id": session_id,
            "account_id": account.account_id,
            "token_sha256": token_sha256,
            "device": device,
            "address": address,
            "now": now,
            "expires_at": now + ABSOLUTE,
        },
    )


def session_by_token(
    engine: Engine, token_sha256: bytes, *, now: datetime
) -> tuple[Account, LoginSession] | None:
    """Return who is logged in with this session, or ``None`` if it is over or never was."""
    with unscoped(engine) as connection:
        if enter_found(connection, "municipality_of_session", token_sha256) is None:
            return None
        row = connection.execute(
            text(
                "SELECT a.*, s.session_id, s.device, s.address, s.created_at AS opened_at,"
                " s.seen_at, s.expires_at FROM login_session s"
                " JOIN account a USING (municipality, account_id)"
                " WHERE s.token_sha256 = :token_sha256 AND s.expires_at > :now"
                " AND s.seen_at > :idle_since AND a.disabled_at IS NULL"
            ),
            {"token_sha256": token_sha256, "now": now, "idle_since": now - IDLE},
        ).one_or_none()
        if row is None:
            return None
        if row.seen_at <= now - _NOTED_EVERY:
            connection.execute(
                text("UPDATE login_session SET seen_at = :now WHERE session_id = :session_id"),
                {"now": now, "session_id": row.session_id},
            )
    return account_of(row), _session_of(row)


def rotate_session(
    connection: Connection, session_id: str, *, old_sha256: bytes, new_sha256: bytes
) -> bool:
    """Give a session a new credential and kill the old; ``False`` if it is not current."""
    rotated = connection.execute(
        text(
            "UPDATE login_session SET token_sha256 = :new_sha256"
            " WHERE session_id = :session_id AND token_sha256 = :old_sha256"
        ),
        {"session_id": session_id, "old_sha256": old_sha256, "new_sha256": new_sha256},
    )
    return rotated.rowcount == 1


def sessions_of(
    connection: Connection, account_id: str, *, now: datetime
) -> Sequence[LoginSession]:
    """Return a person's living sessions, the most recently used first."""
    rows = connection.execute(
        text(
            "SELECT session_id, device, address, created_at AS opened_at, seen_at, expires_at"
            " FROM login_session"
            " WHERE account_id = :account_id AND expires_at > :now AND seen_at > :idle_since"
            " ORDER BY seen_at DESC, session_id"
        ),
        {"account_id": account_id, "now": now, "idle_since": now - IDLE},
    )
    return [_session_of(row) for row in rows]


def end_session(connection: Connection, account_id: str, session_id: str) -> bool:
    """End one session of a person; ``False`` if they have no such session."""
    ended = connection.execute(
        text(
            "DELETE FROM login_session"
            " WHERE account_id = :account_id AND session_id = :session_id"
        ),
        {"account_id": account_id, "session_id": session_id},
    )
    return ended.rowcount == 1


def end_sessions(connection: Connection, account_id: str, *, but: str | None = None) -> int:
    """End all sessions of a person, except one if given; return how many."""
    ended = connection.execute(
        text(
            "DELETE FROM login_session WHERE account_id = :account_id"
            " AND session_id IS DISTINCT FROM :but"
        ),
        {"account_id": account_id, "but": but},
    )
    return ended.rowcount


def add_token(
    connection: Connection, account: Account, token: ApiToken, *, token_sha256: bytes
) -> None:
    """Keep a new token."""
    connection.execute(
        text(
            "INSERT INTO api_token (municipality, token_id, account_id, token_sha256, label,"
            " created_at, expires_at) VALUES (:municipality, :token_id, :account_id,"
            " :token_sha256, :label, :created_at, :expires_at)"
        ),
        {
            "municipality": account.municipality,
            "token_id": token.token_id,
            "account_id": account.account_id,
            "token_sha256": token_sha256,
            "label": token.label,
            "created_at": token.created_at,
            "expires_at": token.expires_at,
        },
    )


def account_by_token(
    engine: Engine, token_sha256: bytes, *, now: datetime
) -> tuple[Account, str] | None:
    """Return whose token this is and its id, or ``None`` if it is of no use any more."""
    with found_journey(engine, "municipality_of_token", token_sha256) as driver:
        found = driver.cursor(row_factory=namedtuple_row).execute(
            "SELECT a.*, t.token_id FROM api_token t"
            " JOIN account a USING (municipality, account_id)"
            " WHERE t.token_sha256 = %(token_sha256)s AND t.expires_at > %(now)s"
            " AND t.revoked_at IS NULL AND a.disabled_at IS NULL",
            {"token_sha256": token_sha256, "now": now},
            prepare=True,
        )
    row: Any = found.fetchone()
    return (account_of(row), row.token_id) if row else None


def tokens_of(connection: Connection, account_id: str) -> Sequence[ApiToken]:
    """Return a person's tokens, the newest first."""
    rows = connection.execute(
        text(
            "SELECT token_id, label, created_at, expires_at, revoked_at FROM api_token"
            " WHERE account_id = :account_id ORDER BY created_at DESC, token_id"
        ),
        {"account_id": account_id},
    )
    return [
        ApiToken(
            token_id=row.token_id,
            label=row.label,
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    ]


def revoke_token(connection: Connection, token_id: str, *, now: datetime) -> bool:
    """End a token; ``False`` if there is none in use with this id."""
    revoked = connection.execute(
        text(
            "UPDATE api_token SET revoked_at = :now"
            " WHERE token_id = :token_id AND revoked_at IS NULL"
        ),
        {"token_id": token_id, "now": now},
    )
    return revoked.rowcount == 1


def _session_of(row: Row[Any]) -> LoginSession:
    return LoginSession(
        session_id=row.session_id,
        device=row.device,
        address=row.address or "",
        created_at=row.opened_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
    )
