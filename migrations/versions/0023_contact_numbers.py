"""The telephone number that residents are told, entered while a contract runs."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "contact_number",
        *_words("municipality", "contract"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_words("telephone", "agreement", "set_by"),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_contact_number_number_positive")),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "number", name=op.f("pk_contact_number")
        ),
    )
    protect("contact_number", append_only=True)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("contact_number")


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
