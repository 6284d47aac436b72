"""Messages to people outside: which were to be sent, and how far each has come.

The ledger makes a message one message, however often it is asked for. Nothing personal
stands here: whom it reaches is in the vault, what it says is made when it is sent.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import SQLModel

from domain.sending.outgoing import Carrier, MessageState
from store.tables import base


class MessageRow(SQLModel, table=True):
    """One message about one case."""

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "case_id"], ["case_file.municipality", "case_file.case_id"]
        ),
        base.one_of("means", Carrier),
        base.one_of("state", MessageState),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_its_moment"),
        Index("uq_message_message_id", "message_id", "municipality", unique=True),
        # What has not left: few rows, looked for by every list of work.
        Index(
            "ix_message_not_sent",
            "municipality",
            "made_at",
            postgresql_where=text("state <> 'sent'"),
        ),
    )

    municipality: str = base.municipality()
    case_id: str = base.key()
    key: str = base.key()
    """What makes it the same message, such as ``booking_changed/2``; chosen by the course."""
    kind: str = base.words()
    means: str = base.words()
    state: str = base.words()
    tries: int
    last_problem: str | None = base.words_or_none()
    """A word of ``domain.sending.outgoing.Problem``; never an address or what a server said."""
    message_id: str = base.words()
    """The mail's own Message-ID, the same at every try."""
    guidance_version: str | None = base.words_or_none()
    """Which guidance it told, once it is sent."""
    made_at: datetime = base.moment()
    """On the clock of the case."""
    tried_at: datetime | None = base.moment_or_none()
    """On the wall: when the last try began."""
    sent_at: datetime | None = base.moment_or_none()
    """On the wall: when a server had taken it."""
