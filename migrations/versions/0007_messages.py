"""The ledger of messages to people outside."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATES = "'queued', 'sending', 'sent', 'failed', 'given_up'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "message",
        *_words("municipality", "case_id", "key", "kind", "means", "state"),
        sa.Column("tries", sa.Integer(), nullable=False),
        *_words("last_problem", nullable=True),
        *_words("message_id"),
        *_words("guidance_version", nullable=True),
        _moment("made_at"),
        _moment("tried_at", nullable=True),
        _moment("sent_at", nullable=True),
        sa.CheckConstraint("means IN ('mail', 'sms')", name=op.f("ck_message_means_known")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_message_state_known")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_message_tries_not_negative")),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)",
            name=op.f("ck_message_sent_has_its_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "case_id"],
            ["case_file.municipality", "case_file.case_id"],
            name=op.f("fk_message_municipality_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("municipality", "case_id", "key", name=op.f("pk_message")),
    )
    op.create_index(
        "uq_message_message_id", "message", ["message_id", "municipality"], unique=True
    )
    op.create_index(
        "ix_message_not_sent",
        "message",
        ["municipality", "made_at"],
        unique=False,
        postgresql_where=sa.text("state <> 'sent'"),
    )
    protect("message")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("message")


def _words(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
