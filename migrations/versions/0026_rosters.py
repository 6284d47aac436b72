"""Who is entered for which day, and the days that had nobody."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "roster_entry",
        *_words("municipality", "contract"),
        sa.Column("day", sa.Date(), nullable=False),
        *_words("post", "place"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=True),
        *_words("telephone"),
        sa.Column("reason", sa.Text(), nullable=True),
        *_words("set_by"),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_roster_entry_number_positive")),
        sa.PrimaryKeyConstraint(
            *("municipality", "contract", "day", "post", "place", "number"),
            name=op.f("pk_roster_entry"),
        ),
    )
    op.create_table(
        "roster_violation",
        *_words("municipality", "contract"),
        sa.Column("day", sa.Date(), nullable=False),
        *_words("post", "place"),
        sa.Column("nobody_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            *("municipality", "contract", "day", "post", "place"),
            name=op.f("pk_roster_violation"),
        ),
    )
    for table in ("roster_entry", "roster_violation"):
        protect(table, append_only=True)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("roster_violation")
    op.drop_table("roster_entry")


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
