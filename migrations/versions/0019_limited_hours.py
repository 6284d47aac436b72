"""Hours with a limit of their own, where the times that share one are shorter."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_DAY = ("municipality", "contract", "line", "site", "day")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("booking_slot", sa.Column("hour", sa.Integer(), nullable=True))
    op.create_table(
        "booking_hour",
        *(sa.Column(name, sa.Text(), nullable=False) for name in _DAY[:-1]),
        sa.Column("day", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("hour", "capacity", "taken")
        ),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_booking_hour_taken_not_negative")),
        sa.CheckConstraint("taken <= capacity", name=op.f("ck_booking_hour_never_overbooked")),
        sa.ForeignKeyConstraint(
            _DAY,
            [f"booking_day.{name}" for name in _DAY],
            name="fk_booking_hour_day_booking_day",
        ),
        sa.PrimaryKeyConstraint(*_DAY, "hour", name=op.f("pk_booking_hour")),
    )
    protect("booking_hour")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("booking_hour")
    op.drop_column("booking_slot", "hour")
