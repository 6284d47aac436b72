"""Numbers at the windows: the last one of each line and day, and every number's place.

Nothing here says who took a number. Rows follow the record of their case
(``store.queue_tickets``); no number is given twice and no desk has two at once, whoever writes.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from domain.queue.ticket import Stage
from store.tables import base


class QueueCounterRow(SQLModel, table=True):
    """The last number of a line at a place on a day."""

    __tablename__ = "queue_counter"
    __table_args__ = (CheckConstraint("last > 0", name="counts_from_one"),)

    municipality: str = base.municipality()
    contract: str = base.key()
    place: str = base.key()
    line: str = base.key()
    day: date = Field(primary_key=True)
    last: int


class QueueTicketRow(SQLModel, table=True):
    """A number and where it stands."""

    __tablename__ = "queue_ticket"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "case_id"], ["case_file.municipality", "case_file.case_id"]
        ),
        base.one_of("stage", Stage),
        CheckConstraint("number > 0", name="counts_from_one"),
        # One number once: two receptionists cannot give it out twice.
        Index(
            "uq_queue_ticket_number",
            *("municipality", "contract", "place", "day", "letter", "number"),
            unique=True,
        ),
        # One desk serves one number, and so one line, at a time.
        Index(
            "uq_queue_ticket_desk",
            *("municipality", "contract", "place", "day", "desk"),
            unique=True,
            postgresql_where=text("stage IN ('called', 'serving')"),
        ),
        Index(
            "ix_queue_ticket_waiting",
            *("municipality", "contract", "place", "day", "line", "rank", "taken_at"),
            postgresql_where=text("stage = 'in_line'"),
        ),
    )

    municipality: str = base.municipality()
    case_id: str = base.key()
    contract: str = base.words()
    place: str = base.words()
    line: str = base.words()
    letter: str = base.words()
    number: int
    day: date
    rank: int
    resident: bool | None = None
    stage: str = base.words()
    desk: str = base.words()
    calls: int
    taken_at: datetime = base.moment()
    called_at: datetime | None = base.moment_or_none()
    served_at: datetime | None = base.moment_or_none()
    ended_at: datetime | None = base.moment_or_none()
