"""What sends messages, on a database of a test's own, with somebody to write to.

Belongs here: putting it together as production does, and reading the ledger. Servers stand
in `tests/mail_servers.py`.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from temporalio.exceptions import ApplicationError

from activities.mail import Mailer, NoMailer
from activities.messages_sending import OutgoingMessages
from activities.messages_sms import NoSms, SmsGateway
from contracts.book import ContractBook
from domain.case import CaseRef
from domain.sending.outgoing import MessageState, Problem
from store import messages
from store.keys import KeyRing
from store.messages import MessageEntry
from store.scope import scope
from tests.visits_at_hand import open_visit
from workflows.messages import Facts, SendMessage

NAME, KANA = "髙橋 𠮷子", "タカハシ　ヨシコ"
ADDRESS, PHONE = "yoshiko..t@docomo.example", "+819012345678"
PERSON = {"name": NAME, "kana": KANA, "mail": ADDRESS, "phone": PHONE}
AT = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)
FACTS: Facts = {
    "line": "application",
    "site": "hall",
    "starts_at": "2026-10-08T13:00:00+09:00",
    "party": 2,
    "generation": 1,
    "language": "ja",
}


class Office:
    """Everything that sends, on a database of the test's own, and its ledger."""

    def __init__(self, engine: Engine, keys: KeyRing, folder: Path) -> None:
        self.engine, self.keys = engine, keys
        self.book = ContractBook(lambda *_: None)
        self.folder = folder
        self.now = AT

    def case(self, person: dict[str, Any] | None = PERSON) -> CaseRef:
        """Return a case of Chiba with somebody in its vault."""
        return open_visit(self.engine, self.keys, municipality="chiba", person=person)

    def sending(
        self, mailer: Mailer | None = None, sms: SmsGateway | None = None
    ) -> OutgoingMessages:
        """Return what sends, as production puts it together."""
        return OutgoingMessages(
            self.engine,
            self.keys,
            self.book,
            mailer=mailer or NoMailer(),
            sms=sms or NoSms(),
            sender="no-reply@city.example",
            link=lambda case, generation: f"https://city.example/r/{generation}",
            clock=lambda: self.now,
        )

    def ledger(self, case: CaseRef) -> MessageEntry:
        """Return the one message of a case."""
        with scope(self.engine, "chiba") as connection:
            (entry,) = messages.of_case(connection, case)
        return entry

    def not_sent(self) -> list[tuple[MessageState, int, Problem | None]]:
        """Return what a list of troubles shows."""
        with scope(self.engine, "chiba") as connection:
            found = messages.not_sent(connection, "chiba")
        return [(each.state, each.tries, each.last_problem) for each in found]


def a_message(case: CaseRef, **more: Any) -> SendMessage:
    """Return a confirmation by mail."""
    given: dict[str, Any] = {
        "key": "booking_confirmed/1",
        "kind": "booking_confirmed",
        "means": "mail",
        "at": AT,
        "facts": FACTS,
    }
    return SendMessage(case=case, **(given | more))


async def refused(sending: OutgoingMessages, message: SendMessage) -> tuple[str, bool]:
    """Return the word of a failure and whether it is final."""
    with pytest.raises(ApplicationError) as caught:
        await sending.send_message(message)
    assert caught.value.__cause__ is None
    return str(caught.value.message), caught.value.non_retryable
