"""Places that can be booked, reservations, venue days and guidance."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KINDS = "'lot', 'card', 'returned_mail', 'handoff', 'visit'"
_STAGES = (
    "'held', 'confirmed', 'to_enter', 'displaced', 'arrived', 'no_show', 'cancelled', 'lapsed'"
)
_TABLES = ("guidance", "venue_day", "reservation", "booking_slot", "booking_day")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds(f"{_KINDS}, 'reservation'")
    _booking_day()
    _booking_slot()
    _reservation()
    _venue_day()
    _guidance()
    for table in _TABLES:
        protect(table, append_only=table == "guidance")
    _added_columns()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for key in ("phone", "mail"):
        op.drop_index(f"ix_person_vault_{key}", table_name="person_vault")
        op.drop_column("person_vault", f"{key}_key")
    op.drop_column("contract_activation", "extended_to")
    op.drop_column("contract_activation", "extension_agreement")
    op.drop_column("added_site", "address")
    op.drop_column("added_site", "directions")
    for table in _TABLES:
        op.drop_table(table)
    _kinds(_KINDS)


def _kinds(known: str) -> None:
    op.drop_constraint(op.f("ck_case_file_kind_known"), "case_file")
    op.create_check_constraint(
        op.f("ck_case_file_kind_known"), "case_file", f"kind IN ({known})"
    )


def _words(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _counts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _moments(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=nullable) for name in names]


def _booking_day() -> None:
    op.create_table(
        "booking_day",
        *_words("municipality", "contract", "line", "site"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=True),
        *_counts("taken"),
        *_words("closed_cause", nullable=True),
        *_words("plan"),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_booking_day_taken_not_negative")),
        sa.CheckConstraint("taken <= capacity", name=op.f("ck_booking_day_never_overbooked")),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "line", "site", "day", name=op.f("pk_booking_day")
        ),
    )


def _booking_slot() -> None:
    day = ["municipality", "contract", "line", "site", "day"]
    op.create_table(
        "booking_slot",
        *_words("municipality", "contract", "line", "site"),
        *_moments("starts_at", "ends_at"),
        sa.Column("day", sa.Date(), nullable=False),
        *_counts("capacity", "taken"),
        *_words("closed_cause", nullable=True),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_booking_slot_taken_not_negative")),
        sa.CheckConstraint("taken <= capacity", name=op.f("ck_booking_slot_never_overbooked")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_booking_slot_takes_time")),
        sa.ForeignKeyConstraint(
            day,
            [f"booking_day.{name}" for name in day],
            name=op.f("fk_booking_slot_day_booking_day"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality",
            "contract",
            "line",
            "site",
            "starts_at",
            name=op.f("pk_booking_slot"),
        ),
    )
    op.create_index(
        "ix_booking_slot_day", "booking_slot", ["municipality", "contract", "line", "day"]
    )


def _reservation() -> None:
    op.create_table(
        "reservation",
        *_words("municipality", "case_id", "contract", "line", "site"),
        *_moments("starts_at", "ends_at"),
        sa.Column("day", sa.Date(), nullable=False),
        *_counts("party"),
        *_words("channel", "stage"),
        *_moments("held_until", nullable=True),
        sa.Column("guided", sa.Boolean(), nullable=False),
        sa.Column("must_phone", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        *_words("reference", nullable=True),
        *_moments("made_at", "changed_at"),
        sa.CheckConstraint(
            "channel IN ('web', 'phone', 'window', 'booth')",
            name=op.f("ck_reservation_channel_known"),
        ),
        sa.CheckConstraint("party > 0", name=op.f("ck_reservation_somebody_comes")),
        sa.CheckConstraint(f"stage IN ({_STAGES})", name=op.f("ck_reservation_stage_known")),
        sa.ForeignKeyConstraint(
            ["municipality", "case_id"],
            ["case_file.municipality", "case_file.case_id"],
            name=op.f("fk_reservation_municipality_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("municipality", "case_id", name=op.f("pk_reservation")),
    )
    op.create_index(
        "ix_reservation_day",
        "reservation",
        ["municipality", "contract", "day", "site", "starts_at"],
    )
    op.create_index(
        "ix_reservation_waiting",
        "reservation",
        ["municipality", "contract", "starts_at"],
        postgresql_where=sa.text(
            "stage IN ('displaced', 'to_enter')"
            " OR must_phone OR (stage = 'confirmed' AND NOT guided)"
        ),
    )


def _venue_day() -> None:
    op.create_table(
        "venue_day",
        *_words("municipality", "contract", "site"),
        sa.Column("day", sa.Date(), nullable=False),
        *_words("planned_by"),
        *_moments("planned_at"),
        *_words("withdrawn_by", nullable=True),
        *_moments("withdrawn_at", nullable=True),
        *_words("cause", nullable=True),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "site", "day", name=op.f("pk_venue_day")
        ),
    )
    op.create_index("ix_venue_day_day", "venue_day", ["municipality", "contract", "day"])


def _guidance() -> None:
    op.create_table(
        "guidance",
        *_words("municipality", "contract", "site", "language"),
        *_counts("version"),
        *_words("text", "written_by"),
        *_moments("written_at"),
        sa.CheckConstraint("version > 0", name=op.f("ck_guidance_version_positive")),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "site", "language", "version", name=op.f("pk_guidance")
        ),
    )


def _added_columns() -> None:
    for key in ("phone", "mail"):
        op.add_column("person_vault", sa.Column(f"{key}_key", sa.LargeBinary(), nullable=True))
        op.create_index(
            f"ix_person_vault_{key}", "person_vault", ["municipality", f"{key}_key"]
        )
    op.add_column("contract_activation", sa.Column("extended_to", sa.Date(), nullable=True))
    op.add_column(
        "contract_activation", sa.Column("extension_agreement", sa.Text(), nullable=True)
    )
    for name in ("address", "directions"):
        # Places added before it was asked have none; the default serves them alone.
        column = sa.Column(name, sa.Text(), nullable=False, server_default="")
        op.add_column("added_site", column)
        op.alter_column("added_site", name, server_default=None)
