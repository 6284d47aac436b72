"""Taking, keeping, moving and giving up places: what pages and routes call alike.

Each step is one transaction: event, state, places, list row, person and outbox together, or
nothing. It works while Temporal is away; the relay tells the course afterwards. Beginning a
reservation stands in ``api.booking.booking_holds``.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from api.booking import booking_plan, links
from api.booking.booking_access import (
    Booked,
    Booker,
    admit,
    answer_of,
    booked,
    first_booked,
    question_of,
    reservation_file,
    value_in,
)
from api.booking.booking_contacts import require_room_for
from api.deps import Desk, deadline_for, running
from contracts.loader import LoadedContract
from domain.booking.booking_errors import ApplicantMissing
from domain.booking.booking_form import Applicant
from domain.booking.booking_rules import BookingLine, BookingMode
from domain.booking.reservation import Reservation, detail_of
from domain.booking.reservation_parts import Guided, Means, Place, Stage
from domain.booking.slots import require_in_window
from domain.calendars.hours import local
from domain.case import CaseChange, CaseEvent
from domain.contract import Contract
from domain.deadlines.deadline import Deadline
from domain.parties import Action
from domain.records.replay import CLAIMED
from store import cases, guidance, opening, record
from store.answers import Question, first_answer, keep_answer
from store.cases import CaseFile
from store.displacing import inform
from store.scope import scope


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What a step makes of a reservation, and what goes with it."""

    action: str
    after: Reservation
    reason: str | None = None
    deadline: Deadline | None = None
    person: Mapping[str, Any] | None = None


def show(desk: Desk, booker: Booker, case_id: str) -> Booked:
    """Return a reservation to whom it belongs, or to staff.

    Raises:
        CaseUnknown: There is none.
        LinkUnknown, LinkExpired: The link does not open it.
    """
    with scope(desk.engine, booker.municipality) as connection:
        file = reservation_file(connection, case_id)
        admit(desk, booker, file, Action.SEE_RESERVATIONS)
        return booked(desk, booker.municipality, file.case_number, value_in(file))


def by_link(desk: Desk, booker: Booker) -> Booked:
    """Return the reservation that a resident's link opens.

    Raises:
        LinkUnknown, LinkExpired: It opens none.
    """
    key = desk.keys.city_key(booker.municipality)
    link = links.read(key, municipality=booker.municipality, token=booker.token)
    return show(desk, booker, link.case_id)


def confirm(
    desk: Desk,
    booker: Booker,
    loaded: LoadedContract,
    case_id: str,
    *,
    key: str,
    applicant: Applicant | None = None,
    guidance_version: str | None = None,
) -> Booked:
    """Keep held places for good, and who comes with them.

    Args:
        desk: What the process works with.
        booker: Who asks.
        loaded: The contract as its file says it.
        case_id: Which reservation.
        key: The caller's Idempotency-Key.
        applicant: Who comes; ``None`` if that was said when it began.
        guidance_version: Of the guidance that the person has before their eyes.

    Raises:
        HoldExpired, WrongStage: There is nothing to confirm.
        ApplicantMissing: Nobody said who comes.
        TooManyBookings: The contact has as many as the line allows.
    """
    now = desk.clock()
    line = running(desk, booker.municipality, loaded).booking(_line_id(desk, booker, case_id))

    def step(connection: Connection, file: CaseFile, value: Reservation) -> _Step:
        after = value.confirm(now)
        if applicant is None and not _knows_person(connection, file):
            raise ApplicantMissing("氏名・生年月日・住所・電話番号を入力してください。")
        if applicant is not None:
            require_room_for(
                connection, desk, booker.municipality, line, applicant, besides=case_id
            )
            after = with_contacts(after, applicant)
        after = _guided(connection, booker, after, loaded, guidance_version, now)
        person = person_of(applicant) if applicant is not None else None
        return _Step(action="reservation_confirmed", after=after, person=person)

    asked = {"confirm": case_id, "applicant": applicant, "guidance": guidance_version}
    return _take(desk, booker, case_id, key, asked, Action.MAKE_RESERVATION, step)


def change(
    desk: Desk,
    booker: Booker,
    loaded: LoadedContract,
    case_id: str,
    *,
    key: str,
    venue: str | None,
    starts_at: datetime,
    reason: str | None = None,
    guidance_version: str | None = None,
) -> Booked:
    """Move a reservation; the old place is kept unless the new one is had.

    Another venue has other directions: whoever is not shown its guidance is told by mail
    or phone.

    Raises:
        FullyBooked, SlotClosed, SlotUnknown, OutsideBookingWindow: Nothing is changed.
        WrongStage: It is over, or not confirmed.
    """
    now = desk.clock()
    contract = running(desk, booker.municipality, loaded)
    line = contract.booking(_line_id(desk, booker, case_id))
    if line.mode is BookingMode.OWN and starts_at > now:
        booking_plan.ensure(desk, booker.municipality, contract, line, local(starts_at).date())

    def step(connection: Connection, _: CaseFile, value: Reservation) -> _Step:
        if line.mode is BookingMode.OWN:
            require_in_window(line, starts_at, now)
        place = place_at(line, venue, starts_at)
        after = value.change(place, now)
        after = _guided(connection, booker, after, loaded, guidance_version, now)
        return _Step(
            action="reservation_changed",
            after=after,
            reason=reason,
            deadline=entry_deadline(desk, booker.municipality, contract, line, after, now),
        )

    asked = {
        "change": case_id,
        "venue": venue,
        "at": starts_at,
        "reason": reason,
        "guidance": guidance_version,
    }
    return _take(desk, booker, case_id, key, asked, Action.CHANGE_RESERVATION, step)


def cancel(
    desk: Desk,
    booker: Booker,
    loaded: LoadedContract,
    case_id: str,
    *,
    key: str,
    reason: str | None = None,
) -> Booked:
    """Give a reservation up.

    Raises:
        WrongStage: It is over.
    """
    now = desk.clock()
    contract = running(desk, booker.municipality, loaded)
    line = contract.booking(_line_id(desk, booker, case_id))

    def step(_: Connection, __: CaseFile, value: Reservation) -> _Step:
        after = value.cancel(now)
        return _Step(
            action="reservation_cancelled",
            after=after,
            reason=reason,
            deadline=entry_deadline(desk, booker.municipality, contract, line, after, now),
        )

    asked = {"cancel": case_id, "reason": reason}
    return _take(desk, booker, case_id, key, asked, Action.CANCEL_RESERVATION, step)


def arrive(desk: Desk, booker: Booker, case_id: str, *, key: str) -> Booked:
    """Note that the people are here; it works while the engine is away, as claims do.

    Raises:
        NotThatDay: It is another day's.
        WrongStage: They are not expected.
    """

    def step(_: Connection, __: CaseFile, value: Reservation) -> _Step:
        return _Step(action=str(Action.RECORD_ARRIVAL), after=value.arrive(desk.clock()))

    return _take(desk, booker, case_id, key, {"arrive": case_id}, Action.RECORD_ARRIVAL, step)


def _take(
    desk: Desk,
    booker: Booker,
    case_id: str,
    key: str,
    asked: Mapping[str, Any],
    action: Action,
    step: Callable[[Connection, CaseFile, Reservation], _Step],
) -> Booked:
    question = question_of(booker, key, asked, case_id=case_id)
    with scope(desk.engine, booker.municipality) as connection:
        before = first_answer(connection, question)
        if before is not None:
            return first_booked(desk, booker.municipality, before)
        file = reservation_file(connection, case_id, lock=True)
        value = value_in(file)
        admit(desk, booker, file, action)
        taken = step(connection, file, value)
        _record(connection, desk, booker, file, taken, _line_key(question))
        keep_answer(connection, question, answer_of(file.case_number, taken.after))
        return booked(desk, booker.municipality, file.case_number, taken.after)


def _line_key(question: Question) -> str:
    """Return what makes the line of the record the same: another's key is another line."""
    own = sha256(f"{question.account_id}/{question.key}".encode()).hexdigest()
    return f"{CLAIMED}{own[:32]}"


def _record(
    connection: Connection, desk: Desk, booker: Booker, file: CaseFile, taken: _Step, key: str
) -> None:
    after, at = taken.after, desk.clock()
    if taken.person is not None:
        opening.keep_person(connection, desk.keys, file.ref, taken.person)
    waits = after.stage is Stage.TO_ENTER
    change_to = CaseChange(
        stage=after.stage,
        state={**file.state, "value": asdict(after)},
        closed=after.closed,
        owner=after.owner,
        deadline=taken.deadline,
        deadline_over=not waits,
        # What is late stays late until it is entered, unless a new time was set for it.
        stuck=file.stuck if waits and taken.deadline is None else None,
    )
    event = CaseEvent(
        action=taken.action,
        at=at,
        actor=booker.actor,
        reason=taken.reason,
        detail=told(booker, after),
    )
    record.append(connection, desk.keys, file.ref, event, change_to, key=key, recorded_at=at)
    inform(connection, file)


def told(booker: Booker, value: Reservation) -> dict[str, str | int | bool | None]:
    """Return what the record says of a reservation after a step."""
    return detail_of(value) | {
        "channel": str(booker.channel),
        "line": value.line,
        "venue": value.place.site,
        "starts_at": value.place.starts_at.isoformat(),
        "people": value.party,
    }


def with_contacts(value: Reservation, applicant: Applicant) -> Reservation:
    """Return the reservation with what it must know of how to reach its people."""
    wants_mail = applicant.mail is not None and applicant.mail_wanted
    return replace(value, mail=wants_mail, language=str(applicant.language))


def person_of(applicant: Applicant) -> dict[str, Any]:
    """Return what the vault keeps of an applicant."""
    return asdict(applicant)


def place_at(line: BookingLine, venue: str | None, starts_at: datetime) -> Place:
    """Return the place that was asked for; whether it is offered, the inventory judges.

    Raises:
        SlotUnknown: The line is not served there.
    """
    begins = local(starts_at)
    length = timedelta(minutes=line.slot_minutes or 30)
    site = venue or ""
    if line.mode is BookingMode.OWN:
        site = booking_plan.require_site(line, venue)
    return Place(site=site, starts_at=begins, ends_at=begins + length)


def entry_deadline(
    desk: Desk,
    municipality: str,
    contract: Contract,
    line: BookingLine,
    after: Reservation,
    now: datetime,
) -> Deadline | None:
    """Return until when a booking is to be entered into the city's system."""
    if after.stage is not Stage.TO_ENTER or line.entry_due is None:
        return None
    return deadline_for(desk, municipality, contract, line.entry_due, now)


def _guided(
    connection: Connection,
    booker: Booker,
    value: Reservation,
    loaded: LoadedContract,
    version: str | None,
    now: datetime,
) -> Reservation:
    if version is None:
        return value
    shown = guidance.is_current(
        connection,
        booker.municipality,
        loaded.contract.slug,
        site=value.place.site,
        version=version,
    )
    if not shown:
        # What they read is not what holds: they are told the new one by mail or phone.
        return value
    means = Means.SCREEN if booker.person is None else Means.SPOKEN
    return replace(value, guided=Guided(version=version, means=means, at=now))


def _line_id(desk: Desk, booker: Booker, case_id: str) -> str:
    with scope(desk.engine, booker.municipality) as connection:
        return value_in(reservation_file(connection, case_id)).line


def _knows_person(connection: Connection, file: CaseFile) -> bool:
    return cases.has_person(connection, file.ref)
