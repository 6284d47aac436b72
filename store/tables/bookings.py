"""Places that can be booked, reservations as lists show them, venue days, guidance.

``booking_day``, ``booking_hour`` and ``booking_slot`` are the final judges of how many
places there are: no writer can take one too many. Who booked stands in the vault, the
course of a reservation in its case.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from domain.booking.booking_rules import BookingChannel
from domain.booking.reservation_parts import Stage
from store.tables import base


class BookingDayRow(SQLModel, table=True):
    """All places of a line at one site on one day; the limit of the whole day."""

    __tablename__ = "booking_day"
    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("taken <= capacity", name="never_overbooked"),
    )

    municipality: str = base.municipality()
    contract: str = base.key()
    line: str = base.key()
    site: str = base.key()
    day: date = Field(primary_key=True)
    capacity: int | None = base.count_or_none()
    """``NULL``: only each slot has a limit."""
    taken: int
    closed_cause: str | None = base.words_or_none()
    plan: str = base.words()
    """Digest of the plan from which these rows were made; another means: make them anew."""


class BookingSlotRow(SQLModel, table=True):
    """The places of one time."""

    __tablename__ = "booking_slot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "contract", "line", "site", "day"],
            [
                "booking_day.municipality",
                "booking_day.contract",
                "booking_day.line",
                "booking_day.site",
                "booking_day.day",
            ],
            name="fk_booking_slot_day_booking_day",
        ),
        Index("ix_booking_slot_day", "municipality", "contract", "line", "day"),
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("taken <= capacity", name="never_overbooked"),
        CheckConstraint("starts_at < ends_at", name="takes_time"),
    )

    municipality: str = base.municipality()
    contract: str = base.key()
    line: str = base.key()
    site: str = base.key()
    starts_at: datetime = base.key_moment()
    ends_at: datetime = base.moment()
    day: date
    capacity: int
    taken: int
    closed_cause: str | None = base.words_or_none()
    hour: int | None = None
    """Which hour of the day it lies in, where hours are limited; ``NULL``: they are not."""


class BookingHourRow(SQLModel, table=True):
    """All places of an hour, where several times share it and it has a limit of its own."""

    __tablename__ = "booking_hour"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "contract", "line", "site", "day"],
            [
                "booking_day.municipality",
                "booking_day.contract",
                "booking_day.line",
                "booking_day.site",
                "booking_day.day",
            ],
            name="fk_booking_hour_day_booking_day",
        ),
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("taken <= capacity", name="never_overbooked"),
    )

    municipality: str = base.municipality()
    contract: str = base.key()
    line: str = base.key()
    site: str = base.key()
    day: date = Field(primary_key=True)
    hour: int = Field(primary_key=True)
    """Counted from opening, from 1."""
    capacity: int
    taken: int


class ReservationRow(SQLModel, table=True):
    """A reservation for lists; written with the event that changes it."""

    __tablename__ = "reservation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "case_id"], ["case_file.municipality", "case_file.case_id"]
        ),
        base.one_of("stage", Stage),
        base.one_of("channel", BookingChannel),
        CheckConstraint("party > 0", name="somebody_comes"),
        Index("ix_reservation_day", "municipality", "contract", "day", "site", "starts_at"),
        Index(
            "ix_reservation_waiting",
            "municipality",
            "contract",
            "starts_at",
            postgresql_where=text(
                "stage IN ('displaced', 'to_enter')"
                " OR must_phone OR (stage = 'confirmed' AND NOT guided)"
            ),
        ),
    )

    municipality: str = base.municipality()
    case_id: str = base.key()
    contract: str = base.words()
    line: str = base.words()
    site: str = base.words()
    starts_at: datetime = base.moment()
    ends_at: datetime = base.moment()
    day: date
    party: int
    channel: str = base.words()
    stage: str = base.words()
    held_until: datetime | None = base.moment_or_none()
    guided: bool
    must_phone: bool
    late: bool
    reference: str | None = base.words_or_none()
    made_at: datetime = base.moment()
    changed_at: datetime = base.moment()


class VenueDayRow(SQLModel, table=True):
    """A day on which a place without regular hours is open (Chiba 第1-4)."""

    __tablename__ = "venue_day"
    __table_args__ = (Index("ix_venue_day_day", "municipality", "contract", "day"),)

    municipality: str = base.municipality()
    contract: str = base.key()
    site: str = base.key()
    day: date = Field(primary_key=True)
    planned_by: str = base.words()
    planned_at: datetime = base.moment()
    withdrawn_by: str | None = base.words_or_none()
    withdrawn_at: datetime | None = base.moment_or_none()
    cause: str | None = base.words_or_none()
    """Why it was withdrawn; shown to those who had booked."""


class GuidanceRow(SQLModel, table=True):
    """One version of what people are told before they come; never changed, only succeeded."""

    __tablename__ = "guidance"
    __table_args__ = (CheckConstraint("version > 0", name="version_positive"),)

    municipality: str = base.municipality()
    contract: str = base.key()
    site: str = base.key()
    """Empty: for every site that has none of its own."""
    language: str = base.key()
    version: int = Field(primary_key=True)
    text: str = base.words()
    written_by: str = base.words()
    written_at: datetime = base.moment()


class ListRecipientRow(SQLModel, table=True):
    """Where a city gets its reservation lists; never changed, only succeeded."""

    __tablename__ = "list_recipient"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    municipality: str = base.municipality()
    contract: str = base.key()
    number: int = Field(primary_key=True)
    address: str = base.words()
    """An office's, not a person's."""
    sealed_password: bytes = base.sealed()
    """What files are locked with; agreed with the city in another way than by mail."""
    agreement: str = base.words()
    """When, how and with whom it was agreed."""
    set_by: str = base.words()
    set_at: datetime = base.moment()


class ListedPersonRow(SQLModel, table=True):
    """Somebody whose data stands in a list made for a city, and where that was sent."""

    __tablename__ = "listed_person"
    __table_args__ = (
        CheckConstraint("(sent_to IS NULL) = (sent_at IS NULL)", name="sending_whole"),
        Index("ix_listed_person_case", "municipality", "case_id"),
    )

    municipality: str = base.municipality()
    document_id: str = base.key()
    case_id: str = base.key()
    """Of the reservation."""
    sent_to: str | None = base.words_or_none()
    """An office's address; ``NULL``: the file was made and not mailed."""
    sent_at: datetime | None = base.moment_or_none()


class ContactNumberRow(SQLModel, table=True):
    """The telephone number that residents are told; never changed, only succeeded."""

    __tablename__ = "contact_number"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    municipality: str = base.municipality()
    contract: str = base.key()
    number: int = Field(primary_key=True)
    telephone: str = base.words()
    agreement: str = base.words()
    """Where it is written or was agreed."""
    set_by: str = base.words()
    set_at: datetime = base.moment()
