"""Notices of a lot: from the vault through the printing process to kept documents."""

import asyncio
import unicodedata
from collections.abc import Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from temporalio import activity

from activities.beating import beating
from activities.binding import Printed, bind, print_chunk, print_list
from contracts.book import ContractBook
from domain.calendars.hours import local
from domain.case import CaseRef
from domain.contract import Contract
from domain.errors import (
    AddresseeUnknown,
    DomainError,
    MissingGlyph,
    NoticeUnset,
)
from domain.lots.bundle import PAPER_TEXT
from domain.lots.card import Route
from domain.lots.notice import (
    DispatchList,
    DispatchRow,
    DocumentCount,
    DocumentSlip,
    NoticeData,
    NoticeList,
    NoticeRow,
    Slip,
    page_order,
)
from domain.refusals import refusals
from store import cases, lots, vault
from store.cases import CaseFile
from store.keys import KeyRing
from store.scope import scope
from store.vault import NewDocument
from workflows.messages import (
    BindNotices,
    MadeNotices,
    MakeNotices,
    PrintPapers,
    PrintSlip,
)
from workflows.ports import NoticePort

_PDF = "application/pdf"


class PrintedNotices(NoticePort):
    """Documents are kept under ids that follow from the case, so making twice is once."""

    def __init__(
        self, engine: Engine, keys: KeyRing, book: ContractBook, press: "Press"
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._book = book
        self._press = press

    @activity.defn(name="make_notices")
    @beating
    async def make_notices(self, make: MakeNotices) -> MadeNotices:
        contract = self._book.pinned(make.case.contract, make.case.contract_version)
        settings = contract.notice
        if settings is None:
            raise NoticeUnset("契約ファイルに交付通知書の様式が定められていません。")
        wanted = await asyncio.to_thread(self._wanted, make)
        printed = await self._press.run(
            print_chunk, wanted.notices, settings.form, settings.texts
        )
        await asyncio.to_thread(self._keep, make, wanted, printed)
        refused = wanted.refused | {
            wanted.cards[number]: why for number, why in printed.refused.items()
        }
        if refused and make.batch_id == "":
            # One card alone: whoever asked is told, not left with a notice that is missing.
            raise refusals().get(next(iter(refused.values())), MissingGlyph)(
                "通知書を作成できませんでした。氏名・住所の文字を確認してください。"
            )
        documents = {card: wanted.ids[card] for card in make.card_ids if card not in refused}
        return MadeNotices(documents=documents, refused=refused)

    @activity.defn(name="bind_notices")
    @beating
    async def bind_notices(self, bind_: BindNotices) -> str:
        document_id = f"{bind_.batch_id}-print"
        parts = await asyncio.to_thread(self._parts, bind_)
        bound = await self._press.run(bind, parts)
        document = NewDocument(
            document_id=document_id,
            kind="notices_to_print",
            name=f"交付通知書_{len(bind_.card_ids)}件.pdf",
            media_type=_PDF,
            content=bound,
        )
        await asyncio.to_thread(self._keep_one, bind_.lot, document, bind_.made_at)
        return document_id

    @activity.defn(name="print_slip")
    @beating
    async def print_slip(self, slip: PrintSlip) -> None:
        papers = await asyncio.to_thread(self._papers, slip)
        for kind, name, paper in papers:
            document = NewDocument(
                document_id=f"{slip.slip_id}-{kind}",
                kind=kind,
                name=name,
                media_type=_PDF,
                content=await self._press.run(print_list, paper),
            )
            await asyncio.to_thread(self._keep_one, slip.lot, document, slip.made_at)

    @activity.defn(name="print_papers")
    @beating
    async def print_papers(self, papers: PrintPapers) -> None:
        paper = await asyncio.to_thread(self._document_slip, papers)
        document = NewDocument(
            document_id=papers.document_id,
            kind="document_slip",
            name=f"書類引渡し票_{papers.bundle.number}.pdf",
            media_type=_PDF,
            content=await self._press.run(print_list, paper),
        )
        await asyncio.to_thread(self._keep_one, papers.lot, document, papers.made_at)

    def _document_slip(self, papers: PrintPapers) -> DocumentSlip:
        contract = self._book.pinned(papers.lot.contract, papers.lot.contract_version)
        with scope(self._engine, papers.lot.municipality) as connection:
            lot = cases.one_case(connection, papers.lot.case_id)
        number = f"{lot.case_number}-S{papers.bundle.number}"
        rows = tuple(
            DocumentCount(kind=PAPER_TEXT[each.kind], count=each.count)
            for each in papers.bundle.papers
        )
        head = replace(_slip_head(lot, contract, number, papers.made_at), due_on=None)
        return DocumentSlip(slip=head, rows=rows)

    def _wanted(self, make: MakeNotices) -> "_Wanted":
        municipality = make.case.municipality
        with scope(self._engine, municipality) as connection:
            files = _files(connection, make.card_ids)
            persons = vault.persons(connection, self._keys, municipality, make.card_ids)
        notices: list[NoticeData] = []
        refused: dict[str, str] = {}
        for card in make.card_ids:
            try:
                notices.append(_notice(files[card], persons.get(card), make.made_at))
            except DomainError as refusal:
                refused[card] = type(refusal).__name__
        return _Wanted(
            ids={card: f"{card}-notice-{_ordinal(make, file)}" for card, file in files.items()},
            notices=list(page_order(notices)),
            cards={file.case_number: card for card, file in files.items()},
            refused=refused,
        )

    def _keep(self, make: MakeNotices, wanted: "_Wanted", printed: Printed) -> None:
        documents = {
            wanted.cards[number]: NewDocument(
                document_id=wanted.ids[wanted.cards[number]],
                kind="issue_notice",
                name=f"交付通知書_{number}.pdf",
                media_type=_PDF,
                content=content,
            )
            for number, content in printed.per_person.items()
        }
        with scope(self._engine, make.case.municipality) as connection:
            vault.keep_documents(
                connection,
                self._keys,
                make.case.municipality,
                documents,
                made_at=make.made_at,
            )
            if make.batch_id and documents:
                part = NewDocument(
                    document_id=f"{make.batch_id}-part-{make.part}",
                    kind="notices_part",
                    name=f"交付通知書_{make.part}.pdf",
                    media_type=_PDF,
                    content=printed.print_file,
                )
                vault.keep_documents(
                    connection,
                    self._keys,
                    make.case.municipality,
                    {make.case.case_id: part},
                    made_at=make.made_at,
                )

    def _parts(self, bind_: BindNotices) -> list[bytes]:
        ids = [f"{bind_.batch_id}-part-{part}" for part in range(1, bind_.parts + 1)]
        with scope(self._engine, bind_.lot.municipality) as connection:
            there = vault.kept(connection, bind_.lot.municipality, ids)
            return [
                vault.open_document(connection, self._keys, bind_.lot, document_id)
                for document_id in ids
                if document_id in there
            ]

    def _keep_one(self, case: CaseRef, document: NewDocument, made_at: datetime) -> None:
        with scope(self._engine, case.municipality) as connection:
            vault.keep_documents(
                connection,
                self._keys,
                case.municipality,
                {case.case_id: document},
                made_at=made_at,
            )

    def _papers(self, slip: PrintSlip) -> list[tuple[str, str, NoticeList | DispatchList]]:
        municipality = slip.lot.municipality
        contract = self._book.pinned(slip.lot.contract, slip.lot.contract_version)
        with scope(self._engine, municipality) as connection:
            lot = cases.one_case(connection, slip.lot.case_id)
            files = _files(connection, slip.card_ids)
            mailed = [
                card
                for card, file in files.items()
                if file.state["value"]["route"] == Route.MAIL_TO_APPLICANT
            ]
            persons = vault.persons(connection, self._keys, municipality, mailed)
            made = lots.slips(connection, municipality, slip.lot.case_id)
        number = next(each.number for each in made if each.slip_id == slip.slip_id)
        head = _slip_head(lot, contract, f"{lot.case_number}-{number}", slip.made_at)
        papers: list[tuple[str, str, NoticeList | DispatchList]] = []
        given = [file for card, file in files.items() if card not in mailed]
        if given:
            papers.append(("notice_list", "交付通知書引継表.pdf", _notice_list(head, given)))
        if mailed:
            rows = tuple(_dispatch_row(files[card], persons.get(card)) for card in mailed)
            papers.append(("dispatch_list", "発送一覧.pdf", DispatchList(slip=head, rows=rows)))
        return papers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to be printed in one go."""

    ids: dict[str, str]
    """The document each card's notice becomes."""

    notices: list[NoticeData]
    cards: dict[str, str]
    """The card behind each case number."""

    refused: dict[str, str]


class Press:
    """The printing process; one that died is replaced before the next job."""

    def __init__(self, build: Any) -> None:
        """Take a function that returns a new executor with one process."""
        self._build = build
        self._executor: Executor = build()

    async def run(self, job: Any, *arguments: Any) -> Any:
        """Run a function of ``activities.binding`` and return what it returns."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, job, *arguments)
        except BrokenProcessPool:
            self._executor.shutdown(wait=False)
            self._executor = self._build()
            raise

    def close(self) -> None:
        """End the process."""
        self._executor.shutdown(wait=False, cancel_futures=True)


def _files(connection: Any, card_ids: Sequence[str]) -> dict[str, CaseFile]:
    return {card: cases.one_case(connection, card) for card in card_ids}


def _ordinal(make: MakeNotices, file: CaseFile) -> int:
    """Return which notice of the card this is; what the record says counts."""
    card = file.ref.case_id
    made: int = file.state["value"]["notices"]
    return make.ordinals.get(card, made + 1)


def _notice(file: CaseFile, person: dict[str, Any] | None, made_at: datetime) -> NoticeData:
    if person is None or not person["name"].strip() or not person["address"].strip():
        raise AddresseeUnknown("氏名または住所がありません。")
    return NoticeData(
        case_number=file.case_number,
        name=person["name"],
        postal_code=_postal_code(person["postal_code"]),
        address=person["address"],
        issued_on=local(made_at).date(),
    )


def _postal_code(written: str) -> str:
    digits = "".join(c for c in unicodedata.normalize("NFKC", written) if c.isdecimal())
    if len(digits) != 7:
        raise AddresseeUnknown("郵便番号が7桁ではありません。")
    return digits


def _slip_head(lot: CaseFile, contract: Contract, number: str, made_at: datetime) -> Slip:
    due = lot.due_at
    return Slip(
        slip_number=number,
        city_name=contract.municipality,
        made_on=local(made_at).date(),
        from_party="受託者",
        to_party=contract.municipality,
        reference=lot.case_number,
        due_on=local(due).date() if due else None,
    )


def _notice_list(head: Slip, files: Sequence[CaseFile]) -> NoticeList:
    ordered = sorted(files, key=lambda file: file.case_number)
    rows = tuple(
        NoticeRow(
            case_number=file.case_number,
            sealed="sealed" in file.state["value"]["stages"],
            remark="市へ返却" if file.state["value"]["route"] == Route.RETURN_TO_CITY else "",
        )
        for file in ordered
    )
    return NoticeList(slip=head, rows=rows)


def _dispatch_row(file: CaseFile, person: dict[str, Any] | None) -> DispatchRow:
    """Return the card's row; one without a usable address says so and stops no other."""
    try:
        if person is None:
            raise AddresseeUnknown("氏名または住所がありません。")
        return DispatchRow(
            case_number=file.case_number,
            name=person["name"],
            postal_code=_postal_code(person["postal_code"]),
            address=person["address"],
        )
    except DomainError:
        return DispatchRow(
            case_number=file.case_number,
            name="",
            postal_code="",
            address="",
            remark="あて先要確認",
        )
