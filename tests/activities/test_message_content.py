"""What a message says, to whom it goes, and what a name in it cannot do."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from activities.messages_sms import SmsFolder
from domain.booking.slots import DayPlan, Slot
from domain.calendars.hours import TOKYO
from domain.sending.outgoing import MessageState
from store import contract_state, guidance, inventory
from store.contract_state import AddedSite
from store.inventory import Shelf
from store.scope import scope
from tests.activities.outgoing import (
    ADDRESS,
    AT,
    FACTS,
    NAME,
    PERSON,
    PHONE,
    Office,
    a_message,
    refused,
)
from tests.mail_servers import Post, free_port, listening, mailer


async def test_rare_characters_arrive_as_they_are(office: Office) -> None:
    """
    A name is written as its bearer writes it, in head and body, with what to bring.
    """
    case, port = office.case(), free_port()
    with scope(office.engine, "chiba") as connection:
        _add_hall(connection)
        guidance.write(
            connection,
            "chiba",
            "chiba",
            site="hall",
            language="ja",
            text="・通知カード\n・本人確認書類",
            by="somebody",
            at=AT,
        )
    async with listening(Post(office.folder / "mail"), port) as post:
        sent = await office.sending(mailer(port)).send_message(a_message(case))
    (mail,) = post.mails()
    body = mail.get_content().replace("\r\n", "\n")

    assert "【千葉市】予約を受け付けました 2026年10月8日（木）13:00 𠮷野髙島屋" == (
        mail["Subject"].replace("　", " ")
    )
    assert body.startswith(f"{NAME} 様\n")
    assert "𠮷野髙島屋" in body
    assert "・通知カード\n・本人確認書類\n" in body
    assert "https://city.example/r/1\n" in body
    assert ("hall/ja/1", "hall/ja/1") == (
        sent.guidance_version,
        office.ledger(case).guidance_version,
    )
    assert ("千葉市 <no-reply@city.example>", "auto-generated") == (
        str(mail["From"]),
        mail["Auto-Submitted"],
    )
    assert NAME not in str(list(mail.items()))


@pytest.mark.parametrize(
    ("field", "hostile"),
    [
        ("name", "太田\r\nBcc: everybody@other.example\r\n\r\n振込先"),
        ("name", "太田\u2028Bcc: everybody@other.example\u0085\x00"),
        ("kana", "オオタ\nSubject: x"),
    ],
)
async def test_a_name_ends_no_line(office: Office, field: str, hostile: str) -> None:
    """
    Neither a field of the head nor a sentence of our own can be made of it.
    """
    person = {**PERSON, "name": None, field: hostile}
    case, port = office.case(person), free_port()
    async with listening(Post(office.folder / "mail"), port) as post:
        await office.sending(mailer(port)).send_message(a_message(case))
    (mail,) = post.mails()
    first, *others = mail.get_content().splitlines()

    assert [ADDRESS] == post.recipients
    assert None is mail["Bcc"]
    assert 1 == len(mail.get_all("Subject", []))
    assert first.endswith(" 様")
    assert not [each for each in others if "Bcc" in each or "振込先" in each]


@pytest.mark.parametrize(
    ("person", "word"),
    [
        ({**PERSON, "mail": f"{ADDRESS}\r\nRCPT TO:<x@other.example>"}, "address_unusable"),
        ({**PERSON, "mail": "nobody"}, "address_unusable"),
        ({**PERSON, "mail": None}, "address_missing"),
        (None, "person_erased"),
    ],
)
async def test_without_an_address_somebody_has_to_phone(
    office: Office, person: dict[str, Any] | None, word: str
) -> None:
    """
    No server is asked, and trying again would not help.
    """
    case, port = office.case(person), free_port()
    async with listening(Post(office.folder / "mail"), port) as post:
        found = await refused(office.sending(mailer(port)), a_message(case))

    assert (word, True) == found
    assert ([], MessageState.FAILED) == (post.recipients, office.ledger(case).state)


async def test_a_short_message_is_left_for_the_gateway_once(office: Office) -> None:
    """
    It names nobody: whoever looks at the telephone sees it.
    """
    case, folder = office.case(), office.folder / "sms"
    sending = office.sending(sms=SmsFolder(folder))
    for _ in range(2):
        await sending.send_message(a_message(case, means="sms"))
    (kept,) = (json.loads(path.read_text()) for path in folder.iterdir())

    assert PHONE == kept["to"]
    assert kept["text"].startswith("【千葉市】予約を受け付けました。10/8(木) 13:00")
    assert NAME not in kept["text"]
    assert 0o600 == next(folder.iterdir()).stat().st_mode & 0o777


@pytest.mark.parametrize("phone", ["+81431234567", "+81120123456", "118", "nothing"])
async def test_a_number_at_home_gets_no_short_message(office: Office, phone: str) -> None:
    """
    A carrier would take it and throw it away.
    """
    case = office.case({**PERSON, "phone": phone})
    sending = office.sending(sms=SmsFolder(office.folder / "sms"))

    assert ("address_unusable", True) == await refused(sending, a_message(case, means="sms"))


def _add_hall(connection: Connection) -> None:
    hall = AddedSite(
        site_id="hall",
        name="𠮷野髙島屋",
        address="千葉市中央区1-1",
        directions="3階 催事場",
        from_day=AT.date(),
        to_day=AT.date() + timedelta(days=30),
        agreement="協議1号",
        added_by="somebody",
        added_at=AT,
    )
    contract_state.add_site(connection, "chiba", "chiba", hall)


async def test_who_lost_their_time_reads_which_are_free_instead(office: Office) -> None:
    """
    For all who come, at the same place first; what is closed or too full is not named.
    """
    case, port = office.case(), free_port()
    begins = datetime(2026, 10, 8, 13, tzinfo=TOKYO)
    with scope(office.engine, "chiba") as connection:
        _add_hall(connection)
        for site, day, free in (("hall", 0, 0), ("hall", 1, 1), ("hall", 2, 2), ("mall", 0, 2)):
            _lay_out(connection, site, begins + timedelta(days=day), free)
    facts = FACTS | {"cause": "台風"}
    message = a_message(case, key="displaced/1", kind="displaced", facts=facts)
    async with listening(Post(office.folder / "mail"), port) as post:
        await office.sending(mailer(port)).send_message(message)
    body = post.mails()[0].get_content().replace("\r\n", "\n")

    assert (
        "■ いま空いている日時\n・2026年10月10日（土）13:00\n・2026年10月8日（木）13:00\n"
        in body
    )


def _lay_out(connection: Connection, site: str, at: datetime, free: int) -> None:
    """Offer an hour with so many places; none is a closed one."""
    slot = Slot(starts_at=at, ends_at=at + timedelta(hours=1), capacity=max(free, 1))
    cause = None if free else "台風"
    plan = DayPlan(
        day=at.date(),
        capacity=None,
        slots=(replace(slot, closed_cause=cause),),
        closed_cause=cause,
    )
    shelf = Shelf(municipality="chiba", contract="chiba", line="application", site=site)
    inventory.lay_out(connection, shelf, [plan])
