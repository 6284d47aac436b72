"""Dates as offices write them, read and written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.errors import UnreadableDate
from domain.writing.eras import BirthDate, DateStyle, era_short, era_text, read_birth, read_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("R08.06.01", date(2026, 6, 1)),
        ("令和8年6月1日", date(2026, 6, 1)),
        ("Ｒ０８．０６．０１", date(2026, 6, 1)),
        ("令和八年六月一日", date(2026, 6, 1)),
        ("S31.2.27", date(1956, 2, 27)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("㍻2年3月4日", date(1990, 3, 4)),
        ("S310227", date(1956, 2, 27)),
        ("1990/08/19", date(1990, 8, 19)),
        ("1990-08-19", date(1990, 8, 19)),
        ("１９９０年８月１９日", date(1990, 8, 19)),
        ("19900819", date(1990, 8, 19)),
        (" R1ー5−1 ", date(2019, 5, 1)),
    ],
)
def test_the_usual_ways_to_write_a_date_are_read(text: str, day: date) -> None:
    """Each office has its own, and one lot mixes two."""
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("last", "first", "letter"),
    [
        (date(2019, 4, 30), date(2019, 5, 1), "R"),
        (date(1989, 1, 7), date(1989, 1, 8), "H"),
        (date(1926, 12, 24), date(1926, 12, 25), "S"),
        (date(1912, 7, 29), date(1912, 7, 30), "T"),
    ],
)
def test_an_era_begins_on_its_first_day(last: date, first: date, letter: str) -> None:
    """A birth date on the boundary has one right spelling."""
    assert era_short(first) == f"{letter}01.{first.month:02}.{first.day:02}"
    assert era_short(last)[0] != letter
    assert read_date(era_short(last)) == last


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("H31.05.01", "その元号にない日付です"),
        ("S64.01.08", "その元号にない日付です"),
        ("R00.01.01", "その元号にない日付です"),
        ("H31.02.30", "暦にない日付です"),
        ("M05.12.02", "明治6年より前の日付は扱えません"),
        ("2000", "日付の形ではありません"),
        ("", "日付の形ではありません"),
        ("R8/6", "日付の形ではありません"),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_not_what_was_written(text: str, why: str) -> None:
    """The message goes into a list of unreadable rows that is no place for birth dates."""
    with pytest.raises(UnreadableDate) as refusal:
        read_date(text)
    assert str(refusal.value) == why


def test_a_column_takes_only_its_own_style() -> None:
    """01/02/03 guesses are how birth dates go wrong; the mapping says what a column holds."""
    assert read_date("1990/08/19", (DateStyle.WESTERN,)) == date(1990, 8, 19)
    with pytest.raises(UnreadableDate):
        read_date("H02.08.19", (DateStyle.WESTERN,))


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("昭和20年月日不詳", BirthDate(year=1945)),
        ("昭和20年以下不詳", BirthDate(year=1945)),
        ("S20.00.00", BirthDate(year=1945)),
        ("S200000", BirthDate(year=1945)),
        ("1950/03/00", BirthDate(year=1950, month=3)),
        ("昭和20年3月日不詳", BirthDate(year=1945, month=3)),
        ("不詳", BirthDate(year=None)),
        ("2000/01/01", BirthDate(year=2000, month=1, day=1)),
    ],
)
def test_a_birth_date_may_lack_its_parts(text: str, birth: BirthDate) -> None:
    """People without a known birthday are registered and get cards."""
    assert read_birth(text) == birth


def test_a_notice_writes_the_first_year_as_gannen() -> None:
    """令和1年 on a letter from a city looks like a forgery."""
    assert era_text(date(2019, 5, 1)) == "令和元年5月1日"
    assert era_text(date(2026, 6, 1)) == "令和8年6月1日"


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2099, 12, 31)))
def test_what_is_written_is_read_back(day: date) -> None:
    """Lists that we make ourselves must come back as they were."""
    assert read_date(era_text(day)) == day
    assert read_date(era_short(day)) == day
    assert read_birth(day.isoformat()) == BirthDate.of(day)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    """A stray cell must not end the import of a thousand others."""
    try:
        read_birth(text)
    except UnreadableDate:
        return


def test_a_birth_date_travels_as_json() -> None:
    """Rows cross process borders."""
    adapter = TypeAdapter(BirthDate)
    birth = BirthDate(year=1945, month=3)
    assert adapter.validate_json(adapter.dump_json(birth)) == birth


@pytest.mark.parametrize("parts", [(None, 1, None), (2000, None, 1), (2001, 2, 29)])
def test_an_impossible_birth_date_cannot_be_made(parts: tuple[int | None, ...]) -> None:
    """A day without its month is a bug of the caller."""
    year, month, day = parts
    with pytest.raises(ValueError):  # noqa: PT011  -- which of the rules is of no interest
        BirthDate(year=year, month=month, day=day)
