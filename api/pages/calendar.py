"""The year of a calendar at a glance: open, closed, holidays, other hours, closures.

The year is the Japanese fiscal one, as contracts run. What holds on a day is the
calendar's to say; here twelve months of it are laid out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api import contracts as routes
from api.access.auth import require_action
from api.access.door import Person
from api.booking.day_changes import contract_now
from api.booking.public_hours import told_of
from api.deps import Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, Sent, failed, see_other
from api.pages.rendering import page
from domain.calendars.calendar import Calendar, CalendarDay
from domain.calendars.hours import Hours, local
from domain.contract import Contract, calendar_of
from domain.errors import CalendarNotKnown, DomainError, FieldMissing
from domain.parties import Action, allowed
from store import contract_state
from store.contract_state import AddedClosure
from store.scope import scope

router = APIRouter(prefix="/calendar", include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Closer = Annotated[Person, Depends(require_action(Action.ADD_CLOSURE))]

_FIRST_MONTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day."""

    day: date
    kind: str
    """``open``, ``other``, ``part``, ``holiday``, ``closure``, ``closed`` or ``unknown``."""
    why: str
    is_today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month as weeks of seven places, Monday first."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    open_days: int


@router.get("")
def show(request: Request, person: Seer, desk: TheDesk) -> Response:
    """Show the year of one of the contract's calendars."""
    return _page(request, person, desk)


@router.post("/closures")
def close(request: Request, person: Closer, desk: TheDesk, posted: Posted) -> Response:
    """Enter a closure; it holds at once for reception and deadlines."""
    try:
        body = routes.ClosureRequest(
            calendar=posted.text("calendar"),
            day=_day(posted.text("day")),
            cause=_cause(posted),
            starts=_time(posted.text("starts")),
            ends=_time(posted.text("ends")),
        )
        loaded = desk.book.current(person.municipality)
        closed = routes.add_closure(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("close", posted, refused), posted)
    lost = f"&displaced={closed['displaced']}" if closed["displaced"] else ""
    return see_other(f"/calendar?name={body.calendar}&year={_fiscal_year(body.day)}{lost}")


@router.post("/closures/{closure_id}/withdraw")
def withdraw(closure_id: str, person: Closer, desk: TheDesk, posted: Posted) -> Response:
    """Take a closure back; taking it back again changes nothing."""
    loaded = desk.book.current(person.municipality)
    routes.withdraw_closure(closure_id, loaded, person, desk)
    names = {calendar.name for calendar in loaded.contract.calendars}
    name = posted.text("calendar")
    return see_other(f"/calendar?name={name}" if name in names else "/calendar")


def months_of(calendar: Calendar, year: int, today: date) -> list[Month]:
    """Return the twelve months from April of ``year``."""
    usual = _usual_hours(calendar)
    found = []
    for offset in range(12):
        number = _FIRST_MONTH + offset
        first = date(year + (number > 12), (number - 1) % 12 + 1, 1)
        cells = [_cell(calendar, day, usual, today) for day in _days(first)]
        blanks: list[Cell | None] = [None] * first.weekday()
        places = [*blanks, *cells]
        places += [None] * (-len(places) % 7)
        found.append(
            Month(
                first=first,
                weeks=tuple(tuple(places[i : i + 7]) for i in range(0, len(places), 7)),
                open_days=sum(cell.kind in {"open", "other", "part"} for cell in cells),
            )
        )
    return found


def _cell(calendar: Calendar, day: date, usual: Hours | None, today: date) -> Cell:
    try:
        found = calendar.day(day)
    except CalendarNotKnown as unknown:
        return Cell(day=day, kind="unknown", why=str(unknown), is_today=day == today)
    return Cell(
        day=day, kind=_kind(calendar, found, usual), why=found.why, is_today=day == today
    )


def _kind(calendar: Calendar, day: CalendarDay, usual: Hours | None) -> str:
    if day.open:
        if day.closed_parts:
            return "part"
        return "open" if day.hours == usual else "other"
    if any(closure.day == day.day for closure in calendar.closures):
        return "closure"
    return "holiday" if day.why.startswith("祝日") else "closed"


def _usual_hours(calendar: Calendar) -> Hours | None:
    return calendar.openings[0].hours if calendar.openings else None


def _days(first: date) -> list[date]:
    after = (first + timedelta(days=31)).replace(day=1)
    return [first + timedelta(days=offset) for offset in range((after - first).days)]


def _page(
    request: Request,
    person: Person,
    desk: Desk,
    failed: Failed | None = None,
    posted: Sent | None = None,
) -> Response:
    contract = contract_now(desk, person.municipality, desk.book.current(person.municipality))
    today = local(desk.clock()).date()
    asked = posted.text("calendar") if posted else request.query_params.get("name", "")
    year = _year(request.query_params.get("year"), contract, today)
    names = [calendar.name for calendar in contract.calendars]
    name = asked if asked in names else names[0]
    with scope(desk.engine, person.municipality) as connection:
        added = contract_state.closures(connection, person.municipality, contract.slug, name)
    calendar = calendar_of(contract, name, [each.closure for each in added])
    return page(
        request,
        person,
        "calendar",
        status=failed.told.status if failed else 200,
        calendar=calendar,
        calendars=contract.calendars,
        months=months_of(calendar, year, today),
        year=year,
        usual=_usual_hours(calendar),
        closures=_in_year(added, year),
        may_close=allowed(person.role, Action.ADD_CLOSURE),
        told=told_of(desk, contract, name, added),
        displaced=_count(request.query_params.get("displaced", "")),
        today=today,
        failed=failed,
    )


def _in_year(added: Sequence[AddedClosure], year: int) -> list[AddedClosure]:
    return [each for each in added if _fiscal_year(each.closure.day) == year]


def _fiscal_year(day: date) -> int:
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def _year(asked: str | None, contract: Contract, today: date) -> int:
    if asked and asked.isdecimal() and 2000 <= int(asked[:5]) <= 2100:
        return int(asked)
    start = contract.term.start or contract.effective_from
    in_term = start <= today <= contract.term.end
    return _fiscal_year(today if in_term else start)


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldMissing("「日」は年-月-日で入力してください。") from None


def _time(text: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise FieldMissing("時刻は 13:00 のように入力してください。") from None


def _cause(posted: Sent) -> str:
    cause = posted.text("cause").strip()
    if not 1 <= len(cause) <= 200:
        raise FieldMissing("「理由」を200文字までで入力してください。")
    return cause
