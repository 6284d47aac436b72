"""The mailbox of a demo: each city's own mails, and a record of who opened one."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from temporalio.exceptions import ApplicationError

from activities.messages_sms import SmsFolder
from domain.calendars.hours import TOKYO
from domain.parties import Role
from store import access
from store.scope import scope
from tests.activities.outgoing import NAME, PHONE, Office, a_message
from tests.mail_servers import Post, free_port, listening, mailer
from tests.stack import Stack


@pytest.fixture
async def kept(stack: Stack) -> tuple[str, str]:
    """A mail and a short message of Chiba, by their names; the product shows them."""
    office = Office(stack.engine, stack.keys, stack.folder)
    case, port = office.case(), free_port()
    post = Post(stack.folder / "mail")
    sms = stack.folder / "sms"
    sending = office.sending(mailer(port), SmsFolder(sms))
    async with listening(post, port):
        await sending.send_message(a_message(case))
    await sending.send_message(a_message(case, means="sms", key="reminder/1", kind="reminder"))
    show(stack, post.folder, sms)
    return _only(post.folder), _only(sms)


def _only(folder: Path) -> str:
    (name,) = (path.stem for path in folder.iterdir())
    return name


def show(stack: Stack, mail: Path | None, sms: Path | None) -> None:
    """Let the product show what lies in the folders."""
    stack.app.state.desk = replace(stack.app.state.desk, mail_dir=mail, sms_dir=sms)


async def open_page(
    stack: Stack, path: str, role: Role = Role.CALL_AGENT, city: str = "chiba"
) -> httpx.Response:
    """Open a page as somebody of a city, while Chiba's contract ran."""
    stack.clock.now = datetime(2022, 7, 20, 9, 0, tzinfo=TOKYO)
    return await stack.as_(role, city).get(path)


async def test_a_city_sees_what_it_has_sent(stack: Stack, kept: tuple[str, str]) -> None:
    """
    The list names nobody; the message itself does.
    """
    listed = await open_page(stack, "/demo/mail")
    opened = await open_page(stack, f"/demo/mail/{kept[0]}")

    assert 200 == listed.status_code
    assert "予約を受け付けました" in listed.text
    assert "ご予約のお知らせ" in listed.text
    assert NAME not in listed.text
    assert f"{NAME} 様" in opened.text
    assert 'href="https://city.example/r/1"' in opened.text


async def test_opening_a_message_is_recorded(stack: Stack, kept: tuple[str, str]) -> None:
    """
    It says who somebody is, like the page of their case.
    """
    answers = [await open_page(stack, f"/demo/mail/{name}") for name in kept]
    with scope(stack.engine, "chiba") as connection:
        found = access.accesses(connection)

    assert PHONE in answers[1].text
    assert ["GET /demo/mail/{name}"] * 2 == [each.route for each in found]


async def test_another_city_sees_nothing_of_it(stack: Stack, kept: tuple[str, str]) -> None:
    """
    One demo serves five cities from one folder.
    """
    listed = await open_page(stack, "/demo/mail", Role.CLERK, "ota")

    assert "まだ何も送信していません" in listed.text
    assert (
        404 == (await open_page(stack, f"/demo/mail/{kept[0]}", Role.CLERK, "ota")).status_code
    )


@pytest.mark.parametrize("name", ["../master", "..%2F..%2Fkeys%2Fmaster", "x", "0" * 20, "%00"])
async def test_no_other_file_can_be_opened(
    stack: Stack, kept: tuple[str, str], name: str
) -> None:
    """
    A name is a name of ours or none.
    """
    assert 404 == (await open_page(stack, f"/demo/mail/{name}")).status_code


async def test_outside_a_demo_there_is_no_mailbox(stack: Stack, kept: tuple[str, str]) -> None:
    """
    Mails that reach people are theirs alone; nor does the menu speak of it.
    """
    menu = (await open_page(stack, "/")).text
    show(stack, None, None)
    paths = ("/demo/mail", f"/demo/mail/{kept[0]}")
    answers = [await open_page(stack, path) for path in paths]

    assert 'href="/demo/mail"' in menu
    assert [404, 404] == [answer.status_code for answer in answers]
    assert "/demo/mail" not in (await open_page(stack, "/")).text


async def test_what_has_not_left_is_told_with_its_tries(stack: Stack) -> None:
    """
    Whoever looks for a mail that is not there learns why.
    """
    office = Office(stack.engine, stack.keys, stack.folder)
    case, sending = office.case(), office.sending()
    for _ in range(2):
        with pytest.raises(ApplicationError, match="no_server"):
            await sending.send_message(a_message(case))
    show(stack, stack.folder / "mail", None)

    page = (await open_page(stack, "/demo/mail")).text

    assert "送信できていません（2回試みました）" in page
    assert "送信サーバーが設定されていません" in page
