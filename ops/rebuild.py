"""Lists and holders anew from the record, where they say something else.

    python -m ops.rebuild [ota …] [--histories] [--write]

Compares first and prints what differs; changes it only with ``--write``. The lines of a
record tell stages, beginnings and ends, and who holds what; state, owner, deadline and stuck
are told by the histories of the courses alone, and it is said when these were not asked.
The ends of the chains are never rebuilt, because a wrong end is evidence; a case whose
record is broken is left alone (``python -m ops.audit verify``). Ends with 1 while something
differs, or a history that is there cannot tell its case.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select, text
from temporalio.service import RPCError

import settings
from contracts.book import ContractBook
from domain.case import CaseKind
from domain.records.rebuilt import rebuilt
from ops import wiring
from ops.drift import Drift, put_right
from ops.fault import EngineFault
from ops.retold import Heard, differing
from ops.running import found
from ops.wiring import Parts
from settings import Settings
from store.integrity import CaseRecord, broken, snapshot, whole_record
from store.record import CASE_FILE
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
        return sum(put_right(connection, municipality, each) for each in found)


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


def not_compared(engine: Engine, municipality: str) -> str:
    """Return what the lines alone leave open, with how many cases it is about."""
    with scope(engine, municipality) as connection:
        cases, still_open = connection.execute(
            select(func.count(), func.count().filter(CASE_FILE.c.closed_at.is_(None))).where(
                CASE_FILE.c.municipality == municipality
            )
        ).one()
    return (
        f"{municipality}: not compared: state and deadline of {cases} cases, owner and stuck"
        f" of the {still_open} open ones; their histories tell them (--histories)"
    )


async def from_histories(
    parts: Parts, chosen: Settings, municipality: str
) -> tuple[list[Drift], Heard]:
    """Return what differs from the histories, and how many of them could tell."""
    heard = Heard()
    client = await wiring.connect(chosen, parts.keys)
    looked = differing(parts.engine, parts.keys, client, municipality, heard)
    return [each async for each in looked], heard


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and put right if asked to; return what the shell should see."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.rebuild", description="Compare lists with the record."
    )
    parser.add_argument("municipality", nargs="*", help="all with a contract, if none is named")
    parser.add_argument("--histories", action="store_true", help="also run every case again")
    parser.add_argument("--write", action="store_true", help="put right what differs")
    asked = parser.parse_args(arguments)
    try:
        chosen = found(settings.load())
        parts = wiring.parts(chosen, process="rebuild", pool_size=2, patient=True)
    except (EngineFault, settings.WrongSetting) as fault:
        print(fault, file=sys.stderr)
        return 1
    try:
        left = [
            _one(parts, chosen, asked, municipality)
            for municipality in asked.municipality or ContractBook(lambda *_: None).slugs()
        ]
    except (RuntimeError, RPCError) as fault:
        print(fault, file=sys.stderr)
        return 1
    finally:
        parts.engine.dispose()
    return 1 if any(left) else 0


def _one(parts: Parts, chosen: Settings, asked: argparse.Namespace, municipality: str) -> int:
    """Compare one municipality; return how much is left that is not right or not known."""
    seen = list(drifts(parts.engine, municipality))
    heard = Heard()
    if asked.histories:
        more, heard = asyncio.run(from_histories(parts, chosen, municipality))
        told = {(each.thing, each.column) for each in seen}
        seen += [each for each in more if (each.thing, each.column) not in told]
    for each in seen:
        print(f"{municipality} {each.thing} {each.column}: {each}")
    for case_id, why in heard.untold.items():
        print(f"{municipality} {case_id} cannot be told: {why}")
    done = write(parts.engine, municipality, seen) if asked.write else 0
    print(f"{municipality}: {len(seen)} differences, {done} put right")
    if not asked.histories:
        print(not_compared(parts.engine, municipality))
        return len(seen) - done
    silent = "".join(f", {count} {why}" for why, count in heard.silent.items())
    print(
        f"{municipality}: {heard.agreed} histories agree,"
        f" {len(heard.untold)} cannot tell{silent}"
    )
    return len(seen) - done + len(heard.untold)


if __name__ == "__main__":
    sys.exit(main())
