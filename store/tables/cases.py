"""Cases as lists and pages read them, the cards of lots, and what is known of persons.

The course of a case stands in its workflow; ``case_file`` is what the record says about
it, kept in the transaction that appends the event. Nothing personal stands here in
clear: ``person_vault`` holds ciphertext and keyed search keys only.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from domain.case import CaseKind
from domain.lots.custody import Holder, ItemKind
from store.tables import base

_OPEN = text("closed_at IS NULL")


def _of_case(column: str = "case_id") -> ForeignKeyConstraint:
    # The municipality is part of the reference: a row can never hang on another city's case.
    return ForeignKeyConstraint(
        ["municipality", column], ["case_file.municipality", "case_file.case_id"]
    )


class CaseFileRow(SQLModel, table=True):
    """One case: where it stands, when it is due, what it waits for."""

    __tablename__ = "case_file"
    __table_args__ = (
        _of_case("parent_id"),
        base.one_of("kind", CaseKind),
        # Neither this one nor that of the parents may begin with the municipality: on an
        # empty table the planner cannot tell such an index from the primary key, keeps its
        # choice, and then reads a whole city for each row that refers to a case.
        Index("uq_case_file_case_number", "case_number", "municipality", unique=True),
        # The work lists: open cases of one city, the most urgent first.
        Index("ix_case_file_open", "municipality", "due_at", "case_id", postgresql_where=_OPEN),
        Index(
            "ix_case_file_open_stage",
            "municipality",
            "kind",
            "stage",
            "due_at",
            "case_id",
            postgresql_where=_OPEN,
        ),
        # One kind without its stage; nearly all open cases are cards, whose list needs none.
        Index(
            "ix_case_file_open_kind",
            "municipality",
            "kind",
            "due_at",
            "case_id",
            postgresql_where=text("closed_at IS NULL AND kind <> 'card'"),
        ),
        Index(
            "ix_case_file_stuck",
            "municipality",
            "due_at",
            "case_id",
            postgresql_where=text("closed_at IS NULL AND stuck IS NOT NULL"),
        ),
        # The same of closed ones; without it a page of them reads every case there ever was.
        Index(
            "ix_case_file_closed",
            "municipality",
            "due_at",
            "case_id",
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        Index(
            "ix_case_file_parent",
            "parent_id",
            "municipality",
            "due_at",
            "case_id",
            postgresql_include=["kind", "stage"],
        ),
        CheckConstraint("last_seq >= 0", name="last_seq_not_negative"),
        CheckConstraint("extract(day FROM opened_on) = 1", name="opened_on_first_of_month"),
    )

    municipality: str = base.municipality()
    case_id: str = base.key()
    contract: str = base.words()
    contract_version: str = base.words()
    kind: str = base.words()
    case_number: str = base.words()
    parent_id: str | None = base.words_or_none()
    stage: str = base.words()
    owner: str | None = base.words_or_none()
    """The role that has to act next."""
    due_at: datetime | None = base.moment_or_none()
    target_at: datetime | None = base.moment_or_none()
    deadline: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    """The deadline as a value of ``domain.deadlines``, with the sentence that explains it."""
    stuck: str | None = base.words_or_none()
    """Why the case does not go on, or ``NULL``."""
    stuck_at: datetime | None = base.moment_or_none()
    escalated_to: str | None = base.words_or_none()
    state: dict[str, Any] = Field(sa_type=JSONB)
    """The case as a value of its domain module."""
    opened_at: datetime = base.moment()
    opened_on: date
    """The first of the month in which it was opened: where its events lie."""
    closed_at: datetime | None = base.moment_or_none()
    last_seq: int
    last_hash: str = base.words()


class LotCardRow(SQLModel, table=True):
    """One row of a delivered lot; the index refuses the same card delivered twice."""

    __tablename__ = "lot_card"
    __table_args__ = (
        _of_case(),
        _of_case("lot_id"),
        Index("uq_lot_card_delivery", "municipality", "ref", "delivered_on", unique=True),
        Index("ix_lot_card_lot", "municipality", "lot_id", "row_number"),
        CheckConstraint("row_number > 0", name="row_number_positive"),
    )

    municipality: str = base.municipality()
    case_id: str = base.key()
    lot_id: str = base.words()
    row_number: int
    ref: str = base.words()
    delivered_on: date
    result: str = base.words()
    reasons: list[str] = Field(sa_type=JSONB)
    route: str = base.words()


class PersonVaultRow(SQLModel, table=True):
    """Who a case is about, sealed with the key of the case."""

    __tablename__ = "person_vault"
    __table_args__ = (
        _of_case(),
        Index("ix_person_vault_name", "municipality", "name_key"),
        Index("ix_person_vault_kana", "municipality", "kana_key"),
        Index("ix_person_vault_phone", "municipality", "phone_key"),
        Index("ix_person_vault_mail", "municipality", "mail_key"),
    )

    municipality: str = base.municipality()
    case_id: str = base.key()
    sealed: bytes | None = base.sealed_or_none()
    """Ciphertext; ``NULL`` once erased."""
    name_key: bytes | None = base.sealed_or_none()
    """HMAC of the folded name: finds a name without holding one."""
    kana_key: bytes | None = base.sealed_or_none()
    phone_key: bytes | None = base.sealed_or_none()
    """Of a telephone number in E.164."""
    mail_key: bytes | None = base.sealed_or_none()


class DocumentRow(SQLModel, table=True):
    """Bytes that belong to a case, sealed with its key."""

    __tablename__ = "document"
    __table_args__ = (
        _of_case(),
        Index("uq_document_ordinal", "municipality", "case_id", "kind", "ordinal", unique=True),
        CheckConstraint("size_bytes >= 0", name="size_bytes_not_negative"),
        CheckConstraint("ordinal > 0", name="ordinal_positive"),
    )

    municipality: str = base.municipality()
    document_id: str = base.key()
    case_id: str = base.words()
    kind: str = base.words()
    ordinal: int
    """Counts documents of one kind; a notice made anew after one was void is the second."""
    name: str = base.words()
    media_type: str = base.words()
    size_bytes: int
    sha256: str = base.words()
    sealed: bytes | None = base.sealed_or_none()
    made_at: datetime = base.moment()


class LotDraftRow(SQLModel, table=True):
    """Lists that were uploaded for a preview and not taken over yet; purged after a day."""

    __tablename__ = "lot_draft"

    municipality: str = base.municipality()
    draft_id: str = base.key()
    account_id: str = base.words()
    sealed: bytes = base.sealed()
    made_at: datetime = base.moment()


class CustodyItemRow(SQLModel, table=True):
    """One thing and who holds it now."""

    __tablename__ = "custody_item"
    __table_args__ = (
        _of_case(),
        base.one_of("kind", ItemKind),
        base.one_of("holder", Holder),
        Index("ix_custody_item_lot", "municipality", "lot_id", "kind", "holder"),
    )

    municipality: str = base.municipality()
    item_id: str = base.key()
    case_id: str = base.words()
    lot_id: str | None = base.words_or_none()
    kind: str = base.words()
    holder: str = base.words()


class CustodyMovementRow(SQLModel, table=True):
    """One thing going from one holder to another; never changed, never deleted."""

    __tablename__ = "custody_movement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "item_id"], ["custody_item.municipality", "custody_item.item_id"]
        ),
        CheckConstraint("source <> target", name="goes_somewhere"),
    )

    municipality: str = base.municipality()
    item_id: str = base.key()
    event_seq: int = Field(primary_key=True)
    """The event of the case that moved it."""
    source: str = base.words()
    target: str = base.words()
    at: datetime = base.moment()


class SlipRow(SQLModel, table=True):
    """One hand-over of things with a count, until an official acknowledges or refuses it."""

    __tablename__ = "slip"
    __table_args__ = (
        _of_case("lot_id"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        Index("uq_slip_number", "municipality", "lot_id", "number", unique=True),
        Index(
            "ix_slip_waiting",
            "municipality",
            "made_at",
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    municipality: str = base.municipality()
    slip_id: str = base.key()
    lot_id: str = base.words()
    number: int
    quantity: int
    made_by: str = base.words()
    made_at: datetime = base.moment()
    settled_by: str | None = base.words_or_none()
    settled_at: datetime | None = base.moment_or_none()
    outcome: str | None = base.words_or_none()


class CaseCounterRow(SQLModel, table=True):
    """The last serial given to a kind of case in a year; case numbers come from here."""

    __tablename__ = "case_counter"
    __table_args__ = (CheckConstraint("last >= 0", name="last_not_negative"),)

    municipality: str = base.municipality()
    kind: str = base.key()
    year: int = Field(primary_key=True)
    last: int


class DrawnNumberRow(SQLModel, table=True):
    """A number that was drawn ahead and that no case has yet, and maybe none ever will."""

    __tablename__ = "drawn_number"

    municipality: str = base.municipality()
    case_number: str = base.key()
    kind: str = base.words()
    year: int
