"""What a contract says of one line that can be booked, and of one that cannot.

Here: the rules of a line (who keeps its bookings, how many places, from when until when, by
which channel) and the questions asked of them. Not here: the slots of a day
(``domain/booking/slots.py``), a single reservation (``domain/booking/reservation.py``), the
files that state the rules (``contracts/build_bookings.py``), the texts a citizen is given:
those change while the contract runs and are no rule of it.

The contracts differ in whether bookings are ours at all, hence the modes. Where a clause is
silent a line carries our assumption; the contract's facts say which values are assumed and
which question to the city they wait for.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from domain.parties import Party, Standing


class BookingMode(StrEnum):
    """Who keeps the bookings of a line."""

    OWN = "own"
    """This product: slots, places and claims are here (Chiba 第2-1(1)イ)."""
    CITY_SYSTEM = "city_system"
    """The city's system: what we take is entered there (Ageo §5(3)③(ウ))."""
    WALK_IN = "walk_in"
    """Nobody: the line takes people as they come (Yokosuka §6(2)ア)."""
    UNSET = "unset"
    """The contract does not say, and nobody has assumed; nothing can be booked."""


class VenueSource(StrEnum):
    """Where the days and the place of a slot come from."""

    SITE = "site"
    """One site of the contract, on every open day of the line's calendar."""
    PLANNED = "planned"
    """Only days that were planned for a place while the contract runs."""
    NONE = "none"
    """Days and places are not ours."""


class BookingChannel(StrEnum):
    """The way a booking comes in."""

    WEB = "web"
    PHONE = "phone"
    WINDOW = "window"
    BOOTH = "booth"

    @property
    def ja(self) -> str:
        """The channel as lists name it."""
        words = {"web": "WEB", "phone": "電話", "window": "窓口", "booth": "オンライン窓口"}
        return words[self.value]


def whose_booking(channel: BookingChannel, phone_party: Party) -> Standing:
    """Say whose it is to take a booking: calls are of whoever takes them, who comes is ours.

    People are received by the provider, so whoever stands at its window or sits in its booth
    is booked there, also where the city takes the calls (Yokosuka §6(2)ア, §7 ツ).
    """
    received = channel in {BookingChannel.WINDOW, BookingChannel.BOOTH}
    by_city = phone_party is Party.CITY and not received
    return Standing.WITH_CITY if by_city else Standing.WITH_PROVIDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """When somebody who booked is reminded: so many days before, at a time in Tokyo."""

    days_before: int = 1
    at: time = time(10)

    def __post_init__(self) -> None:
        if self.days_before < 0:
            raise ValueError("a reminder comes before the visit")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingLine:
    """One line of a contract: what is done there, and how it is booked."""

    id: str
    label: str
    """申請受付."""
    mode: BookingMode
    procedures: tuple[str, ...] = ()
    """Codes of the procedures done on this line."""
    calendar: str = ""
    """Name of the calendar whose open days and hours give the slots."""
    venues: VenueSource = VenueSource.NONE
    site: str | None = None
    """Id of the site, where ``venues`` is ``SITE``."""
    slot_minutes: int = 0
    """Length of a slot in minutes; 0 where the line has no slots of its own."""
    per_slot: int = 0
    """Places in a slot; 0 where the line has no slots of its own."""
    per_hour: int | None = None
    """Places in an hour counted from opening, on top of ``per_slot``."""
    per_day: int | None = None
    """Places in a day and place, on top of the others.

    Both are limits at once: 12 an hour for 7 hours are 84, and the day has 80 (Chiba 第1-5).
    """
    opens_days_before: int | None = None
    """Days before the visit at which booking opens; ``None``: as soon as the day is known."""
    opens_at: time = time(0)
    """Time in Tokyo at which it opens on that day."""
    closes_minutes_before: int = 0
    """Minutes before the slot at which booking closes; 0: when the slot begins."""
    hold_minutes: int = 10
    """Minutes for which a place is held for somebody who is still typing."""
    return_minutes: int = 0
    """Minutes after which a freed place is offered again.

    A delay nobody can foresee the use of makes handing a place on to a friend, or selling it,
    a gamble: another may be faster.
    """
    late_minutes: int | None = None
    """Minutes after the slot's start from which an arrival is late; ``None``: no such rule."""
    no_show_minutes: int = 0
    """Minutes after the slot's end at which whoever has not come is a no-show."""
    party_max: int = 1
    """People in one booking."""
    people_use_places: bool = True
    """Whether each person of a party takes a place (Q-CHIBA-13)."""
    reissue_question: bool = False
    """Whether it must be asked first that this is no re-issue (Chiba 第2-1(1)ウ)."""
    per_contact_max: int = 5
    """Open bookings under one telephone number or mail address; families share one."""
    channels: tuple[BookingChannel, ...] = ()
    phone_party: Party = Party.PROVIDER
    """Who takes bookings by telephone (Yokosuka §7 ツ: the city)."""
    reminder: Reminder = Reminder()
    entry_due: str | None = None
    """Id of the due rule for entering a booking into the city's system."""
    required: bool = False
    """Whether nobody is served on this line without a booking (Yokosuka §6(2)ア)."""
    clause: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.label.strip():
            raise ValueError("a line needs an id and a label")
        if len(set(self.channels)) != len(self.channels):
            raise ValueError(f"{self.id}: a channel is named twice")
        if (self.venues is VenueSource.SITE) != (self.site is not None):
            raise ValueError(f"{self.id}: a site is named where venues are a site")
        self._check_numbers()
        if self.mode is BookingMode.OWN:
            self._check_own()
        if self.mode is BookingMode.CITY_SYSTEM:
            self._check_city_system()
        if self.required and self.mode is BookingMode.WALK_IN:
            raise ValueError(f"{self.id}: who walks in has no booking to show")

    def standing_of(self, channel: BookingChannel) -> Standing:
        """Say whose it is to take a booking that comes in this way."""
        return whose_booking(channel, self.phone_party)

    @property
    def has_slots(self) -> bool:
        """Whether places of this line are claimed here."""
        return self.mode is BookingMode.OWN

    @property
    def counts_walk_ins(self) -> bool:
        """Whether who comes without a booking takes a place as well (Chiba 第1-5, Q-CHIBA-02).

        At planned venues an hour and a day have only so many; a fixed window takes people
        in as it can.
        """
        limited = self.has_slots or self.per_hour is not None or self.per_day is not None
        return self.venues is VenueSource.PLANNED and limited

    @property
    def is_entered_elsewhere(self) -> bool:
        """Whether a booking counts only once it stands in the city's system."""
        return self.mode is BookingMode.CITY_SYSTEM

    @property
    def is_bookable(self) -> bool:
        """Whether anything can be booked on this line."""
        return self.has_slots or self.is_entered_elsewhere

    def takes(self, channel: BookingChannel, party: Party | None = None) -> bool:
        """Say whether a booking may come in this way.

        Args:
            channel: How it comes.
            party: Whose staff enters it; ``None``: the citizen alone.
        """
        if not self.is_bookable or channel not in self.channels:
            return False
        if channel is BookingChannel.PHONE:
            return party is self.phone_party
        return True

    def places_for(self, people: int) -> int:
        """Return how many places a party of ``people`` takes."""
        if people < 1:
            raise ValueError("a party has at least one person")
        return people if self.people_use_places else 1

    def _check_numbers(self) -> None:
        least = {
            "slot_minutes": (self.slot_minutes, 0),
            "per_slot": (self.per_slot, 0),
            "per_hour": (self.per_hour, 1),
            "per_day": (self.per_day, 1),
            "opens_days_before": (self.opens_days_before, 0),
            "closes_minutes_before": (self.closes_minutes_before, 0),
            "hold_minutes": (self.hold_minutes, 1),
            "return_minutes": (self.return_minutes, 0),
            "late_minutes": (self.late_minutes, 0),
            "no_show_minutes": (self.no_show_minutes, 0),
            "party_max": (self.party_max, 1),
            "per_contact_max": (self.per_contact_max, 1),
        }
        for name, (number, low) in least.items():
            if number is not None and number < low:
                raise ValueError(f"{self.id}: {name} is at least {low}")

    def _check_own(self) -> None:
        if not self.calendar or self.venues is VenueSource.NONE or not self.channels:
            raise ValueError(f"{self.id}: own bookings need a calendar, places and channels")
        if not self.slot_minutes or not self.per_slot:
            raise ValueError(f"{self.id}: own bookings need slots with places")
        if self.per_hour is not None and 60 % self.slot_minutes:
            raise ValueError(f"{self.id}: an hourly limit needs slots that fill an hour")
        limits = (self.per_slot, self.per_hour, self.per_day)
        fewest = min(limit for limit in limits if limit is not None)
        if self.people_use_places and self.party_max > fewest:
            raise ValueError(f"{self.id}: the largest party would never find room")

    def _check_city_system(self) -> None:
        if not self.entry_due or not self.channels:
            raise ValueError(f"{self.id}: entering elsewhere needs channels and a due rule")
        if self.venues is not VenueSource.NONE:
            raise ValueError(f"{self.id}: days and places are the city system's")
