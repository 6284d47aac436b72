"""Who was entered for which day, and the days that had nobody.

Nothing is changed here: an entry is succeeded by a later one, a violation stays.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from store.tables import base


class RosterEntryRow(SQLModel, table=True):
    """Somebody entered for a post, a place and a day, or taken off it."""

    __tablename__ = "roster_entry"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    municipality: str = base.municipality()
    contract: str = base.key()
    day: date = Field(primary_key=True)
    post: str = base.key()
    """Id in the contract."""
    place: str = base.key()
    """A calendar of the contract or ``venue/`` and a site; empty: all places of the day."""
    number: int = Field(primary_key=True)
    account_id: str | None = base.words_or_none()
    """``NULL``: taken off, and nobody follows."""
    telephone: str = base.words()
    """Under which the city reaches them; empty where the contract does not ask for it."""
    reason: str | None = base.words_or_none()
    set_by: str = base.words()
    set_at: datetime = base.moment()


class RosterViolationRow(SQLModel, table=True):
    """A day on which a post had nobody, from a moment on."""

    __tablename__ = "roster_violation"

    municipality: str = base.municipality()
    contract: str = base.key()
    day: date = Field(primary_key=True)
    post: str = base.key()
    place: str = base.key()
    nobody_from: datetime = base.moment()
    found_at: datetime = base.moment()
