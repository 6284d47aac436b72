"""People: accounts, sessions, tokens, and the record of who saw whose data."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from migrations.protection import find_municipality, forget_finder, protect, share

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROLES = (
    "'operator', 'support_staff', 'call_agent', 'clerk', 'site_manager',"
    " 'operations_manager', 'official', 'auditor'"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _account()
    _login_session()
    _api_token()
    _access_record()
    _refused_act()
    for table in ("account", "login_session", "api_token"):
        protect(table)
    for table in ("access_record", "refused_act"):
        protect(table, append_only=True)
    share("alembic_version")
    find_municipality("login", table="account", key="login", key_type="text")
    find_municipality("session", table="login_session", key="token_sha256", key_type="bytea")
    find_municipality("token", table="api_token", key="token_sha256", key_type="bytea")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    forget_finder("municipality_of_token(bytea)")
    forget_finder("municipality_of_session(bytea)")
    forget_finder("municipality_of_login(text)")
    for table in ("refused_act", "access_record", "api_token", "login_session", "account"):
        op.drop_table(table)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _serial(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["municipality", "account_id"],
        ["account.municipality", "account.account_id"],
        name=op.f(f"fk_{table}_municipality_account_id_account"),
    )


def _account() -> None:
    op.create_table(
        "account",
        *_words("municipality", "account_id", "login", "display_name", "role"),
        *_words("password_hash"),
        sa.Column("password_temporary", sa.Boolean(), nullable=False),
        sa.Column("totp_required", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary()),
        sa.Column("totp_pending", sa.LargeBinary()),
        sa.Column("totp_last_step", sa.BigInteger()),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("disabled_at", nullable=True),
        sa.CheckConstraint(f"role IN ({_ROLES})", name=op.f("ck_account_role_known")),
        sa.CheckConstraint(
            "failed_count >= 0", name=op.f("ck_account_failed_count_not_negative")
        ),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_account_login_lower_case")),
        sa.PrimaryKeyConstraint("municipality", "account_id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )


def _login_session() -> None:
    op.create_table(
        "login_session",
        *_words("municipality", "session_id", "account_id"),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        *_words("device"),
        _moment("created_at"),
        _moment("seen_at"),
        _moment("expires_at"),
        _of_account("login_session"),
        sa.PrimaryKeyConstraint("municipality", "session_id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_login_session_token_sha256")),
    )
    op.create_index("ix_login_session_account", "login_session", ["municipality", "account_id"])


def _api_token() -> None:
    op.create_table(
        "api_token",
        *_words("municipality", "token_id", "account_id"),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        *_words("label"),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("revoked_at", nullable=True),
        _of_account("api_token"),
        sa.PrimaryKeyConstraint("municipality", "token_id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_api_token_token_sha256")),
    )
    op.create_index("ix_api_token_account", "api_token", ["municipality", "account_id"])


def _access_record() -> None:
    op.create_table(
        "access_record",
        *_words("municipality"),
        _serial("access_id"),
        *_words("account_id", "case_id", "purpose", "route"),
        _moment("at"),
        _of_account("access_record"),
        sa.PrimaryKeyConstraint("municipality", "access_id", name=op.f("pk_access_record")),
    )
    op.create_index("ix_access_record_case", "access_record", ["municipality", "case_id", "at"])
    op.create_index(
        "ix_access_record_account", "access_record", ["municipality", "account_id", "at"]
    )


def _refused_act() -> None:
    op.create_table(
        "refused_act",
        *_words("municipality"),
        _serial("refused_id"),
        *_words("account_id", "action"),
        sa.Column("case_id", sa.Text()),
        *_words("route"),
        _moment("at"),
        _of_account("refused_act"),
        sa.PrimaryKeyConstraint("municipality", "refused_id", name=op.f("pk_refused_act")),
    )
    op.create_index(
        "ix_refused_act_account", "refused_act", ["municipality", "account_id", "at"]
    )
