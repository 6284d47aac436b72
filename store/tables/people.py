"""People: their accounts, sessions and tokens, and whose personal data they looked at.

An account is one person's, never a desk's. What a role may do does not belong here but
in ``domain.parties``; passwords and codes are checked in ``api``.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import SQLModel

from domain.parties import Role
from store.tables import base


def _belongs_to_account() -> ForeignKeyConstraint:
    # The municipality is part of the reference: a session can never be another city's.
    return ForeignKeyConstraint(
        ["municipality", "account_id"], ["account.municipality", "account.account_id"]
    )


class AccountRow(SQLModel, table=True):
    """One person who may log in."""

    __tablename__ = "account"
    __table_args__ = (
        base.one_of("role", Role),
        CheckConstraint("failed_count >= 0", name="failed_count_not_negative"),
        CheckConstraint("login = lower(login)", name="login_lower_case"),
    )

    municipality: str = base.municipality()
    account_id: str = base.key()
    login: str = base.words(unique=True)
    """Unique over all municipalities, since people log in before theirs is known."""
    display_name: str = base.words()
    role: str = base.words()
    password_hash: str = base.words()
    password_temporary: bool
    """Someone else knows the password: nothing can be done before it is changed."""
    totp_required: bool
    totp_secret: bytes | None = base.sealed_or_none()
    totp_pending: bytes | None = base.sealed_or_none()
    """Shown to the person, not yet confirmed with a code."""
    totp_last_step: int | None = base.count_or_none()
    """The last time step whose code was accepted; a code of it or before is spent."""
    failed_count: int
    """Attempts that failed since the last one that succeeded."""
    created_at: datetime = base.moment()
    disabled_at: datetime | None = base.moment_or_none()


class LoginSessionRow(SQLModel, table=True):
    """One browser in which a person is logged in."""

    __tablename__ = "login_session"
    __table_args__ = (
        _belongs_to_account(),
        Index("ix_login_session_account", "municipality", "account_id"),
    )

    municipality: str = base.municipality()
    session_id: str = base.key()
    """For lists and for ending it; worthless as a credential."""
    account_id: str = base.words()
    token_sha256: bytes = base.sealed(unique=True)
    device: str = base.words()
    """What the browser called itself, so that its owner recognises it."""
    address: str | None = base.words_or_none()
    """Where it was opened from."""
    created_at: datetime = base.moment()
    seen_at: datetime = base.moment()
    expires_at: datetime = base.moment()


class ApiTokenRow(SQLModel, table=True):
    """A program's credential with the rights of an account."""

    __tablename__ = "api_token"
    __table_args__ = (
        _belongs_to_account(),
        Index("ix_api_token_account", "municipality", "account_id"),
    )

    municipality: str = base.municipality()
    token_id: str = base.key()
    account_id: str = base.words()
    token_sha256: bytes = base.sealed(unique=True)
    label: str = base.words()
    created_at: datetime = base.moment()
    expires_at: datetime = base.moment()
    revoked_at: datetime | None = base.moment_or_none()


class AccessRecordRow(SQLModel, table=True):
    """Who looked at whose personal data, when and why. Only ever appended to."""

    __tablename__ = "access_record"
    __table_args__ = (
        _belongs_to_account(),
        Index("ix_access_record_case", "municipality", "case_id", "at"),
        Index("ix_access_record_account", "municipality", "account_id", "at"),
    )

    municipality: str = base.municipality()
    access_id: int | None = base.serial()
    account_id: str | None = base.words_or_none()
    """Nobody's where the product itself sent the data on."""
    case_id: str = base.words()
    purpose: str = base.words()
    route: str = base.words()
    """The page or route template it was seen through, without its parameters."""
    at: datetime = base.moment()


class RefusedActRow(SQLModel, table=True):
    """Somebody known tried what is not theirs to do. Only ever appended to."""

    __tablename__ = "refused_act"
    __table_args__ = (
        _belongs_to_account(),
        Index("ix_refused_act_account", "municipality", "account_id", "at"),
    )

    municipality: str = base.municipality()
    refused_id: int | None = base.serial()
    account_id: str = base.words()
    action: str = base.words()
    case_id: str | None = base.words_or_none()
    route: str = base.words()
    at: datetime = base.moment()
