"""What is counted and belongs to no case's record: photos not taken, answers of nobody.

The rows of a questionnaire are counts. They have no person, no account, no case and no time
finer than the day of the venue, and there is no row per answer that an order could betray.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from store.tables import base


class PhotoRefusalRow(SQLModel, table=True):
    """A photo that was not taken, since it would likely come back; nothing of it is kept."""

    __tablename__ = "photo_refusal"
    __table_args__ = (Index("ix_photo_refusal_contract", "municipality", "contract", "at"),)

    municipality: str = base.municipality()
    refusal_id: str = base.key()
    """From the case and the request: sent again, it is the same refusal."""
    contract: str = base.words()
    case_id: str = base.words()
    problems: str = base.words()
    """For what it would have come back, with blanks between."""
    at: datetime = base.moment()


class SurveySheetRow(SQLModel, table=True):
    """One filled in questionnaire, for how many there were; it has no answers."""

    __tablename__ = "survey_sheet"

    municipality: str = base.municipality()
    contract: str = base.key()
    site: str = base.key()
    day: date = Field(primary_key=True)
    sheet: str = base.key()
    """Digest of a number by chance, so that one that is sent twice counts once."""


class SurveyCountRow(SQLModel, table=True):
    """How often a question was answered so, at a venue on a day."""

    __tablename__ = "survey_count"
    __table_args__ = (CheckConstraint("answers > 0", name="answers_positive"),)

    municipality: str = base.municipality()
    contract: str = base.key()
    site: str = base.key()
    day: date = Field(primary_key=True)
    form: str = base.key()
    """Version of the questions."""
    question: str = base.key()
    choice: str = base.key()
    answers: int
