"""The record of what happened, the keys it is sealed with, and what waits to leave.

``case_event`` is written once and never changed: the application role has no right to.
Its rows lie in the month in which their case was opened, so that a case's chain stays in
one place and the number of an event can be unique.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from domain.catalogue.catalogue import OfferKind
from store.tables import base


class CaseEventRow(SQLModel, table=True):
    """One numbered, chained line of a case's record."""

    __tablename__ = "case_event"
    __table_args__ = (
        Index("uq_case_event_key", "municipality", "opened_on", "case_id", "key", unique=True),
        Index("ix_case_event_at", "municipality", "at"),
        CheckConstraint("seq > 0", name="seq_positive"),
        {"postgresql_partition_by": "RANGE (opened_on)"},
    )

    municipality: str = base.municipality()
    opened_on: date = Field(primary_key=True)
    case_id: str = base.key()
    seq: int = Field(primary_key=True)
    at: datetime = base.moment()
    action: str = base.words()
    actor: str = base.words()
    role: str | None = base.words_or_none()
    detail: dict[str, Any] = Field(sa_type=JSONB)
    sealed_reason: bytes | None = base.sealed_or_none()
    key: str = base.words()
    """What makes a repeated request the same request."""
    prev_hash: str = base.words()
    hash: str = base.words()
    recorded_at: datetime = base.moment()
    """The wall clock; ``at`` is the business time, which a rehearsal moves forward."""


class MunicipalityKeyRow(SQLModel, table=True):
    """The key of a municipality, wrapped by a master key; gone at the contract's end."""

    __tablename__ = "municipality_key"

    municipality: str = base.municipality()
    master_id: str = base.words()
    wrapped: bytes | None = base.sealed_or_none()
    shredded_at: datetime | None = base.moment_or_none()


class DataKeyRow(SQLModel, table=True):
    """The key of one case, wrapped by its municipality's key."""

    __tablename__ = "data_key"

    municipality: str = base.municipality()
    case_id: str = base.key()
    wrapped: bytes | None = base.sealed_or_none()
    shredded_at: datetime | None = base.moment_or_none()


class OutboxRow(SQLModel, table=True):
    """What a committed transaction owes the workflow engine."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "municipality",
            "made_at",
            postgresql_where=text("done_at IS NULL"),
        ),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
    )

    municipality: str = base.municipality()
    key: str = base.key()
    """The business key, so that twice is once; the id of the workflow it starts."""
    topic: str = base.words()
    body: dict[str, Any] = Field(sa_type=JSONB)
    made_at: datetime = base.moment()
    tries: int
    last_problem: str | None = base.words_or_none()
    done_at: datetime | None = base.moment_or_none()


class AnsweredRequestRow(SQLModel, table=True):
    """The first answer to a request that opens something, for whoever asks again."""

    __tablename__ = "answered_request"

    municipality: str = base.municipality()
    account_id: str = base.key()
    key: str = base.key()
    digest: str = base.words()
    """SHA-256 of what was asked: the same key with another question is refused."""
    answer: dict[str, Any] = Field(sa_type=JSONB)
    at: datetime = base.moment()


class HistoryArchiveRow(SQLModel, table=True):
    """A finished course: its workflow history, and what is needed to replay it."""

    __tablename__ = "history_archive"

    municipality: str = base.municipality()
    case_id: str = base.key()
    run_id: str = base.key()
    workflow_id: str = base.words()
    workflow_type: str = base.words()
    history: bytes = Field(sa_type=LargeBinary)
    """``temporal.api.history.v1.History`` as protobuf, compressed with zlib."""
    sha256: str = base.words()
    build_id: str = base.words()
    contract_version: str = base.words()
    archived_at: datetime = base.moment()


class ContractVersionRow(SQLModel, table=True):
    """A contract profile as it was when a case began; kept for as long as its cases."""

    __tablename__ = "contract_version"

    municipality: str = base.municipality()
    version: str = base.key()
    contract: str = base.words()
    document: dict[str, Any] = Field(sa_type=JSONB)
    seen_at: datetime = base.moment()


class ContractActivationRow(SQLModel, table=True):
    """The day a contract was signed; without it no case of the contract can begin."""

    __tablename__ = "contract_activation"

    municipality: str = base.municipality()
    contract: str = base.key()
    contract_date: date
    activated_by: str = base.words()
    activated_at: datetime = base.moment()
    extended_to: date | None = None
    """The term's last day by a later agreement (変更契約)."""
    extension_agreement: str | None = base.words_or_none()


class AddedSiteRow(SQLModel, table=True):
    """A place added by agreement, for a time."""

    __tablename__ = "added_site"
    __table_args__ = (CheckConstraint("from_day <= to_day", name="days_in_order"),)

    municipality: str = base.municipality()
    site_id: str = base.key()
    contract: str = base.words()
    name: str = base.words()
    address: str = base.words()
    directions: str = base.words()
    """How people find it, for those who booked; may be empty."""
    from_day: date
    to_day: date
    agreement: str = base.words()
    designated: bool
    """Whether the city itself names the place (市が指定した場所)."""
    added_by: str = base.words()
    added_at: datetime = base.moment()


class CatalogueSwitchRow(SQLModel, table=True):
    """Something agreed to be offered, or not, from a day on; never changed, never deleted."""

    __tablename__ = "catalogue_switch"
    __table_args__ = (
        base.one_of("kind", OfferKind),
        CheckConstraint("agreement <> ''", name="agreement_named"),
    )

    municipality: str = base.municipality()
    number: int | None = base.serial()
    contract: str = base.words()
    kind: str = base.words()
    code: str = base.words()
    switched_on: bool
    from_day: date
    agreement: str = base.words()
    entered_by: str = base.words()
    entered_at: datetime = base.moment()


class CallCentrePlaceRow(SQLModel, table=True):
    """A place for the call centre: proposed by the provider, approved by the city or not."""

    __tablename__ = "call_centre_place"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approval_whole"),
    )

    municipality: str = base.municipality()
    contract: str = base.key()
    number: int = Field(primary_key=True)
    name: str = base.words()
    address: str = base.words()
    country: str = base.words()
    proposed_by: str = base.words()
    proposed_at: datetime = base.moment()
    approved_by: str | None = base.words_or_none()
    approved_at: datetime | None = base.moment_or_none()
    approval_document: str | None = base.words_or_none()
    """Number and date of the city's document, and where it lies."""


class ClosureRow(SQLModel, table=True):
    """A closure added at run time: a storm, maintenance; whole days or part of one."""

    __tablename__ = "closure"
    __table_args__ = (Index("ix_closure_day", "municipality", "contract", "calendar", "day"),)

    municipality: str = base.municipality()
    closure_id: str = base.key()
    contract: str = base.words()
    calendar: str = base.words()
    day: date
    from_time: str | None = base.words_or_none()
    to_time: str | None = base.words_or_none()
    cause: str = base.words()
    added_by: str = base.words()
    added_at: datetime = base.moment()
    withdrawn_by: str | None = base.words_or_none()
    withdrawn_at: datetime | None = base.moment_or_none()


class DeskCheckInRow(SQLModel, table=True):
    """A desk that reported being ready; the index lets the first report of a day count."""

    __tablename__ = "desk_check_in"
    __table_args__ = (
        Index(
            "uq_desk_check_in_day",
            "municipality",
            "contract",
            "day",
            "site",
            "desk",
            unique=True,
        ),
    )

    municipality: str = base.municipality()
    check_in_id: str = base.key()
    contract: str = base.words()
    site: str = base.words()
    desk: str = base.words()
    day: date
    at: datetime = base.moment()
    ready_by: str | None = base.words_or_none()
    """``HH:MM``, as the contract had it on that day."""
    late: bool | None = None
    """``NULL`` where there was no time to be late for."""
    account_id: str = base.words()
