"""The record of a city is checked as a whole, and whatever was done to it is found."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.case import CaseRef
from store import archive
from store.archive import Archived
from store.integrity import broken, snapshot, verify, whole_record
from store.keys import KeyRing, MasterKeys
from store.scope import scope
from tests.visits_at_hand import add_line, open_visit, tamper


@pytest.fixture
def keys(app: Engine, tmp_path: Path) -> KeyRing:
    return KeyRing(app, MasterKeys.from_file(tmp_path / "master.key"))


@pytest.fixture
def visit(app: Engine, keys: KeyRing) -> CaseRef:
    """A case of three lines whose history is archived."""
    ref = open_visit(app, keys, reason="相談")
    for key in ("first", "second"):
        add_line(app, keys, ref, key=key, reason="確認済み", detail={"count": 1})
    archive.keep(
        app,
        Archived(
            municipality="ota",
            case_id=ref.case_id,
            run_id="run",
            workflow_id=f"ota/visit/{ref.case_id}",
            workflow_type="Visit",
            history=b"packed",
            build_id="build",
            contract_version="v1",
        ),
        at=datetime(2026, 11, 9, tzinfo=UTC),
    )
    return ref


def test_a_healthy_record_verifies(app: Engine, keys: KeyRing, visit: CaseRef) -> None:
    """
    What is right must not be called broken: auditors would stop looking.
    """
    open_visit(app, keys, at=datetime(2026, 12, 1, 3, 0, tzinfo=UTC))

    found = verify(app, "ota")

    assert (True, 2, 4, 1, ()) == (
        found.intact,
        found.cases,
        found.events,
        found.archives,
        found.breaks,
    )


@pytest.mark.parametrize(
    ("statement", "problems"),
    [
        ("UPDATE case_event SET actor = 'nobody' WHERE seq = 2", ["changed"]),
        ("UPDATE case_event SET at = at + interval '1 s' WHERE seq = 1", ["changed"]),
        ("UPDATE case_event SET detail = '{\"count\": 2}' WHERE seq = 2", ["changed"]),
        ("UPDATE case_event SET sealed_reason = '\\x00' WHERE seq = 3", ["changed"]),
        ("UPDATE case_event SET role = NULL WHERE seq = 3", ["changed"]),
        ("DELETE FROM case_event WHERE seq = 2", ["missing", "unlinked"]),
        ("DELETE FROM case_event WHERE seq = 3", ["cut"]),
        ("DELETE FROM case_event", ["cut"]),
        ("UPDATE case_file SET last_seq = 2", ["cut"]),
        ("UPDATE history_archive SET history = '\\x00'", ["archive_changed"]),
        (
            "UPDATE case_event SET seq = seq + 10 WHERE seq = 2;"
            "UPDATE case_event SET seq = 2 WHERE seq = 3;"
            "UPDATE case_event SET seq = 3 WHERE seq = 12",
            ["unlinked", "changed", "unlinked", "changed", "cut"],
        ),
    ],
)
def test_whatever_its_owner_does_to_the_record_is_found(
    app: Engine, owner: Engine, visit: CaseRef, statement: str, problems: list[str]
) -> None:
    """
    Changed, removed, reordered, cut: by somebody who may do everything in the database.
    """
    tamper(owner, statement)

    found = verify(app, "ota")

    assert problems == [each.problem for each in found.breaks]
    assert {visit.case_id} == {each.case_id for each in found.breaks}


def test_lines_without_their_case_and_cases_without_a_trace_are_found(
    app: Engine, owner: Engine, visit: CaseRef
) -> None:
    """
    Whoever removes every trace of a case still cannot take back its number.
    """
    for table in ("person_vault", "case_file"):
        tamper(owner, f"DELETE FROM {table}")
    without_file = verify(app, "ota")
    tamper(owner, "DELETE FROM case_event")
    without_trace = verify(app, "ota")

    assert ["case_missing", "numbers_missing"] == [b.problem for b in without_file.breaks]
    assert ["numbers_missing"] == [b.problem for b in without_trace.breaks]
    assert "visit/2026" == without_trace.breaks[0].case_id


def test_each_city_answers_for_its_own_record(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    Another city's trouble is neither shown nor searched for.
    """
    open_visit(app, keys, municipality="chiba")
    tamper(owner, "UPDATE case_event SET actor = 'nobody' WHERE municipality = 'chiba'")

    found = {city: verify(app, city) for city in ("ota", "chiba")}

    assert {"ota": (1, True), "chiba": (1, False)} == {
        city: (each.cases, each.intact) for city, each in found.items()
    }


def test_it_can_be_narrowed_to_the_months_in_which_cases_were_opened(
    app: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    A large city checks the month that is asked about, not ten years.
    """
    open_visit(app, keys, at=datetime(2026, 12, 1, 3, 0, tzinfo=UTC))

    november = verify(app, "ota", since=date(2026, 11, 30), until=date(2026, 11, 30))
    later = verify(app, "ota", since=date(2026, 12, 20))

    assert (3, 1) == (november.events, later.events)


def test_a_case_that_moves_while_it_is_checked_is_not_called_broken(
    app: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    Checking takes minutes in a large city, and work goes on.
    """
    open_visit(app, keys, case_id="0" * 32)
    with snapshot(app, "ota") as connection:
        records = whole_record(connection, "ota")
        first = next(records)
        add_line(app, keys, visit, key="meanwhile")
        rest = list(records)

    assert "0" * 32 == first.case_id
    assert [] == [found for record in rest for found in broken(record)]


def test_without_one_moment_in_sight_it_would_be_called_broken(
    app: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    The control: two looks at different moments do not fit together.
    """
    with scope(app, "ota") as connection:
        (before,) = list(whole_record(connection, "ota"))
        add_line(app, keys, visit, key="meanwhile")
        (after,) = list(whole_record(connection, "ota"))

    mixed = type(before)(case_id=before.case_id, file=before.file, events=after.events)

    assert ["cut"] == [found.problem for found in broken(mixed)]
