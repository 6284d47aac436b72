"""A reservation: one party's way to places at a time, and everything that waits in it.

    HELD ──confirm──▶ CONFIRMED ──arrive──▶ ARRIVED
      │ silence          │  ▲ └─silence──▶ NO_SHOW
      ▼                  │  │ change
    LAPSED      closure  ▼  │
                     DISPLACED ──cancel──▶ CANCELLED (from any of them)

    TO_ENTER ──entered into the city's system──▶ CONFIRMED or CANCELLED

Whether places are free is the database's to judge (``store.claims``); the changes to them
that a step brings are returned with it. When silence decides stands in ``reservation_clock``.
Sources: Chiba specification 第2-1(1)イウ, Yokosuka §6(2)ア, Ageo §5(3)③(ウ), Ota §6(3)①.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.booking.booking_errors import HoldExpired, NotThatDay
from domain.booking.booking_rules import BookingChannel, BookingMode
from domain.booking.reservation_parts import (
    ENDED,
    STAGE_TEXT,
    Entry,
    Freed,
    Guided,
    Means,
    Place,
    PlaceChange,
    Stage,
    Step,
    Terms,
)
from domain.calendars.hours import local
from domain.errors import WrongStage
from domain.parties import Action, Party, Role, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """One value per moment: every step returns a new reservation."""

    case_id: str
    line: str
    channel: BookingChannel
    place: Place
    party: int
    terms: Terms
    stage: Stage = Stage.HELD
    held_until: datetime | None = None
    placed_at: datetime | None = None
    """When its present time was settled; from then on the people count on it."""

    was_at: datetime | None = None
    """When the visit was to be before it was moved last."""

    generation: int = 1
    """Counts the places it has had; a link of an earlier one is dead."""

    language: str = "ja"
    promised: bool = False
    """Whether a time was ever confirmed to the people."""

    mail: bool = False
    """Whether there is an address to write to."""

    sms: bool = False
    """Whether the person agreed to short messages instead."""

    guided: Guided | None = None
    freed: tuple[Freed, ...] = ()
    told: tuple[str, ...] = ()
    """Keys of the messages that were sent or given up; see ``reservation_clock``."""

    must_phone: bool = False
    """A message did not arrive: somebody must call."""

    attempts: int = 0
    """Contact attempts since the visit was displaced or a message failed."""

    entry: Entry | None = None
    """What waits to be entered into the city's system."""

    reference: str | None = None
    """The number that the city's system gave it."""

    cause: str | None = None
    """Why the time was closed under it."""

    late: bool = False

    def __post_init__(self) -> None:
        if self.party < 1:
            raise ValueError(f"nobody comes: {self.party}")
        if (self.stage is Stage.HELD) is (self.held_until is None):
            raise ValueError("exactly a held reservation has an end of its hold")

    @property
    def places(self) -> int:
        """How many places it takes in its slot."""
        return self.party if self.terms.people_use_places else 1

    @property
    def ended(self) -> bool:
        """Tell whether nothing more is expected of the people."""
        return self.stage in ENDED

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done, places to return and calls included."""
        return self.ended and not self.freed and not self.must_phone

    @property
    def standing(self) -> Standing:
        """Where it stands between the parties: who takes the calls has it."""
        if self.closed:
            return Standing.CLOSED
        # Who stands before the person holds and confirms; the calls come after.
        at_window = self.channel in {BookingChannel.WINDOW, BookingChannel.BOOTH}
        if self.stage is Stage.HELD and at_window:
            return Standing.WITH_PROVIDER
        with_city = self.terms.phone_party is Party.CITY
        return Standing.WITH_CITY if with_city else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once all is settled."""
        if self.closed:
            return None
        return Role.OFFICIAL if self.terms.phone_party is Party.CITY else Role.CALL_AGENT

    @property
    def changeable(self) -> bool:
        """Tell whether another time can be taken for it."""
        if self.stage is Stage.TO_ENTER:
            return self.entry is not Entry.CANCEL
        return self.stage in {Stage.CONFIRMED, Stage.DISPLACED}

    def standing_for(self, action: Action) -> Standing:
        """Return where it stands as far as ``action`` is concerned.

        It is not handed over: its people may end it at any moment, and no official's answer
        can be waited for. What needs an official is a case of its own.
        """
        return Standing.CLOSED if action is Action.OFFER_HANDOFF else self.standing

    def steps(self) -> tuple[Step, ...]:
        """Return what staff can do next."""
        possible: list[Step] = []
        match self.stage:
            case Stage.HELD:
                possible = [Step.CANCEL_RESERVATION]
            case Stage.CONFIRMED:
                possible = [
                    Step.RECORD_ARRIVAL,
                    Step.RECORD_GUIDANCE,
                    Step.CANCEL_RESERVATION,
                    Step.RECORD_NO_SHOW,
                ]
            case Stage.TO_ENTER:
                possible = [Step.RECORD_EXTERNAL_ENTRY, Step.CANCEL_RESERVATION]
                if self.entry is Entry.CANCEL:
                    possible.remove(Step.CANCEL_RESERVATION)
            case Stage.DISPLACED:
                possible = [Step.CANCEL_RESERVATION]
        if self.must_phone or self.stage is Stage.DISPLACED:
            possible.append(Step.RECORD_CONTACT_ATTEMPT)
        return tuple(possible)

    # Steps. Each returns the reservation afterwards; ``moves`` says what it does to places.

    def confirm(self, now: datetime) -> "Reservation":
        """Keep the held places for good.

        Raises:
            HoldExpired: The hold has ended, whether or not anybody was told yet.
            WrongStage: Nothing is on hold.
        """
        if self.stage is Stage.LAPSED:
            raise HoldExpired("時間内に確定されなかったため、席は解放されました。")
        self._require(Stage.HELD)
        assert self.held_until is not None
        if now >= self.held_until:
            raise HoldExpired("もう一度、時間を選んでください。")
        return replace(
            self, stage=Stage.CONFIRMED, held_until=None, placed_at=now, promised=True
        )

    def lapse(self, now: datetime) -> "Reservation":
        """Give the places back, since nobody confirmed them; they are free at once.

        Raises:
            WrongStage: Nothing is on hold, or the hold has not ended.
        """
        self._require(Stage.HELD)
        assert self.held_until is not None
        if now < self.held_until:
            raise WrongStage("仮予約の時間は終わっていません。")
        return replace(self, stage=Stage.LAPSED, held_until=None)

    def change(self, place: Place, now: datetime) -> "Reservation":
        """Move to another time; the old places return after the delay against trading.

        Raises:
            WrongStage: It is not confirmed, or it is over, or it is at that time already.
        """
        # A time that was closed under it, and is open again, may be taken again.
        there = place == self.place and self.stage is not Stage.DISPLACED
        if not self.changeable or there:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        moved = replace(
            self,
            place=place,
            placed_at=now,
            was_at=self.place.starts_at,
            generation=self.generation + 1,
            # Another place has other directions: who comes must be told anew.
            guided=self.guided if place.site == self.place.site else None,
            cause=None,
            attempts=0,
            must_phone=False,
        )
        if self.terms.mode is BookingMode.CITY_SYSTEM:
            entry = Entry.BOOK if self.entry is Entry.BOOK else Entry.CHANGE
            return replace(moved, stage=Stage.TO_ENTER, entry=entry)
        return replace(moved, stage=Stage.CONFIRMED, freed=self._freed(now))

    def cancel(self, now: datetime) -> "Reservation":
        """Give the visit up; the places return after the delay against trading.

        Raises:
            WrongStage: It is over.
        """
        if self.stage not in {Stage.HELD, Stage.CONFIRMED, Stage.TO_ENTER, Stage.DISPLACED}:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        stage, entry = Stage.CANCELLED, self.entry
        if self.terms.mode is BookingMode.CITY_SYSTEM:
            if self.entry is Entry.CANCEL:
                raise WrongStage("取消はすでに入力待ちです。")
            # Before it was entered, the city's system never knew of it.
            unknown = self.entry is Entry.BOOK or self.stage is Stage.HELD
            stage, entry = (stage, None) if unknown else (Stage.TO_ENTER, Entry.CANCEL)
        return replace(
            self,
            stage=stage,
            entry=entry,
            held_until=None,
            must_phone=False,
            freed=self._freed(now),
        )

    def entered(self, reference: str, now: datetime) -> "Reservation":
        """Note the number that the city's system gave.

        Raises:
            WrongStage: Nothing waits to be entered.
        """
        self._require(Stage.TO_ENTER)
        entered = replace(self, entry=None, reference=reference, promised=True)
        if self.entry is Entry.CANCEL:
            return replace(entered, stage=Stage.CANCELLED)
        return replace(entered, stage=Stage.CONFIRMED, placed_at=now)

    def displace(self, cause: str) -> "Reservation":
        """Lose the time because it was closed: the people are to be told and offered others.

        A hold simply ends: nobody was promised anything yet.
        """
        if self.stage is Stage.HELD:
            return replace(self, stage=Stage.LAPSED, held_until=None)
        self._require(Stage.CONFIRMED)
        return replace(self, stage=Stage.DISPLACED, cause=cause, attempts=0)

    def arrive(self, now: datetime) -> "Reservation":
        """Note that the people are here.

        Raises:
            NotThatDay: It is another day.
            WrongStage: They are not expected.
        """
        self._require(Stage.CONFIRMED)
        if local(now).date() != local(self.place.starts_at).date():
            raise NotThatDay("来場の前に、予約を今日に変更してください。")
        late = self.terms.late_after
        is_late = late is not None and now > self.place.starts_at + late
        return replace(self, stage=Stage.ARRIVED, late=is_late, must_phone=False)

    def miss(self, now: datetime, *, seen: bool = False) -> "Reservation":
        """Note that nobody came.

        Args:
            now: When.
            seen: Whether somebody at the window says so, which they can when the time is
                over; silence decides only after the contract's minutes.

        Raises:
            WrongStage: Nobody was expected, or the time is not over.
        """
        self._require(Stage.CONFIRMED)
        if now < (self.place.ends_at if seen else self.no_show_at):
            raise WrongStage("予約の時間はまだ終わっていません。")
        return replace(self, stage=Stage.NO_SHOW, must_phone=False)

    def guide(self, version: str, means: Means, now: datetime) -> "Reservation":
        """Note that the people were told what to bring and where to go."""
        self._require(Stage.CONFIRMED)
        proof = Guided(version=version, means=means, at=now)
        return replace(self, guided=proof, must_phone=False)

    def contacted(self, *, reached: bool) -> "Reservation":
        """Count an attempt to reach the people; who was reached need not be called again."""
        if not self.must_phone and self.stage is not Stage.DISPLACED:
            raise WrongStage("連絡を待っている人ではありません。")
        waiting = self.must_phone and not reached
        return replace(self, attempts=self.attempts + 1, must_phone=waiting)

    def give_back(self, now: datetime) -> "Reservation":
        """Let go of the places whose time has come."""
        return replace(self, freed=tuple(f for f in self.freed if f.returns_at > now))

    @property
    def no_show_at(self) -> datetime:
        """From when on nobody is expected any more."""
        return self.place.ends_at + self.terms.no_show_after

    def _freed(self, now: datetime) -> tuple[Freed, ...]:
        if self.terms.mode is not BookingMode.OWN or not self.terms.return_after:
            return self.freed
        # Places of a closed time were given up when it was closed.
        if self.stage is Stage.DISPLACED:
            return self.freed
        # Nobody can book the past: nothing is gained by holding its places back.
        if self.place.starts_at <= now:
            return self.freed
        returns_at = now + self.terms.return_after
        freed = Freed(place=self.place, places=self.places, returns_at=returns_at)
        return (*self.freed, freed)

    def _require(self, stage: Stage) -> None:
        if self.stage is not stage:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")


def detail_of(reservation: Reservation) -> dict[str, str | int | bool | None]:
    """Return what every line of its record tells of a reservation as it is from then on.

    The stage, so that lists can be told again by the record (``domain.records.rebuilt``);
    whether something is left to be done although it is over.
    """
    told: dict[str, str | int | bool | None] = {
        "stage": str(reservation.stage),
        "generation": reservation.generation,
    }
    return told | ({"unsettled": True} if reservation.ended and not reservation.closed else {})


_IN_PLACE = frozenset({Stage.HELD, Stage.CONFIRMED, Stage.ARRIVED, Stage.NO_SHOW})


def taken(reservation: Reservation) -> Mapping[Place, int]:
    """Return the places that a reservation takes in our inventory, freed ones included.

    A visit that is over keeps its places: they say how full the day was.
    """
    if reservation.terms.mode is not BookingMode.OWN:
        return {}
    held: dict[Place, int] = {}
    if reservation.stage in _IN_PLACE:
        held[reservation.place] = reservation.places
    for freed in reservation.freed:
        held[freed.place] = held.get(freed.place, 0) + freed.places
    return held


def moves(before: Reservation | None, after: Reservation) -> tuple[PlaceChange, ...]:
    """Return what a step does to the inventory, in the order in which rows are locked.

    The one rule that keeps the count right: what a reservation takes afterwards, less what
    it took before.
    """
    old = taken(before) if before is not None else {}
    new = taken(after)
    changes = [
        PlaceChange(
            line=after.line,
            site=place.site,
            starts_at=place.starts_at,
            places=new.get(place, 0) - old.get(place, 0),
        )
        for place in {*old, *new}
    ]
    return tuple(sorted((c for c in changes if c.places), key=lambda c: (c.site, c.starts_at)))
