"""Indexes that hold the rare kinds of open cases, and the cards of a lot, as lists show them.

Without them such a list reads and sorts all there are to show the first page. Cards are no
part of the first: nearly all open cases are cards, and a card is written most often.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ORDER = ["due_at", "case_id"]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_case_file_open_kind",
        "case_file",
        ["municipality", "kind", *_ORDER],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL AND kind <> 'card'"),
    )
    op.drop_index("ix_case_file_parent", table_name="case_file")
    op.create_index(
        "ix_case_file_parent",
        "case_file",
        ["parent_id", "municipality", *_ORDER],
        unique=False,
        postgresql_include=["kind", "stage"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_case_file_parent", table_name="case_file")
    op.create_index(
        "ix_case_file_parent", "case_file", ["parent_id", "municipality", "stage"], unique=False
    )
    op.drop_index("ix_case_file_open_kind", table_name="case_file")
