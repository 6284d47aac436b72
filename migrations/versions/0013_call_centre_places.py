"""Where a call centre works, which the city approves."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "call_centre_place",
        *_words("municipality", "contract"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_words("name", "address", "country", "proposed_by"),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_call_centre_place_number_positive")),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_call_centre_place_approval_whole"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "number", name=op.f("pk_call_centre_place")
        ),
    )
    protect("call_centre_place")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("call_centre_place")


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
