"""The window of the day: who comes when, and noting that they are here.

Names stand only with who was looked for, so that a list open all day shows nobody's. What
arriving does to a reservation stands in ``api.booking.bookings``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api import cases as routes
from api.access.auth import TheDoor, require_action, require_duty
from api.access.door import Person
from api.booking import bookings, visit_bookings
from api.booking.booking_access import value_in
from api.deps import AccessedCase, Desk, TheDesk
from api.pages.desk.desk_frame import City, city_of, keys_for, people_of
from api.pages.desk.sending import REFUSALS, Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.booking.reservation_parts import STAGE_TEXT, Stage
from domain.calendars.hours import local
from domain.case import CaseKind
from domain.errors import CaseUnknown, DomainError
from domain.parties import Action
from store import reservation_lists
from store.reservation_lists import ReservationLine
from store.scope import scope

router = APIRouter(prefix="/reservations/arrivals", include_in_schema=False)

Receiver = Annotated[Person, Depends(require_action(Action.RECORD_ARRIVAL))]

PURPOSE: Final = "来場の確認"
_NUMBER: Final = re.compile(r"[A-Z0-9-]{1,40}")
_SHOWN: Final = (Stage.CONFIRMED, Stage.ARRIVED, Stage.NO_SHOW, Stage.DISPLACED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One reservation of the day, with how it stands at this minute."""

    line: ReservationLine
    word: str
    tone: str
    shape: str
    late: bool
    may_arrive: bool
    may_miss: bool
    """Whether it can be noted that nobody came: the time they had booked is over."""


@router.get("")
def show(request: Request, person: Receiver, desk: TheDesk) -> Response:
    """Show who comes today, by time."""
    return _page(request, city_of(desk, person))


@router.post("/find")
def find(request: Request, person: Receiver, desk: TheDesk, posted: Posted) -> Response:
    """Find who is here by number, kana, name, telephone or the code on their receipt."""
    city = city_of(desk, person)
    words = posted.text("q").strip()[:200]
    return _page(request, city, found=_found(city, words), words=words)


@router.post("/{case_id}")
def arrive(
    request: Request,
    file: AccessedCase,
    person: Receiver,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Record that the people are here; late ones as late."""
    if file.kind is not CaseKind.RESERVATION:
        raise CaseUnknown("予約が見つかりません。")
    value = value_in(file)
    city = city_of(desk, person)
    require_duty(door, person, Action.RECORD_ARRIVAL, stage=value.standing, request=request)
    try:
        bookings.arrive(desk, city.booker(), file.ref.case_id, key=posted.key)
    except DomainError as refused:
        again = failed(f"arrive-{file.ref.case_id}", posted, refused)
        return _page(request, city, found=_by_id(city, file.ref.case_id), failed=again)
    return see_other(f"/reservations/arrivals?came={file.ref.case_id}")


@router.post("/{case_id}/no-show")
async def miss(
    request: Request,
    file: AccessedCase,
    person: Receiver,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Record that nobody came, once their time is over."""
    if file.kind is not CaseKind.RESERVATION:
        raise CaseUnknown("予約が見つかりません。")
    action, case_id = Action.RECORD_NO_SHOW, file.ref.case_id
    try:
        await routes.do_action(action, file, person, desk, door, posted.key, request, {})
    except REFUSALS as refused:
        again = failed(f"miss-{case_id}", posted, refused)
        return await run_in_threadpool(_again, request, desk, person, case_id, again)
    day = local(value_in(file).place.starts_at).date()
    return see_other(f"/reservations/arrivals?day={day}&missed={file.case_number}")


def coming(line: ReservationLine, late_after: timedelta | None, now: datetime) -> Coming:
    """Return how a reservation of the day stands at this minute."""
    is_late = late_after is not None and now > line.starts_at + late_after
    match line.stage:
        case Stage.ARRIVED:
            word, tone, shape = ("遅れて来場" if line.late else "来場"), "good", "✓"
        case Stage.CONFIRMED if is_late:
            word, tone, shape = "遅れています", "warn", "▲"
        case Stage.CONFIRMED:
            word, tone, shape = "これから", "calm", "○"
        case Stage.DISPLACED:
            word, tone, shape = STAGE_TEXT[Stage.DISPLACED], "late", "■"
        case _:
            word, tone, shape = STAGE_TEXT[Stage(line.stage)], "calm", "×"
    return Coming(
        line=line,
        word=word,
        tone=tone,
        shape=shape,
        late=is_late and line.stage == Stage.CONFIRMED,
        may_arrive=line.stage == Stage.CONFIRMED and line.day == local(now).date(),
        may_miss=line.stage == Stage.CONFIRMED and now >= line.ends_at,
    )


def _again(
    request: Request, desk: Desk, person: Person, case_id: str, failed: Failed
) -> Response:
    city = city_of(desk, person)
    return _page(request, city, found=_by_id(city, case_id), failed=failed)


def _page(
    request: Request,
    city: City,
    *,
    found: Sequence[ReservationLine] | None = None,
    words: str = "",
    failed: Failed | None = None,
) -> Response:
    query = request.query_params
    day = _day(query.get("day", ""), city.today)
    with scope(city.desk.engine, city.slug) as connection:
        lines = reservation_lists.of_day(connection, city.slug, city.slug, day, stages=_SHOWN)
    site, line = query.get("site", ""), query.get("line", "")
    shown = [e for e in lines if site in {"", e.site} and line in {"", e.line}]
    rows = [coming(each, _late_after(city, each), city.now) for each in shown]
    searched = [coming(each, _late_after(city, each), city.now) for each in found or ()]
    return page(
        request,
        city.person,
        "desk/arrivals",
        status=failed.told.status if failed else 200,
        city=city,
        day=day,
        rows=rows,
        counts=_counts(rows),
        found=searched if found is not None else None,
        people=people_of(request, city, list(found or ()), purpose=PURPOSE),
        words_typed=words,
        came=next((row for row in rows if row.line.case_id == query.get("came")), None),
        missed=_NUMBER.fullmatch(query.get("missed", "")),
        sites=sorted({each.site for each in lines}),
        site=site,
        failed=failed,
    )


def _counts(rows: Sequence[Coming]) -> Mapping[str, int]:
    return {
        "came": sum(row.line.stage == Stage.ARRIVED for row in rows),
        "ahead": sum(row.line.stage == Stage.CONFIRMED for row in rows),
        "late": sum(row.late for row in rows),
    }


def _late_after(city: City, line: ReservationLine) -> timedelta | None:
    rule = next((each for each in city.contract.bookings if each.id == line.line), None)
    if rule is None or rule.late_minutes is None:
        return None
    return timedelta(minutes=rule.late_minutes)


def _found(city: City, words: str) -> list[ReservationLine]:
    """Return today's first; those of other days, so that it can be said when they are."""
    if not words:
        return []
    with scope(city.desk.engine, city.slug) as connection:
        file = visit_bookings.find_reservation(connection, words)
    if file is not None:
        return _by_id(city, file.ref.case_id)
    with scope(city.desk.engine, city.slug) as connection:
        keys = keys_for(connection, city.desk, city.slug, words)
        lines = reservation_lists.of_person(connection, city.slug, keys)
    today = [line for line in lines if line.day == city.today and line.stage in _SHOWN]
    ahead = [line for line in lines if line.day > city.today and line.stage in _SHOWN]
    return today or ahead[:3]


def _by_id(city: City, case_id: str) -> list[ReservationLine]:
    with scope(city.desk.engine, city.slug) as connection:
        found = reservation_lists.of_case(connection, city.slug, case_id)
    return [found] if found is not None else []


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default
