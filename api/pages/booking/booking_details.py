"""From a held place to a booking: the form, the check, confirming, and more time for both.

What was typed lives in the forms alone until the booking is confirmed; nothing of it is in
an address, and what may never be kept is not shown again. A hold that has ended takes
nothing with it: the same place can be held once more.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from api.booking import booking_holds, bookings, telephone
from api.booking.booking_throttle import AdmittedHold
from api.pages.booking.booking_frame import Public, ThePublic, booking_page, refusal_page
from api.pages.booking.booking_held import (
    Held,
    TheHeld,
    booker_of,
    guidance_for,
    view_of,
    waits,
)
from api.pages.booking.booking_offers import read_slot
from api.pages.desk.sending import Posted, see_other
from api.pages.rendering import new_key
from api.problems import STATE, told
from domain.booking.booking_errors import (
    FieldFault,
    FormRefused,
    FullyBooked,
    HoldExpired,
    OutsideBookingWindow,
    SlotClosed,
    SlotUnknown,
    TooManyBookings,
)
from domain.booking.booking_form import LONGEST, Applicant, Asked, Wrong, read_applicant
from domain.booking.reservation_parts import Stage
from domain.errors import WrongStage

router = APIRouter(include_in_schema=False)

_FIELDS: Final = (
    Asked.KANA,
    Asked.NAME,
    Asked.BIRTH_DATE,
    Asked.ADDRESS,
    Asked.PHONE,
    Asked.MAIL,
)
"""What the form asks, in its order; how many people come was said with the time."""

_NOT_SHOWN: Final = frozenset({Wrong.FORBIDDEN, Wrong.UNUSABLE, Wrong.TOO_LONG})
_NOT_HAD: Final = (FullyBooked, SlotClosed, SlotUnknown, OutsideBookingWindow)


def typed_in(posted: Posted) -> dict[str, str]:
    """Return what was typed into the form."""
    return {field.value: posted.text(field.value) for field in _FIELDS}


Typed = Annotated[dict[str, str], Depends(typed_in)]


def details_page(
    request: Request,
    site: Public,
    held: Held,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, Markup] | None = None,
    said: Markup | None = None,
) -> Response:
    """Return the form for who comes, with what was typed before and what is wrong with it."""
    return booking_page(
        request,
        site,
        "details",
        status=422 if faults else 200,
        personal=True,
        form=("details", f"{held.path}/check"),
        held=held,
        typed=typed or {},
        faults=faults or {},
        longest={field.value: LONGEST[field] for field in _FIELDS},
        said=said,
    )


def over_page(
    request: Request,
    site: Public,
    held: Held,
    typed: Mapping[str, str],
    *,
    full: bool = False,
) -> Response:
    """Return the page that says that a hold has ended, and how to go on."""
    return booking_page(
        request,
        site,
        "over",
        status=STATE,
        personal=True,
        form=("over", f"{held.path}/again") if not full else None,
        held=held,
        typed=typed,
        full=full,
        calendar=f"{site.home}/{held.line.id}/days",
        reissue="no" if held.line.reissue_question else None,
    )


@router.post("/book/{slug}/r/{token}/check")
def check(
    request: Request, site: ThePublic, held: TheHeld, posted: Posted, typed: Typed
) -> Response:
    """Show what was typed to be checked, or the form again with what is wrong."""
    if held.stage not in {Stage.HELD, Stage.LAPSED}:
        return see_other(site.look.to(held.path))
    if not waits(site, held):
        return over_page(request, site, held, typed)
    if posted.text("edit"):
        return details_page(request, site, held, typed=_showable(site, held, typed))
    return _check_page(request, site, held, typed)


@router.post("/book/{slug}/r/{token}/confirm")
def confirm(
    request: Request,
    site: ThePublic,
    held: TheHeld,
    token: str,
    posted: Posted,
    typed: Typed,
) -> Response:
    """Keep the places for good; sent twice, it is one booking."""
    try:
        applicant = _read(site, held, typed)
    except FormRefused as refused:
        return _refused_page(request, site, held, typed, refused)
    try:
        booked = bookings.confirm(
            site.desk,
            booker_of(site, token),
            site.loaded,
            held.case_id,
            key=posted.key,
            applicant=applicant,
            guidance_version=posted.text("guidance")[:200] or None,
        )
    except HoldExpired:
        return over_page(request, site, held, typed)
    except WrongStage:
        return see_other(site.look.to(held.path))
    except TooManyBookings as refused:
        return refusal_page(request, site, told(refused))
    return see_other(site.look.to(view_of(site, booked).path, done="confirmed"))


@router.post("/book/{slug}/r/{token}/again")
def again(
    request: Request,
    site: ThePublic,
    held: TheHeld,
    token: str,
    posted: Posted,
    typed: Typed,
    _: AdmittedHold,
) -> Response:
    """Hold the same place anew: more time before the end, another chance after it."""
    if held.stage not in {Stage.HELD, Stage.LAPSED}:
        return see_other(site.look.to(held.path))
    venue, starts_at = read_slot(held.slot)
    wanted = booking_holds.Wanted(
        line=held.line.id,
        starts_at=starts_at,
        people=held.party,
        venue=venue,
        # Whoever got a hold has answered, and has said that it is none.
        reissue=False,
        language=site.look.language,
    )
    try:
        found = booking_holds.hold(
            site.desk, booker_of(site, ""), site.loaded, wanted, key=new_key()
        )
    except _NOT_HAD:
        if not waits(site, held) or held.held_until is None:
            return over_page(request, site, held, typed, full=True)
        until = site.speech.time(held.held_until)
        said = site.speech.t("details.not_extended", until=until)
        return details_page(request, site, held, typed=_showable(site, held, typed), said=said)
    _let_go(site, held, token)
    fresh = view_of(site, found)
    assert fresh.held_until is not None, "it was held just now"
    said = site.speech.t("details.again_done", until=site.speech.time(fresh.held_until))
    return details_page(request, site, fresh, typed=_showable(site, fresh, typed), said=said)


@router.post("/book/{slug}/r/{token}/choose")
def choose(site: ThePublic, held: TheHeld, token: str) -> Response:
    """Let the held place go and show the times again."""
    _let_go(site, held, token)
    return see_other(
        site.look.to(
            f"{site.home}/{held.line.id}/days/{held.starts_at.date()}",
            reissue="no" if held.line.reissue_question else None,
            people=held.party,
        )
    )


@router.get("/book/{slug}/r/{token}/check")
@router.get("/book/{slug}/r/{token}/confirm")
@router.get("/book/{slug}/r/{token}/again")
@router.get("/book/{slug}/r/{token}/choose")
def reloaded(site: ThePublic, token: str) -> Response:
    """Show the booking as it stands to whoever opens the address of a step."""
    return see_other(site.look.to(f"{site.home}/r/{token}"))


def _check_page(
    request: Request, site: Public, held: Held, typed: Mapping[str, str]
) -> Response:
    try:
        applicant = _read(site, held, typed)
    except FormRefused as refused:
        return _refused_page(request, site, held, typed, refused)
    return booking_page(
        request,
        site,
        "check",
        personal=True,
        form=("check", f"{held.path}/check"),
        held=held,
        typed=typed,
        shown=_shown(site, applicant),
        guidance=guidance_for(site, held),
        key=new_key(),
        said=None,
    )


def _refused_page(
    request: Request,
    site: Public,
    held: Held,
    typed: Mapping[str, str],
    refused: FormRefused,
) -> Response:
    return details_page(
        request,
        site,
        held,
        typed=_without(typed, refused.faults),
        faults={each.field: _words(site, each) for each in refused.faults},
    )


def _read(site: Public, held: Held, typed: Mapping[str, str]) -> Applicant:
    return read_applicant(
        {
            **typed,
            Asked.PEOPLE: str(held.party),
            Asked.LANGUAGE: site.look.language,
            # Who gives an address wants to be written to; the form says so beside it.
            Asked.MAIL_WANTED: "yes" if typed[Asked.MAIL].strip() else "no",
        },
        today=site.today,
        party_max=max(held.line.party_max, held.party),
        telephone=telephone.international,
    )


def _showable(site: Public, held: Held, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed without what must not be shown again."""
    try:
        _read(site, held, typed)
    except FormRefused as refused:
        return _without(typed, refused.faults)
    return dict(typed)


def _without(typed: Mapping[str, str], faults: tuple[FieldFault, ...]) -> dict[str, str]:
    hidden = {each.field for each in faults if each.code in _NOT_SHOWN}
    return {name: "" if name in hidden else text for name, text in typed.items()}


def _words(site: Public, wrong: FieldFault) -> Markup:
    most = LONGEST[Asked(wrong.field)]
    return site.speech.t(f"fault.{wrong.code}", most=most)


def _shown(site: Public, applicant: Applicant) -> list[tuple[str, str]]:
    return [
        (Asked.KANA, applicant.kana),
        (Asked.NAME, applicant.name or ""),
        (Asked.BIRTH_DATE, site.speech.birth_date(applicant.birth_date)),
        (Asked.ADDRESS, applicant.address),
        (Asked.PHONE, telephone.national(applicant.phone)),
        (Asked.MAIL, applicant.mail or ""),
    ]


def _let_go(site: Public, held: Held, token: str) -> None:
    """Give a hold back where it still stands; one that has lapsed meanwhile is gone already."""
    if held.stage is not Stage.HELD:
        return
    try:
        bookings.cancel(
            site.desk, booker_of(site, token), site.loaded, held.case_id, key=new_key()
        )
    except WrongStage:
        return
