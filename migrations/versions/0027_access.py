"""Registered networks, IDs of other systems, retention; where sessions were opened from."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("login_session", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("call_centre_place", sa.Column("approval_document", sa.Text(), nullable=True))
    op.alter_column("access_record", "account_id", nullable=True)
    _call_centre_network()
    _core_system_id()
    _legal_hold()
    _disposal_list()
    _disposal_item()
    for table in (
        "call_centre_network",
        "core_system_id",
        "legal_hold",
        "disposal_list",
        "disposal_item",
    ):
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in (
        "disposal_item",
        "disposal_list",
        "legal_hold",
        "core_system_id",
        "call_centre_network",
    ):
        op.drop_table(table)
    # What nobody looked at cannot be said without this column's being empty.
    op.execute("DELETE FROM access_record WHERE account_id IS NULL")
    op.alter_column("access_record", "account_id", nullable=False)
    op.drop_column("call_centre_place", "approval_document")
    op.drop_column("login_session", "address")


def _words(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _call_centre_network() -> None:
    op.create_table(
        "call_centre_network",
        *_words("municipality", "contract"),
        _number("number"),
        _number("place"),
        *_words("network", "label", "registered_by"),
        _moment("registered_at"),
        *_words("withdrawn_by", nullable=True),
        _moment("withdrawn_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "contract", "place"],
            [
                "call_centre_place.municipality",
                "call_centre_place.contract",
                "call_centre_place.number",
            ],
            name=op.f("fk_call_centre_network_municipality_contract_place_call_centre_place"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_call_centre_network_number_positive")),
        sa.CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_at IS NULL)",
            name=op.f("ck_call_centre_network_withdrawal_whole"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "number", name=op.f("pk_call_centre_network")
        ),
    )
    op.create_index(
        "uq_call_centre_network_in_use",
        "call_centre_network",
        ["municipality", "contract", "place", "network"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def _core_system_id() -> None:
    op.create_table(
        "core_system_id",
        *_words("municipality", "contract"),
        _number("number"),
        *_words("system", "core_id", "account_id"),
        sa.Column("issued_on", sa.Date(), nullable=False),
        *_words("issued_by"),
        _moment("issued_at"),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        *_words("revoked_by", nullable=True),
        _moment("revoked_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "account_id"],
            ["account.municipality", "account.account_id"],
            name=op.f("fk_core_system_id_municipality_account_id_account"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_core_system_id_number_positive")),
        sa.CheckConstraint(
            "(revoked_on IS NULL) = (revoked_by IS NULL)",
            name=op.f("ck_core_system_id_revocation_whole"),
        ),
        sa.CheckConstraint(
            "revoked_on >= issued_on", name=op.f("ck_core_system_id_revoked_after_issue")
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "number", name=op.f("pk_core_system_id")
        ),
    )
    op.create_index(
        "uq_core_system_id_in_use",
        "core_system_id",
        ["municipality", "contract", "system", "core_id"],
        unique=True,
        postgresql_where=sa.text("revoked_on IS NULL"),
    )


def _legal_hold() -> None:
    op.create_table(
        "legal_hold",
        *_words("municipality", "hold_id", "case_id", "cause", "placed_by"),
        _moment("placed_at"),
        *_words("lifted_by", nullable=True),
        _moment("lifted_at", nullable=True),
        sa.CheckConstraint(
            "(lifted_by IS NULL) = (lifted_at IS NULL)",
            name=op.f("ck_legal_hold_lifting_whole"),
        ),
        sa.PrimaryKeyConstraint("municipality", "hold_id", name=op.f("pk_legal_hold")),
    )
    op.create_index(
        "uq_legal_hold_in_force",
        "legal_hold",
        ["municipality", "case_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )


def _disposal_list() -> None:
    op.create_table(
        "disposal_list",
        *_words("municipality", "contract"),
        _number("number"),
        _number("months"),
        *_words("counted_from", "made_by"),
        _moment("made_at"),
        *_words("approved_by", nullable=True),
        _moment("approved_at", nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_disposal_list_number_positive")),
        sa.CheckConstraint("months > 0", name=op.f("ck_disposal_list_months_positive")),
        sa.CheckConstraint(
            "counted_from IN ('case_closed', 'fiscal_year_end', 'term_end')",
            name=op.f("ck_disposal_list_counted_from_known"),
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_disposal_list_approval_whole"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "number", name=op.f("pk_disposal_list")
        ),
    )


def _disposal_item() -> None:
    op.create_table(
        "disposal_item",
        *_words("municipality", "contract"),
        _number("number"),
        *_words("case_id", "case_number", "kind"),
        _moment("closed_at"),
        _moment("disposed_at", nullable=True),
        *_words("kept_because", nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "contract", "number"],
            ["disposal_list.municipality", "disposal_list.contract", "disposal_list.number"],
            name=op.f("fk_disposal_item_municipality_contract_number_disposal_list"),
        ),
        sa.CheckConstraint(
            "kept_because IN ('held', 'open', 'not_due')",
            name=op.f("ck_disposal_item_kept_because_known"),
        ),
        sa.CheckConstraint(
            "disposed_at IS NULL OR kept_because IS NULL",
            name=op.f("ck_disposal_item_one_outcome"),
        ),
        sa.PrimaryKeyConstraint(
            *("municipality", "contract", "number", "case_id"), name=op.f("pk_disposal_item")
        ),
    )
    op.create_index("ix_disposal_item_case", "disposal_item", ["municipality", "case_id"])
