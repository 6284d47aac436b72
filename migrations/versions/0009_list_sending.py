"""The case that brings a day's reservation list to the city, and where it is sent."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = "'lot', 'card', 'returned_mail', 'handoff', 'visit', 'reservation'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds(f"{_KINDS}, 'list_sending'")
    op.create_table(
        "list_recipient",
        *_words("municipality", "contract"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_words("address"),
        sa.Column("sealed_password", sa.LargeBinary(), nullable=False),
        *_words("agreement", "set_by"),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_list_recipient_number_positive")),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "number", name=op.f("pk_list_recipient")
        ),
    )
    protect("list_recipient", append_only=True)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("list_recipient")
    _kinds(_KINDS)


def _kinds(known: str) -> None:
    op.drop_constraint(op.f("ck_case_file_kind_known"), "case_file")
    op.create_check_constraint(
        op.f("ck_case_file_kind_known"), "case_file", f"kind IN ({known})"
    )


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
