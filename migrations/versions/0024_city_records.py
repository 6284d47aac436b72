"""The cases of what the city does itself."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_KINDS = (
    "'lot', 'card', 'returned_mail', 'handoff', 'visit', 'reservation', 'list_sending', "
    "'procedure', 'external_entry', 'inquiry', 'application', 'venue', 'defect', "
    "'obligation', 'incident'"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds(f"{_KINDS}, 'city_record'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds(_KINDS)


def _kinds(known: str) -> None:
    op.drop_constraint(op.f("ck_case_file_kind_known"), "case_file")
    op.create_check_constraint(
        op.f("ck_case_file_kind_known"), "case_file", f"kind IN ({known})"
    )
