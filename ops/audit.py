"""Check the record as a whole, and run finished cases again with the code of today.

    python -m ops.audit verify [ota …] [--from 2026-04-01] [--to 2026-09-30] [--digests FILE]
    python -m ops.audit digest [ota …] [--day 2026-11-19]
    python -m ops.audit replay ota [--since 2026-11-01] [OTA-K26-000123-7 …]

Ends with 1 if anything was found. What is compared stands in ``domain.records.replay``, what
can be broken in ``store.integrity``, the lines that are handed to a city in ``ops.digests``;
single cases are asked about over HTTP.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

import settings
from contracts.book import ContractBook
from domain.errors import DomainError
from domain.records.replay import differences
from ops import digests, wiring
from ops.fault import EngineFault
from ops.replays import Replays
from ops.running import found
from ops.wiring import Parts
from store import archive, cases, histories, integrity
from store.codec import sealed_converter
from store.keys import KeyGone
from store.scope import scope


def verify(
    engine: Engine, municipalities: Sequence[str], since: date | None, until: date | None
) -> Iterator[str]:
    """Yield what is broken, one line each; the last line of a municipality counts."""
    for municipality in municipalities:
        seen = integrity.verify(engine, municipality, since=since, until=until)
        for each in seen.breaks:
            yield f"BROKEN {municipality} {each.case_id} {each.seq} {each.problem}"
        if seen.breaks_found > len(seen.breaks):
            yield f"BROKEN {municipality} … {seen.breaks_found} in all"
        yield (
            f"{municipality}: {seen.cases} cases, {seen.events} events,"
            f" {seen.archives} archived histories"
        )


async def replay(parts: Parts, municipality: str, case_ids: Sequence[str]) -> list[str]:
    """Return what differs, one line each; the last line counts."""
    run = Replays(sealed_converter(parts.keys))
    lines: list[str] = []
    erased = 0
    for case_id in case_ids:
        with scope(parts.engine, municipality) as connection:
            file = cases.one_case(connection, case_id)
            kept = archive.runs_of(connection, file.ref)
            record = integrity.record_of(connection, file.ref)
        try:
            parts.keys.case_key(municipality, case_id)
        except KeyGone:
            erased += 1
            continue
        again = [await run(histories.unpack(each)) for each in kept]
        lines += [f"FAILED {case_id} {each.failure}" for each in again if each.failure]
        decided = [step for each in again for step in each.decided]
        lines += [
            f"DIFFERENT {case_id} {each.seq or '-'} {each.field}"
            for each in differences(record, decided)
        ]
    lines.append(f"{municipality}: {len(case_ids)} cases replayed, {erased} of them erased")
    return lines


def archived(engine: Engine, municipality: str, since: date | None) -> list[str]:
    """Return the cases of a municipality whose histories were archived since a day."""
    with scope(engine, municipality) as connection:
        return archive.archived_since(connection, municipality, since)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return what the shell should see."""
    asked = _parser().parse_args(arguments)
    broken = False
    try:
        chosen = found(settings.load())
        asked.kept = chosen.data_dir / digests.FOLDER
        parts = wiring.parts(chosen, process="audit", patient=True)
        try:
            for line in asked.run(parts, asked):
                broken = broken or line.startswith(("BROKEN", "FAILED", "DIFFERENT"))
                print(line)
        finally:
            parts.engine.dispose()
    except (EngineFault, settings.WrongSetting, DomainError) as fault:
        print(fault, file=sys.stderr)
        return 1
    return 1 if broken else 0


def _verify(parts: Parts, asked: argparse.Namespace) -> Iterator[str]:
    municipalities = asked.municipality or ContractBook(lambda *_: None).slugs()
    yield from verify(parts.engine, municipalities, asked.since, asked.until)
    for municipality in municipalities:
        known = digests.handed_over(asked.digests or digests.files(asked.kept, municipality))
        yield from digests.compare(parts.engine, municipality, known)


def _digest(parts: Parts, asked: argparse.Namespace) -> Iterator[str]:
    now = datetime.now(ZoneInfo("Asia/Tokyo"))
    day = asked.day or digests.last_day(now)
    for municipality in asked.municipality or ContractBook(lambda *_: None).slugs():
        yield from digests.keep(parts.engine, municipality, day, asked.kept, now=now)


def _replay(parts: Parts, asked: argparse.Namespace) -> list[str]:
    if asked.case_number:
        with scope(parts.engine, asked.municipality) as connection:
            ids = [cases.by_number(connection, n).ref.case_id for n in asked.case_number]
    else:
        ids = archived(parts.engine, asked.municipality, asked.since)
    return asyncio.run(replay(parts, asked.municipality, ids))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ops.audit", description="Check the record; replay cases."
    )
    commands = parser.add_subparsers(required=True)
    verifying = commands.add_parser("verify", help="find lines that were changed or removed")
    verifying.set_defaults(run=_verify)
    verifying.add_argument("municipality", nargs="*")
    verifying.add_argument("--from", dest="since", type=date.fromisoformat)
    verifying.add_argument("--to", dest="until", type=date.fromisoformat)
    verifying.add_argument(
        "--digests",
        type=Path,
        action="append",
        help="lines that a city was given, as it kept them; else those kept here",
    )
    digesting = commands.add_parser("digest", help="one line for a day, to be handed over")
    digesting.set_defaults(run=_digest)
    digesting.add_argument("municipality", nargs="*")
    digesting.add_argument("--day", type=date.fromisoformat, help="the last that is over")
    replaying = commands.add_parser("replay", help="run archived cases with today's code")
    replaying.set_defaults(run=_replay)
    replaying.add_argument("municipality")
    replaying.add_argument("case_number", nargs="*")
    replaying.add_argument("--since", type=date.fromisoformat, help="archived since this day")
    return parser


if __name__ == "__main__":
    sys.exit(main())
