"""That references to cases are checked by their key, and that lists are read in order."""

from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from domain.case import CaseKind
from store.cases import Wanted, list_cases
from store.engine import raw
from store.scope import scope, unscoped
from tests.visits_at_hand import tamper


def test_only_the_primary_key_of_cases_can_be_entered_by_the_municipality(app: Engine) -> None:
    """
    On an empty table the planner takes any such index for as good as the key and keeps
    it: each row of the first lots then read every case of the city.
    """
    with unscoped(app) as connection:
        rows = connection.execute(
            text(
                "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid"
                " JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]"
                " WHERE indrelid = 'case_file'::regclass"
                " AND attname = 'municipality' AND indpred IS NULL"
            )
        ).all()

    assert ["pk_case_file"] == [row.relname for row in rows]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(kind=CaseKind.HANDOFF), "ix_case_file_open_kind"),
        (Wanted(parent_id="lot"), "ix_case_file_parent"),
    ],
    ids=["kind", "lot"],
)
def test_a_page_of_a_list_is_read_in_its_order(
    app: Engine, owner: Engine, wanted: Wanted, index: str
) -> None:
    """
    Where an index holds the order, a page costs a page, however many there are; without
    it, as the second look shows, all are read and sorted for the first fifty.
    """
    fill(owner)

    with_index = plan(app, wanted)
    tamper(owner, f"DROP INDEX {index}")
    tamper(owner, "CREATE INDEX disorderly ON case_file (parent_id, municipality, stage)")
    without = plan(app, wanted)

    assert (True, False) == (index in with_index, "Sort" in with_index)
    assert "Sort" in without


def fill(owner: Engine) -> None:
    """Write a lot of 200 open cards and 200 hand-offs, beside 20,000 other cards."""
    columns = (
        "municipality, case_id, contract, contract_version, kind, case_number, parent_id,"
        " stage, state, due_at, opened_at, opened_on, last_seq, last_hash"
    )
    row = (
        "SELECT 'ota', {id}, 'ota', 'v1', {kind}, {id}, {parent}, 'any', '{{}}',"
        " now() + ((n * 37) % 1000) * interval '1 hour', now(),"
        " date_trunc('month', now())::date, 1, '' FROM generate_series(1, {count}) AS n"
    )
    for given in (
        {"id": "'lot'", "kind": "'lot'", "parent": "NULL", "count": 1},
        {"id": "'mine' || n", "kind": "'card'", "parent": "'lot'", "count": 200},
        {"id": "'card' || n", "kind": "'card'", "parent": "NULL", "count": 20000},
        {"id": "'handoff' || n", "kind": "'handoff'", "parent": "NULL", "count": 200},
    ):
        tamper(owner, f"INSERT INTO case_file ({columns}) {row.format(**given)}")
    tamper(owner, "ANALYZE case_file")


def plan(app: Engine, wanted: Wanted) -> str:
    """Return how PostgreSQL reads the first page of a list."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        asked.append((statement, given))

    with scope(app, "ota") as connection:
        event.listen(connection, "before_cursor_execute", note)
        list_cases(connection, "ota", wanted, limit=51)
        event.remove(connection, "before_cursor_execute", note)
        (statement, given), *_ = asked
        lines = raw(connection).execute(f"EXPLAIN {statement}".encode(), given).fetchall()
    return "\n".join(str(line) for (line,) in lines)
