"""Desks that reported being ready."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "desk_check_in",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("check_in_id", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_by", sa.Text(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "check_in_id", name=op.f("pk_desk_check_in")),
    )
    op.create_index(
        "uq_desk_check_in_day",
        "desk_check_in",
        ["municipality", "contract", "day", "site", "desk"],
        unique=True,
    )
    protect("desk_check_in", append_only=True)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("desk_check_in")
