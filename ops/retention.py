"""Disposing of what is kept no longer: only where the contract says how long that is.

    python -m ops.retention list ota --by ota-official
    python -m ops.retention run ota --by ota-official

``list`` puts what is due before the city; ``run`` makes unreadable what stands on lists that an
official approved, and ends with 1 where the contract names no retention. Run it every night.
When something is due stands in ``domain.access.retention``.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import Engine

import settings
from api.access.door import now_in_tokyo
from contracts.book import ContractBook
from contracts.running import as_running
from domain.access.access_errors import RetentionUnset
from domain.access.retention import Retention, retention_of
from domain.case import Actor
from domain.contract import Contract
from domain.errors import DomainError
from ops.fault import EngineFault
from ops.keys import who
from ops.running import found
from settings import Settings
from store import contract_state, disposal
from store.engine import build_engine
from store.keys import KeyRing, MasterKeys
from store.scope import scope

log = structlog.get_logger()


def contract_of(engine: Engine, book: ContractBook, slug: str) -> Contract:
    """Return the contract as it runs, with its term prolonged if it was.

    Raises:
        UnknownContract: There is none.
        ContractDateMissing: Nobody entered the day it was signed.
    """
    with scope(engine, slug) as connection:
        signed = contract_state.contract_date(connection, slug, slug)
        longer = contract_state.extension(connection, slug, slug)
    return as_running(
        book.current(slug).contract,
        signed=signed,
        until=longer.until if longer else None,
        agreement=longer.agreement if longer else "",
    )


def propose(engine: Engine, book: ContractBook, slug: str, *, by: Actor, at: datetime) -> int:
    """Put what is due on a list for the city; return its number.

    Raises:
        RetentionUnset: The contract does not say how long cases are kept.
        NothingDue: Nothing is due that stands on no list.
    """
    contract = contract_of(engine, book, slug)
    retention = _retention(contract)
    with scope(engine, slug) as connection:
        return disposal.make_list(
            connection,
            slug,
            slug,
            retention,
            term_end=contract.term.end,
            by=by.account_id,
            at=at,
        )


def run(
    engine: Engine, keys: KeyRing, book: ContractBook, slug: str, *, by: Actor, at: datetime
) -> tuple[int, int]:
    """Dispose of approved lists; return how many cases went and how many had to stay.

    Raises:
        RetentionUnset: The contract does not say how long cases are kept: nothing is touched.
    """
    contract = contract_of(engine, book, slug)
    retention = _retention(contract)
    return disposal.dispose(
        engine, keys, slug, slug, retention, term_end=contract.term.end, by=by, at=at
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return what the shell should see."""
    asked = _parser().parse_args(arguments)
    try:
        chosen = found(settings.load())
        engine = build_engine(
            str(chosen.database_url), application_name="madoguchi retention", pool_size=1
        )
        try:
            print(asked.run(engine, chosen, asked))
        finally:
            engine.dispose()
    except DomainError as refusal:
        print(f"{refusal.title}: {refusal}", file=sys.stderr)
        return 1
    except (EngineFault, settings.WrongSetting) as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def _retention(contract: Contract) -> Retention:
    try:
        return retention_of(contract)
    except RetentionUnset:
        log.warning("retention_refused", municipality=contract.slug)
        raise


def _propose(engine: Engine, chosen: Settings, asked: argparse.Namespace) -> str:
    number = propose(
        engine,
        _book(),
        asked.contract,
        by=who(engine, asked.contract, asked.by),
        at=now_in_tokyo(),
    )
    return f"{asked.contract}: list {number} waits for the city's approval"


def _run(engine: Engine, chosen: Settings, asked: argparse.Namespace) -> str:
    keys = KeyRing(engine, MasterKeys.from_file(chosen.master_key_file))
    gone, kept = run(
        engine,
        keys,
        _book(),
        asked.contract,
        by=who(engine, asked.contract, asked.by),
        at=now_in_tokyo(),
    )
    return f"{asked.contract}: {gone} cases disposed of, {kept} kept"


def _book() -> ContractBook:
    return ContractBook(lambda *_: None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ops.retention", description="Lists for disposal, and disposal."
    )
    commands = parser.add_subparsers(required=True)
    listing = commands.add_parser("list", help="put what is due on a list for the city")
    listing.set_defaults(run=_propose)
    running = commands.add_parser("run", help="dispose of what is on approved lists")
    running.set_defaults(run=_run)
    for command in (listing, running):
        command.add_argument("contract")
        command.add_argument("--by", required=True, metavar="LOGIN", help="who decided it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
