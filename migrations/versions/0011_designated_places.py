"""Places outside the city, which the city itself names."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Places added before it was asked were named by nobody; the default serves them alone.
    column: sa.Column[bool] = sa.Column(
        "designated", sa.Boolean(), nullable=False, server_default=sa.text("false")
    )
    op.add_column("added_site", column)
    op.alter_column("added_site", "designated", server_default=None)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("added_site", "designated")
