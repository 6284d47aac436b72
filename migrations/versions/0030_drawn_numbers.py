"""Numbers that were drawn ahead, until a case has them: no gap looks like a lost case."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "drawn_number",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "case_number", name=op.f("pk_drawn_number")),
    )
    protect("drawn_number")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("drawn_number")
