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
from store.scope import scope

_TELEPHONE = "046-822-4000"
_WEEKS = timedelta(days=27)
_EMPTY_FROM = 3
"""Which of the coming days of a post is left empty, counted from the next one."""

_WHO: Mapping[str, Mapping[str, tuple[Role, ...]]] = {
    "chiba": {
        "overall_manager": (Role.OPERATIONS_MANAGER,),
        "responsible_person": (Role.SITE_MANAGER, Role.CLERK, Role.CALL_AGENT),
    },
    "ota": {"responsible_person": (Role.OPERATIONS_MANAGER,)},
    "yokosuka": {"city_contact": (Role.SITE_MANAGER,)},
}
_IN_FOR_THEM: Mapping[str, Role] = {"ota": Role.SITE_MANAGER, "yokosuka": Role.CLERK}


def seed(desk: Desk, managers: Mapping[str, Person]) -> None:
    """Enter four weeks of every roster, with one change and one day that lacks somebody."""
    today = local(desk.clock()).date()
    for slug, posts in _WHO.items():
        person = managers[slug]
        with scope(desk.engine, slug) as connection:
            known = {each.role: each.account_id for each in people.accounts(connection)}
            lines = _lines(connection, desk, slug, today)
        for post, roles in posts.items():
            places = dict.fromkeys(line.need.place for line in lines if line.need.post == post)
            for number, place in enumerate(places):
                mine = [line for line in lines if line.need.key[:2] == (post, place)]
                who = known[roles[number % len(roles)]]
                _enter_all(desk, person, mine, who, left_out=not number)
        if slug in _IN_FOR_THEM:
            _replace(desk, person, lines, known[_IN_FOR_THEM[slug]])


def _lines(connection: Connection, desk: Desk, slug: str, today: date) -> tuple[Line, ...]:
    contract = contract_now(desk, slug, desk.book.current(slug))
    return rosters.lines_between(connection, contract, today, today + _WEEKS)


def _enter_all(
    desk: Desk, person: Person, lines: list[Line], who: str, *, left_out: bool
) -> None:
    empty = lines[_EMPTY_FROM].need.day if left_out and len(lines) > _EMPTY_FROM else None
    for line in lines:
        if line.need.day != empty:
            _enter(desk, person, line, who)


def _replace(desk: Desk, person: Person, lines: tuple[Line, ...], who: str) -> None:
    for line in lines[1:2]:
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
