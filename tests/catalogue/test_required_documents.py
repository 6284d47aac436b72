"""What to bring: by procedure, by who comes, by age, and by the day that is asked about."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from contracts.document_lists import document_lists
from contracts.loader import load
from domain.catalogue.required_documents import (
    DocumentList,
    Found,
    Need,
    Row,
    Wanted,
    find,
    version_on,
)
from domain.errors import ContractFileRefused
from domain.procedures.procedure_parts import Receiver
from tests.contracts.cities import SLUGS

TODAY = date(2026, 11, 20)
SELF, LEGAL, PROXY = Receiver.SELF, Receiver.LEGAL_REPRESENTATIVE, Receiver.PROXY


def asked(
    procedure: str, receiver: Receiver, age: int, *, city: str = "ota", on: date = TODAY
) -> Found:
    """Return what the product's own lists answer."""
    wanted = Wanted(city=city, procedure=procedure, receiver=receiver, age=age, on=on)
    return find(document_lists(), wanted)


def said(found: Found) -> str:
    """Return every word of an answer."""
    if found.row is None:
        return ""
    return "".join([*(need.text for need in found.row.needs), *found.row.advice])


@pytest.mark.parametrize(
    ("procedure", "receiver", "age", "words"),
    [
        ("card_delivery", SELF, 15, "Aの書類1点"),
        ("card_delivery", SELF, 14, "法定代理人が一緒に"),
        ("card_delivery", LEGAL, 0, "戸籍"),
        ("card_delivery", LEGAL, 40, "成年被後見人"),
        ("card_delivery", PROXY, 14, "年齢が理由"),
        ("card_delivery", PROXY, 15, "来られない理由の資料"),
        ("card_delivery", PROXY, 74, "来られない理由の資料"),
        ("card_delivery", PROXY, 75, "委任状にそのことを書きます"),
        ("certificate_renewal", SELF, 40, "マイナンバーカード"),
        ("certificate_renewal", PROXY, 40, "照会書兼回答書"),
        ("pin_initialise", SELF, 14, "法定代理人が行います"),
        ("postal_application_assist", SELF, 0, "顔写真がありません"),
        ("postal_application_assist", SELF, 1, "6か月以内に撮影"),
    ],
)
def test_the_answer_depends_on_who_comes_and_how_old_the_person_is(
    procedure: str, receiver: Receiver, age: int, words: str
) -> None:
    """
    At both ends of every age, the row of that age answers.
    """
    assert words in said(asked(procedure, receiver, age))


@pytest.mark.parametrize(
    ("procedure", "receiver"),
    [("certificate_renewal", LEGAL), ("number_notice_delivery", SELF), ("moon", SELF)],
)
def test_what_no_list_says_is_asked_of_the_city(procedure: str, receiver: Receiver) -> None:
    """
    Nothing is made up for it.
    """
    found = asked(procedure, receiver, 40)

    assert (None, True) == (found.row, found.ask_city)


def test_an_answer_that_differs_by_city_says_so() -> None:
    """
    What is the same everywhere does not.
    """
    assert asked("card_delivery", SELF, 40).ask_city
    assert not asked("insurance_registration", SELF, 40).ask_city


def test_a_citys_own_row_answers_there_and_nowhere_else() -> None:
    """
    Urasoe takes forms with a code; the others have not said.
    """
    assert "二次元コード" in said(asked("application_online", SELF, 40, city="urasoe"))
    assert "" == said(asked("application_online", SELF, 40, city="ageo"))
    everywhere = Row(
        procedures=("x",), receiver=SELF, source="s", needs=(Need(text="everywhere"),)
    )
    own = replace(everywhere, cities=("ota",), needs=(Need(text="own"),))
    lists = [DocumentList(effective_from=TODAY, agreement="a", rows=(everywhere, own))]

    def needs(city: str) -> str:
        wanted = Wanted(city=city, procedure="x", receiver=SELF, age=1, on=TODAY)
        row = find(lists, wanted).row
        return row.needs[0].text if row else ""

    assert ("own", "everywhere") == (needs("ota"), needs("chiba"))


@pytest.mark.req("AGEO-33")
def test_a_change_of_the_documents_is_a_new_dated_version(tmp_path: Path) -> None:
    """
    Whoever asks about an earlier day reads what held then; before the first, nothing.
    """
    for day, text in (("2026-04-01", "旧い書類"), ("2026-10-01", "新しい書類")):
        (tmp_path / f"{day}.toml").write_text(
            'agreement = "協議"\n[[rows]]\nprocedures = ["x"]\nreceiver = "self"\n'
            f'source = "s"\nneeds = [{{ text = "{text}" }}]\n'
        )
    lists = document_lists(tmp_path)

    def on(day: date) -> tuple[date | None, str]:
        wanted = Wanted(city="ageo", procedure="x", receiver=SELF, age=40, on=day)
        found = find(lists, wanted)
        return found.version, said(found)

    old, new = date(2026, 4, 1), date(2026, 10, 1)
    assert (None, "") == on(date(2026, 3, 31))
    assert (old, "旧い書類") == on(old) == on(date(2026, 9, 30))
    assert (new, "新しい書類") == on(new)
    assert lists[0] == version_on(lists, date(2026, 9, 30))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("first.toml", 'agreement = "a"\nrows = []'),
        ("2026-04-01.toml", 'agreement = "a"\nrows = []'),
        ("2026-04-01.toml", "nonsense"),
        ("2026-04-01.toml", '[[rows]]\nprocedures = ["x"]\nreceiver = "self"\nsource = "s"'),
        (
            "2026-04-01.toml",
            'agreement = "a"\n[[rows]]\nprocedures = ["x"]\nreceiver = "self"\nsource = "s"',
        ),
        (
            "2026-04-01.toml",
            'agreement = "a"\n[[rows]]\nprocedures = ["x"]\nreceiver = "cat"\nsource = "s"\n'
            'advice = ["x"]',
        ),
    ],
)
def test_a_list_that_is_wrong_is_refused_whole(tmp_path: Path, name: str, text: str) -> None:
    """
    Without a day, a source or anything to say nobody could rely on it.
    """
    (tmp_path / name).write_text(text)

    with pytest.raises(ContractFileRefused, match=name):
        document_lists(tmp_path)


def test_the_lists_speak_of_procedures_and_cities_that_exist() -> None:
    """
    A misspelt code would answer "ask the city" for ever.
    """
    codes = {row.code for slug in SLUGS for row in load(slug).contract.procedures}
    named = {code for each in document_lists() for row in each.rows for code in row.procedures}
    cities = {city for each in document_lists() for row in each.rows for city in row.cities}

    assert set() == named - codes
    assert set() == cities - set(SLUGS)


def test_of_two_rows_for_the_same_person_one_would_be_hidden() -> None:
    """
    So there are none: ages do not overlap.
    """
    for version in document_lists():
        for city in SLUGS:
            for code in {code for row in version.rows for code in row.procedures}:
                for receiver in Receiver:
                    for age in (0, 1, 14, 15, 40, 74, 75, 130):
                        fitting = [
                            row for row in version.rows if row.is_for(city, code, receiver, age)
                        ]
                        assert len(fitting) <= 1, (city, code, receiver, age)
