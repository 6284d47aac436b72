"""The roster on a page: a month by day, who is there, which days lack somebody.

Here: the month, and the form that enters, replaces and takes off. Not here: what may be
entered (``api.roster``, ``domain.roster``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.booking.day_changes import contract_now
from api.deps import Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, Sent, failed, see_other
from api.pages.rendering import page
from api.roster import roster as routes
from api.roster.roster import DutyBody, EnteredBody, PostBody
from domain.calendars.day_rules import Weekday
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import DomainError, FieldMissing
from domain.parties import Action, allowed
from domain.roster.coverage import REASON_TEXT, ChangeReason

router = APIRouter(prefix="/roster", include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Writer = Annotated[Person, Depends(require_action(Action.WRITE_ROSTER))]

NOBODY: Final = "nobody"
"""The choice that takes whoever is there off."""

_SEPARATOR: Final = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the month with everything that wants somebody on it."""

    day: date
    duties: tuple[DutyBody, ...]


@router.get("")
def show(request: Request, person: Seer, desk: TheDesk) -> Response:
    """Show a month of the roster."""
    return _page(request, person, desk)


@router.post("")
def enter(request: Request, person: Writer, desk: TheDesk, posted: Posted) -> Response:
    """Enter somebody for some days, or take them off."""
    try:
        body = _body(posted)
        loaded = desk.book.current(person.municipality)
        entered: EnteredBody = routes.enter(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("roster", posted, refused), posted)
    query = urlencode({"month": f"{body.first:%Y-%m}", "entered": entered.days})
    return see_other(f"/roster?{query}")


def days_of(first: date, last: date, duties: Sequence[DutyBody]) -> list[Day]:
    """Return every day from one to another, also those that want nobody."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [
        Day(day=day, duties=tuple(each for each in duties if each.day == day)) for day in days
    ]


def lacking(days: Iterable[Day], now: datetime) -> list[Day]:
    """Return the days that still lack somebody, or did and were recorded for it."""
    found = [
        Day(day=each.day, duties=tuple(duty for duty in each.duties if _lacks(duty, now)))
        for each in days
    ]
    return [each for each in found if each.duties]


def month_of(text: str, otherwise: date) -> date:
    """Return the first day of a month written ``2026-09``; of ``otherwise`` if it is none."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return otherwise.replace(day=1)
    return found if 2000 <= found.year <= 2100 else otherwise.replace(day=1)


def _page(
    request: Request,
    person: Person,
    desk: Desk,
    failed: Failed | None = None,
    posted: Sent | None = None,
) -> Response:
    loaded = desk.book.current(person.municipality)
    contract = contract_now(desk, person.municipality, loaded)
    now = local(desk.clock())
    asked = posted.text("first")[:7] if posted else request.query_params.get("month", "")
    first = month_of(asked, _begin(contract, now.date()))
    following = (first + timedelta(days=31)).replace(day=1)
    last = following - timedelta(days=1)
    shown = routes.show_roster(loaded, person, desk, first, last)
    days = days_of(first, last, shown.items)
    only_vacant = request.query_params.get("vacant") == "1"
    return page(
        request,
        person,
        "roster",
        status=failed.told.status if failed else 200,
        contract=contract,
        posts=shown.posts,
        days=lacking(days, now) if only_vacant else days,
        vacant=len({each.day for each in shown.items if _is_open(each, now)}),
        violated=len({each.day for each in shown.items if each.violated_from}),
        first=first,
        before=(first - timedelta(days=1)).replace(day=1),
        following=following,
        today=now.date(),
        only_vacant=only_vacant,
        may_write=allowed(person.role, Action.WRITE_ROSTER),
        people=shown.people,
        options=_options(contract, shown.posts, shown.items),
        weekdays=[(number, day.ja) for number, day in enumerate(Weekday)],
        reasons=REASON_TEXT,
        nobody=NOBODY,
        **_form(request, posted, failed),
    )


def _begin(contract: Contract, today: date) -> date:
    """Return today, or the day of the term that is nearest to it."""
    start = contract.term.start or contract.term.start_planned or contract.effective_from
    return min(max(today, start), contract.term.end)


def _is_open(duty: DutyBody, now: datetime) -> bool:
    return duty.vacant and now < duty.ends_at


def _lacks(duty: DutyBody, now: datetime) -> bool:
    return duty.violated_from is not None or _is_open(duty, now)


def _options(
    contract: Contract, posts: Sequence[PostBody], duties: Sequence[DutyBody]
) -> list[tuple[str, str]]:
    """Return the posts with their places, as far as this month has any."""
    labels = {post.id: post.label for post in posts}
    found: dict[str, str] = {}
    for post in contract.roster:
        for each in duties:
            if each.post == post.id:
                place = f"（{each.place_text}）" if each.place_text else ""
                found[f"{post.id}{_SEPARATOR}{each.place}"] = f"{labels[post.id]}{place}"
    return list(found.items())


def _form(request: Request, posted: Sent | None, failed: Failed | None) -> dict[str, Any]:
    """Return what the form begins with: what was refused, or the day that was chosen."""
    day = request.query_params.get("day", "")
    chosen = request.query_params.get("for", "")
    typed = {"duty": chosen, "first": day, "last": day} if chosen else {}
    if failed is not None and posted is not None:
        weekdays = " ".join(posted.fields.get("weekdays", ()))
        typed = {**failed.typed, "weekdays": weekdays}
    done = _done(request.query_params.get("entered", ""))
    return {"failed": failed, "typed": typed, "done": done}


def _body(posted: Sent) -> routes.RosterRequest:
    post, _, place = posted.text("duty").partition(_SEPARATOR)
    who = posted.text("account_id")
    reason = posted.text("reason")
    if not post or not who:
        raise FieldMissing("「役割」と「当番の人」を選んでください。")
    if reason and reason not in set(ChangeReason):
        raise FieldMissing("「理由」を一覧から選んでください。")
    first = _day(posted.text("first"))
    numbers = [each for each in posted.fields.get("weekdays", ()) if each in set("0123456")]
    return routes.RosterRequest(
        post=post[:80],
        place=place[:120],
        first=first,
        last=_day(posted.text("last")) if posted.text("last") else first,
        weekdays=[int(each) for each in numbers][:7] or None,
        account_id=None if who == NOBODY else who[:80],
        telephone=posted.text("telephone")[:40],
        reason=ChangeReason(reason) if reason else None,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldMissing("日を年-月-日で入力してください。") from None


def _done(entered: str) -> str:
    if not (entered.isascii() and entered.isdecimal() and len(entered) <= 4):
        return ""
    return f"{int(entered)}日に入れました" if int(entered) else "もうそのとおりに入っています"
