"""Beginning a reservation: a hold on places of ours, or a request for the city's system.

What happens to it afterwards stands in ``api.booking.bookings``.
"""

import contextlib
import threading
from dataclasses import dataclass
from datetime import datetime

from pydantic_core import to_jsonable_python
from sqlalchemy import Engine

from api.booking import booking_plan
from api.booking.booking_access import (
    Booked,
    Booker,
    answer_of,
    answered,
    booked,
    first_booked,
    question_of,
)
from api.booking.booking_contacts import require_room_for
from api.booking.bookings import entry_deadline, person_of, place_at, told, with_contacts
from api.deps import Desk, new_case_id
from api.obligations.held_lately import held_lately
from api.running_lately import running_lately
from contracts.loader import LoadedContract
from domain import parties
from domain.booking.booking_errors import (
    ApplicantMissing,
    ChannelNotOffered,
    PartyTooLarge,
    ReissueRefused,
)
from domain.booking.booking_form import Applicant
from domain.booking.booking_rules import BookingLine, BookingMode
from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Entry, Place, Stage, terms_of
from domain.booking.slots import require_bookable, require_in_window
from domain.calendars.hours import local
from domain.case import CaseChange, CaseEvent, CaseKind, CaseRef
from domain.contract import Contract
from domain.errors import DomainError
from domain.parties import Action
from store import claims, contract_state, opening
from store.answers import Question, first_answer, keep_answer
from store.cases import month_of
from store.claims import Claim, NumberBlocks
from store.opening import NewCase
from store.scope import scope
from workflows.messages import OpenReservation


class KeptVersions:
    """Keeps the text of a contract's version once for each process, ahead of its cases."""

    def __init__(self) -> None:
        self._kept: set[tuple[Engine, str, str]] = set()
        self._lock = threading.Lock()

    def keep(self, desk: Desk, municipality: str, loaded: LoadedContract) -> None:
        """Keep the version unless this process has done so."""
        known = desk.engine, municipality, loaded.version
        if known in self._kept:
            return
        with scope(desk.engine, municipality) as connection:
            contract_state.keep_version(
                connection,
                municipality,
                loaded.contract.slug,
                loaded.version,
                desk.book.document(loaded),
                at=desk.clock(),
            )
        with self._lock:
            self._kept.add(known)


_KEPT_VERSIONS = KeptVersions()
_NUMBERS = NumberBlocks()


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
    contract = running_lately(desk, booker.municipality, loaded)
    line = contract.booking(wanted.line)
    try:
        _require(booker, line, wanted)
        held_lately(desk, contract).require_booking(contract, booker.channel)
        _require_time(desk, booker, contract, line, wanted.starts_at)
    except DomainError:
        # Asked again later, when what was possible then may be refused now.
        before = answered(desk, _question(booker, wanted, key))
        if before is None:
            raise
        return before
    question = _question(booker, wanted, key)
    _KEPT_VERSIONS.keep(desk, booker.municipality, loaded)
    new, value = _new_case(desk, booker, loaded, contract, line, wanted)
    if line.mode is BookingMode.OWN:
        return _claim(desk, booker, line, wanted, new, value, question)
    return _request(desk, booker, line, wanted, new, value, question)


def _question(booker: Booker, wanted: Wanted, key: str) -> Question:
    return question_of(booker, key, {"hold": to_jsonable_python(wanted), "by": booker.channel})


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


def _claim(
    desk: Desk,
    booker: Booker,
    line: BookingLine,
    wanted: Wanted,
    new: NewCase,
    value: Reservation,
    question: Question,
) -> Booked:
    """Begin it if there are places; see ``store.claims`` for why all goes at once."""
    municipality = booker.municipality
    year = new.event.at.year
    number = _NUMBERS.draw(desk.engine, municipality, year)
    claim = Claim(
        new=new,
        value=value,
        number=number,
        question=question,
        answer=answer_of(number, value),
    )
    with contextlib.suppress(claims.AskedBefore):
        if wanted.applicant is None:
            had = claims.begin(desk.engine, desk.keys, claim)
        else:
            had = _begin_for(desk, booker, line, wanted.applicant, claim)
        if had:
            return booked(desk, municipality, number, value)
    _NUMBERS.give_back(desk.engine, municipality, year, number)
    with scope(desk.engine, municipality) as connection:
        before = first_answer(connection, question)
        if before is None:
            claims.refuse(connection, desk.keys, claim)
        return first_booked(desk, municipality, before)


def _begin_for(
    desk: Desk, booker: Booker, line: BookingLine, applicant: Applicant, claim: Claim
) -> bool:
    """Begin it if there are places and the applicant's contacts have room for it."""
    with scope(desk.engine, booker.municipality) as connection:
        if first_answer(connection, claim.question) is not None:
            return False
        require_room_for(connection, desk, booker.municipality, line, applicant)
        return claims.begin_at_end(connection, desk.keys, claim)


def _request(
    desk: Desk,
    booker: Booker,
    line: BookingLine,
    wanted: Wanted,
    new: NewCase,
    value: Reservation,
    question: Question,
) -> Booked:
    """Begin what is to be entered into the city's system."""
    municipality = booker.municipality
    with scope(desk.engine, municipality) as connection:
        before = first_answer(connection, question)
        if before is not None:
            return first_booked(desk, municipality, before)
        if wanted.applicant is not None:
            require_room_for(connection, desk, municipality, line, wanted.applicant)
        numbers = opening.open_cases(
            connection, desk.keys, municipality, [new], recorded_at=new.event.at
        )
        keep_answer(connection, question, answer_of(numbers[value.case_id], value))
    return booked(desk, municipality, numbers[value.case_id], value)


def _new_case(
    desk: Desk,
    booker: Booker,
    loaded: LoadedContract,
    contract: Contract,
    line: BookingLine,
    wanted: Wanted,
) -> tuple[NewCase, Reservation]:
    now = desk.clock()
    place = place_at(line, wanted.venue, wanted.starts_at)
    value = _value(booker, line, wanted, place, new_case_id(now), now)
    due = entry_deadline(desk, booker.municipality, contract, line, value, now)
    ref = CaseRef(
        case_id=value.case_id,
        municipality=booker.municipality,
        contract=loaded.contract.slug,
        contract_version=loaded.version,
        opened_on=month_of(now),
    )
    new = NewCase(
        case=ref,
        kind=CaseKind.RESERVATION,
        change=CaseChange(
            stage=value.stage,
            state={"value": to_jsonable_python(value), "open_handoffs": []},
            closed=False,
            owner=value.owner,
            deadline=due,
        ),
        event=_first_event(booker, value, now),
        start=to_jsonable_python(OpenReservation(case=ref, reservation=value, deadline=due)),
        person=person_of(wanted.applicant) if wanted.applicant is not None else None,
    )
    return new, value


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
