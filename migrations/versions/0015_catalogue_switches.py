"""What was agreed to be offered at the windows, or not, from a day on."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "catalogue_switch",
        *_words("municipality"),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *_words("contract", "kind", "code"),
        sa.Column("switched_on", sa.Boolean(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        *_words("agreement", "entered_by"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('procedure', 'category')", name=op.f("ck_catalogue_switch_kind_known")
        ),
        sa.CheckConstraint("agreement <> ''", name=op.f("ck_catalogue_switch_agreement_named")),
        sa.PrimaryKeyConstraint("municipality", "number", name=op.f("pk_catalogue_switch")),
    )
    protect("catalogue_switch", append_only=True)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("catalogue_switch")


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
