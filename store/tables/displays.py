"""The screens in front of residents: where each stands and who drives it.

A row says nothing of a person who is served; what is shown are words of the house.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import SQLModel

from store.tables import base


class ResidentDisplayRow(SQLModel, table=True):
    """The screen of one counter or booth; opened anew, it is another screen."""

    __tablename__ = "resident_display"
    __table_args__ = (
        CheckConstraint("turn >= 0", name="turn_not_negative"),
        CheckConstraint("opened_at < expires_at", name="ends_after_it_begins"),
        Index("uq_resident_display_display_id", "municipality", "display_id", unique=True),
    )

    municipality: str = base.municipality()
    place: str = base.key()
    """Channel of the contract and seat, such as ``counter/3``."""
    display_id: str = base.words()
    """By chance; the link names it, so an older link to the place shows nothing."""
    account_id: str = base.words()
    """Who is in charge."""
    session_id: str = base.words()
    """Once it has ended, nobody stands behind the screen."""
    visit_id: str | None = base.words_or_none()
    """The visit that is served; ``NULL``: none yet."""
    words: str | None = base.words_or_none()
    """Name of what is shown, such as ``procedure/confirm_identity``."""
    turn: int
    """How often what is shown was set; who turns away names it, lest they undo a later one."""
    away: bool
    opened_at: datetime = base.moment()
    expires_at: datetime = base.moment()
    seen_at: datetime = base.moment()
    """When the page of the one in charge was last there."""
