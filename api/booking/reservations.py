"""Reservations over HTTP, for residents and staff; what is free stands in ``slots``.

A resident needs no account: beginning one gives a token, which later steps carry in the
header ``X-Reservation-Token`` and which dies with the next move and with the visit. What
the steps do stands in ``api.booking.booking_holds`` and ``api.booking.bookings``.
"""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.access.auth import Visitor
from api.access.door import Person
from api.booking import booking_holds, bookings, telephone
from api.booking.booking_access import Booked, Booker
from api.booking.booking_holds import Wanted
from api.booking.booking_throttle import admit_hold
from api.deps import Desk, IdempotencyKey, SeenContract, TheDesk, note_view
from domain.booking.booking_form import Applicant, read_applicant
from domain.booking.booking_rules import BookingChannel, BookingLine
from domain.calendars.hours import local
from domain.errors import Unauthenticated, UnknownContract
from domain.writing.privacy import refuse_forbidden

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["reservations"])

_TEXT = 500


class ApplicantRequest(BaseModel):
    """Who comes, as it was typed; every wrong field is told at once."""

    model_config = ConfigDict(extra="ignore")

    kana: str = Field(default="", max_length=_TEXT, description="氏名（カナ）")
    name: str = Field(default="", max_length=_TEXT)
    birth_date: str = Field(default="", max_length=_TEXT, description="元号か西暦")
    address: str = Field(default="", max_length=_TEXT)
    phone: str = Field(default="", max_length=_TEXT)
    mail: str = Field(default="", max_length=_TEXT)
    mail_wanted: bool | None = Field(
        default=None, description="省略すると、メールアドレスがあるとき送る"
    )


class HoldRequest(BaseModel):
    """What is to be booked; who comes may be said now or on confirming."""

    line: str = Field(max_length=80)
    venue: str | None = Field(
        default=None, max_length=80, description="会場が一つなら省略できる"
    )
    starts_at: AwareDatetime
    people: int = Field(default=1, ge=1, le=1000)
    reissue: bool | None = Field(default=None, description="再交付の申請かどうか")
    channel: BookingChannel | None = Field(
        default=None, description="職員の予約で省略すると電話。市民の予約はいつもweb"
    )
    language: str = Field(default="ja", max_length=10)
    applicant: ApplicantRequest | None = None


class ConfirmRequest(BaseModel):
    """Keep a hold for good."""

    applicant: ApplicantRequest | None = None
    guidance_version: str | None = Field(default=None, max_length=200)


class ChangeRequest(BaseModel):
    """Another time, and another place if there are several."""

    starts_at: AwareDatetime
    venue: str | None = Field(default=None, max_length=80)
    reason: str | None = Field(default=None, max_length=2000)
    guidance_version: str | None = Field(default=None, max_length=200)


class CancelRequest(BaseModel):
    """Give it up."""

    reason: str | None = Field(default=None, max_length=2000)


class ReservationBody(BaseModel):
    """A reservation; nothing of who it is for."""

    reservation_id: str
    case_id: str
    case_number: str
    stage: str
    line: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    people: int
    channel: str
    held_until: datetime | None
    guided: bool
    reference: str | None = None
    token: str | None = Field(default=None, description="市民の本人用。職員には出さない")

    @classmethod
    def of(cls, booked: Booked, person: Person | None) -> Self:
        """Copy what the caller may see."""
        value = booked.value
        return cls(
            reservation_id=booked.case_id,
            case_id=booked.case_id,
            case_number=booked.case_number,
            stage=value.stage,
            line=value.line,
            venue=value.place.site,
            starts_at=local(value.place.starts_at),
            ends_at=local(value.place.ends_at),
            people=value.party,
            channel=value.channel,
            held_until=local(value.held_until) if value.held_until else None,
            guided=value.guided is not None,
            reference=value.reference,
            token=booked.token if person is None else None,
        )


async def _booker(
    request: Request,
    slug: str,
    person: Visitor,
    x_reservation_token: Annotated[str, Header(max_length=200)] = "",
) -> Booker:
    """Return who asks: staff of this municipality, or a resident with their token.

    Raises:
        UnknownContract: Staff of another municipality.
    """
    if person is not None and person.municipality != slug:
        raise UnknownContract("この名前の契約はありません。")
    channel = BookingChannel.WEB if person is None else BookingChannel.PHONE
    return Booker(
        municipality=slug,
        channel=channel,
        person=person,
        token=x_reservation_token,
        origin=request.client.host if request.client else "",
    )


AnyBooker = Annotated[Booker, Depends(_booker)]


async def _token_holder(booker: AnyBooker) -> Booker:
    """Return who asks about a reservation that exists.

    Raises:
        Unauthenticated: Neither an account nor a link.
    """
    if booker.person is None and not booker.token:
        raise Unauthenticated("予約の確認用リンクが必要です。")
    return booker


Holder = Annotated[Booker, Depends(_token_holder)]


@router.post(
    "/reservations",
    status_code=201,
    response_model=ReservationBody,
    summary="Hold places",
)
def hold(
    request: Request,
    loaded: SeenContract,
    booker: AnyBooker,
    desk: TheDesk,
    key: IdempotencyKey,
    body: HoldRequest,
) -> Response:
    """Hold places for the time that the contract allows, until they are confirmed."""
    if booker.person is None:
        admit_hold(booker.municipality, request)
    if booker.person is not None and body.channel is not None:
        booker = Booker(
            municipality=booker.municipality, channel=body.channel, person=booker.person
        )
    line = loaded.contract.booking(body.line)
    wanted = Wanted(
        line=body.line,
        venue=body.venue,
        starts_at=body.starts_at,
        people=body.people,
        reissue=body.reissue,
        language=body.language,
        applicant=_applicant(desk, line, body.applicant, body.people, body.language),
    )
    booked = booking_holds.hold(desk, booker, loaded, wanted, key=key)
    # As bytes at once: checking our own answer again would cost another thread its turn.
    return Response(
        ReservationBody.of(booked, booker.person).model_dump_json(),
        status_code=201,
        media_type="application/json",
        headers={
            "Location": f"/api/v1/contracts/{booker.municipality}/reservations/{booked.case_id}"
        },
    )


@router.get("/reservations/{reservation_id}", summary="Show a reservation")
def show(
    reservation_id: str, booker: Holder, desk: TheDesk, request: Request
) -> ReservationBody:
    """Return how a reservation stands."""
    found = bookings.show(desk, booker, reservation_id)
    if booker.person is not None:
        note_view(desk, booker.person, reservation_id, request)
    return ReservationBody.of(found, booker.person)


@router.post("/reservations/{reservation_id}/confirm", summary="Confirm a hold")
def confirm(
    reservation_id: str,
    loaded: SeenContract,
    booker: Holder,
    desk: TheDesk,
    key: IdempotencyKey,
    body: ConfirmRequest | None = None,
) -> ReservationBody:
    """Keep held places for good."""
    body = body or ConfirmRequest()
    value = bookings.show(desk, booker, reservation_id).value
    line = loaded.contract.booking(value.line)
    booked = bookings.confirm(
        desk,
        booker,
        loaded,
        reservation_id,
        key=key,
        applicant=_applicant(desk, line, body.applicant, value.party, value.language),
        guidance_version=body.guidance_version,
    )
    return ReservationBody.of(booked, booker.person)


@router.post("/reservations/{reservation_id}/change", summary="Move to another time")
def change(
    reservation_id: str,
    loaded: SeenContract,
    booker: Holder,
    desk: TheDesk,
    key: IdempotencyKey,
    body: ChangeRequest,
) -> ReservationBody:
    """Take another time; the old one is kept unless the new one is had."""
    _refuse_numbers(body.reason)
    booked = bookings.change(
        desk,
        booker,
        loaded,
        reservation_id,
        key=key,
        venue=body.venue,
        starts_at=body.starts_at,
        reason=body.reason,
        guidance_version=body.guidance_version,
    )
    return ReservationBody.of(booked, booker.person)


@router.post("/reservations/{reservation_id}/cancel", summary="Give a reservation up")
def cancel(
    reservation_id: str,
    loaded: SeenContract,
    booker: Holder,
    desk: TheDesk,
    key: IdempotencyKey,
    body: CancelRequest | None = None,
) -> ReservationBody:
    """Give the places back."""
    reason = body.reason if body is not None else None
    _refuse_numbers(reason)
    booked = bookings.cancel(desk, booker, loaded, reservation_id, key=key, reason=reason)
    return ReservationBody.of(booked, booker.person)


def _applicant(
    desk: Desk, line: BookingLine, body: ApplicantRequest | None, people: int, language: str
) -> Applicant | None:
    """Return who comes, checked; ``None`` where nothing was said of them.

    Raises:
        FormRefused: One or more fields are wrong or missing.
    """
    if body is None:
        return None
    wanted = body.mail_wanted if body.mail_wanted is not None else bool(body.mail)
    raw = body.model_dump(exclude={"mail_wanted"}) | {
        "people": str(people),
        "language": language,
        "mail_wanted": "yes" if wanted else "no",
    }
    return read_applicant(
        raw,
        today=local(desk.clock()).date(),
        party_max=line.party_max,
        telephone=telephone.international,
    )


def _refuse_numbers(reason: str | None) -> None:
    if reason is not None:
        refuse_forbidden(reason)
