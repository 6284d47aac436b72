"""The list of every operating day on its way to Chiba: opened, locked, mailed, recorded."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import openpyxl
import pytest
import pyzipper  # type: ignore[import-untyped]
from sqlalchemy import text
from temporalio.testing import ActivityEnvironment

from activities.day_close import DayCloser
from domain.calendars.hours import TOKYO
from domain.parties import Role
from domain.sending.daily_report import Figures, ReportTerms
from store import cases, contract_state, listed_people
from store.contract_state import Extension
from store.scope import scope
from tests.bookings import venue
from tests.bookings.recipient import ADDRESS, PASSWORD, agree
from tests.mail_servers import Post, free_port, listening, mailer
from tests.stack import Caller, Stack, eventually
from workflows.list_messages import MakeList

FRIDAY = datetime(2022, 10, 7, 9, 0, tzinfo=TOKYO)
SATURDAY = date(2022, 10, 8)
CLOSED = datetime(2022, 10, 9, 0, 0, tzinfo=TOKYO)
NAME = "reservation-list-20221008"
REPORT = "daily-report-20221008"
REPORTED = f"{REPORT}.pdf"


def closer(stack: Stack, now: datetime) -> DayCloser:
    """Return what looks at the end of days, at a moment."""
    return DayCloser(stack.engine, stack.keys, stack.book, clock=lambda: now)


def lists(stack: Stack) -> list[dict[str, Any]]:
    """Return the cases of lists, by operating day."""
    with scope(stack.engine, venue.CITY) as connection:
        rows = connection.execute(
            text(
                "SELECT case_id, case_number, stage, due_at,"
                " state->'value'->>'day' AS day FROM case_file"
                " WHERE kind = 'list_sending' ORDER BY day"
            )
        )
        return [dict(row._mapping) for row in rows]


async def opened(stack: Stack, *, week: int = 0) -> str:
    """Book for a Saturday, let it end, and return the case of its list.

    The id of the case follows from the day: tests that run courses take a week each.
    """
    later = timedelta(weeks=week)
    saturday = SATURDAY + later
    venue.prepare(stack, saturday, now=FRIDAY + later)
    await venue.book(stack, people=2, starts_at=venue.at(14, day=saturday))
    await venue.book(stack, starts_at=venue.at(10, day=saturday))
    stack.clock.now = CLOSED + later
    assert 2 == closer(stack, CLOSED + later).look()
    return str(lists(stack)[1]["case_id"])


async def stage(clerk: Caller, case_id: str) -> str:
    """Return how far a list has come."""
    return str((await clerk.case(case_id))["stage"])


async def event(clerk: Caller, case_id: str, action: str) -> dict[str, Any]:
    """Return the newest line of a kind in the record of a list, once there is one."""

    async def look() -> list[dict[str, Any]]:
        return [e for e in await clerk.timeline(case_id) if e["action"] == action]

    return (await eventually(look))[-1]


def unlocked(archive: bytes, password: str = PASSWORD) -> dict[str, bytes]:
    """Return the files of an archive."""
    with pyzipper.AESZipFile(io.BytesIO(archive)) as opened_archive:
        opened_archive.setpassword(password.encode())
        return {name: opened_archive.read(name) for name in opened_archive.namelist()}


@pytest.mark.req("CHIBA-29")
async def test_each_operating_day_gets_its_case_when_its_work_is_over(stack: Stack) -> None:
    """
    A Friday on the telephone, a Saturday at a venue: due on Tuesday, Monday is a holiday.
    """
    venue.prepare(stack, SATURDAY, now=FRIDAY)

    before = [
        closer(stack, FRIDAY.replace(hour=23, minute=59)).look(),
        closer(stack, CLOSED - timedelta(seconds=1)).look(),
    ]
    on_time = closer(stack, CLOSED).look()
    again = closer(stack, CLOSED + timedelta(days=2)).look()

    assert ([0, 1], 1, 0) == (before, on_time, again)
    due = datetime(2022, 10, 11, 15, 0, tzinfo=TOKYO)
    assert [("2022-10-07", due), ("2022-10-08", due)] == [
        (each["day"], each["due_at"]) for each in lists(stack)
    ]
    assert "CHIBA-S22-000002" == lists(stack)[1]["case_number"][:16]


async def test_no_day_is_forgotten_while_nothing_ran(stack: Stack) -> None:
    """
    A week later every operating day of it has its case, with the deadline that it had.
    """
    venue.prepare(stack, SATURDAY, now=FRIDAY)

    made = closer(stack, datetime(2022, 10, 14, 16, 0, tzinfo=TOKYO)).look()

    days = ["2022-10-07", "2022-10-08", "2022-10-11", "2022-10-12", "2022-10-13"]
    assert (5, days) == (made, [each["day"] for each in lists(stack)])
    assert datetime(2022, 10, 12, 6, 0, tzinfo=UTC) == lists(stack)[2]["due_at"]


async def test_two_who_look_at_once_open_one_case_a_day(stack: Stack) -> None:
    """
    Several workers run, and none of them waits for the other.
    """
    venue.prepare(stack, SATURDAY, now=FRIDAY)
    looking = [closer(stack, CLOSED).look for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        made = [each.result() for each in [pool.submit(look) for look in looking]]

    assert (2, 2) == (sum(made), len(lists(stack)))


async def test_a_contract_that_is_not_signed_owes_nothing(stack: Stack) -> None:
    """
    Neither does one whose term is over.
    """
    stack.clock.now = FRIDAY
    unsigned = closer(stack, CLOSED).look()
    stack.sign(venue.CITY, venue.SIGNED)

    over = closer(stack, datetime(2023, 6, 9, 18, 0, tzinfo=TOKYO)).look()

    assert (0, 0) == (unsigned, over)


async def test_a_prolonged_contract_owes_lists_on_the_holidays_of_its_longer_term(
    stack: Stack,
) -> None:
    """
    The file knows the holidays of its own years only; Monday is one of 2026.
    """
    stack.clock.now = datetime(2026, 11, 20, 9, 0, tzinfo=TOKYO)
    stack.sign(venue.CITY, venue.SIGNED)
    longer = Extension(until=date(2027, 3, 31), agreement="変更契約第2号")
    with scope(stack.engine, venue.CITY) as connection:
        contract_state.extend(connection, venue.CITY, venue.CITY, longer)

    made = closer(stack, stack.clock.now + timedelta(hours=15)).look()

    due = datetime(2026, 11, 24, 15, 0, tzinfo=TOKYO)
    assert (1, [due]) == (made, [each["due_at"] for each in lists(stack)])


def sent_about(stack: Stack, event: dict[str, Any]) -> dict[str, set[str]]:
    """Return to whom the data of which reservations went with a file."""
    document, found = event["detail"]["document"], dict[str, set[str]]()
    with scope(stack.engine, venue.CITY) as connection:
        for case_id in listed_people.people_in(connection, venue.CITY, document):
            for each in listed_people.disclosures(connection, venue.CITY, case_id):
                if each.document_id == document:
                    found.setdefault(each.sent_to, set()).add(case_id)
    return found


@pytest.mark.req("CHIBA-29")
async def test_the_city_gets_a_file_that_only_it_can_open(stack: Stack) -> None:
    """
    The list as of then; the record has who, when, how many rows and which file.
    """
    post, port = Post(folder=stack.folder / "post"), free_port()
    stack.mailer = mailer(port)
    venue.prepare(stack, now=FRIDAY)
    await agree(stack)
    case_id = await opened(stack)
    clerk = stack.as_(Role.CLERK, venue.CITY)

    async with listening(post, port), stack.staffed():
        sent = await event(clerk, case_id, "list_sent")

    # The Friday's list goes as well; it holds what is ahead, too.
    (letter,) = [each for each in post.mails() if "10月8日" in each["Subject"]]
    (attached,) = letter.iter_attachments()
    archive = attached.get_payload(decode=True)
    assert isinstance(archive, bytes)
    assert {ADDRESS} == set(post.recipients)
    assert f"{REPORT}.zip" == attached.get_filename()
    assert sha256(archive).hexdigest() == sent["detail"]["sha256"]
    assert (2, 3, "mail", "system") == (
        *(sent["detail"][name] for name in ("rows", "people", "means")),
        sent["actor"],
    )
    files = unlocked(archive)
    assert {*(f"{NAME}.{kind}" for kind in ("xlsx", "csv", "pdf")), REPORTED} == set(files)
    sheet = openpyxl.load_workbook(io.BytesIO(files[f"{NAME}.xlsx"])).active
    assert sheet is not None
    shown = (
        await clerk.get(
            f"/api/v1/contracts/{venue.CITY}/reservation-list", day=SATURDAY.isoformat()
        )
    ).json()["items"]
    assert [row["case_number"] for row in shown] == [
        row[4] for row in sheet.iter_rows(4, values_only=True)
    ]
    assert {ADDRESS: {row["case_id"] for row in shown}} == sent_about(stack, sent)
    with pytest.raises(RuntimeError, match="Bad password"):
        unlocked(archive, "another-Password-2022")
    assert ("sent", True) == (await stage(clerk, case_id), bool(sent["detail"]["late"]))


async def test_neither_the_mail_nor_the_archive_names_anybody_in_clear(stack: Stack) -> None:
    """
    Whoever reads the mail on its way learns a day and a count.
    """
    post, port = Post(folder=stack.folder / "post"), free_port()
    stack.mailer = mailer(port)
    venue.prepare(stack, now=FRIDAY + timedelta(weeks=1))
    await agree(stack)
    case_id = await opened(stack, week=1)

    async with listening(post, port), stack.staffed():
        await event(stack.as_(Role.CLERK, venue.CITY), case_id, "list_sent")

    for letter in post.mails():
        text_part = letter.get_body(("plain",))
        assert text_part is not None
        (attached,) = letter.iter_attachments()
        archive = attached.get_payload(decode=True)
        assert isinstance(archive, bytes)
        clear = text_part.get_content() + str(letter["Subject"]) + archive.decode("latin-1")
        for secret in ("ハナコ", "043-245", "+8143", PASSWORD, "千葉港"):
            assert secret not in clear
            assert secret.encode() not in archive
        assert "PDFは入れていません" not in clear


async def test_without_a_recipient_the_list_waits_for_staff(stack: Stack) -> None:
    """
    Ordered, it says what is missing; entered, it can be ordered again.
    """
    post, port = Post(folder=stack.folder / "post"), free_port()
    stack.mailer = mailer(port)
    case_id = await opened(stack, week=2)
    clerk = stack.as_(Role.CLERK, venue.CITY)
    waiting = await stage(clerk, case_id)

    async with listening(post, port), stack.staffed():
        refused = await clerk.act(case_id, "make_list_file")
        await clerk.act(case_id, "send_list")
        told = await event(clerk, case_id, "list_not_sent")
        await agree(stack)
        again = await clerk.act(case_id, "send_list")
        await event(clerk, case_id, "list_sent")

    assert "to_send" == waiting
    assert "ListRecipientUnset" == refused.json()["code"] == told["detail"]["trouble"]
    assert (200, 1) == (again.status_code, len(post.mails()))


async def test_a_file_can_be_fetched_and_its_delivery_recorded(stack: Stack) -> None:
    """
    For a city that takes no mail: who took it there, how, and which file.
    """
    case_id = await opened(stack, week=3)
    await agree(stack)
    clerk = stack.as_(Role.CLERK, venue.CITY)

    async with stack.staffed():
        made = await clerk.act(case_id, "make_list_file")
        page = await stack.http.get(
            f"/cases/{case_id}/documents/{case_id}-file-1",
            headers={"Authorization": f"Bearer {clerk.token}", "Accept": "text/html"},
        )
        done = await clerk.act(
            case_id, "record_list_delivery", means="medium", reason="区政推進課へ手渡し"
        )
        delivered = await event(clerk, case_id, "record_list_delivery")
        shown = await stack.http.get(
            f"/cases/{case_id}",
            headers={"Authorization": f"Bearer {clerk.token}", "Accept": "text/html"},
        )

    assert "日次報告を市へ渡したことを記録しました" in shown.text
    assert "記録媒体の手渡し" in shown.text
    assert [200, 200, 200] == [each.status_code for each in (made, page, done)], made.text
    assert 4 == len(unlocked(page.content))
    assert sha256(page.content).hexdigest() == delivered["detail"]["sha256"]
    assert ("medium", "区政推進課へ手渡し", True) == (
        delivered["detail"]["means"],
        delivered["reason"],
        done.json()["closed"],
    )


async def test_making_the_file_twice_is_making_it_once(stack: Stack) -> None:
    """
    An attempt whose answer was lost must not leave a record of another file.
    """
    case_id = await opened(stack)
    await agree(stack)
    maker = stack.city_lists()
    with scope(stack.engine, venue.CITY) as connection:
        ref = cases.one_case(connection, case_id).ref
    terms = ReportTerms(since=SATURDAY, venue=True)
    make = MakeList(case=ref, document_id="d-1", day=SATURDAY, as_of=CLOSED, terms=terms)

    first, *others = await asyncio.gather(
        *(ActivityEnvironment().run(maker.make_list, make) for _ in range(3))
    )

    file = first.file
    assert [first, first] == others
    assert (2, 3, True, CLOSED) == (file.rows, file.people, file.printed, file.as_of)
    assert Figures(visitors=()) == file.figures


async def test_a_name_that_no_font_draws_does_not_keep_the_list_from_the_city(
    stack: Stack,
) -> None:
    """
    The tables go as they are, and the record says that there is no paper.
    """
    venue.prepare(stack, SATURDAY, now=FRIDAY)
    rare = venue.PERSON | {"name": "山田 \U0001e900"}
    await venue.book(stack, starts_at=venue.at(10, day=SATURDAY), applicant=rare)
    stack.clock.now = CLOSED
    closer(stack, CLOSED).look()
    await agree(stack)
    case_id = str(lists(stack)[1]["case_id"])
    with scope(stack.engine, venue.CITY) as connection:
        ref = cases.one_case(connection, case_id).ref
    make = MakeList(case=ref, document_id="d-1", day=SATURDAY, as_of=CLOSED)

    made = await ActivityEnvironment().run(stack.city_lists().make_list, make)

    assert (1, False) == (made.file.rows, made.file.printed)
