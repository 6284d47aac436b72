"""Who may see or change a reservation, and how it is shown to them.

Belongs here: residents with their link, staff with their duty. Does not belong here: what
they do with it (``api.booking.bookings``), what a link is made of (``api.booking.links``).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from api.access.door import Person
from api.booking import links
from api.deps import Desk
from domain import parties
from domain.booking.booking_rules import BookingChannel, whose_booking
from domain.booking.reservation import Reservation
from domain.case import RESIDENT, Actor, CaseKind
from domain.errors import CaseUnknown
from domain.parties import Action, Party, Standing
from store import cases
from store.answers import Question, first_answer
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of

_VALUE: TypeAdapter[Reservation] = TypeAdapter(Reservation)
_AFTER_THE_VISIT = timedelta(hours=1)
"""How long after its end a link still opens the page that says what was booked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booker:
    """Who asks: a resident with a link, or staff with a duty."""

    municipality: str
    channel: BookingChannel
    person: Person | None = None
    """``None``: a resident."""

    token: str = ""
    """The link of a resident; empty where a reservation only begins."""

    origin: str = ""
    """Where a resident's request came from; keeps the keys of strangers apart."""

    @property
    def actor(self) -> Actor:
        """Who is recorded to have acted."""
        if self.person is None:
            return RESIDENT
        return Actor(account_id=self.person.account_id, role=self.person.role)

    @property
    def party(self) -> Party | None:
        """Whose staff asks; ``None`` for a resident."""
        return self.person.party if self.person else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """How a reservation stands after a step, and the link to it."""

    case_id: str
    case_number: str
    value: Reservation
    token: str
    """For the resident alone; dead after the next move and after the visit."""

    @property
    def free_link_until(self) -> datetime:
        """When the link dies."""
        return self.value.place.ends_at + _AFTER_THE_VISIT


def booked(desk: Desk, municipality: str, case_number: str, value: Reservation) -> Booked:
    """Return how a reservation stands, with the link to it as it is now."""
    token = links.make(
        desk.keys.city_key(municipality),
        municipality=municipality,
        case_id=value.case_id,
        generation=value.generation,
    )
    return Booked(case_id=value.case_id, case_number=case_number, value=value, token=token)


def first_booked(desk: Desk, municipality: str, answer: Mapping[str, Any]) -> Booked:
    """Return the first answer again, as it was given, whatever has happened since."""
    value = _VALUE.validate_python(answer["value"])
    return booked(desk, municipality, str(answer["case_number"]), value)


def answered(desk: Desk, question: Question) -> Booked | None:
    """Return the first answer to a question that was asked before, if it was."""
    with scope(desk.engine, question.municipality) as connection:
        before = first_answer(connection, question)
    return first_booked(desk, question.municipality, before) if before is not None else None


def answer_of(case_number: str, value: Reservation) -> dict[str, Any]:
    """Return what is kept of an answer; nothing of who it is for."""
    return {"case_number": case_number, "value": _VALUE.dump_python(value, mode="json")}


def question_of(
    booker: Booker, key: str, asked: Mapping[str, Any], *, case_id: str = ""
) -> Question:
    """Return what tells a repetition from another request.

    Residents have no account, and some choose poor keys: one's are kept apart from another's
    by the reservation, or by where the request came from while there is none.
    """
    account = booker.actor.account_id
    if booker.person is None:
        apart = case_id or sha256(booker.origin.encode()).hexdigest()[:16]
        account = f"{account}/{apart}"
    told = json.dumps(asked, default=str, sort_keys=True, ensure_ascii=False)
    return Question(
        municipality=booker.municipality,
        account_id=account,
        key=key,
        digest=sha256(told.encode()).hexdigest(),
    )


def reservation_file(connection: Connection, case_id: str, *, lock: bool = False) -> CaseFile:
    """Return the file of a reservation.

    Raises:
        CaseUnknown: There is none of this id.
    """
    file = cases.one_case(connection, case_id, lock=lock)
    if file.kind is not CaseKind.RESERVATION:
        raise CaseUnknown("予約が見つかりません。")
    return file


def value_in(file: CaseFile) -> Reservation:
    """Return the reservation as it stands."""
    value = value_of(file)
    assert isinstance(value, Reservation)
    return value


def admit(desk: Desk, booker: Booker, file: CaseFile, action: Action) -> None:
    """Let staff with the duty pass, and residents with the link to this reservation.

    Raises:
        NotYourDuty: It is somebody else's.
        CaseUnknown, LinkUnknown, LinkExpired: The link does not open it.
    """
    value = value_in(file)
    if booker.person is not None:
        parties.require(booker.person.role, action, standing_for(value, action))
        return
    key = desk.keys.city_key(booker.municipality)
    link = links.read(key, municipality=booker.municipality, token=booker.token)
    if link.case_id != file.ref.case_id:
        raise CaseUnknown("予約が見つかりません。")
    link.require(
        generation=value.generation,
        valid_until=value.place.ends_at + _AFTER_THE_VISIT,
        now=desk.clock(),
    )


def standing_for(value: Reservation, action: Action) -> Standing:
    """Return whose it is to do something with a reservation.

    While it is being made, whoever makes it; one that is over still belongs to somebody, who
    is then told that it is over instead of that it is not theirs.
    """
    if action is Action.MAKE_RESERVATION:
        return whose_booking(value.channel, value.terms.phone_party)
    if value.closed and action in {Action.CHANGE_RESERVATION, Action.CANCEL_RESERVATION}:
        city = value.terms.phone_party is Party.CITY
        return Standing.WITH_CITY if city else Standing.WITH_PROVIDER
    return value.standing
