"""From where people work, which IDs of other systems they hold, and what may be disposed of.

Accounts and sessions stand in ``store.tables.people``, keys in ``store.tables.record``.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from domain.access.retention import CountedFrom, Kept
from store.tables import base


class CallCentreNetworkRow(SQLModel, table=True):
    """A network that a call centre's place works from, until it is withdrawn."""

    __tablename__ = "call_centre_network"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "contract", "place"],
            [
                "call_centre_place.municipality",
                "call_centre_place.contract",
                "call_centre_place.number",
            ],
        ),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawal_whole"
        ),
        Index(
            "uq_call_centre_network_in_use",
            *("municipality", "contract", "place", "network"),
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    municipality: str = base.municipality()
    contract: str = base.key()
    number: int = Field(primary_key=True)
    place: int
    network: str = base.words()
    label: str = base.words()
    registered_by: str = base.words()
    registered_at: datetime = base.moment()
    withdrawn_by: str | None = base.words_or_none()
    withdrawn_at: datetime | None = base.moment_or_none()


class CoreSystemIdRow(SQLModel, table=True):
    """Whose an ID of another system is, from when until when; never its password."""

    __tablename__ = "core_system_id"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "account_id"], ["account.municipality", "account.account_id"]
        ),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(revoked_on IS NULL) = (revoked_by IS NULL)", name="revocation_whole"),
        CheckConstraint("revoked_on >= issued_on", name="revoked_after_issue"),
        Index(
            "uq_core_system_id_in_use",
            *("municipality", "contract", "system", "core_id"),
            unique=True,
            postgresql_where=text("revoked_on IS NULL"),
        ),
    )

    municipality: str = base.municipality()
    contract: str = base.key()
    number: int = Field(primary_key=True)
    system: str = base.words()
    core_id: str = base.words()
    account_id: str = base.words()
    issued_on: date
    issued_by: str = base.words()
    issued_at: datetime = base.moment()
    revoked_on: date | None = None
    revoked_by: str | None = base.words_or_none()
    revoked_at: datetime | None = base.moment_or_none()


class LegalHoldRow(SQLModel, table=True):
    """A case that has to be kept, whatever its retention says, until that is lifted."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name="lifting_whole"),
        Index(
            "uq_legal_hold_in_force",
            *("municipality", "case_id"),
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    municipality: str = base.municipality()
    hold_id: str = base.key()
    case_id: str = base.words()
    cause: str = base.words()
    placed_by: str = base.words()
    placed_at: datetime = base.moment()
    lifted_by: str | None = base.words_or_none()
    lifted_at: datetime | None = base.moment_or_none()


class DisposalListRow(SQLModel, table=True):
    """What is to be disposed of, as it was put before the city."""

    __tablename__ = "disposal_list"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("months > 0", name="months_positive"),
        base.one_of("counted_from", CountedFrom),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approval_whole"),
    )

    municipality: str = base.municipality()
    contract: str = base.key()
    number: int = Field(primary_key=True)
    months: int
    counted_from: str = base.words()
    made_by: str = base.words()
    made_at: datetime = base.moment()
    approved_by: str | None = base.words_or_none()
    approved_at: datetime | None = base.moment_or_none()


class DisposalItemRow(SQLModel, table=True):
    """One case on such a list, and what became of it."""

    __tablename__ = "disposal_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "contract", "number"],
            ["disposal_list.municipality", "disposal_list.contract", "disposal_list.number"],
        ),
        base.one_of("kept_because", Kept),
        CheckConstraint("disposed_at IS NULL OR kept_because IS NULL", name="one_outcome"),
        Index("ix_disposal_item_case", "municipality", "case_id"),
    )

    municipality: str = base.municipality()
    contract: str = base.key()
    number: int = Field(primary_key=True)
    case_id: str = base.key()
    case_number: str = base.words()
    kind: str = base.words()
    closed_at: datetime = base.moment()
    disposed_at: datetime | None = base.moment_or_none()
    kept_because: str | None = base.words_or_none()
