"""Entries into a city's system and inquiries by month, as they are reported.

Belongs here: counting them, and an inquiry with the texts that were sealed with its record.
Does not belong here: lists of what waits (``store.cases``), bookings (``booking_shares``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select

from domain.calendars.hours import TOKYO
from domain.calls.external_entry import ENTERED, EntryKind
from domain.calls.external_entry import Stage as EntryStage
from domain.calls.inquiry import Inquiry, Transfer
from domain.case import CaseKind, CaseRef
from store import notes
from store.cases import ERASED, reasons
from store.keys import KeyGone, KeyRing
from store.record import CASE_EVENT, CASE_FILE
from store.values import ADAPTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCount:
    """The entries asked for in one month, by how they stand now."""

    requested: int
    entered: int
    withdrawn: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCount:
    """The calls that were to be put through to the city in one month."""

    taken: int
    called_back: int
    """Nobody took them; the city has called back, or has yet to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryRow:
    """One inquiry of a month, with what was asked and answered."""

    case_id: str
    case_number: str
    received_at: datetime
    closed_at: datetime | None
    inquiry: Inquiry
    question: str
    answers: tuple[str, ...]
    """One for each time that somebody dealt with it; a call back comes before the last."""


def count_entries(
    connection: Connection, municipality: str, contract: str, what: EntryKind, month: date
) -> EntryCount:
    """Return how many entries were asked for in a month."""
    rows = connection.execute(
        select(CASE_FILE.c.stage, func.count().label("cases"))
        .where(
            opened_in(municipality, contract, CaseKind.EXTERNAL_ENTRY, month),
            CASE_FILE.c.state["value"]["what"].astext == what,
        )
        .group_by(CASE_FILE.c.stage)
    )
    found = {row.stage: int(row.cases) for row in rows}
    return EntryCount(
        requested=sum(found.values()),
        entered=sum(found.get(each, 0) for each in ENTERED),
        withdrawn=found.get(EntryStage.WITHDRAWN, 0),
        waiting=found.get(EntryStage.TO_ENTER, 0),
    )


def count_inquiries(
    connection: Connection, municipality: str, contract: str, month: date
) -> int:
    """Return how many inquiries came in a month; those taken back did not."""
    wanted = and_(opened_in(municipality, contract, CaseKind.INQUIRY, month), notes.stands())
    return connection.execute(select(func.count()).where(wanted)).scalar_one()


def count_transfers(
    connection: Connection, municipality: str, contract: str, month: date
) -> TransferCount:
    """Return how many calls of a month's inquiries were taken by the city, and how many not."""
    result = CASE_EVENT.c.detail["result"].astext
    rows = connection.execute(
        select(result.label("result"), func.count().label("calls"))
        .join(
            CASE_FILE,
            and_(
                CASE_FILE.c.municipality == CASE_EVENT.c.municipality,
                CASE_FILE.c.opened_on == CASE_EVENT.c.opened_on,
                CASE_FILE.c.case_id == CASE_EVENT.c.case_id,
            ),
        )
        .where(
            opened_in(municipality, contract, CaseKind.INQUIRY, month),
            CASE_EVENT.c.action == "transfer_call",
        )
        .group_by(result)
    )
    found = {row.result: int(row.calls) for row in rows}
    return TransferCount(
        taken=found.get(Transfer.TAKEN, 0), called_back=found.get(Transfer.CALLBACK, 0)
    )


def inquiries(
    connection: Connection, keys: KeyRing, municipality: str, contract: str, month: date
) -> list[InquiryRow]:
    """Return the inquiries of a month, in the order in which they came."""
    files = connection.execute(
        select(
            CASE_FILE.c.case_id,
            CASE_FILE.c.case_number,
            CASE_FILE.c.contract_version,
            CASE_FILE.c.opened_on,
            CASE_FILE.c.opened_at,
            CASE_FILE.c.closed_at,
            CASE_FILE.c.state,
        )
        .where(opened_in(municipality, contract, CaseKind.INQUIRY, month), notes.stands())
        .order_by(CASE_FILE.c.opened_at, CASE_FILE.c.case_number)
    ).all()
    found = []
    for file in files:
        case = CaseRef(
            case_id=file.case_id,
            municipality=municipality,
            contract=contract,
            contract_version=file.contract_version,
            opened_on=file.opened_on,
        )
        texts = _texts(connection, keys, case)
        found.append(
            InquiryRow(
                case_id=file.case_id,
                case_number=file.case_number,
                received_at=file.opened_at,
                closed_at=file.closed_at,
                inquiry=ADAPTERS[CaseKind.INQUIRY].validate_python(file.state["value"]),
                question=texts[0] if texts else "",
                answers=tuple(texts[1:]),
            )
        )
    return found


def _texts(connection: Connection, keys: KeyRing, case: CaseRef) -> Sequence[str]:
    """Return the question, and then what was said each time somebody dealt with it."""
    rows = connection.execute(
        select(CASE_EVENT.c.seq, CASE_EVENT.c.sealed_reason)
        .where(
            CASE_EVENT.c.municipality == case.municipality,
            CASE_EVENT.c.opened_on == case.opened_on,
            CASE_EVENT.c.case_id == case.case_id,
            CASE_EVENT.c.action.in_(("inquiry_received", "close_inquiry")),
            CASE_EVENT.c.sealed_reason.is_not(None),
        )
        .order_by(CASE_EVENT.c.seq)
    ).all()
    try:
        opened = reasons(
            connection, keys, case, {str(row.seq): bytes(row.sealed_reason) for row in rows}
        )
    except KeyGone:
        return [ERASED for _ in rows]
    return [opened[str(row.seq)] for row in rows]


def opened_in(
    municipality: str, contract: str, kind: CaseKind, month: date
) -> ColumnElement[bool]:
    """Return which cases of a kind were opened in a month of Tokyo's calendar."""
    begins = month.replace(day=1)
    ends = (begins + timedelta(days=32)).replace(day=1)
    return and_(
        CASE_FILE.c.municipality == municipality,
        CASE_FILE.c.contract == contract,
        CASE_FILE.c.kind == kind,
        CASE_FILE.c.opened_at >= _midnight(begins),
        CASE_FILE.c.opened_at < _midnight(ends),
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TOKYO)
