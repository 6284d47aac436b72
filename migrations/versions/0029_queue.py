"""Numbers at the windows: their counters, where each stands, and their cases."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_KINDS = (
    "'lot', 'card', 'returned_mail', 'handoff', 'visit', 'reservation', 'list_sending', "
    "'procedure', 'external_entry', 'inquiry', 'application', 'venue', 'defect', "
    "'obligation', 'incident', 'city_record'"
)
_STAGES = "'in_line', 'called', 'serving', 'served', 'left', 'no_show', 'day_ended'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds(f"{_KINDS}, 'ticket'")
    op.create_table(
        "queue_counter",
        *_words("municipality", "contract", "place", "line"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_queue_counter_counts_from_one")),
        sa.PrimaryKeyConstraint(
            *("municipality", "contract", "place", "line", "day"), name=op.f("pk_queue_counter")
        ),
    )
    protect("queue_counter")
    op.create_table(
        "queue_ticket",
        *_words("municipality", "case_id", "contract", "place", "line", "letter"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("resident", sa.Boolean(), nullable=True),
        *_words("stage", "desk"),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            for name in ("called_at", "served_at", "ended_at")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_queue_ticket_counts_from_one")),
        sa.CheckConstraint(f"stage IN ({_STAGES})", name=op.f("ck_queue_ticket_stage_known")),
        sa.ForeignKeyConstraint(
            ["municipality", "case_id"],
            ["case_file.municipality", "case_file.case_id"],
            name=op.f("fk_queue_ticket_municipality_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("municipality", "case_id", name=op.f("pk_queue_ticket")),
    )
    for name, columns, where in _INDEXES:
        op.create_index(
            name,
            "queue_ticket",
            ["municipality", "contract", "place", "day", *columns],
            unique=name.startswith("uq"),
            postgresql_where=sa.text(where) if where else None,
        )
    protect("queue_ticket")


_INDEXES = (
    ("uq_queue_ticket_number", ("letter", "number"), None),
    ("uq_queue_ticket_desk", ("desk",), "stage IN ('called', 'serving')"),
    ("ix_queue_ticket_waiting", ("line", "rank", "taken_at"), "stage = 'in_line'"),
)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("queue_ticket")
    op.drop_table("queue_counter")
    _kinds(_KINDS)


def _kinds(known: str) -> None:
    op.drop_constraint(op.f("ck_case_file_kind_known"), "case_file")
    op.create_check_constraint(
        op.f("ck_case_file_kind_known"), "case_file", f"kind IN ({known})"
    )


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
