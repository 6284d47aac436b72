"""The screens in front of residents, and who drives them."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "resident_display",
        *_words("municipality", "place", "display_id", "account_id", "session_id"),
        sa.Column("visit_id", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        *_moments("opened_at", "expires_at", "seen_at"),
        sa.CheckConstraint("turn >= 0", name=op.f("ck_resident_display_turn_not_negative")),
        sa.CheckConstraint(
            "opened_at < expires_at", name=op.f("ck_resident_display_ends_after_it_begins")
        ),
        sa.PrimaryKeyConstraint("municipality", "place", name=op.f("pk_resident_display")),
    )
    op.create_index(
        "uq_resident_display_display_id",
        "resident_display",
        ["municipality", "display_id"],
        unique=True,
    )
    protect("resident_display")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("resident_display")


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moments(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in names]
