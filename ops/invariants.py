"""What must hold in production at every moment, looked for in the record.

    python -m ops.invariants [ota …]

Prints what does not hold and ends with 1. Each rule is one small class: what it promises
and the statement that finds what breaks it. Repairing does not belong here; see
``ops.reconcile`` and ``ops.rebuild``.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

import settings
from contracts.book import ContractBook
from ops.fault import EngineFault
from ops.running import found
from store.engine import build_engine
from store.scope import scope

MOST = 200
"""Findings of one rule that are printed; more have one cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that breaks one rule."""

    municipality: str
    rule: str
    thing: str
    """The id of a case, a thing, a slip or a row; never a person."""


class Invariant:
    """One promise. The statement returns the ids of what breaks it."""

    promise: ClassVar[str]
    statement: ClassVar[str]
    patience: ClassVar[timedelta] = timedelta(0)
    """How long something may be so before it counts; ``:limit`` is now less this."""


class LastLineIsTheFiles(Invariant):
    """The chain is continued from what the file says: a wrong end breaks it for good."""

    promise = "a case's file names the last line of its record"
    statement = """
        SELECT f.case_id FROM case_file f
          LEFT JOIN LATERAL (
            SELECT seq, hash FROM case_event e
             WHERE e.municipality = f.municipality AND e.opened_on = f.opened_on
               AND e.case_id = f.case_id ORDER BY seq DESC LIMIT 1) last ON true
         WHERE (last.seq, last.hash) IS DISTINCT FROM (f.last_seq, f.last_hash)"""


class ThingsAreWhereTheyWentLast(Invariant):
    """Counts of things are read from their holders, hand-overs from the movements."""

    promise = "a thing is with the holder of its last movement"
    statement = """
        SELECT i.item_id FROM custody_item i
          LEFT JOIN LATERAL (
            SELECT target FROM custody_movement m
             WHERE m.municipality = i.municipality AND m.item_id = i.item_id
             ORDER BY event_seq DESC LIMIT 1) last ON true
         WHERE last.target IS DISTINCT FROM i.holder"""


class MovementsAddUp(Invariant):
    """What came in equals what is there and what went out, thing by thing."""

    promise = "each movement of a thing starts where the one before ended"
    statement = """
        SELECT DISTINCT item_id FROM (
            SELECT item_id, source, lag(target, 1, 'outside') OVER (
                     PARTITION BY item_id ORDER BY event_seq) AS was
              FROM custody_movement) moved
         WHERE source <> was"""


class MovementsHaveALine(Invariant):
    """A thing moves because somebody did something, and the record says who."""

    promise = "each movement belongs to a line of its case's record"
    statement = """
        SELECT m.item_id FROM custody_movement m
          JOIN custody_item i USING (municipality, item_id)
          JOIN case_file f USING (municipality, case_id)
         WHERE NOT EXISTS (
            SELECT FROM case_event e
             WHERE e.municipality = f.municipality AND e.opened_on = f.opened_on
               AND e.case_id = f.case_id AND e.seq = m.event_seq)"""


class CardsHaveADeadline(Invariant):
    """Two weeks for a card are the contract's promise; without a date nobody is told."""

    promise = "an open card or lot has a deadline, and is due unless its clock stands still"
    statement = """
        SELECT case_id FROM case_file
         WHERE closed_at IS NULL AND kind IN ('card', 'lot')
           AND (deadline IS NULL OR (due_at IS NULL)
             <> coalesce(deadline #> '{suspensions,-1,ends}' = 'null', false))"""


class NothingWaitsToBeHandedOver(Invariant):
    """The relay looks every second: what is old cannot be handed over."""

    promise = "nothing waits longer than five minutes to be handed to the engine"
    patience = timedelta(minutes=5)
    statement = "SELECT key FROM outbox WHERE done_at IS NULL AND made_at < :limit"


class HandoffsEndFirst(Invariant):
    """A resident whose hand-off is forgotten waits for nobody."""

    promise = "a closed case has no open hand-off"
    statement = """
        SELECT p.case_id FROM case_file c
          JOIN case_file p ON p.municipality = c.municipality AND p.case_id = c.parent_id
         WHERE c.kind = 'handoff' AND c.closed_at IS NULL AND p.closed_at IS NOT NULL"""


class LotsEndLast(Invariant):
    """A lot is reported as accounted for when it is done."""

    promise = "a lot that is done has only closed cards"
    statement = """
        SELECT DISTINCT p.case_id FROM case_file c
          JOIN case_file p ON p.municipality = c.municipality AND p.case_id = c.parent_id
         WHERE c.kind = 'card' AND c.closed_at IS NULL
           AND p.kind = 'lot' AND p.closed_at IS NOT NULL"""


class SlipsAreSettled(Invariant):
    """Cards in nobody's hands for a week are cards that somebody has lost."""

    promise = "no slip waits longer than seven days for the city"
    patience = timedelta(days=7)
    statement = """
        SELECT slip_id FROM slip
         WHERE settled_at IS NULL AND quantity > 0 AND made_at < :limit"""


class ClosedCasesAreArchived(Invariant):
    """The engine forgets a finished course; the archive must have it by then."""

    promise = "the history of a closed case is archived within an hour"
    patience = timedelta(hours=1)
    statement = """
        SELECT f.case_id FROM case_file f
         WHERE f.closed_at < :limit AND NOT EXISTS (
            SELECT FROM history_archive a
             WHERE a.municipality = f.municipality AND a.case_id = f.case_id)"""


class EveryCaseHasItsKey(Invariant):
    """Without a key row nothing of the case can be sealed, or was ever readable."""

    promise = "each case has a key, or the trace of one that was deleted"
    statement = """
        SELECT f.case_id FROM case_file f
         WHERE NOT EXISTS (
            SELECT FROM data_key k
             WHERE k.municipality = f.municipality AND k.case_id = f.case_id
               AND (k.wrapped IS NULL) = (k.shredded_at IS NOT NULL))"""


class ErasedMeansErased(Invariant):
    """A deleted key whose ciphertext stays is a promise that a backup can break."""

    promise = "nothing sealed is left of a case whose key was deleted"
    statement = """
        SELECT k.case_id FROM data_key k
         WHERE k.wrapped IS NULL AND (
            EXISTS (SELECT FROM person_vault v WHERE v.municipality = k.municipality
                       AND v.case_id = k.case_id AND v.sealed IS NOT NULL)
         OR EXISTS (SELECT FROM document d WHERE d.municipality = k.municipality
                       AND d.case_id = k.case_id AND d.sealed IS NOT NULL))"""


INVARIANTS: Sequence[type[Invariant]] = (
    LastLineIsTheFiles,
    ThingsAreWhereTheyWentLast,
    MovementsAddUp,
    MovementsHaveALine,
    CardsHaveADeadline,
    NothingWaitsToBeHandedOver,
    HandoffsEndFirst,
    LotsEndLast,
    SlipsAreSettled,
    ClosedCasesAreArchived,
    EveryCaseHasItsKey,
    ErasedMeansErased,
)


def findings(engine: Engine, municipality: str, *, now: datetime) -> Iterator[Finding]:
    """Yield what does not hold in one municipality, rule by rule."""
    for rule in INVARIANTS:
        query = text(f"{rule.statement} ORDER BY 1 LIMIT {MOST}")
        limit = {"limit": now - rule.patience} if ":limit" in rule.statement else {}
        with scope(engine, municipality) as connection:
            things = connection.execute(query, limit).scalars().all()
        for thing in things:
            yield Finding(municipality=municipality, rule=rule.__name__, thing=thing)


def main(arguments: Sequence[str] | None = None) -> int:
    """Look for everything that does not hold; return what the shell should see."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.invariants", description="What must hold at every moment."
    )
    parser.add_argument("municipality", nargs="*", help="all with a contract, if none is named")
    asked = parser.parse_args(arguments)
    try:
        chosen = found(settings.load())
    except (EngineFault, settings.WrongSetting) as fault:
        print(fault, file=sys.stderr)
        return 1
    engine = build_engine(
        str(chosen.database_url),
        application_name="madoguchi invariants",
        pool_size=1,
        statement_timeout=timedelta(minutes=10),
    )
    count = 0
    promises = {rule.__name__: rule.promise for rule in INVARIANTS}
    for municipality in asked.municipality or ContractBook(lambda *_: None).slugs():
        now = datetime.now(ZoneInfo("Asia/Tokyo"))
        for each in findings(engine, municipality, now=now):
            count += 1
            print(
                f"{each.municipality} {each.rule} {each.thing}: not so: {promises[each.rule]}"
            )
    engine.dispose()
    if not count:
        print(f"{len(INVARIANTS)} rules hold")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
