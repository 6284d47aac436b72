"""The reservation list: what it holds, who sees whom, and the same rows as files."""

import csv
import io
from typing import Any

import httpx
import openpyxl
import pytest
from sqlalchemy import text

from domain.booking.reservation_list import COLUMNS, HIDDEN
from domain.parties import Role
from store.scope import scope
from tests.activities import pdf_reading
from tests.bookings import venue
from tests.stack import Stack

LIST = f"/api/v1/contracts/{venue.CITY}/reservation-list"
OTHER = "ward-hall"
RARE = venue.PERSON | {"name": "𠮷田 〜子", "kana": "ヨシダ ミチコ"}
HEAD = list(COLUMNS.values())


async def booked(stack: Stack) -> list[str]:
    """Book at two places, out of the order of time; return the numbers in that order."""
    venue.prepare(stack)
    venue.prepare(stack, site=OTHER)
    late = await venue.book(stack, 16, people=2)
    early = await venue.book(stack, 13)
    elsewhere = await venue.book(stack, 14, venue=OTHER)
    gone = await venue.book(stack, 15, applicant=RARE)
    assert 200 == (await venue.step(stack, gone, "cancel")).status_code
    held = await venue.hold(stack, venue.wanted(17))
    given_up = await venue.hold(stack, venue.wanted(18))
    assert {201} == {held.status_code, given_up.status_code}
    assert 200 == (await venue.step(stack, given_up.json(), "cancel")).status_code
    return [each["case_number"] for each in (early, elsewhere, gone, late)]


async def rows(stack: Stack, role: Role = Role.CLERK, **asked: Any) -> list[dict[str, Any]]:
    """Return the rows that somebody is shown."""
    asked.setdefault("day", venue.DAY.isoformat())
    answer = await stack.as_(role, venue.CITY).get(LIST, **asked)
    assert 200 == answer.status_code, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def file(
    stack: Stack, kind: str, role: Role = Role.CLERK, **asked: Any
) -> httpx.Response:
    """Take the list along."""
    caller = stack.as_(role, venue.CITY)
    return await caller.get(f"{LIST}/{kind}", day=venue.DAY.isoformat(), **asked)


def in_database(stack: Stack) -> list[tuple[str, str, int]]:
    """Return what was booked, by time, as the tables have it."""
    with scope(stack.engine, venue.CITY) as connection:
        found = connection.execute(
            text(
                "SELECT case_number, reservation.stage, party FROM reservation"
                " JOIN case_file USING (municipality, case_id)"
                " WHERE day = :day AND (reservation.stage = 'confirmed'"
                "  OR reservation.stage = 'cancelled' AND state->'value'->>'promised' = 'true')"
                " ORDER BY starts_at, made_at"
            ),
            {"day": venue.DAY},
        )
        return [(row[0], row[1], row[2]) for row in found]


def accesses(stack: Stack) -> list[tuple[str, str]]:
    """Return whose data was opened and why, oldest first."""
    with scope(stack.engine, venue.CITY) as connection:
        found = connection.execute(
            text(
                "SELECT case_number, purpose FROM access_record"
                " JOIN case_file USING (municipality, case_id) ORDER BY access_id"
            )
        )
        return [(row[0], row[1]) for row in found]


@pytest.mark.req("CHIBA-27")
async def test_the_list_is_what_the_database_has_in_the_order_of_time(stack: Stack) -> None:
    """
    Cancelled ones stand on it as such; what never was a booking does not.
    """
    numbers = await booked(stack)

    shown = await rows(stack)

    assert numbers == [row["case_number"] for row in shown]
    assert in_database(stack) == [
        (row["case_number"], row["stage"], row["people"]) for row in shown
    ]
    assert "チバ\u3000ハナコ" == shown[0]["kana"]
    assert "043-245-5111" == shown[0]["phone"]


@pytest.mark.req("CHIBA-27")
async def test_every_file_holds_the_rows_of_the_list(stack: Stack) -> None:
    """
    CSV, workbook and paper show the same cells as the screen.
    """
    await booked(stack)
    shown = await rows(stack)

    table = await file(stack, "csv")
    book = await file(stack, "xlsx")
    paper = await file(stack, "pdf")

    assert [200, 200, 200] == [each.status_code for each in (table, book, paper)]
    read = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    cells = [[cell or "" for cell in row] for row in sheet.iter_rows(3, values_only=True)]
    assert HEAD == read[0] == cells[0]
    assert read[1:] == cells[1:]
    assert {"s", "inlineStr"} >= {c.data_type for r in sheet.iter_rows(3) for c in r}
    assert [
        [row["case_number"], row["kana"], row["name"], str(row["people"]), row["phone"]]
        for row in shown
    ] == [row[4:9] for row in read[1:]]
    printed = pdf_reading.texts(paper.content)
    assert 1 == len(printed)
    places = [printed[0].index(row["case_number"]) for row in shown]
    assert sorted(places) == places
    assert (
        "attachment; filename*=UTF-8''%E4%BA%88%E7%B4%84"
        in table.headers["Content-Disposition"]
    )


@pytest.mark.req("CHIBA-27")
async def test_one_place_and_one_line_can_be_asked_for(stack: Stack) -> None:
    """
    Each venue works with its own list.
    """
    numbers = await booked(stack)

    there = await rows(stack, venue=OTHER)
    here = await rows(stack, venue=venue.SITE, line=venue.LINE)

    assert numbers[1:2] == [row["case_number"] for row in there]
    assert [numbers[0], *numbers[2:]] == [row["case_number"] for row in here]
    assert [] == await rows(stack, day="2022-08-02")
    assert [] == await rows(stack, line="delivery")


async def test_cp932_is_refused_where_it_would_change_a_name(stack: Stack) -> None:
    """
    With the place of each character, and what can be had instead; UTF-8 keeps them all.
    """
    numbers = await booked(stack)

    refused = await file(stack, "csv", encoding="cp932")
    kept = await file(stack, "csv")
    elsewhere = await file(stack, "csv", encoding="cp932", venue=OTHER)

    assert (409, "CharactersLost") == (refused.status_code, refused.json()["code"])
    told = refused.json()["detail"]
    assert f"{numbers[2]} の「氏名」の U+20BB7・U+301C" in told
    assert "UTF-8のCSVかExcel形式" in told
    assert "𠮷田 〜子" in kept.content.decode("utf-8-sig")
    assert numbers[1] in elsewhere.content.decode("cp932")


@pytest.mark.req("CHIBA-28")
async def test_a_confirmed_booking_without_proof_of_guidance_is_listed_as_open(
    stack: Stack,
) -> None:
    """
    Until the guidance it was shown, or read out, is recorded.
    """
    venue.prepare(stack)
    await venue.book(stack, 13)
    guided = await venue.book(stack, 14)
    with scope(stack.engine, venue.CITY) as connection:
        connection.execute(
            text("UPDATE reservation SET guided = true WHERE case_id = :id"),
            {"id": guided["case_id"]},
        )

    every = await rows(stack)
    only_open = await rows(stack, open="true")

    assert [True, False] == [row["open"] for row in every]
    assert [every[0]["case_number"]] == [row["case_number"] for row in only_open]


async def test_whose_data_was_opened_is_recorded_every_time(stack: Stack) -> None:
    """
    On the screen and in a file, for everybody who stands on it and nobody else.
    """
    numbers = await booked(stack)

    await rows(stack, venue=OTHER)
    await file(stack, "csv", venue=OTHER)

    assert [
        (numbers[1], "予約受付一覧を見る"),
        (numbers[1], "予約受付一覧を出力する（CSV）"),
    ] == accesses(stack)


async def test_who_may_not_see_somebody_sees_that_there_is_somebody(stack: Stack) -> None:
    """
    Once a visit is over, those who took the call have no more reason to look.
    """
    numbers = await booked(stack)
    with scope(stack.engine, venue.CITY) as connection:
        connection.execute(
            text("UPDATE case_file SET closed_at = now() WHERE case_number = :number"),
            {"number": numbers[0]},
        )

    agent = await rows(stack, Role.CALL_AGENT)
    manager = await rows(stack, Role.SITE_MANAGER)

    assert (HIDDEN, "", HIDDEN) == tuple(agent[0][name] for name in ("kana", "name", "phone"))
    assert "チバ\u3000ハナコ" == agent[1]["kana"] == manager[0]["kana"]
    assert numbers[0] not in [number for number, _ in accesses(stack)][:3]


@pytest.mark.parametrize(
    ("role", "city", "status"),
    [
        (Role.OPERATIONS_MANAGER, venue.CITY, 403),
        (Role.CLERK, "ota", 404),
        (Role.OFFICIAL, venue.CITY, 200),
    ],
)
async def test_only_those_who_work_with_it_get_the_list(
    stack: Stack, role: Role, city: str, status: int
) -> None:
    """
    Neither another city nor somebody who only answers for the contract.
    """
    venue.prepare(stack)
    caller = stack.as_(role, city)

    answers = [await caller.get(path) for path in (LIST, f"{LIST}/csv", f"{LIST}/pdf")]

    assert {status} == {answer.status_code for answer in answers}
    assert 422 == (await stack.as_(Role.CLERK, venue.CITY).get(f"{LIST}/exe")).status_code


@pytest.mark.req("CHIBA-27")
async def test_the_page_shows_each_place_with_its_rows(stack: Stack) -> None:
    """
    With the files beside it; a refused one says what can be had instead.
    """
    numbers = await booked(stack)
    clerk = stack.as_(Role.CLERK, venue.CITY)
    headers = {"Accept": "text/html", "Authorization": f"Bearer {clerk.token}"}

    async def get(path: str) -> httpx.Response:
        return await stack.http.get(f"/reservations/list{path}day={venue.DAY}", headers=headers)

    page = await get("?")
    refused = await get("/csv?encoding=cp932&")
    taken = await get("/xlsx?")

    assert (200, 409, 200) == (page.status_code, refused.status_code, taken.status_code)
    assert all(number in page.text for number in numbers)
    assert "予約 3件 4人、取消 1件" in page.text
    assert "案内が済んでいない予約 3件" in page.text
    assert "U+20BB7" in refused.text
    assert 'href="/reservations/list/xlsx?day=2022-08-01&amp;encoding=utf-8"' in refused.text
