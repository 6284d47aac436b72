"""Keys: a new master key, and deleting the keys of what must not be read any more.

    python -m ops.keys rotate
    python -m ops.keys shred-case ota OTA-K26-000123-7 --by ota-auditor --why retention
    python -m ops.keys shred-municipality ota --by ota-auditor --why contract_end --sure ota

Deleting cannot be undone, by anybody. What each key seals stands in ``store.keys``, what
is erased with it in ``store.shredding``.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

import settings
from contracts.book import ContractBook
from domain.case import Actor
from domain.errors import AccountUnknown, DomainError
from ops.fault import EngineFault
from ops.running import found
from settings import Settings
from store import cases, people, shredding
from store.engine import build_engine
from store.keys import KeyGone, KeyRing, MasterKeys, add_master_key
from store.scope import scope

WHY = ("retention", "contract_end", "request")
_LONG = timedelta(hours=2)
"""A city's documents are many gigabytes; nobody waits at a screen for this."""


def rotate(engine: Engine, chosen: Settings, municipalities: Sequence[str]) -> tuple[str, int]:
    """Make a new master key and wrap every municipality's key with it.

    Returns:
        The id of the new key, and how many keys were wrapped anew. Doing it again after an
        interruption wraps what is left, with yet another key.
    """
    masters = MasterKeys.from_file(chosen.master_key_file)
    fresh = f"m{len(masters.keys) + 1}"
    add_master_key(chosen.master_key_file, fresh)
    ring = KeyRing(engine, MasterKeys.from_file(chosen.master_key_file))
    return fresh, ring.rotate(municipalities)


def who(engine: Engine, municipality: str, login: str) -> Actor:
    """Return whoever decides, as the record names people.

    Raises:
        AccountUnknown: Nobody of this municipality has this login.
    """
    account = people.account_by_login(engine, login)
    if account is None or account.municipality != municipality:
        raise AccountUnknown("このログイン名の利用者はいません")
    return Actor(account_id=account.account_id, role=account.role)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return what the shell should see."""
    asked = _parser().parse_args(arguments)
    try:
        chosen = found(settings.load())
        engine = build_engine(
            str(chosen.database_url),
            application_name="madoguchi keys",
            pool_size=1,
            statement_timeout=_LONG,
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
    except KeyGone:
        print("the key was deleted before", file=sys.stderr)
        return 1
    return 0


def _now() -> datetime:
    return datetime.now(ZoneInfo("Asia/Tokyo"))


def _rotate(engine: Engine, chosen: Settings, asked: argparse.Namespace) -> str:
    slugs = ContractBook(lambda *_: None).slugs()
    municipalities = sorted({*slugs, *asked.also})
    key_id, changed = rotate(engine, chosen, municipalities)
    return (
        f"{key_id} is the master key now; it wraps the keys of {changed} municipalities."
        f" Keep the older lines of {chosen.master_key_file}: second factors open with them."
    )


def _shred_case(engine: Engine, chosen: Settings, asked: argparse.Namespace) -> str:
    keys = KeyRing(engine, MasterKeys.from_file(chosen.master_key_file))
    actor = who(engine, asked.municipality, asked.by)
    with scope(engine, asked.municipality) as connection:
        case = cases.by_number(connection, asked.case_number)
        gone = shredding.shred_case(
            connection,
            keys,
            asked.municipality,
            case.ref.case_id,
            by=actor,
            why=asked.why,
            at=_now(),
        )
    return f"{asked.case_number}: " + ("erased" if gone else "was erased before")


def _shred_municipality(engine: Engine, chosen: Settings, asked: argparse.Namespace) -> str:
    if asked.sure != asked.municipality:
        raise EngineFault(f"nothing was deleted: repeat the name, --sure {asked.municipality}")
    keys = KeyRing(engine, MasterKeys.from_file(chosen.master_key_file))
    actor = who(engine, asked.municipality, asked.by)
    with scope(engine, asked.municipality) as connection:
        count = shredding.shred_municipality(
            connection, keys, asked.municipality, by=actor, why=asked.why, at=_now()
        )
    return f"{asked.municipality}: {count} cases erased"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ops.keys", description="Master key and deletion of keys."
    )
    commands = parser.add_subparsers(required=True)
    rotate = commands.add_parser("rotate", help="make a new master key and wrap all keys anew")
    rotate.set_defaults(run=_rotate)
    rotate.add_argument("--also", action="append", default=[], metavar="MUNICIPALITY")
    case = commands.add_parser("shred-case", help="make one closed case unreadable for good")
    case.set_defaults(run=_shred_case)
    city = commands.add_parser("shred-municipality", help="the same for all of a municipality")
    city.set_defaults(run=_shred_municipality)
    for command in (case, city):
        command.add_argument("municipality")
        command.add_argument("--by", required=True, metavar="LOGIN", help="who decided it")
        command.add_argument("--why", required=True, choices=WHY)
    case.add_argument("case_number")
    city.add_argument("--sure", required=True, metavar="MUNICIPALITY")
    return parser


if __name__ == "__main__":
    sys.exit(main())
