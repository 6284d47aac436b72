"""Sending messages to people outside, each of them once, and keeping book of it.

Belongs here: the order of claim, words, hand-over and mark. Does not belong here: when a
message is owed (``domain``), SMTP (``activities.mail``), statements (``store.messages``).

Name, address and number come out of the vault here and go to nobody but the server: neither
the course nor the ledger nor a log ever holds them.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from typing import Any

import structlog
from jinja2 import TemplateError
from sqlalchemy import Connection, Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities import mail, messages_sms
from activities.mail import Mailer, NotSent
from activities.messages_facts import Guide, Link, Told, Venue, language_of, told
from activities.messages_sms import Sms, SmsGateway
from activities.messages_text import (
    TELLS_GUIDANCE,
    WITHOUT_LINK,
    letter,
    short_message,
    with_lines,
)
from contracts.book import ContractBook
from domain.booking.reservation_clock import MessageKind
from domain.booking.slots import last_bookable_day
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import DomainError
from domain.sending.outgoing import Carrier, MessageState, Problem
from store import (
    availability,
    cases,
    contact_numbers,
    contract_state,
    guidance,
    messages,
    vault,
)
from store.inventory import Shelf
from store.keys import KeyGone, KeyRing
from store.messages import MessageEntry, NewMessage, Turn
from store.scope import scope
from workflows.messages import GivenUpMessage, GiveUpMessage, SendMessage, SentMessage
from workflows.options import MESSAGE_REFUSED
from workflows.ports import MessagePort

log = structlog.get_logger()

LEASE = timedelta(minutes=2)
"""After which a try that shows no end is taken for dead; longer than any attempt may last."""

MOST_OFFERED = 3
"""Times named to somebody who lost theirs; all others stand behind the link."""

_FAR = timedelta(days=62)
_ASK_AGAIN = timedelta(seconds=10)
_LANGUAGE_TAGS = {"easy": "ja"}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    """A mail ready to leave."""

    recipient: Address
    content: bytes
    guidance_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Short:
    """A short message ready to leave."""

    sms: Sms
    guidance_version: str = ""


class OutgoingMessages(MessagePort):
    """Sends by mail and by short message.

    A key that is marked as sent is not sent again, however often it is asked for and by how
    many at a time. Between the server's word that it took a mail and the mark lies one
    moment in which a crash leaves us not knowing. Then the mail is sent once more, with the
    same Message-ID and the same date, by which mailboxes recognise a repetition: told twice
    does less harm than not told.
    """

    def __init__(
        self,
        engine: Engine,
        keys: KeyRing,
        book: ContractBook,
        *,
        mailer: Mailer,
        sms: SmsGateway,
        sender: str,
        link: Link,
        lease: timedelta = LEASE,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Put it together.

        Args:
            engine: Of the application's role.
            keys: What the vault is opened with.
            book: The contracts.
            mailer: Hands mails over.
            sms: Hands short messages over.
            sender: The address that mails come from; every city's name stands before it.
            link: Makes the address of a booking.
            lease: After which a try is taken for dead.
            clock: What time it is on the wall.
        """
        self._engine, self._keys, self._book = engine, keys, book
        self._mailer, self._sms, self._link = mailer, sms, link
        self._sender = mail.address(sender)
        self._lease, self._clock = lease, clock

    @activity.defn(name="send_message")
    async def send_message(self, message: SendMessage) -> SentMessage:
        turn, entry = await asyncio.to_thread(self._claim, message)
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
            ready = await asyncio.to_thread(self._prepare, message, entry)
            await self._hand_over(ready)
        except NotSent as trouble:
            await asyncio.to_thread(self._mark_problem, message, trouble)
            log.warning(
                "message_not_sent",
                case_id=message.case.case_id,
                municipality=message.case.municipality,
                kind=message.kind,
                attempt=entry.tries,
                error=str(trouble.problem),
            )
            raise _failure(trouble.problem, final=trouble.final) from None
        return await asyncio.to_thread(self._mark_sent, message, entry, ready.guidance_version)

    @activity.defn(name="give_up_message")
    def give_up_message(self, given_up: GiveUpMessage) -> GivenUpMessage:
        with scope(self._engine, given_up.case.municipality) as connection:
            entry = messages.give_up(connection, given_up.case, given_up.key)
        sent = entry is not None and entry.state is MessageState.SENT
        return GivenUpMessage(key=given_up.key, sent=sent, tries=entry.tries if entry else 0)

    def _claim(self, message: SendMessage) -> tuple[Turn, MessageEntry]:
        case = message.case
        new = NewMessage(
            key=message.key,
            kind=message.kind,
            means=Carrier(message.means),
            message_id=mail.new_message_id(
                case.municipality, case.case_id, message.key, self._sender
            ),
            made_at=message.at,
        )
        with scope(self._engine, case.municipality) as connection:
            return messages.claim(connection, case, new, now=self._clock(), lease=self._lease)

    def _prepare(self, message: SendMessage, entry: MessageEntry) -> _Mail | _Short:
        case = message.case
        try:
            contract = self._book.pinned(case.contract, case.contract_version)
            with scope(self._engine, case.municipality) as connection:
                person = self._person(connection, message)
                about = self._told(connection, message, contract)
            if entry.means is Carrier.SMS:
                return _short(message, entry, person, about)
            return self._mail(message, entry, person, about, contract)
        except KeyGone:
            raise NotSent(Problem.PERSON_ERASED, final=True) from None
        except (TemplateError, LookupError, ValueError, DomainError):
            # Ours to mend; when it is, the message goes out with the next try.
            raise NotSent(Problem.TEXT) from None

    def _person(self, connection: Connection, message: SendMessage) -> dict[str, Any]:
        case = message.case
        found = vault.persons(connection, self._keys, case.municipality, [case.case_id])
        if case.case_id not in found:
            raise NotSent(Problem.PERSON_ERASED, final=True)
        return found[case.case_id]

    def _told(self, connection: Connection, message: SendMessage, contract: Contract) -> Told:
        case, facts = message.case, message.facts
        added = contract_state.sites(connection, case.municipality, case.contract)
        entered = contact_numbers.current(connection, case.municipality, case.contract)
        generation = facts.get("generation")
        link, guide = "", None
        if isinstance(generation, int) and message.kind not in WITHOUT_LINK:
            link = self._link(case, generation)
        if message.kind in TELLS_GUIDANCE:
            guide = guidance.current(
                connection,
                case.municipality,
                case.contract,
                site=str(facts.get("site") or ""),
                language=language_of(facts),
            )
        return told(
            contract,
            facts,
            number=cases.one_case(connection, case.case_id).case_number,
            places={
                each.site_id: Venue(
                    name=each.name, address=each.address, directions=each.directions
                )
                for each in added
            },
            link=link,
            free=self._free(connection, message, contract),
            telephone=entered.telephone if entered else None,
            guide=with_lines(Guide(version=guide.version, text=guide.text)) if guide else None,
        )

    def _free(
        self, connection: Connection, message: SendMessage, contract: Contract
    ) -> list[tuple[datetime, str]]:
        """Return the next times for those who lost theirs; as of when they are written to."""
        facts, slug = message.facts, message.case.contract
        if message.kind != MessageKind.DISPLACED:
            return []
        line = contract.booking(str(facts["line"]))
        party = facts.get("party")
        if not line.has_slots:
            return []
        last = last_bookable_day(line, message.at) or local(message.at).date() + _FAR
        return availability.next_free(
            connection,
            Shelf(
                municipality=message.case.municipality,
                contract=slug,
                line=line.id,
                site=str(facts.get("site") or ""),
            ),
            last,
            message.at + timedelta(minutes=line.closes_minutes_before),
            places=line.places_for(party if isinstance(party, int) else 1),
            most=MOST_OFFERED,
        )

    def _mail(
        self,
        message: SendMessage,
        entry: MessageEntry,
        person: dict[str, Any],
        about: Told,
        contract: Contract,
    ) -> _Mail:
        recipient = mail.address(_reach(person, "mail"))
        language = language_of(message.facts)
        written = letter(
            message.kind, language, str(person.get("name") or person["kana"]), about
        )
        content = mail.compose(
            sender=Address(
                display_name=contract.municipality,
                username=self._sender.username,
                domain=self._sender.domain,
            ),
            recipient=recipient,
            subject=written.subject,
            body=written.body,
            message_id=entry.message_id,
            at=entry.made_at,
            language=_LANGUAGE_TAGS.get(language, language),
        )
        version = about.guide.version if about.guide else ""
        return _Mail(recipient=recipient, content=content, guidance_version=version)

    async def _hand_over(self, ready: _Mail | _Short) -> None:
        if isinstance(ready, _Mail):
            await self._mailer.send(self._sender, ready.recipient, ready.content)
        else:
            await self._sms.send(ready.sms)

    def _mark_sent(
        self, message: SendMessage, entry: MessageEntry, guidance_version: str
    ) -> SentMessage:
        now = self._clock()
        with scope(self._engine, message.case.municipality) as connection:
            messages.mark_sent(
                connection,
                message.case,
                message.key,
                guidance_version=guidance_version or None,
                now=now,
            )
        return SentMessage(
            key=entry.key,
            message_id=entry.message_id,
            tries=entry.tries,
            sent_at=now,
            guidance_version=guidance_version,
        )

    def _mark_problem(self, message: SendMessage, trouble: NotSent) -> None:
        with scope(self._engine, message.case.municipality) as connection:
            messages.mark_problem(
                connection, message.case, message.key, trouble.problem, final=trouble.final
            )


def _short(
    message: SendMessage, entry: MessageEntry, person: dict[str, Any], about: Told
) -> _Short:
    """Return a short message; it has no room for guidance, which the link shows."""
    sms = Sms(
        message_id=entry.message_id,
        to=messages_sms.number(_reach(person, "phone")),
        text=short_message(message.kind, language_of(message.facts), about),
        at=entry.made_at,
    )
    return _Short(sms=sms)


def _reach(person: dict[str, Any], means: str) -> str:
    found = person.get(means)
    if not isinstance(found, str) or not found.strip():
        raise NotSent(Problem.ADDRESS_MISSING, final=True)
    return found


def _sent(entry: MessageEntry) -> SentMessage:
    """Return what was sent before, or refuse what was given up or refused."""
    if entry.state is not MessageState.SENT or entry.sent_at is None:
        raise _failure(entry.last_problem, final=True)
    return SentMessage(
        key=entry.key,
        message_id=entry.message_id,
        tries=entry.tries,
        sent_at=entry.sent_at,
        guidance_version=entry.guidance_version or "",
    )


def _failure(problem: Problem | None, *, final: bool) -> ApplicationError:
    return ApplicationError(
        str(problem or "given_up"),
        type=MESSAGE_REFUSED if final else "MessageNotSent",
        non_retryable=final,
        category=ApplicationErrorCategory.BENIGN,
    )
