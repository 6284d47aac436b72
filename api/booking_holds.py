"""Beginning a reservation: a hold on places of ours, or a request for the city's system.

What happens to it afterwards stands in ``api.bookings``.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import Connection

from api import booking_plan
from api.booking_access import (
    Booked,
    Booker,
    answer_of,
    answered,
    booked,
    first_booked,
    question_of,
)
from api.booking_contacts import require_room_for
from api.bookings import entry_deadline, person_of, place_at, told, with_contacts
from api.deps import Desk, new_case_id, running
from contracts.loader import LoadedContract
from domain import parties
from domain.booking_errors import (
    ApplicantMissing,
    ChannelNotOffered,
    PartyTooLarge,
    ReissueRefused,
)
from domain.booking_form import Applicant
from domain.booking_rules import BookingLine, BookingMode
from domain.case import CaseChange, CaseEvent, CaseKind, CaseRef
from domain.contract import Contract
from domain.errors import DomainError
from domain.hours import local
from domain.parties import Action
from domain.reservation import Reservation
from domain.reservation_parts import Entry, Place, Stage, terms_of
from domain.slots import require_bookable, require_in_window
from store import contract_state, opening
from store.answers import Question, first_answer, keep_answer
from store.cases import month_of
from store.opening import NewCase
from store.scope import scope
from workflows.messages import OpenReservation

_VALUE: TypeAdapter[Reservation] = TypeAdapter(Reservation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to book."""

    line: str
    starts_at: datetime
    people: int
    venue: str | None = None
    reissue: bool | None = None
    """Whether it is about issuing a card again; ``None``: nobody asked."""

    applicant: Applicant | None = None
    language: str = "ja"


def hold(
    desk: Desk, booker: Booker, loaded: LoadedContract, wanted: Wanted, *, key: str
) -> Booked:
    """Begin a reservation; asked again with the key, the first one.

    Args:
        desk: What the process works with.
        booker: Who asks.
        loaded: The contract as its file says it.
        wanted: What is to be booked.
        key: The caller's Idempotency-Key.

    Raises:
        NotBookable, ChannelNotOffered, NotYourDuty: It is not booked here, or not so.
        ReissueRefused, PartyTooLarge, ApplicantMissing, TooManyBookings: The request.
        OutsideBookingWindow, SlotUnknown, SlotClosed, FullyBooked: The time.
    """
    contract = running(desk, booker.municipality, loaded)
    line = contract.booking(wanted.line)
    try:
        _require(booker, line, wanted)
        _require_time(desk, booker, contract, line, wanted.starts_at)
    except DomainError:
        # Asked again later, when what was possible then may be refused now.
        before = answered(desk, _question(booker, wanted, key))
        if before is None:
            raise
        return before
    return _open(desk, booker, loaded, contract, line, wanted, key)


def _question(booker: Booker, wanted: Wanted, key: str) -> Question:
    return question_of(booker, key, {"hold": asdict(wanted), "by": booker.channel})


def _require_time(
    desk: Desk, booker: Booker, contract: Contract, line: BookingLine, starts_at: datetime
) -> None:
    now = desk.clock()
    contract.require_in_term(local(now).date())
    if line.mode is BookingMode.OWN:
        require_in_window(line, starts_at, now)
        day = local(starts_at).date()
        booking_plan.ensure(desk, booker.municipality, contract, line, day)


def _require(booker: Booker, line: BookingLine, wanted: Wanted) -> None:
    require_bookable(line)
    if booker.person is not None:
        standing = line.standing_of(booker.channel)
        parties.require(booker.person.role, Action.MAKE_RESERVATION, standing)
    if not line.takes(booker.channel, booker.party):
        raise ChannelNotOffered(f"「{line.label}」は{booker.channel.ja}では予約できません。")
    if line.reissue_question and wanted.reissue is not False:
        raise ReissueRefused(
            "再交付の申請は区役所の窓口で受け付けています。"
            if wanted.reissue
            else "再交付の申請かどうかを確認してください。"
        )
    if wanted.people > line.party_max:
        raise PartyTooLarge(f"一度に予約できるのは{line.party_max}人までです。")
    if line.mode is BookingMode.CITY_SYSTEM and wanted.applicant is None:
        raise ApplicantMissing("氏名・生年月日・住所・電話番号を入力してください。")


def _open(
    desk: Desk,
    booker: Booker,
    loaded: LoadedContract,
    contract: Contract,
    line: BookingLine,
    wanted: Wanted,
    key: str,
) -> Booked:
    question = _question(booker, wanted, key)
    with scope(desk.engine, booker.municipality) as connection:
        before = first_answer(connection, question)
        if before is not None:
            return first_booked(desk, booker.municipality, before)
        if wanted.applicant is not None:
            require_room_for(connection, desk, booker.municipality, line, wanted.applicant)
        new = _new_case(connection, desk, booker, loaded, contract, line, wanted)
        numbers = opening.open_cases(
            connection, desk.keys, booker.municipality, [new], recorded_at=new.event.at
        )
        document = desk.book.document(loaded)
        contract_state.keep_version(
            connection,
            booker.municipality,
            contract.slug,
            loaded.version,
            document,
            at=new.event.at,
        )
        value = _VALUE.validate_python(new.change.state["value"])
        keep_answer(connection, question, answer_of(numbers[value.case_id], value))
    return booked(desk, booker.municipality, numbers[new.case.case_id], value)


def _new_case(
    connection: Connection,
    desk: Desk,
    booker: Booker,
    loaded: LoadedContract,
    contract: Contract,
    line: BookingLine,
    wanted: Wanted,
) -> NewCase:
    now = desk.clock()
    place = place_at(
        connection, booker.municipality, contract, line, wanted.venue, wanted.starts_at
    )
    value = _value(booker, line, wanted, place, new_case_id(now), now)
    due = entry_deadline(desk, booker.municipality, contract, line, value, now)
    ref = CaseRef(
        case_id=value.case_id,
        municipality=booker.municipality,
        contract=loaded.contract.slug,
        contract_version=loaded.version,
        opened_on=month_of(now),
    )
    return NewCase(
        case=ref,
        kind=CaseKind.RESERVATION,
        change=CaseChange(
            stage=value.stage,
            state={"value": asdict(value), "open_handoffs": []},
            closed=False,
            owner=value.owner,
            deadline=due,
        ),
        event=_first_event(booker, value, now),
        start=to_jsonable_python(OpenReservation(case=ref, reservation=value, deadline=due)),
        person=person_of(wanted.applicant) if wanted.applicant is not None else None,
    )


def _first_event(booker: Booker, value: Reservation, now: datetime) -> CaseEvent:
    held = value.stage is Stage.HELD
    return CaseEvent(
        action="reservation_held" if held else "reservation_taken",
        at=now,
        actor=booker.actor,
        detail=told(booker, value),
    )


def _value(
    booker: Booker,
    line: BookingLine,
    wanted: Wanted,
    place: Place,
    case_id: str,
    now: datetime,
) -> Reservation:
    terms = terms_of(line)
    own = line.mode is BookingMode.OWN
    value = Reservation(
        case_id=case_id,
        line=line.id,
        channel=booker.channel,
        place=place,
        party=wanted.people,
        terms=terms,
        stage=Stage.HELD if own else Stage.TO_ENTER,
        # A hold never outlives the time it is for.
        held_until=min(now + terms.hold_for, place.starts_at) if own else None,
        entry=None if own else Entry.BOOK,
        language=wanted.language,
    )
    return value if wanted.applicant is None else with_contacts(value, wanted.applicant)
