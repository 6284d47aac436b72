"""Whose data stands in a list that was made for a city, and to whom it was sent."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "listed_person",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("municipality", "document_id", "case_id")
        ),
        sa.Column("sent_to", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(sent_to IS NULL) = (sent_at IS NULL)", name=op.f("ck_listed_person_sending_whole")
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "document_id", "case_id", name=op.f("pk_listed_person")
        ),
    )
    op.create_index("ix_listed_person_case", "listed_person", ["municipality", "case_id"])
    protect("listed_person")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("listed_person")
