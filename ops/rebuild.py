"""Lists and holders anew from the record, where they say something else.

    python -m ops.rebuild [ota …] [--write]

Compares first and prints what differs; changes it only with ``--write``. The ends of the
chains are never rebuilt, because a wrong end is evidence; a case whose record is broken is
left alone (``python -m ops.audit verify``). Ends with 1 while something differs.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, text

import settings
from contracts.book import ContractBook
from domain.case import CaseKind
from domain.rebuilt import rebuilt
from ops.fault import EngineFault
from ops.running import found
from store.engine import build_engine
from store.integrity import CaseRecord, broken, snapshot, whole_record
from store.scope import scope

_HOLDERS = text(
    """
    SELECT i.item_id, i.holder, last.target FROM custody_item i
      JOIN LATERAL (
        SELECT target FROM custody_movement m
         WHERE m.municipality = i.municipality AND m.item_id = i.item_id
         ORDER BY event_seq DESC LIMIT 1) last ON true
     WHERE i.municipality = :municipality AND i.holder <> last.target
     ORDER BY 1
    """
)
_WAITS = ("owner", "stuck", "stuck_at", "escalated_to")
"""What a closed case has none of."""

_COLUMNS = frozenset({"stage", "opened_at", "closed_at", *_WAITS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One value that is not what the record says."""

    thing: str
    """The id of a case or of a thing."""

    column: str
    kept: Any
    recorded: Any
    seq: int | None = None
    """The line up to which the record was read; ``None`` for a thing."""


def drifts(engine: Engine, municipality: str) -> Iterator[Drift]:
    """Yield every value that differs, in one look at the whole record."""
    with snapshot(engine, municipality) as connection:
        for record in whole_record(connection, municipality):
            yield from _of_case(record)
        for row in connection.execute(_HOLDERS, {"municipality": municipality}):
            yield Drift(
                thing=row.item_id, column="holder", kept=row.holder, recorded=row.target
            )


def write(engine: Engine, municipality: str, found: Sequence[Drift]) -> int:
    """Put right what differs; return how much was. A case that moved meanwhile is left."""
    with scope(engine, municipality) as connection:
        return sum(_put_right(connection, municipality, each) for each in found)


def _of_case(record: CaseRecord) -> Iterator[Drift]:
    file = record.file
    if file is None or broken(record):
        return
    told = rebuilt(CaseKind(file["kind"]), record.events)
    assert told is not None, "a whole record has a first line"
    expected: dict[str, Any] = {"opened_at": told.opened_at, "closed_at": told.closed_at}
    if told.stage is not None:
        expected["stage"] = told.stage
    if told.closed_at is not None:
        expected |= dict.fromkeys(_WAITS)
    for column, recorded in expected.items():
        kept = file[column]
        if column.endswith("_at") and kept is not None:
            kept = datetime.fromisoformat(kept)
        if kept != recorded:
            yield Drift(
                thing=record.case_id,
                column=column,
                kept=kept,
                recorded=recorded,
                seq=file["last_seq"],
            )


def _put_right(connection: Connection, municipality: str, drift: Drift) -> int:
    wanted = {"municipality": municipality, "thing": drift.thing, "value": drift.recorded}
    if drift.seq is None:
        statement = (
            "UPDATE custody_item SET holder = :value WHERE municipality = :municipality"
            " AND item_id = :thing AND holder = :kept"
        )
        return connection.execute(text(statement), {**wanted, "kept": drift.kept}).rowcount
    assert drift.column in _COLUMNS, "a column's name cannot be a parameter"
    statement = (
        f"UPDATE case_file SET {drift.column} = :value"  # noqa: S608  # one of ours
        " WHERE municipality = :municipality AND case_id = :thing AND last_seq = :seq"
    )
    return connection.execute(text(statement), {**wanted, "seq": drift.seq}).rowcount


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and put right if asked to; return what the shell should see."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.rebuild", description="Compare lists with the record."
    )
    parser.add_argument("municipality", nargs="*", help="all with a contract, if none is named")
    parser.add_argument("--write", action="store_true", help="put right what differs")
    asked = parser.parse_args(arguments)
    try:
        chosen = found(settings.load())
    except (EngineFault, settings.WrongSetting) as fault:
        print(fault, file=sys.stderr)
        return 1
    engine = build_engine(
        str(chosen.database_url),
        application_name="madoguchi rebuild",
        pool_size=1,
        statement_timeout=timedelta(minutes=10),
    )
    left = 0
    for municipality in asked.municipality or ContractBook(lambda *_: None).slugs():
        seen = list(drifts(engine, municipality))
        for each in seen:
            print(
                f"{municipality} {each.thing} {each.column}:"
                f" {each.kept} is {each.recorded} in the record"
            )
        done = write(engine, municipality, seen) if asked.write else 0
        print(f"{municipality}: {len(seen)} differences, {done} put right")
        left += len(seen) - done
    engine.dispose()
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
