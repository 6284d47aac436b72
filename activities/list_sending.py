"""A day's list and report on their way to the city: the locked file, and its mail.

Belongs here: reading them, locking them, keeping the file, and sending it once. Does not
belong here: what stands in them (``store.day_lists``, ``store.daily_figures``), formats
(``activities.list_files``), when they are owed (``domain.sending.list_sending``,
``activities.day_close``).
"""

import asyncio
import email
import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from functools import cache

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from pydantic import TypeAdapter
from sqlalchemy import Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities import mail
from activities.beating import beating
from activities.list_files import ListFiles, locked, note_of, to_workbook
from activities.mail import Mailer, NotSent
from activities.render import TEMPLATES
from contracts.book import ContractBook
from domain.booking.reservation_list import COLUMNS, ReservationList
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import clock, local
from domain.case import CaseRef
from domain.errors import DomainError
from domain.lots.list_errors import ListRecipientUnset
from domain.sending.daily_report import DailyReport, Figures, Part, ReportTerms
from domain.sending.list_recipient import ListRecipient
from domain.sending.list_sending import ListFile
from domain.sending.outgoing import Carrier, MessageState, Problem
from domain.writing.csv_files import Encoding, to_csv
from store import daily_figures, day_lists, list_recipients, listed_people, messages, vault
from store.day_lists import Asked, Found
from store.keys import KeyGone, KeyRing
from store.messages import MessageEntry, NewMessage, Turn
from store.scope import scope
from store.vault import NewDocument
from workflows.list_messages import MadeList, MakeList, SendList, SentList
from workflows.options import MESSAGE_REFUSED
from workflows.ports import ListPort

log = structlog.get_logger()

KIND = "reservation_list"
MOST_PRINTED = 1500
"""Rows of which paper is made; more would fill hundreds of pages that nobody reads."""

LEASE = timedelta(minutes=2)
"""As in ``activities.messages_sending``."""

_ASK_AGAIN = timedelta(seconds=10)
_FIGURES: TypeAdapter[Figures | None] = TypeAdapter(Figures | None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What was read of a day, at once."""

    found: Found
    report: DailyReport | None
    """``None`` where the contract asks for the list alone."""


def _now() -> datetime:
    return datetime.now(UTC)


class CityLists(ListPort):
    """Files are kept under ids that the course chose, so making twice is once."""

    def __init__(
        self,
        engine: Engine,
        keys: KeyRing,
        book: ContractBook,
        files: ListFiles,
        *,
        mailer: Mailer,
        sender: str,
        wall: Callable[[], datetime] = _now,
    ) -> None:
        """Put it together.

        Args:
            engine: Of the application's role.
            keys: What vault and passwords are opened with.
            book: The contracts.
            files: Makes the files.
            mailer: Hands mails over.
            sender: The address that mails come from.
            wall: What time it is on the wall.
        """
        self._engine, self._keys, self._book = engine, keys, book
        self._files, self._mailer, self._wall = files, mailer, wall
        self._sender = mail.address(sender)

    @activity.defn(name="make_list")
    @beating
    async def make_list(self, make: MakeList) -> MadeList:
        kept = await asyncio.to_thread(self._kept, make.case, make.document_id)
        if kept is not None:
            return MadeList(file=kept)
        recipient = await asyncio.to_thread(self._recipient, make.case)
        day = await asyncio.to_thread(self._read, make)
        parts = await self._list_files(day.found.paper, make.day)
        note = _note(make, day, printed=any(name.endswith(".pdf") for name in parts))
        if day.report is not None:
            parts[f"{_name(make.day, make.terms)}.pdf"] = await self._files.paper(day.report)
        archive = await asyncio.to_thread(
            locked, parts, password=recipient.password, note=note, at=make.as_of
        )
        await asyncio.to_thread(self._keep, make, archive, day.found.shown)
        # Of two attempts at once the first one's file counts.
        first = await asyncio.to_thread(self._kept, make.case, make.document_id)
        assert first is not None, "kept a moment ago"
        return MadeList(file=first)

    @activity.defn(name="send_list")
    async def send_list(self, send: SendList) -> SentList:
        turn, entry = await asyncio.to_thread(self._claim, send)
        if turn is Turn.OTHERS:
            raise ApplicationError(
                "another attempt is at it",
                type="MessageInHand",
                next_retry_delay=_ASK_AGAIN,
                category=ApplicationErrorCategory.BENIGN,
            )
        if turn is Turn.OVER:
            return _sent(entry)
        try:
            recipient = await asyncio.to_thread(self._recipient, send.case)
            address = mail.address(recipient.address)
            content = await asyncio.to_thread(self._letter, send, entry, address)
            await self._mailer.send(self._sender, address, content)
        except NotSent as trouble:
            await asyncio.to_thread(self._mark_problem, send, trouble)
            log.warning(
                "message_not_sent",
                case_id=send.case.case_id,
                municipality=send.case.municipality,
                kind=KIND,
                attempt=entry.tries,
                error=str(trouble.problem),
            )
            raise _failure(trouble.problem, final=trouble.final) from None
        return await asyncio.to_thread(self._mark_sent, send, entry, recipient.address)

    # The file.

    def _recipient(self, case: CaseRef) -> ListRecipient:
        found = None
        # Erased at the contract's end: then nobody is to get anything any more.
        with suppress(KeyGone), scope(self._engine, case.municipality) as connection:
            found = list_recipients.current(
                connection, self._keys, case.municipality, case.contract
            )
        if found is None:
            raise ListRecipientUnset(
                "業務責任者か現地管理者が、送り先とパスワードを登録します。"
            )
        return found

    def _read(self, make: MakeList) -> _Day:
        contract = self._book.pinned(make.case.contract, make.case.contract_version)
        with scope(self._engine, make.case.municipality) as connection:
            found = day_lists.read(
                connection,
                self._keys,
                contract,
                Asked(first=make.day, last=None),
                as_of=make.as_of,
                sees=lambda _: True,
            )
            if make.terms is None:
                return _Day(found=found, report=None)
            report = DailyReport(
                city_name=contract.municipality,
                day=make.day,
                terms=make.terms,
                figures=daily_figures.of_day(
                    connection, contract.slug, contract.slug, make.day, make.terms
                ),
                as_of=make.as_of,
                rows=len(found.paper.rows),
                places=tuple(day_lists.place_names(connection, contract).items()),
            )
        return _Day(found=found, report=report)

    async def _list_files(self, paper: ReservationList, day: date) -> dict[str, bytes]:
        name = _name(day)
        rows = {row.number: row.cells() for row in paper.rows}
        parts = {
            f"{name}.xlsx": await asyncio.to_thread(to_workbook, paper),
            f"{name}.csv": to_csv(tuple(COLUMNS.values()), rows, Encoding.UTF_8),
        }
        if len(paper.rows) <= MOST_PRINTED:
            try:
                parts[f"{name}.pdf"] = await self._files.paper(paper)
            except DomainError as refused:
                # A name that no font can draw must not keep the whole list from the city.
                log.warning("list_not_printed", error=type(refused).__name__)
        return parts

    def _keep(self, make: MakeList, archive: bytes, people: Sequence[str]) -> None:
        document = NewDocument(
            document_id=make.document_id,
            kind=KIND,
            name=f"{_name(make.day, make.terms)}.zip",
            media_type="application/zip",
            content=archive,
        )
        with scope(self._engine, make.case.municipality) as connection:
            vault.keep_documents(
                connection,
                self._keys,
                make.case.municipality,
                {make.case.case_id: document},
                made_at=make.as_of,
            )
            listed_people.keep(connection, make.case.municipality, make.document_id, people)

    def _kept(self, case: CaseRef, document_id: str) -> ListFile | None:
        with scope(self._engine, case.municipality) as connection:
            if not vault.kept(connection, case.municipality, [document_id]):
                return None
            archive = vault.open_document(connection, self._keys, case, document_id)
        note = json.loads(note_of(archive))
        return ListFile(
            document_id=document_id,
            sha256=hashlib.sha256(archive).hexdigest(),
            rows=note["rows"],
            people=note["people"],
            size_bytes=len(archive),
            as_of=datetime.fromisoformat(note["as_of"]),
            printed=note["printed"],
            figures=_FIGURES.validate_python(note.get("figures")),
        )

    # The mail.

    def _claim(self, send: SendList) -> tuple[Turn, MessageEntry]:
        case = send.case
        message_id = mail.new_message_id(
            case.municipality, case.case_id, send.key, self._sender
        )
        new = NewMessage(
            key=send.key,
            kind=KIND,
            means=Carrier.MAIL,
            message_id=message_id,
            made_at=send.at,
        )
        with scope(self._engine, case.municipality) as connection:
            return messages.claim(connection, case, new, now=self._wall(), lease=LEASE)

    def _letter(self, send: SendList, entry: MessageEntry, recipient: Address) -> bytes:
        case, file = send.case, send.file
        city = self._book.pinned(case.contract, case.contract_version).municipality
        try:
            with scope(self._engine, case.municipality) as connection:
                archive = vault.open_document(connection, self._keys, case, file.document_id)
        except KeyGone:
            raise NotSent(Problem.PERSON_ERASED, final=True) from None
        words = _words(send, city)
        sender = Address(
            display_name=city, username=self._sender.username, domain=self._sender.domain
        )
        plain = mail.compose(
            sender=sender,
            recipient=recipient,
            subject=_block("subject", words),
            body=_block("body", words).strip() + "\n",
            message_id=entry.message_id,
            at=entry.made_at,
            language="ja",
        )
        letter = email.message_from_bytes(plain, EmailMessage, policy=WIRE)
        letter.add_attachment(
            archive,
            maintype="application",
            subtype="zip",
            filename=str(words["name"]),
        )
        return letter.as_bytes()

    def _mark_sent(self, send: SendList, entry: MessageEntry, address: str) -> SentList:
        now, municipality = self._wall(), send.case.municipality
        with scope(self._engine, municipality) as connection:
            messages.mark_sent(connection, send.case, send.key, guidance_version=None, now=now)
            listed_people.sent(
                connection, municipality, send.file.document_id, to=address, at=now
            )
        return SentList(
            key=send.key, message_id=entry.message_id, tries=entry.tries, sent_at=now
        )

    def _mark_problem(self, send: SendList, trouble: NotSent) -> None:
        with scope(self._engine, send.case.municipality) as connection:
            messages.mark_problem(
                connection, send.case, send.key, trouble.problem, final=trouble.final
            )


def _name(day: date, terms: ReportTerms | None = None) -> str:
    """Return what a file is called: the list's name, or that of the whole report."""
    if terms is None:
        return f"reservation-list-{day:%Y%m%d}"
    again = f"-v{terms.version}" if terms.version > 1 else ""
    return f"daily-report-{day:%Y%m%d}{again}"


def _note(make: MakeList, day: _Day, *, printed: bool) -> str:
    """Return what stands in clear beside the files: counts, and nobody's name."""
    paper = day.found.paper
    note = {
        "rows": len(paper.rows),
        "people": paper.people,
        "as_of": local(make.as_of).isoformat(),
        "printed": printed,
    }
    if day.report is not None:
        note["figures"] = _FIGURES.dump_python(day.report.figures, mode="json")
    return json.dumps(note)


def _words(send: SendList, city: str) -> dict[str, object]:
    """Return what the mail tells: days, counts and a digest, and nobody's name."""
    file, as_of = send.file, local(send.file.as_of)
    return {
        "city": city,
        "day": day_ja(send.day, year=True),
        "days": f"{day_ja(send.day, year=True)}以後",
        "as_of": f"{day_ja(as_of.date(), year=True)} {clock(as_of.time())}",
        "rows": file.rows,
        "people": file.people,
        "printed": file.printed,
        "sha256": file.sha256,
        "name": f"{_name(send.day, send.terms)}.zip",
        "version": send.terms.version if send.terms else 1,
        "told": _told(send),
    }


def _told(send: SendList) -> list[tuple[str, str]]:
    """Return the numbers of the report; that of visitors only where a venue was held."""
    if send.terms is None or send.file.figures is None:
        return []
    told = send.file.figures.told
    shown = told if Part.VISITORS in send.terms.parts else told[:-1]
    return [(name, f"{number or 0:,}") for name, number in shown]


def _sent(entry: MessageEntry) -> SentList:
    """Return what was sent before, or refuse what was given up or refused."""
    if entry.state is not MessageState.SENT or entry.sent_at is None:
        raise _failure(entry.last_problem, final=True)
    return SentList(
        key=entry.key, message_id=entry.message_id, tries=entry.tries, sent_at=entry.sent_at
    )


def _failure(problem: Problem | None, *, final: bool) -> ApplicationError:
    return ApplicationError(
        str(problem or "given_up"),
        type=MESSAGE_REFUSED if final else "MessageNotSent",
        non_retryable=final,
        category=ApplicationErrorCategory.BENIGN,
    )


def _block(block: str, words: dict[str, object]) -> str:
    return str(render_block(_environment(), f"{KIND}/mail.txt.j2", block, words))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701  # plain text, of which no word is a person's
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
