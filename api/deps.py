"""What routes ask for. Database work happens in ``def`` functions, on threads.

Each opens its own transaction and closes it before a route awaits Temporal: a route may
wait half a minute for a course, and must hold no connection meanwhile.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Protocol

from fastapi import Depends, Header, Request
from sqlalchemy import Engine
from temporalio.client import Client, WorkflowHistory
from temporalio.testing import TimeSkipper

from api.access.auth import CurrentPerson, route_of
from api.access.door import Person, now_in_tokyo
from contracts.book import ContractBook
from contracts.loader import LoadedContract
from contracts.running import as_running
from devices.photo_gate import PhotoGate
from domain.applications.quality import QualityReport
from domain.booking.reservation_list import ReservationList
from domain.contract import Contract
from domain.contract import deadline as contract_deadline
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import NotComputable
from domain.defects.defect_letter import DefectLetter
from domain.errors import UnknownContract
from domain.forms import refuse_individual_number
from domain.handoff_sheet import HandoffSheet
from domain.records.replay import Replayed
from domain.sending.daily_report import DailyReport
from store import access, cases, contract_state
from store.cases import CaseFile
from store.keys import KeyRing
from store.scope import scope


class ListFiles(Protocol):
    """What turns a reservation list into files."""

    async def workbook(self, paper: ReservationList) -> bytes:
        """Return the list as XLSX."""

    async def paper(
        self,
        paper: ReservationList | DailyReport | HandoffSheet | DefectLetter | QualityReport,
    ) -> bytes:
        """Return a list, a sheet, a letter or a report as PDF."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the routes of one process work with."""

    engine: Engine
    keys: KeyRing
    book: ContractBook
    temporal: Client
    clock: Callable[[], datetime] = now_in_tokyo
    rehearsal: TimeSkipper | None = None
    """Set only where cases may be fast-forwarded."""

    replay: Callable[[WorkflowHistory], Awaitable[Replayed]] | None = None
    """Runs a history again with the code of today; commands that open no web do without."""

    build_id: str = ""
    """Which code that is."""

    files: ListFiles | None = None
    """Makes files of lists; commands that open no web do without."""

    photos: PhotoGate | None = None
    """Looks at photos; commands that open no web do without."""

    public_url: str | None = None
    """Under which address citizens reach the pages; ``None``: the one they asked under."""

    mail_dir: Path | None = None
    """Where mails are that reached nobody; set only in a demo, which shows them."""

    sms_dir: Path | None = None
    """The same of short messages."""


async def desk(request: Request) -> Desk:
    """Return what the server put together."""
    found: Desk = request.app.state.desk
    return found


TheDesk = Annotated[Desk, Depends(desk)]


def access_case(case_id: str, person: CurrentPerson, desk: TheDesk) -> CaseFile:
    """Return the case if it is one of the caller's municipality.

    The only way a route gets hold of a case. One of another city and one that does not
    exist give the same answer, so nobody can probe for numbers.

    Raises:
        CaseUnknown: Either of the two.
    """
    with scope(desk.engine, person.municipality) as connection:
        return cases.one_case(connection, case_id)


AccessedCase = Annotated[CaseFile, Depends(access_case)]

VIEWED = "案件の表示"
"""The purpose of a view for which nobody named another one."""


def view_case(
    file: AccessedCase, person: CurrentPerson, desk: TheDesk, request: Request
) -> CaseFile:
    """Return the case to a route that shows it, after recording who looks at it.

    Showing whom the case is about is recorded besides, with the purpose that was named.

    Raises:
        CaseUnknown: As with ``access_case``.
    """
    note_view(desk, person, file.ref.case_id, request)
    return file


def note_view(desk: Desk, person: Person, case_id: str, request: Request) -> None:
    """Record that somebody looks at a case."""
    with scope(desk.engine, person.municipality) as connection:
        access.record_access(
            connection,
            account_id=person.account_id,
            case_ids=[case_id],
            purpose=VIEWED,
            route=route_of(request),
            now=desk.clock(),
        )


ViewedCase = Annotated[CaseFile, Depends(view_case)]


def access_contract(slug: str, person: CurrentPerson, desk: TheDesk) -> LoadedContract:
    """Return the newest version of a contract if it is one of the caller's municipality.

    Raises:
        UnknownContract: It is another's, or there is none.
    """
    if slug != person.municipality:
        raise UnknownContract("この名前の契約はありません。")
    return desk.book.current(slug)


AccessedContract = Annotated[LoadedContract, Depends(access_contract)]


async def see_contract(slug: str, desk: TheDesk) -> LoadedContract:
    """Return the newest version of any contract, for reading.

    What a city has put out to tender is public, and a provider compares its contracts;
    what happens under a contract is its municipality's alone.

    Raises:
        UnknownContract: There is none.
    """
    return desk.book.current(slug)


SeenContract = Annotated[LoadedContract, Depends(see_contract)]


async def idempotency_key(
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")
    ] = None,
) -> str:
    """Return the caller's key: asking again with it gives the first answer again.

    Who sends none asks something new each time.

    Raises:
        ForbiddenNumber: The key is an Individual Number; keys are kept.
    """
    if idempotency_key is not None:
        refuse_individual_number(idempotency_key)
    return idempotency_key or secrets.token_hex(16)


IdempotencyKey = Annotated[str, Depends(idempotency_key)]


def in_force(desk: Desk, person: Person, loaded: LoadedContract, day: date) -> Contract:
    """Return the contract as it runs on a day: signed, with the places added to it.

    Raises:
        ContractDateMissing: Nobody entered the day it was signed.
        OutsideTerm: Its term has not begun, or is over.
    """
    contract = running(desk, person.municipality, loaded)
    contract.require_in_term(day)
    return contract


def running(desk: Desk, municipality: str, loaded: LoadedContract) -> Contract:
    """Return the contract with the day it was signed, and prolonged if it was.

    Raises:
        ContractDateMissing: Nobody entered the day it was signed.
    """
    contract = loaded.contract
    with scope(desk.engine, municipality) as connection:
        signed = contract_state.contract_date(connection, municipality, contract.slug)
        longer = contract_state.extension(connection, municipality, contract.slug)
    return as_running(
        contract,
        signed=signed,
        until=longer.until if longer else None,
        agreement=longer.agreement if longer else "",
    )


def deadline_for(
    desk: Desk, municipality: str, contract: Contract, rule_id: str, anchor: date | datetime
) -> Deadline | None:
    """Return the deadline that ``anchor`` starts, on the calendar as closures left it.

    ``None`` where the contract has no such rule or the day cannot be worked out.
    """
    rule = next((rule for rule in contract.due_rules if rule.id == rule_id), None)
    if rule is None:
        return None
    with scope(desk.engine, municipality) as connection:
        added = contract_state.closures(connection, municipality, contract.slug, rule.calendar)
    closures = [each.closure for each in added]
    found = contract_deadline(contract, rule_id, anchor, closures)
    return None if isinstance(found, NotComputable) else found


def new_case_id(now: datetime, place: int = 0) -> str:
    """Return a new id; later ones sort behind, so that new rows lie side by side.

    Args:
        now: When the case begins.
        place: Among cases that begin together, in the order they are to be shown.
    """
    return f"{int(now.timestamp() * 1000):012x}{place:06x}{secrets.token_hex(7)}"
