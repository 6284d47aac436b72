"""The demo's rosters, entered through the product's own way in.

Belongs here: who the demo pretends to be responsible when, a change at short notice, and a
day that has nobody yet. Does not belong here: accounts (``ops.seed``).
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Connection

from api.access.door import Person
from api.booking.day_changes import contract_now
from api.deps import Desk
from api.roster.roster import RosterRequest, enter
from domain.calendars.hours import local
from domain.errors import DomainError
from domain.parties import Role
from domain.roster.coverage import ChangeReason, Line
from store import people, rosters
from store.people import Account
from store.scope import scope

_TELEPHONE = "046-822-4000"
_WEEKS = timedelta(days=27)
_EMPTY = 1
"""Which of the coming days of a post is left empty; the next one is 0."""

_WHO: Mapping[str, Mapping[str, tuple[Role, ...]]] = {
    "chiba": {
        "overall_manager": (Role.OPERATIONS_MANAGER,),
        "responsible_person": (Role.SITE_MANAGER, Role.CLERK, Role.CALL_AGENT),
    },
    "ota": {"responsible_person": (Role.OPERATIONS_MANAGER,)},
    "yokosuka": {"city_contact": (Role.SITE_MANAGER,)},
}
_IN_FOR_THEM: Mapping[str, Role] = {"ota": Role.SITE_MANAGER, "yokosuka": Role.CLERK}


def seed(desk: Desk) -> None:
    """Enter four weeks of every roster, with one change and one day that lacks somebody.

    What is entered already stays: done again, only days that are new are entered.
    """
    today = local(desk.clock()).date()
    for slug, posts in _WHO.items():
        with scope(desk.engine, slug) as connection:
            accounts = {each.role: each for each in people.accounts(connection)}
            known = {role: each.account_id for role, each in accounts.items()}
            person = _person(accounts[Role.OPERATIONS_MANAGER])
            lines = _lines(connection, desk, slug, today)
        for post, roles in posts.items():
            places = dict.fromkeys(line.need.place for line in lines if line.need.post == post)
            for number, place in enumerate(places):
                mine = [line for line in lines if line.need.key[:2] == (post, place)]
                who = known[roles[number % len(roles)]]
                _enter_all(desk, person, mine, who, left_out=not number)
        if slug in _IN_FOR_THEM:
            _replace(desk, person, lines, known[_IN_FOR_THEM[slug]])


def _person(account: Account) -> Person:
    return Person(
        account_id=account.account_id,
        municipality=account.municipality,
        role=account.role,
        login=account.login,
        display_name=account.display_name,
    )


def _lines(connection: Connection, desk: Desk, slug: str, today: date) -> tuple[Line, ...]:
    contract = contract_now(desk, slug, desk.book.current(slug))
    return rosters.lines_between(connection, contract, today, today + _WEEKS)


def _enter_all(
    desk: Desk, person: Person, lines: list[Line], who: str, *, left_out: bool
) -> None:
    empty = lines[_EMPTY].need.day if left_out and len(lines) > _EMPTY else None
    for line in lines:
        if line.need.day != empty:
            _enter(desk, person, line, who)


def _replace(desk: Desk, person: Person, lines: tuple[Line, ...], who: str) -> None:
    for line in lines[2:3]:
        _enter(desk, person, line, who, ChangeReason.ABSENCE)


def _enter(
    desk: Desk, person: Person, line: Line, who: str, reason: ChangeReason | None = None
) -> None:
    need = line.need
    body = RosterRequest(
        post=need.post,
        place=need.place,
        first=need.day,
        last=need.day,
        account_id=who,
        telephone=_TELEPHONE,
        reason=reason,
    )
    key = f"demo-roster-{need.post}-{need.place}-{need.day}-{reason}"
    try:
        enter(desk.book.current(person.municipality), person, desk, key, body)
    except DomainError as refused:
        # Seeded in the evening, today's work is over.
        print(f"a day of the demo's roster was left out: {type(refused).__name__}")
