"""One reservation at the desk: who comes when, and what can be done for them now.

Moving and cancelling claim places and are taken at once (``api.booking.bookings``); other steps
are those of the case (``api.cases``).
"""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api import cases as routes
from api.access.auth import TheDoor, require_action, require_duty
from api.access.door import Door, Person
from api.booking import bookings
from api.booking.booking_access import Booked, booked, standing_for, value_in
from api.deps import AccessedCase, Desk, TheDesk, ViewedCase
from api.pages.acting import ShownForm, shown, with_failure
from api.pages.desk import desk_times
from api.pages.desk.desk_booking import details_page
from api.pages.desk.desk_frame import USUAL_PURPOSE, City, about_words, city_of
from api.pages.desk.sending import REFUSALS, Failed, Posted, failed, see_other
from api.pages.rendering import page
from api.pages.words import EVENT_TEXT
from domain.actions import forms_now
from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Stage
from domain.calendars.hours import local
from domain.case import CaseKind
from domain.errors import CaseUnknown, DomainError, ReasonMissing
from domain.parties import Action, Role, allowed
from domain.writing.privacy import refuse_forbidden
from store import cases
from store.cases import CaseFile
from store.scope import scope

router = APIRouter(prefix="/reservations/booked/{case_id}", include_in_schema=False)

Reader = Annotated[Person, Depends(require_action(Action.SEE_RESERVATIONS))]

_OFFERED: Final = frozenset(
    {
        Action.RECORD_CONTACT_ATTEMPT,
        Action.RECORD_EXTERNAL_ENTRY,
        Action.RECORD_NO_SHOW,
    }
)
"""Steps of the case that stand here as forms; the others have a place of their own."""

_STEPS: Final = _OFFERED | {Action.RECORD_GUIDANCE}
_WITHOUT_PURPOSE: Final = frozenset({Role.AUDITOR})
"""Who works on nothing has to say why they look, which the page of the case asks."""


@router.get("")
def show(
    request: Request, person: Reader, file: ViewedCase, desk: TheDesk, door: TheDoor
) -> Response:
    """Show a reservation; while its places are on hold, the form for who comes."""
    city, value = _reservation(desk, person, file)
    held = value.held_until is not None and city.now < value.held_until
    if held and allowed(person.role, Action.MAKE_RESERVATION):
        found = booked(desk, city.slug, file.case_number, value)
        return details_page(request, city, found, {})
    return booked_page(request, city, file, door)


@router.get("/move")
def ask_move(
    request: Request, person: Reader, file: ViewedCase, desk: TheDesk, door: TheDoor
) -> Response:
    """Show the times that could be had instead."""
    city, value = _reservation(desk, person, file)
    _require(request, door, person, Action.CHANGE_RESERVATION, value)
    return _move_page(request, city, file)


@router.post("/move")
def move(
    request: Request,
    file: AccessedCase,
    person: Reader,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Take another time; the old one is kept unless the new one is had."""
    city, value = _reservation(desk, person, file)
    _require(request, door, person, Action.CHANGE_RESERVATION, value)
    try:
        line = city.contract.booking(value.line)
        site, starts_at = desk_times.chosen(city, line, posted)
        bookings.change(
            desk,
            city.booker(),
            city.loaded,
            file.ref.case_id,
            key=posted.key,
            venue=site,
            starts_at=starts_at,
            reason=_reason(posted.text("reason")),
        )
    except DomainError as refused:
        return _move_page(request, city, file, failed("move", posted, refused))
    return see_other(f"/reservations/booked/{file.ref.case_id}?done=reservation_changed")


@router.post("/cancel")
def cancel(
    request: Request,
    file: AccessedCase,
    person: Reader,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Give a reservation up, with the reason that its people gave."""
    city, value = _reservation(desk, person, file)
    _require(request, door, person, Action.CANCEL_RESERVATION, value)
    try:
        reason = _reason(posted.text("reason"))
        if reason is None:
            raise ReasonMissing("取り消す理由を入力してください。")
        bookings.cancel(
            desk,
            city.booker(),
            city.loaded,
            file.ref.case_id,
            key=posted.key,
            reason=reason,
        )
    except DomainError as refused:
        again = failed("do-cancel_reservation", posted, refused)
        return booked_page(request, city, _anew(city, file), door, again)
    return see_other(f"/reservations/booked/{file.ref.case_id}?done=reservation_cancelled")


@router.post("/actions/{action}")
async def act(
    action: str,
    request: Request,
    file: AccessedCase,
    person: Reader,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Take one of the case's steps; a refusal shows the page again with what was typed."""
    if action not in _STEPS or file.kind is not CaseKind.RESERVATION:
        raise CaseUnknown("予約が見つかりません。")
    body: dict[str, Any] = dict(posted.given)
    body["confirmed"] = posted.text("confirmed") == "yes"
    try:
        await routes.do_action(action, file, person, desk, door, posted.key, request, body)
    except REFUSALS as refused:
        again = failed(f"do-{action}", posted, refused)
        return await run_in_threadpool(_again, request, desk, person, file, door, again)
    return see_other(f"/reservations/booked/{file.ref.case_id}?done={action}")


def booked_page(
    request: Request, city: City, file: CaseFile, door: Door, failed: Failed | None = None
) -> Response:
    """Return the page of a reservation as this person may see it now."""
    value, person = value_in(file), city.person
    guidance = city.guidance_at(value.place.site)
    unguided = value.stage is Stage.CONFIRMED and value.guided is None
    today = local(value.place.starts_at).date() == city.today
    done = request.query_params.get("done", "")
    forms = with_failure(_forms(city, file, value), failed)
    may_cancel = _cancellable(value) and _may(person, Action.CANCEL_RESERVATION, value)
    here = {form.id for form in forms} | ({"do-cancel_reservation"} if may_cancel else set())
    here |= {"do-record_guidance"} if unguided and guidance else set()
    return page(
        request,
        person,
        "desk/booked",
        status=failed.told.status if failed else 200,
        city=city,
        file=file,
        value=value,
        about=_about(request, city, file, value, door),
        guidance=guidance,
        unguided=unguided,
        forms=forms,
        may_guide=_may(person, Action.RECORD_GUIDANCE, value),
        may_move=value.changeable and _may(person, Action.CHANGE_RESERVATION, value),
        may_cancel=may_cancel,
        gone=failed if failed and failed.form not in here else None,
        may_receive=value.stage is Stage.CONFIRMED
        and today
        and _may(person, Action.RECORD_ARRIVAL, value),
        cancel=_cancel_form(file, failed),
        failed=failed,
        done=f"{EVENT_TEXT[done]}。" if done in EVENT_TEXT else "",
    )


def _require(
    request: Request, door: Door, person: Person, action: Action, value: Reservation
) -> None:
    require_duty(door, person, action, stage=standing_for(value, action), request=request)


def _reservation(desk: Desk, person: Person, file: CaseFile) -> tuple[City, Reservation]:
    """Return the desk and the reservation.

    Raises:
        CaseUnknown: The case is none.
    """
    if file.kind is not CaseKind.RESERVATION:
        raise CaseUnknown("予約が見つかりません。")
    return city_of(desk, person), value_in(file)


def _anew(city: City, file: CaseFile) -> CaseFile:
    # Somebody else may have moved it meanwhile, which is why it was refused.
    with scope(city.desk.engine, city.slug) as connection:
        return cases.one_case(connection, file.ref.case_id)


def _again(
    request: Request, desk: Desk, person: Person, file: CaseFile, door: Door, failed: Failed
) -> Response:
    city = city_of(desk, person)
    return booked_page(request, city, _anew(city, file), door, failed)


def _about(
    request: Request, city: City, file: CaseFile, value: Reservation, door: Door
) -> dict[str, str] | None:
    """Return whom it is for; ``None`` if this person may not see it here. It is recorded."""
    person = city.person
    if person.role in _WITHOUT_PURPOSE:
        return None
    if not allowed(person.role, Action.SEE_PERSON, value.standing):
        return None
    known = routes.read_person(
        city.desk, door, person, file, purpose=USUAL_PURPOSE, request=request
    )
    return about_words(known)


def _forms(city: City, file: CaseFile, value: Reservation) -> list[ShownForm]:
    """Return the forms of the steps that stand here, going to this page's own routes."""
    case_id = file.ref.case_id
    offered = forms_now(CaseKind.RESERVATION, value, file.deadline, city.person.role)
    return [
        replace(
            shown(form, case_id), to=f"/reservations/booked/{case_id}/actions/{form.action}"
        )
        for form in offered
        if form.action in _OFFERED
        and (form.action is not Action.RECORD_NO_SHOW or city.now >= value.place.ends_at)
    ]


def _cancel_form(file: CaseFile, failed: Failed | None) -> ShownForm:
    form = ShownForm(
        id="do-cancel_reservation",
        action=str(Action.CANCEL_RESERVATION),
        label="予約を取り消す",
        to=f"/reservations/booked/{file.ref.case_id}/cancel",
        reason="required",
        consequence="取り消した席は、しばらくしてから他の人が予約できるようになります。",
    )
    return with_failure([form], failed)[0]


def _cancellable(value: Reservation) -> bool:
    return any(str(step) == Action.CANCEL_RESERVATION for step in value.steps())


def _may(person: Person, action: Action, value: Reservation) -> bool:
    return allowed(person.role, action, value.standing)


def _reason(text: str) -> str | None:
    reason = text.strip()[:2000]
    if not reason:
        return None
    refuse_forbidden(reason)
    return reason


def _move_page(
    request: Request, city: City, file: CaseFile, failed: Failed | None = None
) -> Response:
    found = Booked(
        case_id=file.ref.case_id, case_number=file.case_number, value=value_in(file), token=""
    )
    value = found.value
    line = city.contract.booking(value.line)
    table, refused = None, None
    if line.has_slots:
        first = _day(request.query_params.get("from", ""))
        try:
            table = desk_times.table_of(city, line, first, value.party)
        except DomainError as why:
            refused = why
    return page(
        request,
        city.person,
        "desk/move",
        status=failed.told.status if failed else 200,
        city=city,
        found=found,
        value=value,
        table=table,
        refused=refused,
        failed=failed,
        typed=failed.typed if failed else {},
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
