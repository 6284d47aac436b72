"""Accounts: finding, making and changing them.

Sessions and tokens stand in ``store.sessions``, reads of personal data in ``store.access``.
What a password or a code has to be is checked in ``api``; here they are bytes and hashes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from domain.errors import AccountUnknown, LoginTaken
from domain.parties import Role
from store.scope import enter_found, scope, unscoped

_NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person who may log in, as the database knows them."""

    municipality: str
    account_id: str
    login: str
    display_name: str
    role: Role
    password_hash: str = field(repr=False)
    password_temporary: bool
    totp_required: bool
    totp_secret: bytes | None = field(repr=False)
    totp_pending: bytes | None = field(repr=False)
    totp_last_step: int | None
    failed_count: int
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What is needed to make an account."""

    municipality: str
    account_id: str
    login: str
    display_name: str
    role: Role
    password_hash: str = field(repr=False)
    password_temporary: bool
    totp_required: bool


def account_of(row: Any) -> Account:
    """Turn a row with all columns of ``account`` into an account."""
    return Account(
        municipality=row.municipality,
        account_id=row.account_id,
        login=row.login,
        display_name=row.display_name,
        role=Role(row.role),
        password_hash=row.password_hash,
        password_temporary=row.password_temporary,
        totp_required=row.totp_required,
        totp_secret=row.totp_secret,
        totp_pending=row.totp_pending,
        totp_last_step=row.totp_last_step,
        failed_count=row.failed_count,
        disabled_at=row.disabled_at,
    )


def account_by_login(engine: Engine, login: str) -> Account | None:
    """Find whose login this is, in whatever municipality, with the same work for nobody's."""
    with unscoped(engine) as connection:
        enter_found(connection, "municipality_of_login", login)
        row = connection.execute(
            text("SELECT a.* FROM account a WHERE a.login = :login"), {"login": login}
        ).one_or_none()
    return account_of(row) if row else None


def account_by_id(connection: Connection, account_id: str) -> Account:
    """Return an account of the municipality in scope.

    Raises:
        AccountUnknown: There is none with this id.
    """
    row = connection.execute(
        text("SELECT a.* FROM account a WHERE a.account_id = :account_id"),
        {"account_id": account_id},
    ).one_or_none()
    if row is None:
        raise AccountUnknown("利用者が見つかりません")
    return account_of(row)


def accounts(connection: Connection) -> Sequence[Account]:
    """Return every account of the municipality in scope, ordered by login."""
    rows = connection.execute(text("SELECT a.* FROM account a ORDER BY a.login"))
    return [account_of(row) for row in rows]


def add_account(connection: Connection, new: NewAccount, *, now: datetime) -> None:
    """Make an account.

    Raises:
        LoginTaken: Somebody has this login, possibly in another municipality.
    """
    try:
        connection.execute(
            text(
                "INSERT INTO account (municipality, account_id, login, display_name, role,"
                " password_hash, password_temporary, totp_required, failed_count, created_at)"
                " VALUES (:municipality, :account_id, :login, :display_name, :role,"
                " :password_hash, :password_temporary, :totp_required, 0, :now)"
            ),
            {
                "municipality": new.municipality,
                "account_id": new.account_id,
                "login": new.login,
                "display_name": new.display_name,
                "role": new.role.value,
                "password_hash": new.password_hash,
                "password_temporary": new.password_temporary,
                "totp_required": new.totp_required,
                "now": now,
            },
        )
    except IntegrityError as error:
        if "uq_account_login" in str(error.orig):
            raise LoginTaken("別のログイン名を選んでください") from None
        raise


def note_failure(engine: Engine, account: Account | None) -> None:
    """Count a failed attempt; does the same work when there is nobody to count it for."""
    with scope(engine, account.municipality if account else _NOWHERE) as connection:
        # Waiting for the disk would tell from outside whether there was a row to write.
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        connection.execute(
            text("UPDATE account SET failed_count = failed_count + 1 WHERE account_id = :id"),
            {"id": account.account_id if account else _NOWHERE},
        )


def note_success(connection: Connection, account_id: str, *, rehashed: str | None) -> None:
    """Start counting anew, and keep the password's hash under newer parameters if given."""
    connection.execute(
        text(
            "UPDATE account SET failed_count = 0,"
            " password_hash = coalesce(:rehashed, password_hash)"
            " WHERE account_id = :account_id"
        ),
        {"account_id": account_id, "rehashed": rehashed},
    )


def often_failed(connection: Connection, *, at_least: int) -> list[tuple[str, str, int]]:
    """Return login, name and count of those at whose door somebody tries again and again."""
    rows = connection.execute(
        text(
            "SELECT login, display_name, failed_count FROM account"
            " WHERE failed_count >= :at_least AND disabled_at IS NULL"
            " ORDER BY failed_count DESC, login"
        ),
        {"at_least": at_least},
    )
    return [(row.login, row.display_name, row.failed_count) for row in rows]


def spend_step(connection: Connection, account_id: str, step: int) -> bool:
    """Accept the code of a time step once; ``False`` if it or a later one is spent.

    One statement, so that of two logins with the same code at the same moment one loses.
    """
    spent = connection.execute(
        text(
            "UPDATE account SET totp_last_step = :step WHERE account_id = :account_id"
            " AND (totp_last_step IS NULL OR totp_last_step < :step)"
        ),
        {"account_id": account_id, "step": step},
    )
    return spent.rowcount == 1


def set_password(
    connection: Connection, account_id: str, password_hash: str, *, temporary: bool
) -> None:
    """Replace the password."""
    connection.execute(
        text(
            "UPDATE account SET password_hash = :password_hash, failed_count = 0,"
            " password_temporary = :temporary WHERE account_id = :account_id"
        ),
        {"account_id": account_id, "password_hash": password_hash, "temporary": temporary},
    )


def set_pending_secret(connection: Connection, account_id: str, sealed: bytes) -> None:
    """Keep a secret that was shown but not confirmed; the one in use stays in use."""
    connection.execute(
        text("UPDATE account SET totp_pending = :sealed WHERE account_id = :account_id"),
        {"account_id": account_id, "sealed": sealed},
    )


def confirm_pending_secret(
    connection: Connection, account_id: str, *, pending: bytes, step: int
) -> bool:
    """Put the secret that was confirmed into use; ``False`` if another was shown since."""
    confirmed = connection.execute(
        text(
            "UPDATE account SET totp_secret = totp_pending, totp_pending = NULL,"
            " totp_last_step = :step"
            " WHERE account_id = :account_id AND totp_pending = :pending"
        ),
        {"account_id": account_id, "pending": pending, "step": step},
    )
    return confirmed.rowcount == 1


def forget_second_factor(connection: Connection, account_id: str) -> None:
    """Let the person register a second factor anew."""
    connection.execute(
        text(
            "UPDATE account SET totp_secret = NULL, totp_pending = NULL, totp_last_step = NULL"
            " WHERE account_id = :account_id"
        ),
        {"account_id": account_id},
    )


def disable(connection: Connection, account_id: str, *, now: datetime) -> None:
    """Take an account out of use for good; its sessions and tokens die with it."""
    connection.execute(
        text(
            "UPDATE account SET disabled_at = coalesce(disabled_at, :now)"
            " WHERE account_id = :account_id"
        ),
        {"account_id": account_id, "now": now},
    )
    connection.execute(
        text("DELETE FROM login_session WHERE account_id = :account_id"),
        {"account_id": account_id},
    )
    connection.execute(
        text(
            "UPDATE api_token SET revoked_at = coalesce(revoked_at, :now)"
            " WHERE account_id = :account_id"
        ),
        {"account_id": account_id, "now": now},
    )
