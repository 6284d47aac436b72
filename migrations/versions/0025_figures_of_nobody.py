"""Photos that were not taken, and answers to questionnaires, as figures of nobody."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "photo_refusal",
        *_words("municipality", "refusal_id", "contract", "case_id", "problems"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "refusal_id", name=op.f("pk_photo_refusal")),
    )
    op.create_index(
        "ix_photo_refusal_contract", "photo_refusal", ["municipality", "contract", "at"]
    )
    protect("photo_refusal", append_only=True)
    op.create_table(
        "survey_sheet",
        *_words("municipality", "contract", "site"),
        sa.Column("day", sa.Date(), nullable=False),
        *_words("sheet"),
        sa.PrimaryKeyConstraint(
            "municipality", "contract", "site", "day", "sheet", name=op.f("pk_survey_sheet")
        ),
    )
    protect("survey_sheet", append_only=True)
    op.create_table(
        "survey_count",
        *_words("municipality", "contract", "site"),
        sa.Column("day", sa.Date(), nullable=False),
        *_words("form", "question", "choice"),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.CheckConstraint("answers > 0", name=op.f("ck_survey_count_answers_positive")),
        sa.PrimaryKeyConstraint(
            *("municipality", "contract", "site", "day", "form", "question", "choice"),
            name=op.f("pk_survey_count"),
        ),
    )
    protect("survey_count")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("survey_count", "survey_sheet", "photo_refusal"):
        op.drop_table(table)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
