"""My work: what a person must know within three seconds, and what they do next.

One page per role; the heading is the answer. Searching for a case stands here too, for
those whose work begins with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection

from api.access.auth import CurrentPerson, TheDoor, require_duty, route_of
from api.access.door import Person
from api.deps import Desk, TheDesk
from api.pages.acting import ShownForm, bundle_form, shown, slip_form, with_failure
from api.pages.defects import FollowUpLine, lines_of
from api.pages.desk.desk_frame import ways_of
from api.pages.desk.sending import Failed, Posted, see_other
from api.pages.paths import Column, columns_of
from api.pages.rendering import page
from api.pages.times import end_of_day, start_of
from api.pages.words import EVENT_TEXT
from domain.actions import forms_now
from domain.case import CaseKind
from domain.errors import CaseUnknown
from domain.guidance.steps import GUIDED
from domain.lots.bundle import Bundle
from domain.lots.lot import Lot
from domain.parties import Action, Role, allowed
from store import access, cases, lots, people, reservation_lists, vault, worklists
from store.cases import CaseFile, Wanted
from store.scope import scope
from store.values import value_of

router = APIRouter(include_in_schema=False)

_ASKED_OF_CITY = (
    CaseKind.PROCEDURE,
    CaseKind.HANDOFF,
    CaseKind.RETURNED_MAIL,
    CaseKind.VENUE,
)
"""Kinds of cases that come to an official by their owner."""

_LOTS = 30
_SHORT = 12
_FOUND = 50
_MANY_FAILURES = 10
"""Failures without a login between them that are more than a forgotten password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotLine:
    """One lot as a bar of stages."""

    file: CaseFile
    columns: list[Column]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for an official: a slip or a case, with what can be done."""

    file: CaseFile
    forms: list[ShownForm]
    slip: lots.Slip | None = None
    bundle: Bundle | None = None


@router.get("/")
def my_work(request: Request, person: CurrentPerson, desk: TheDesk) -> Response:
    """Show what is to be done by the role of whoever asks."""
    return work_page(request, person, desk)


@router.post("/search")
def search(
    request: Request, posted: Posted, person: CurrentPerson, desk: TheDesk, door: TheDoor
) -> Response:
    """Find a case by its number, or by the exact name or kana of its person.

    What was typed stays out of addresses, and finding somebody by name is recorded.
    """
    words = posted.text("q").strip()
    with scope(desk.engine, person.municipality) as connection:
        number = _by_number(connection, words)
    if number is not None:
        return see_other(f"/cases/{number.ref.case_id}")
    found: list[CaseFile] = []
    if words and allowed(person.role, Action.SEE_PERSON):
        require_duty(door, person, Action.SEE_PERSON, request=request)
        found = _by_name(request, desk, person, words)
    return page(request, person, "search", found=found, me=person)


def work_page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> HTMLResponse:
    """Return the page of work for a role, with the form that was refused, if any."""
    done = request.query_params.get("done", "")
    template, parts = _PAGES.get(person.role, ("work_queue", _queue))
    now = desk.clock()
    with scope(desk.engine, person.municipality) as connection:
        own = worklists.counts(
            connection,
            person.municipality,
            now=now,
            tomorrow=end_of_day(now),
            owner=None if person.role in _SEES_ALL else str(person.role),
            told=str(person.role),
        )
        values = parts(connection, desk, person, request.query_params, failed)
    return page(
        request,
        person,
        template,
        status=failed.told.status if failed else 200,
        me=person,
        counts=own,
        guided=GUIDED,
        failed=failed,
        done=f"{EVENT_TEXT[done]}。" if done in EVENT_TEXT else "",
        **values,
    )


def lot_lines(connection: Connection, municipality: str) -> list[LotLine]:
    """Return the open lots with how far their cards are, the most urgent first."""
    files = cases.list_cases(connection, municipality, Wanted(kind=CaseKind.LOT), limit=_LOTS)
    stages = worklists.lot_stages(connection, municipality, [f.ref.case_id for f in files])
    return [
        LotLine(file=f, columns=columns_of(stages[f.ref.case_id], f.ref.case_id)) for f in files
    ]


Query = Mapping[str, str]


def _clerk(
    connection: Connection, desk: Desk, person: Person, query: Query, failed: Failed | None
) -> dict[str, Any]:
    wanted = Wanted(kind=CaseKind.RETURNED_MAIL, owner=str(Role.CLERK))
    back = Wanted(kind=CaseKind.HANDOFF, owner=str(Role.CLERK))
    municipality = person.municipality
    return {
        "lots": lot_lines(connection, municipality),
        "returned": cases.list_cases(connection, municipality, wanted, limit=_SHORT),
        "came_back": cases.list_cases(connection, municipality, back, limit=_SHORT),
        "defects": _defects(connection, person),
    }


def _official(
    connection: Connection, desk: Desk, person: Person, query: Query, failed: Failed | None
) -> dict[str, Any]:
    municipality = person.municipality
    slips = []
    for slip in lots.slips(connection, municipality, waiting=True):
        forms = [
            slip_form(Action.ACKNOWLEDGE_RECEIPT, slip),
            slip_form(Action.REFUSE_RECEIPT, slip),
        ]
        lot = cases.one_case(connection, slip.lot_id)
        slips.append(Waiting(file=lot, slip=slip, forms=with_failure(forms, failed)))
    return {
        "slips": slips,
        "papers": _papers(connection, municipality, failed),
        "offered": _with_official(connection, municipality, person),
        "bookings": _bookings_waiting(connection, desk, person),
    }


def _papers(connection: Connection, municipality: str, failed: Failed | None) -> list[Waiting]:
    """Return the bundles of papers that wait for an official."""
    found = []
    for file in cases.list_cases(
        connection, municipality, Wanted(kind=CaseKind.LOT), limit=_LOTS
    ):
        lot = value_of(file)
        assert isinstance(lot, Lot)
        for bundle in lot.bundles:
            if bundle.waiting:
                forms = with_failure([bundle_form(lot, bundle.number)], failed)
                found.append(Waiting(file=file, bundle=bundle, forms=forms))
    return found


def _with_official(connection: Connection, municipality: str, person: Person) -> list[Waiting]:
    """Return what waits for an official: procedures whose turn is the city's, and the rest."""
    found = []
    for kind in _ASKED_OF_CITY:
        wanted = Wanted(kind=kind, owner=str(Role.OFFICIAL))
        for file in cases.list_cases(connection, municipality, wanted, limit=_FOUND):
            forms = forms_now(kind, value_of(file), None, person.role)
            found.append(
                Waiting(file=file, forms=[shown(form, file.ref.case_id) for form in forms])
            )
    return found


def _site_manager(
    connection: Connection, desk: Desk, person: Person, query: Query, failed: Failed | None
) -> dict[str, Any]:
    municipality, now = person.municipality, desk.clock()
    ids = worklists.escalated_to(connection, municipality, str(person.role), limit=_SHORT)
    told = [cases.one_case(connection, case_id) for case_id in ids]
    stuck = cases.list_cases(connection, municipality, Wanted(stuck=True), limit=_SHORT)
    due = cases.list_cases(
        connection, municipality, Wanted(due_before=end_of_day(now)), limit=_SHORT
    )
    return {
        "lots": lot_lines(connection, municipality),
        "stuck": stuck,
        "due": [file for file in due if file.due_at is not None and file.due_at >= now],
        # What is stuck stands above already.
        "told": [file for file in told if file.stuck is None],
        "guessed_at": people.often_failed(connection, at_least=_MANY_FAILURES),
    }


def _operations(
    connection: Connection, desk: Desk, person: Person, query: Query, failed: Failed | None
) -> dict[str, Any]:
    contract = desk.book.current(person.municipality).contract
    late = Wanted(stuck=True)
    return {
        "contract": contract,
        "assumed": sum(fact.assumed for fact in contract.facts),
        "open_kinds": worklists.kinds_open(connection, person.municipality),
        "breaches": cases.list_cases(connection, person.municipality, late, limit=_SHORT),
        "lots": lot_lines(connection, person.municipality),
        "guessed_at": people.often_failed(connection, at_least=_MANY_FAILURES),
    }


def _call_agent(
    connection: Connection, desk: Desk, person: Person, query: Query, failed: Failed | None
) -> dict[str, Any]:
    wanted = Wanted(kind=CaseKind.RETURNED_MAIL)
    to_call = [
        file
        for file in cases.list_cases(connection, person.municipality, wanted, limit=_FOUND)
        if file.stage in {"registered", "contacting"}
    ]
    return {
        "to_call": to_call,
        "defects": _defects(connection, person),
        "bookings": _bookings_waiting(connection, desk, person),
        "may_book": bool(ways_of(desk.book.current(person.municipality).contract, person)),
    }


def _defects(connection: Connection, person: Person) -> list[FollowUpLine]:
    """Return the applications that came back, whoever's they are: the first may be mine."""
    wanted = Wanted(kind=CaseKind.DEFECT)
    files = cases.list_cases(connection, person.municipality, wanted, limit=_SHORT)
    return lines_of([file for file in files if file.owner != Role.OFFICIAL])


def _bookings_waiting(connection: Connection, desk: Desk, person: Person) -> int:
    """Return how many bookings wait for whoever takes the calls of this city."""
    contract = desk.book.current(person.municipality).contract
    bookable = [line for line in contract.bookings if line.is_bookable]
    if all(line.phone_party is not person.party for line in bookable):
        return 0
    return len(reservation_lists.waiting(connection, person.municipality, contract.slug))


def _auditor(
    connection: Connection, desk: Desk, person: Person, query: Query, failed: Failed | None
) -> dict[str, Any]:
    period = _period(desk, person, query)
    last = start_of(period["last"] + timedelta(days=1))
    ids = worklists.opened_between(
        connection, person.municipality, start_of(period["first"]), last, limit=_FOUND
    )
    return {
        "found": [cases.one_case(connection, case_id) for case_id in ids],
        "most": _FOUND,
        **period,
    }


def _queue(
    connection: Connection, desk: Desk, person: Person, query: Query, failed: Failed | None
) -> dict[str, Any]:
    wanted = Wanted(owner=str(person.role))
    return {"queue": cases.list_cases(connection, person.municipality, wanted, limit=_FOUND)}


Parts = Callable[[Connection, Desk, Person, Query, Failed | None], dict[str, Any]]

_PAGES: Final[Mapping[Role, tuple[str, Parts]]] = {
    Role.CLERK: ("work_clerk", _clerk),
    Role.OFFICIAL: ("work_official", _official),
    Role.SITE_MANAGER: ("work_site", _site_manager),
    Role.OPERATIONS_MANAGER: ("work_operations", _operations),
    Role.CALL_AGENT: ("work_call", _call_agent),
    Role.AUDITOR: ("work_audit", _auditor),
}
_SEES_ALL: Final = frozenset({Role.SITE_MANAGER, Role.OPERATIONS_MANAGER, Role.AUDITOR})


def _by_number(connection: Connection, words: str) -> CaseFile | None:
    try:
        return cases.by_number(connection, words.upper())
    except CaseUnknown:
        return None


def _by_name(request: Request, desk: Desk, person: Person, words: str) -> list[CaseFile]:
    with scope(desk.engine, person.municipality) as connection:
        ids: Sequence[str] = vault.find_by_name(
            connection, desk.keys, person.municipality, words, limit=_FOUND
        )
        access.record_access(
            connection,
            account_id=person.account_id,
            case_ids=ids,
            purpose="氏名による検索",
            route=route_of(request),
            now=desk.clock(),
        )
        return [cases.one_case(connection, case_id) for case_id in ids]


def _period(desk: Desk, person: Person, query: Query | None = None) -> dict[str, date]:
    today = desk.clock().date()
    first = _day((query or {}).get("from", ""), today - timedelta(days=30))
    return {"first": first, "last": max(first, _day((query or {}).get("to", ""), today))}


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default
