"""A believable demo: people of every role in five cities, lots of Ota, reservations.

    python -m ops.seed

For an embedded installation only; ``make run`` calls it once. Writes
``DATA_DIR/demo-accounts.json``. Everybody in it is invented.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import settings
from api.access.door import Person, now_in_tokyo
from api.access.passwords import Passwords
from api.deps import Desk
from api.lots.lot_intake import Announced, Files, read_lot, take_over
from domain.errors import LoginTaken, OutsideTerm
from domain.lots.matching import MatchResult
from domain.parties import ROLE_TEXT, Role
from ops import (
    accounts,
    demo_access,
    demo_applications,
    demo_bookings,
    demo_citywork,
    demo_defects,
    demo_incidents,
    demo_knowledge,
    demo_notes,
    demo_obligations,
    demo_queue,
    demo_reports,
    demo_roster,
    wiring,
)
from ops.make_lot import LotPlan, make_lot
from ops.wiring import Parts
from settings import Settings
from store import contract_state, people
from store.answers import Question
from store.scope import scope

DEMO_FILE = "demo-accounts.json"
TOKEN_DAYS = timedelta(days=365)

CONTRACT_DATES: Mapping[str, date] = {
    "ota": date(2026, 4, 1),
    "chiba": date(2022, 5, 20),
    "yokosuka": date(2026, 5, 11),
    "urasoe": date(2025, 6, 20),
}
"""Days on which the demo pretends that contracts were signed."""

_NAMES: Mapping[Role, str] = {
    Role.OPERATOR: "織田 遥",
    Role.SUPPORT_STAFF: "品川 実",
    Role.CALL_AGENT: "電田 響",
    Role.CLERK: "事田 務子",
    Role.SITE_MANAGER: "現川 理",
    Role.OPERATIONS_MANAGER: "業本 任",
    Role.OFFICIAL: "市原 職子",
    Role.AUDITOR: "監物 査",
}

_TAKES_CALLS: Mapping[str, Role] = {"yokosuka": Role.OFFICIAL}
"""Where the calls are not the provider's (Yokosuka §7 ツ)."""

_FAULTS: Mapping[MatchResult, int] = {
    MatchResult.NAME_VARIANT: 2,
    MatchResult.ADDRESS_DIFFERS: 1,
    MatchResult.BIRTH_DIFFERS: 1,
    MatchResult.MOVED_OUT: 1,
    MatchResult.CARD_MISSING: 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """One line of the file that tells who can log in."""

    contract: str
    role: str
    login: str
    password: str
    token: str


def seed(parts: Parts, desk: Desk, *, now: datetime) -> list[DemoAccount]:
    """Fill an empty installation; return who can log in."""
    passwords = Passwords()
    made = []
    for slug in desk.book.slugs():
        _sign(parts, slug, now)
        demo_obligations.seed(parts.engine, parts.keys, parts.book, slug)
        demo_knowledge.seed(parts.engine, parts.keys, parts.book, slug, now=now)
        demo_bookings.prolong(desk, slug)
        made += [_account(parts, passwords, slug, role, now) for role in Role]
        demo_access.open_centres(parts.engine, parts.book, slug, now=now)
    demo_access.hand_out_ids(parts.engine, passwords, now=now)
    demo_roster.seed(desk)
    clerk = next(each for each in made if (each.contract, each.role) == ("ota", Role.CLERK))
    _lots(parts, desk, clerk.login, now.date())
    takers = {
        slug: _person(parts, f"{slug}-{role.value.replace('_', '-')}")
        for slug in desk.book.slugs()
        for role in (_TAKES_CALLS.get(slug, Role.CALL_AGENT),)
    }
    demo_bookings.seed(desk, takers, now=now)
    demo_roster.seed(desk)  # again: venues have been planned
    demo_bookings.name_candidates(desk, _managers(parts, demo_bookings.CANDIDATES))
    operators = {slug: _person(parts, f"{slug}-operator") for slug in desk.book.slugs()}
    demo_applications.seed(desk, operators, now=now)
    demo_defects.seed(desk, takers)
    at_desk = {slug: _person(parts, f"{slug}-support-staff") for slug in desk.book.slugs()}
    demo_notes.seed(desk, at_desk, now=now)
    demo_notes.agree(desk, _person(parts, "ageo-site-manager"), now=now)
    demo_incidents.seed(desk, at_desk)
    demo_queue.seed(desk, at_desk, now=now)
    officials = {slug: _person(parts, f"{slug}-official") for slug in desk.book.slugs()}
    demo_citywork.seed(desk, at_desk, officials)
    demo_reports.seed(desk, parts.keys, takers["chiba"], now=now)
    demo_knowledge.meet(desk, _person(parts, "yokosuka-site-manager"), now=now)
    return made


def _sign(parts: Parts, slug: str, now: datetime) -> None:
    if slug in CONTRACT_DATES:
        with scope(parts.engine, slug) as connection:
            contract_state.activate(
                connection, slug, slug, CONTRACT_DATES[slug], by="system", at=now
            )


def _account(
    parts: Parts, passwords: Passwords, slug: str, role: Role, now: datetime
) -> DemoAccount:
    login = f"{slug}-{role.value.replace('_', '-')}"
    password = f"demo-{secrets.token_urlsafe(9)}"
    accounts.create(
        parts.engine,
        passwords,
        municipality=slug,
        login=login,
        display_name=f"{_NAMES[role]}（{ROLE_TEXT[role]}）",
        role=role,
        now=now,
        password=password,
        totp_required=False,
    )
    _, token = accounts.issue_token(
        parts.engine, login, label="demo", valid_for=TOKEN_DAYS, now=now
    )
    return DemoAccount(
        contract=slug, role=role.value, login=login, password=password, token=token
    )


def _managers(parts: Parts, slugs: Iterable[str]) -> list[Person]:
    return [_person(parts, f"{slug}-site-manager") for slug in slugs]


def _person(parts: Parts, login: str) -> Person:
    account = people.account_by_login(parts.engine, login)
    assert account is not None, "made a moment ago"
    return Person(
        account_id=account.account_id,
        municipality=account.municipality,
        role=account.role,
        login=login,
        display_name=account.display_name,
    )


def _lots(parts: Parts, desk: Desk, login: str, today: date) -> None:
    for number, days_ago in enumerate((12, 3), 1):
        delivered = today - timedelta(days=days_ago)
        plan = LotPlan(rows=24 * number, seed=number, delivered=delivered, faults=_FAULTS)
        _lot(parts, desk, login, plan)


def _lot(parts: Parts, desk: Desk, login: str, plan: LotPlan) -> None:
    person = _person(parts, login)
    loaded = desk.book.current(person.municipality)
    made = make_lot(plan)
    lot = read_lot(loaded, Files(**made.files))
    question = Question(
        municipality=person.municipality,
        account_id=person.account_id,
        key=f"demo-lot-{plan.seed}",
        digest="demo",
    )
    try:
        take_over(desk, person, loaded, lot, Announced(count=plan.rows), question)
    except OutsideTerm:
        print("the demo's lots were left out: the contract does not run today")


def write(accounts_made: Sequence[DemoAccount], file: Path) -> None:
    """Write who can log in, readable by the owner only."""
    lines = [
        {
            "contract": each.contract,
            "role": each.role,
            "login": each.login,
            "password": each.password,
            "token": each.token,
        }
        for each in accounts_made
    ]
    fresh = file.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as writer:
        json.dump(lines, writer, ensure_ascii=False, indent=2)
    fresh.replace(file)


def main(arguments: Sequence[str] | None = None) -> int:
    """Seed the installation that the environment names; return the exit code."""
    argparse.ArgumentParser(prog="python -m ops.seed", description=__doc__).parse_args(
        arguments
    )
    chosen: Settings = settings.load()
    parts = wiring.parts(chosen, process="seed")
    # Nothing here asks the engine: what is taken over waits for the relay.
    client = asyncio.run(wiring.connect(chosen, parts.keys, lazy=True))
    desk = Desk(engine=parts.engine, keys=parts.keys, book=parts.book, temporal=client)
    try:
        made = seed(parts, desk, now=now_in_tokyo())
    except LoginTaken:
        print("there is a demo already", file=sys.stderr)
        return 1
    write(made, chosen.data_dir / DEMO_FILE)
    parts.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
