"""Opening a case gives it all it needs at once, or nothing."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from domain.case import CaseRef
from domain.errors import DocumentUnknown
from store import cases, vault
from store.keys import InvalidTag, KeyRing, MasterKeys
from store.scope import scope
from store.vault import NewDocument
from tests.visits_at_hand import AT, KANA, NAME, PERSON, open_visit, rows, tamper

PAPER = NewDocument(
    document_id="paper-1",
    kind="paper",
    name="受付票.pdf",
    media_type="application/pdf",
    content=b"%PDF" + NAME.encode(),
)


@pytest.fixture
def keys(app: Engine, tmp_path: Path) -> KeyRing:
    return KeyRing(app, MasterKeys.from_file(tmp_path / "master.key"))


def named(app: Engine, keys: KeyRing, name: str, city: str = "ota") -> list[str]:
    with scope(app, city) as connection:
        return vault.find_by_name(connection, keys, city, name)


def test_a_case_has_number_key_line_person_and_what_is_owed(
    app: Engine, owner: Engine, keys: KeyRing
) -> None:
    """
    Any one without the others would be a case that nobody can work on.
    """
    ref = open_visit(app, keys, reason="相談")
    with scope(app, "ota") as connection:
        file = cases.one_case(connection, ref.case_id)
        found = vault.persons(connection, keys, "ota", [ref.case_id])
        (line,) = cases.timeline(connection, keys, ref)

    assert "OTA-V26-000001-" == file.case_number[:-1]
    assert {ref.case_id: PERSON} == found
    assert ("visitor_received", "相談") == (line.action, line.reason)
    assert [(f"start/{ref.case_id}", "visit")] == rows(owner, "SELECT key, topic FROM outbox")


def test_an_opening_that_fails_leaves_nothing_and_takes_no_number(
    app: Engine, owner: Engine, keys: KeyRing
) -> None:
    """
    A gap in the numbers means that a case was removed.
    """
    ref = open_visit(app, keys)
    with pytest.raises(IntegrityError):
        open_visit(app, keys, case_id=ref.case_id)
    after = open_visit(app, keys)

    numbers = rows(owner, "SELECT case_id, case_number FROM case_file ORDER BY case_number")

    assert [(ref.case_id, 1), (after.case_id, 2)] == [
        (case_id, int(number.split("-")[2])) for case_id, number in numbers
    ]


def test_numbers_given_at_once_are_all_different_and_each_citys_own(
    app: Engine, owner: Engine, keys: KeyRing
) -> None:
    """
    People quote them on the telephone.
    """
    cities = ["ota", "chiba"] * 8
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda city: open_visit(app, keys, municipality=city), cities))

    numbers = {number for (number,) in rows(owner, "SELECT case_number FROM case_file")}
    last = rows(owner, "SELECT municipality, last FROM case_counter ORDER BY 1")

    assert 16 == len(numbers)
    assert [("chiba", 8), ("ota", 8)] == last


@pytest.mark.parametrize("asked", [NAME, "高橋由美子", "髙橋　由美子", KANA, "ﾀｶﾊｼ ﾕﾐｺ"])
def test_a_person_is_found_by_name_however_it_is_written(
    app: Engine, keys: KeyRing, asked: str
) -> None:
    """
    On the telephone nobody says which of two characters it is.
    """
    ref = open_visit(app, keys)
    open_visit(app, keys, person={"name": "佐藤 実", "kana": "サトウ ミノル"})

    assert [ref.case_id] == named(app, keys, asked)


def test_a_name_is_found_in_its_own_city_only_and_cannot_be_told_from_the_database(
    app: Engine, owner: Engine, keys: KeyRing
) -> None:
    """
    The same name has another search key in another city: lists cannot be held together.
    """
    own = open_visit(app, keys)
    foreign = open_visit(app, keys, municipality="chiba")
    stored = rows(owner, "SELECT name_key, sealed FROM person_vault")

    assert [own.case_id] == named(app, keys, NAME)
    assert [foreign.case_id] == named(app, keys, NAME, "chiba")
    assert [] == named(app, keys, "髙橋")
    assert 2 == len({bytes(key) for key, _ in stored})
    assert not any(NAME.encode() in bytes(sealed) for _, sealed in stored)


def test_a_document_is_kept_once_and_opens_in_its_own_case_only(
    app: Engine, owner: Engine, keys: KeyRing
) -> None:
    """
    Making a notice again after an interruption must not make a second one.
    """
    own, other = open_visit(app, keys), open_visit(app, keys)
    with scope(app, "ota") as connection:
        for _ in range(2):
            vault.keep_documents(connection, keys, "ota", {own.case_id: PAPER}, made_at=AT)
        (entry,) = vault.documents_of(connection, own)
        opened = vault.open_document(connection, keys, own, PAPER.document_id)
        with pytest.raises(DocumentUnknown):
            vault.open_document(connection, keys, other, PAPER.document_id)

    assert (PAPER.content, len(PAPER.content), 1) == (opened, entry.size_bytes, entry.ordinal)
    tamper(owner, "UPDATE document SET case_id = :other", other=other.case_id)
    with scope(app, "ota") as connection, pytest.raises(InvalidTag):
        vault.open_document(connection, keys, other, PAPER.document_id)


def test_a_person_moved_to_another_case_does_not_open(
    app: Engine, owner: Engine, keys: KeyRing
) -> None:
    """
    Whoever can write to the database could otherwise show one person's data as another's.
    """
    own = open_visit(app, keys)
    other = open_visit(app, keys, person=None)
    tamper(owner, "UPDATE person_vault SET case_id = :other", other=other.case_id)

    with scope(app, "ota") as connection, pytest.raises(InvalidTag):
        vault.persons(connection, keys, "ota", [own.case_id, other.case_id])


def test_documents_of_one_kind_are_counted(app: Engine, keys: KeyRing) -> None:
    """
    A notice made anew after one was void is the second.
    """
    ref: CaseRef = open_visit(app, keys)
    with scope(app, "ota") as connection:
        for n in (1, 2):
            again = NewDocument(
                document_id=f"paper-{n}",
                kind="paper",
                name=f"{n}.pdf",
                media_type="application/pdf",
                content=b"",
            )
            vault.keep_documents(connection, keys, "ota", {ref.case_id: again}, made_at=AT)
        kept = vault.kept(connection, "ota", ["paper-1", "paper-2", "paper-3"])
        found = vault.documents_of(connection, ref)

    assert {"paper-1", "paper-2"} == kept
    assert [1, 2] == [entry.ordinal for entry in found]
