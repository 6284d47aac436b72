"""Articles in versions, their editions, and meetings with the city: only ever added."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import protect

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TABLES = ("knowledge_version", "knowledge_edition", "meeting")
_CATEGORIES = (
    "'work', 'venue', 'card_simple', 'system', 'notification_card', 'certificate_and_pin', "
    "'documents', 'portal', 'card_use', 'application', 'smartphone', 'online_window', "
    "'city_window', 'other'"
)
_ROLES = (
    "'operator', 'support_staff', 'call_agent', 'clerk', 'site_manager', "
    "'operations_manager', 'official', 'auditor'"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _versions()
    _editions()
    _meetings()
    for table in _TABLES:
        protect(table, append_only=True)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(_TABLES):
        op.drop_table(table)


def _versions() -> None:
    op.create_table(
        "knowledge_version",
        *_words("municipality", "contract"),
        *_numbers("article", "number"),
        *_words("kind", "category", "procedure", "title", "body"),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        *_words("reason", "agreement", "question", "written_by", "written_role"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        _known("knowledge_version", "kind", "'faq', 'manual'"),
        _known("knowledge_version", "category", _CATEGORIES),
        _known("knowledge_version", "written_role", _ROLES),
        sa.CheckConstraint(
            "article > 0 AND number > 0", name=op.f("ck_knowledge_version_numbers_positive")
        ),
        sa.CheckConstraint(
            "valid_from <= valid_until", name=op.f("ck_knowledge_version_ends_after_it_begins")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_knowledge_version_reason_given")),
        sa.PrimaryKeyConstraint(
            "municipality",
            "contract",
            "article",
            "number",
            name=op.f("pk_knowledge_version"),
        ),
    )


def _editions() -> None:
    op.create_table(
        "knowledge_edition",
        *_words("municipality", "contract"),
        *_numbers("number"),
        sa.Column("entries", JSONB(), nullable=False),
        *_words("digest", "made_by"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_knowledge_edition_number_positive")),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "number", name=op.f("pk_knowledge_edition")
        ),
    )


def _meetings() -> None:
    op.create_table(
        "meeting",
        *_words("municipality", "contract"),
        *_numbers("number", "version"),
        *_words("kind"),
        sa.Column("held_on", sa.Date(), nullable=False),
        *_words("place"),
        sa.Column("notes", JSONB(), nullable=False),
        *_words("written_by"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        _known("meeting", "kind", "'daily_report', 'consultation'"),
        sa.CheckConstraint(
            "number > 0 AND version > 0", name=op.f("ck_meeting_numbers_positive")
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "number", "version", name=op.f("pk_meeting")
        ),
    )


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _known(table: str, column: str, values: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"{column} IN ({values})", name=op.f(f"ck_{table}_{column}_known")
    )
