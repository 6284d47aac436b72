"""Cases: what they are about, what happened to them, and what their data is sealed with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.protection import find_waiting, forget_finder, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("case_event", "custody_movement", "history_archive", "contract_version")
_CHANGING = (
    "case_file",
    "case_counter",
    "lot_card",
    "person_vault",
    "document",
    "lot_draft",
    "custody_item",
    "slip",
    "municipality_key",
    "data_key",
    "outbox",
    "answered_request",
    "contract_activation",
    "added_site",
    "closure",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _case_file()
    _case_counter()
    _lot_card()
    _person_vault()
    _document()
    _lot_draft()
    _custody_item()
    _custody_movement()
    _slip()
    _case_event()
    _municipality_key()
    _data_key()
    _outbox()
    _answered_request()
    _history_archive()
    _contract_version()
    _contract_activation()
    _added_site()
    _closure()
    # Months are made ahead by ops.partitions; whatever month nobody made still has a place.
    op.execute("CREATE TABLE case_event_default PARTITION OF case_event DEFAULT")
    for table in _APPEND_ONLY:
        protect(table, append_only=True)
    for table in _CHANGING:
        protect(table)
    find_waiting("outbox", table="outbox", columns=("done_at",), condition="done_at IS NULL")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    forget_finder("municipalities_with_outbox()")
    for table in (
        "closure",
        "added_site",
        "contract_activation",
        "contract_version",
        "history_archive",
        "answered_request",
        "outbox",
        "data_key",
        "municipality_key",
        "case_event",
        "slip",
        "custody_movement",
        "custody_item",
        "lot_draft",
        "document",
        "person_vault",
        "lot_card",
        "case_counter",
        "case_file",
    ):
        op.drop_table(table)


def _case_file() -> None:
    op.create_table(
        "case_file",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("contract_version", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("target_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", postgresql.JSONB(), nullable=True),
        sa.Column("stuck", sa.Text(), nullable=True),
        sa.Column("stuck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_to", sa.Text(), nullable=True),
        sa.Column("state", postgresql.JSONB(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('lot', 'card', 'returned_mail', 'handoff', 'visit')",
            name=op.f("ck_case_file_kind_known"),
        ),
        sa.CheckConstraint(
            "extract(day FROM opened_on) = 1",
            name=op.f("ck_case_file_opened_on_first_of_month"),
        ),
        sa.CheckConstraint("last_seq >= 0", name=op.f("ck_case_file_last_seq_not_negative")),
        sa.ForeignKeyConstraint(
            ["municipality", "parent_id"],
            ["case_file.municipality", "case_file.case_id"],
            name=op.f("fk_case_file_municipality_parent_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("municipality", "case_id", name=op.f("pk_case_file")),
    )
    op.create_index(
        "ix_case_file_open",
        "case_file",
        ["municipality", "due_at", "case_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_case_file_open_stage",
        "case_file",
        ["municipality", "kind", "stage", "due_at", "case_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_case_file_parent", "case_file", ["municipality", "parent_id", "stage"], unique=False
    )
    op.create_index(
        "ix_case_file_stuck",
        "case_file",
        ["municipality", "due_at", "case_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL AND stuck IS NOT NULL"),
    )
    op.create_index(
        "uq_case_file_case_number", "case_file", ["municipality", "case_number"], unique=True
    )


def _case_counter() -> None:
    op.create_table(
        "case_counter",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_case_counter_last_not_negative")),
        sa.PrimaryKeyConstraint("municipality", "kind", "year", name=op.f("pk_case_counter")),
    )


def _lot_card() -> None:
    op.create_table(
        "lot_card",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("lot_id", sa.Text(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.CheckConstraint("row_number > 0", name=op.f("ck_lot_card_row_number_positive")),
        sa.ForeignKeyConstraint(
            ["municipality", "case_id"],
            ["case_file.municipality", "case_file.case_id"],
            name=op.f("fk_lot_card_municipality_case_id_case_file"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "lot_id"],
            ["case_file.municipality", "case_file.case_id"],
            name=op.f("fk_lot_card_municipality_lot_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("municipality", "case_id", name=op.f("pk_lot_card")),
    )
    op.create_index(
        "ix_lot_card_lot", "lot_card", ["municipality", "lot_id", "row_number"], unique=False
    )
    op.create_index(
        "uq_lot_card_delivery", "lot_card", ["municipality", "ref", "delivered_on"], unique=True
    )


def _person_vault() -> None:
    op.create_table(
        "person_vault",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_key", sa.LargeBinary(), nullable=True),
        sa.Column("kana_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "case_id"],
            ["case_file.municipality", "case_file.case_id"],
            name=op.f("fk_person_vault_municipality_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("municipality", "case_id", name=op.f("pk_person_vault")),
    )
    op.create_index(
        "ix_person_vault_kana", "person_vault", ["municipality", "kana_key"], unique=False
    )
    op.create_index(
        "ix_person_vault_name", "person_vault", ["municipality", "name_key"], unique=False
    )


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_document_ordinal_positive")),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_document_size_bytes_not_negative")),
        sa.ForeignKeyConstraint(
            ["municipality", "case_id"],
            ["case_file.municipality", "case_file.case_id"],
            name=op.f("fk_document_municipality_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("municipality", "document_id", name=op.f("pk_document")),
    )
    op.create_index(
        "uq_document_ordinal",
        "document",
        ["municipality", "case_id", "kind", "ordinal"],
        unique=True,
    )


def _lot_draft() -> None:
    op.create_table(
        "lot_draft",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "draft_id", name=op.f("pk_lot_draft")),
    )


def _custody_item() -> None:
    op.create_table(
        "custody_item",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("lot_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "holder IN ('outside', 'city', 'provider', 'hand_over')",
            name=op.f("ck_custody_item_holder_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('card', 'notice', 'documents', 'returned_mail')",
            name=op.f("ck_custody_item_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "case_id"],
            ["case_file.municipality", "case_file.case_id"],
            name=op.f("fk_custody_item_municipality_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("municipality", "item_id", name=op.f("pk_custody_item")),
    )
    op.create_index(
        "ix_custody_item_lot",
        "custody_item",
        ["municipality", "lot_id", "kind", "holder"],
        unique=False,
    )


def _custody_movement() -> None:
    op.create_table(
        "custody_movement",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source <> target", name=op.f("ck_custody_movement_goes_somewhere")),
        sa.ForeignKeyConstraint(
            ["municipality", "item_id"],
            ["custody_item.municipality", "custody_item.item_id"],
            name=op.f("fk_custody_movement_municipality_item_id_custody_item"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "item_id", "event_seq", name=op.f("pk_custody_movement")
        ),
    )


def _slip() -> None:
    op.create_table(
        "slip",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("slip_id", sa.Text(), nullable=False),
        sa.Column("lot_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_slip_quantity_not_negative")),
        sa.ForeignKeyConstraint(
            ["municipality", "lot_id"],
            ["case_file.municipality", "case_file.case_id"],
            name=op.f("fk_slip_municipality_lot_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("municipality", "slip_id", name=op.f("pk_slip")),
    )
    op.create_index(
        "ix_slip_waiting",
        "slip",
        ["municipality", "made_at"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("uq_slip_number", "slip", ["municipality", "lot_id", "number"], unique=True)


def _case_event() -> None:
    op.create_table(
        "case_event",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_case_event_seq_positive")),
        sa.PrimaryKeyConstraint(
            "municipality", "opened_on", "case_id", "seq", name=op.f("pk_case_event")
        ),
        postgresql_partition_by="RANGE (opened_on)",
    )
    op.create_index("ix_case_event_at", "case_event", ["municipality", "at"], unique=False)
    op.create_index(
        "uq_case_event_key",
        "case_event",
        ["municipality", "opened_on", "case_id", "key"],
        unique=True,
    )


def _municipality_key() -> None:
    op.create_table(
        "municipality_key",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("master_id", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("shredded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("municipality", name=op.f("pk_municipality_key")),
    )


def _data_key() -> None:
    op.create_table(
        "data_key",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("shredded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("municipality", "case_id", name=op.f("pk_data_key")),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_problem", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_outbox_tries_not_negative")),
        sa.PrimaryKeyConstraint("municipality", "key", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["municipality", "made_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )


def _answered_request() -> None:
    op.create_table(
        "answered_request",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("answer", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "municipality", "account_id", "key", name=op.f("pk_answered_request")
        ),
    )


def _history_archive() -> None:
    op.create_table(
        "history_archive",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("workflow_id", sa.Text(), nullable=False),
        sa.Column("workflow_type", sa.Text(), nullable=False),
        sa.Column("history", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("build_id", sa.Text(), nullable=False),
        sa.Column("contract_version", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "municipality", "case_id", "run_id", name=op.f("pk_history_archive")
        ),
    )


def _contract_version() -> None:
    op.create_table(
        "contract_version",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "version", name=op.f("pk_contract_version")),
    )


def _contract_activation() -> None:
    op.create_table(
        "contract_activation",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("contract_date", sa.Date(), nullable=False),
        sa.Column("activated_by", sa.Text(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", name=op.f("pk_contract_activation")
        ),
    )


def _added_site() -> None:
    op.create_table(
        "added_site",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_added_site_days_in_order")),
        sa.PrimaryKeyConstraint("municipality", "site_id", name=op.f("pk_added_site")),
    )


def _closure() -> None:
    op.create_table(
        "closure",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("closure_id", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_time", sa.Text(), nullable=True),
        sa.Column("to_time", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("municipality", "closure_id", name=op.f("pk_closure")),
    )
    op.create_index(
        "ix_closure_day",
        "closure",
        ["municipality", "contract", "calendar", "day"],
        unique=False,
    )
