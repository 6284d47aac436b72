"""Questionnaires: counted by venue and day, and nothing anywhere that says whose they are."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import ProgrammingError

from api.surveys import survey_links
from domain.parties import Role
from store.scope import scope
from tests.bookings import venue
from tests.stack import Stack

PATH = f"/api/v1/contracts/{venue.CITY}/surveys"
ANSWERS = {"found_by": "leaflet", "staff": "very_good", "would_recommend": "maybe"}
AT = {"site": venue.SITE, "day": f"{venue.DAY}"}
WORDS = ("found_by", "leaflet", "very_good", "would_recommend", "maybe")


def on_the_day(stack: Stack) -> None:
    """Prepare a venue, and be there."""
    venue.prepare(stack)
    stack.clock.now = venue.NOON.replace(month=venue.DAY.month, day=venue.DAY.day, hour=14)


async def enter(stack: Stack, key: str | None = None, **more: Any) -> Any:
    """Type in a sheet from paper."""
    body = {**AT, "answers": ANSWERS, **more}
    return await stack.as_(Role.SUPPORT_STAFF, venue.CITY).post(PATH, json=body, key=key)


async def results(stack: Stack) -> dict[str, Any]:
    """Return what the city sees of the day."""
    day = f"{venue.DAY}"
    official = stack.as_(Role.OFFICIAL, venue.CITY)
    found: dict[str, Any] = (await official.get(PATH, **{"from": day, "to": day})).json()
    return found


def columns(stack: Stack, table: str) -> dict[str, str]:
    """Return the columns of a table with their types."""
    return {
        each["name"]: str(each["type"]) for each in inspect(stack.engine).get_columns(table)
    }


def everything(stack: Stack) -> dict[str, list[str]]:
    """Return every row of every table as text, but those of the counts themselves."""
    found = {}
    with scope(stack.engine, venue.CITY) as connection:
        for table in sorted(inspect(stack.engine).get_table_names()):
            if table.startswith("survey_"):
                continue
            try:
                with connection.begin_nested():
                    rows = connection.execute(text(f"SELECT t::text AS row FROM {table} t"))
                    found[table] = sorted(each[0] for each in rows)
            except ProgrammingError:  # a table that the application may not read
                found[table] = []
    return found


@pytest.mark.req("CHIBA-45")
async def test_answers_have_no_personal_key_in_any_table_or_log(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    From paper and from the venue's tablet: the tables have a place, a day and counts; no
    other table gets a row, and no line of the log says what was chosen.
    """
    on_the_day(stack)
    staff = stack.as_(Role.SUPPORT_STAFF, venue.CITY)
    await staff.get(PATH, **{"from": f"{venue.DAY}", "to": f"{venue.DAY}"})
    before = everything(stack)
    typed = [await enter(stack) for _ in range(3)]
    link = tablet(stack)
    for number in range(3):
        done = await stack.http.post(link, data=ANSWERS | {"key": f"chance-{number}"})
        assert 303 == done.status_code, done.text
    after = everything(stack)
    logged = capsys.readouterr()
    with scope(stack.engine, venue.CITY) as connection:
        counts = connection.execute(text("SELECT * FROM survey_count")).all()

    assert [201] * 3 == [each.status_code for each in typed]
    assert {
        **dict.fromkeys(("municipality", "contract", "site", "form"), "TEXT"),
        **dict.fromkeys(("question", "choice"), "TEXT"),
        "day": "DATE",
        "answers": "INTEGER",
    } == columns(stack, "survey_count")
    assert {
        **dict.fromkeys(("municipality", "contract", "site", "sheet"), "TEXT"),
        "day": "DATE",
    } == columns(stack, "survey_sheet")
    assert before == after
    assert not [word for word in WORDS if word in logged.out + logged.err]
    assert {6} == {row.answers for row in counts}, "one row a choice, not one an answer"
    assert 3 == len(counts)


def tablet(stack: Stack, day: date = venue.DAY) -> str:
    """Return the link of the venue's tablet."""
    key = stack.keys.city_key(venue.CITY)
    return survey_links.path_of(key, contract=venue.CITY, site=venue.SITE, day=day)


async def test_results_are_shown_once_the_day_is_over_and_enough_answered(stack: Stack) -> None:
    """
    Whoever could look after each sheet, or at the only one, would see what somebody said.
    """
    on_the_day(stack)
    for _ in range(4):
        await enter(stack)
    again = [await enter(stack, key="the-same-sheet") for _ in range(2)]
    today = await results(stack)
    assert stack.clock.now is not None
    stack.clock.now += timedelta(days=1)
    over = await results(stack)
    late = await enter(stack, answers={"staff": "poor"})
    staff = {each["code"]: each["choices"] for each in (await results(stack))["questions"]}

    assert [201, 201] == [each.status_code for each in again]
    assert (0, False) == (today["sheets"], today["shown"])
    assert (5, True) == (over["sheets"], over["shown"])
    assert 201 == late.status_code, "paper may be typed in later"
    assert (5, 1) == (staff["staff"]["very_good"], staff["staff"]["poor"])


async def test_only_answers_of_days_of_venues_are_counted(stack: Stack) -> None:
    """
    Nothing to write in, no other day, no other place, no forged or old link.
    """
    on_the_day(stack)
    refused = [
        await enter(stack, answers={"staff": "my name is ..."}),
        await enter(stack, answers={"name": "x"}),
        await enter(stack, answers={}),
        await enter(stack, day=f"{venue.DAY + timedelta(days=1)}"),
        await enter(stack, site="elsewhere"),
        await stack.as_(Role.OFFICIAL, venue.CITY).post(PATH, json={**AT, "answers": ANSWERS}),
    ]
    link = tablet(stack)
    forged = await stack.http.get(link[:-1] + ("0" if link[-1] != "0" else "1"))
    tomorrow = await stack.http.get(tablet(stack, venue.DAY + timedelta(days=1)))
    shown = await stack.http.get(link)

    codes = ["SurveyRefused"] * 3 + ["NotADayOfSurvey"] * 2 + ["NotYourDuty"]
    assert codes == [each.json()["code"] for each in refused]
    assert (404, 422, 200) == (forged.status_code, tomorrow.status_code, shown.status_code)
    assert "set-cookie" not in shown.headers
