"""A message to somebody outside arrives once, whatever fails meanwhile."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.mail import Server, SmtpMailer
from activities.messages_sending import LEASE
from domain.sending.outgoing import MessageState, Problem
from ops.mail_sink import HERE
from store import messages, shredding
from store.messages import MessageEntry, Turn
from store.scope import scope
from tests.activities.outgoing import ADDRESS, AT, Office, a_message, refused
from tests.builders import SITE_MANAGER
from tests.mail_servers import Post, free_port, listening, mailer
from tests.visits_at_hand import add_line
from workflows.messages import GiveUpMessage, SentMessage


async def test_a_message_that_was_sent_is_not_sent_again(office: Office) -> None:
    """
    Whoever lost the answer asks again, and is told what was done the first time.
    """
    case, port = office.case(), free_port()
    sending = office.sending(mailer(port))
    async with listening(Post(office.folder / "mail"), port) as post:
        first = await sending.send_message(a_message(case))
        second = await sending.send_message(a_message(case))
        other = await sending.send_message(a_message(case, key="booking_confirmed/2"))

    assert first == second
    assert [ADDRESS, ADDRESS] == post.recipients
    assert [first.message_id, other.message_id] == [m["Message-ID"] for m in post.mails()]


async def test_of_ten_who_ask_at_the_same_time_one_sends(office: Office) -> None:
    """
    The engine may give one attempt to two workers; the others are told to come back.
    """
    case, port = office.case(), free_port()
    sending = office.sending(mailer(port))
    async with listening(Post(office.folder / "mail"), port) as post:
        answers = await asyncio.gather(
            *(sending.send_message(a_message(case)) for _ in range(10)), return_exceptions=True
        )

    assert 1 == len(post.mails())
    busy = [each for each in answers if isinstance(each, ApplicationError)]
    assert {("MessageInHand", False)} >= {(str(b.type), b.non_retryable) for b in busy}
    assert 10 == len(busy) + sum(isinstance(each, SentMessage) for each in answers)


async def test_without_the_ledger_all_ten_would_send(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The control for the test above.
    """
    case, port = office.case(), free_port()
    claim = messages.claim

    def careless(*given: Any, **named: Any) -> tuple[Turn, MessageEntry]:
        return Turn.OURS, claim(*given, **named)[1]

    monkeypatch.setattr(messages, "claim", careless)
    sending = office.sending(mailer(port))
    async with listening(Post(office.folder / "mail"), port) as post:
        await asyncio.gather(*(sending.send_message(a_message(case)) for _ in range(10)))

    assert 10 == len(post.mails())


async def test_while_the_server_is_away_tries_are_counted(office: Office) -> None:
    """
    A list can say that it has not left, and how often it was tried; then it arrives once.
    """
    case, port = office.case(), free_port()
    sending = office.sending(mailer(port))

    tries = [await refused(sending, a_message(case)) for _ in range(3)]
    meanwhile = office.not_sent()
    async with listening(Post(office.folder / "mail"), port) as post:
        sent = await sending.send_message(a_message(case))

    assert [("no_connection", False)] * 3 == tries
    assert [(MessageState.QUEUED, 3, Problem.NO_CONNECTION)] == meanwhile
    assert (4, []) == (sent.tries, office.not_sent())
    assert [sent.message_id] == [each["Message-ID"] for each in post.mails()]


@pytest.mark.parametrize(
    ("answers", "word", "final"),
    [
        ({"RCPT": f"550 5.1.1 <{ADDRESS}> unknown"}, Problem.RECIPIENT_REFUSED, True),
        ({"RCPT": f"451 4.7.1 <{ADDRESS}> later"}, Problem.SERVER_BUSY, False),
        ({"DATA": "452 4.3.1 no room"}, Problem.SERVER_BUSY, False),
        ({"DATA": "554 5.6.0 not this"}, Problem.SERVER_REFUSED, True),
    ],
)
async def test_what_the_server_says_decides_on_another_try(
    office: Office, answers: dict[str, str], word: Problem, final: bool
) -> None:
    """
    A refusal for good is somebody's to phone about; nothing of what was said is repeated.
    """
    case, port = office.case(), free_port()
    sending = office.sending(mailer(port))
    post = Post(office.folder / "mail")
    post.to_recipient, post.to_content = answers.get("RCPT"), answers.get("DATA")
    async with listening(post, port):
        first = await refused(sending, a_message(case))
        post.to_recipient = post.to_content = None
        if final:
            again: object = await refused(sending, a_message(case))
        else:
            again = (await sending.send_message(a_message(case))).tries
    state = MessageState.FAILED if final else MessageState.SENT

    assert (word, final) == first
    assert again == ((word, True) if final else 2)
    assert (state, 0 if final else 1) == (office.ledger(case).state, len(post.mails()))


@pytest.mark.parametrize(
    ("scheme", "word"),
    [("smtp+tls", Problem.TLS), ("smtps", Problem.TLS), ("smtp", Problem.LOGIN)],
)
async def test_a_server_that_cannot_what_we_insist_on_gets_nothing(
    office: Office, scheme: str, word: Problem
) -> None:
    """
    Neither a name in clear nor a password; the operator is told what to look at.
    """
    case, port = office.case(), free_port()
    who = "user:pw@" if scheme == "smtp" else ""
    sending = office.sending(SmtpMailer(Server.at(f"{scheme}://{who}{HERE}:{port}")))
    async with listening(Post(office.folder / "mail"), port) as post:
        found = await refused(sending, a_message(case))

    assert ((word, False), []) == (found, post.recipients)


async def test_a_crash_before_the_mark_brings_the_same_mail_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Told twice is better than not told; a mailbox knows the repetition by its Message-ID.
    """
    case, port = office.case(), free_port()
    sending = office.sending(mailer(port))

    def crash(*given: Any, **named: Any) -> None:
        raise ConnectionError("the machine went away")

    async with listening(Post(office.folder / "mail"), port) as post:
        with monkeypatch.context() as broken:
            broken.setattr(messages, "mark_sent", crash)
            with pytest.raises(ConnectionError):
                await sending.send_message(a_message(case))
        too_early = await refused(sending, a_message(case))
        office.now += LEASE + timedelta(seconds=1)
        sent = await sending.send_message(replace(a_message(case), at=AT + timedelta(hours=1)))
    one, other = post.contents()

    assert ("another attempt is at it", False) == too_early
    assert one == other
    assert (2, MessageState.SENT) == (sent.tries, office.ledger(case).state)


async def test_whoever_was_erased_is_not_written_to(office: Office) -> None:
    """
    The ledger stays, for it holds nothing of them.
    """
    case = office.case()
    add_line(office.engine, office.keys, case, key="end", closed=True)
    with scope(office.engine, "chiba") as connection:
        shredding.shred_case(
            connection,
            office.keys,
            "chiba",
            case.case_id,
            by=SITE_MANAGER,
            why="retention_over",
            at=AT,
        )

    assert ("person_erased", True) == await refused(office.sending(), a_message(case))


async def test_a_message_given_up_does_not_leave_later(office: Office) -> None:
    """
    Once somebody was asked to phone, a late mail would only confuse.
    """
    case, port = office.case(), free_port()
    sending = office.sending(mailer(port))
    await refused(sending, a_message(case))

    given_up = sending.give_up_message(GiveUpMessage(case=case, key="booking_confirmed/1"))
    async with listening(Post(office.folder / "mail"), port) as post:
        found = await refused(sending, a_message(case))

    assert (False, 1) == (given_up.sent, given_up.tries)
    assert (True, []) == (found[1], post.mails())
    assert MessageState.GIVEN_UP is office.ledger(case).state


async def test_what_has_left_cannot_be_given_up(office: Office) -> None:
    """
    Whoever gives it up is told that it left.
    """
    case, port = office.case(), free_port()
    sending = office.sending(mailer(port))
    async with listening(Post(office.folder / "mail"), port):
        await sending.send_message(a_message(case))

    assert sending.give_up_message(GiveUpMessage(case=case, key="booking_confirmed/1")).sent
    assert not sending.give_up_message(GiveUpMessage(case=case, key="never_tried/1")).sent


async def test_a_fault_of_ours_is_counted_and_mended_later(office: Office) -> None:
    """
    A fact that is missing stops nothing for good: the next version sends it.
    """
    case = office.case()
    message = a_message(case, facts={"line": "application"})

    assert ("text", False) == await refused(office.sending(), message)
    assert [(MessageState.QUEUED, 1, Problem.TEXT)] == office.not_sent()
