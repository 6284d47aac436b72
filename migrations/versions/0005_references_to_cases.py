"""Leave the primary key as the only index by which a reference to a case is checked.

On an empty table the planner cannot tell it from another index that begins with the
municipality. It keeps its first choice for every later check in the session, until the
table is analysed: each row of the first lots then read all cases of the city.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _replace(number=["case_number", "municipality"], parent=["parent_id", "municipality"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _replace(number=["municipality", "case_number"], parent=["municipality", "parent_id"])


def _replace(*, number: list[str], parent: list[str]) -> None:
    op.drop_index("uq_case_file_case_number", table_name="case_file")
    op.create_index("uq_case_file_case_number", "case_file", number, unique=True)
    op.drop_index("ix_case_file_parent", table_name="case_file")
    op.create_index("ix_case_file_parent", "case_file", [*parent, "stage"], unique=False)
