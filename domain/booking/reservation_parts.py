"""What a reservation is made of: its stages, its place, what it keeps of the contract.

Belongs here: values without steps. Does not belong here: the reservation and what can be
done with it (``domain.booking.reservation``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from domain.booking.booking_rules import BookingLine, BookingMode
from domain.parties import Party


class Stage(StrEnum):
    """How far a reservation has come."""

    HELD = "held"
    CONFIRMED = "confirmed"
    TO_ENTER = "to_enter"
    DISPLACED = "displaced"
    ARRIVED = "arrived"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.HELD: "仮予約",
    Stage.CONFIRMED: "予約済み",
    Stage.TO_ENTER: "市のシステムへの入力待ち",
    Stage.DISPLACED: "休止のため日時の再調整",
    Stage.ARRIVED: "来場",
    Stage.NO_SHOW: "来場なし",
    Stage.CANCELLED: "取消",
    Stage.LAPSED: "仮予約の期限切れ",
}

ENDED = frozenset({Stage.ARRIVED, Stage.NO_SHOW, Stage.CANCELLED, Stage.LAPSED})
"""Where nobody comes, or has come; places and messages may still be owed."""


class Step(StrEnum):
    """What staff can do with a reservation; the words are those of ``parties.Action``."""

    CANCEL_RESERVATION = "cancel_reservation"
    RECORD_GUIDANCE = "record_guidance"
    RECORD_EXTERNAL_ENTRY = "record_external_entry"
    RECORD_ARRIVAL = "record_arrival"
    RECORD_NO_SHOW = "record_no_show"
    RECORD_CONTACT_ATTEMPT = "record_contact_attempt"


class Means(StrEnum):
    """How a person was told something."""

    SCREEN = "screen"
    MAIL = "mail"
    SMS = "sms"
    SPOKEN = "spoken"
    """Read out by an agent, who ticked that it was."""


MEANS_TEXT: Mapping[Means, str] = {
    Means.SCREEN: "画面",
    Means.MAIL: "メール",
    Means.SMS: "SMS",
    Means.SPOKEN: "読み上げ",
}


class Entry(StrEnum):
    """What has to be entered into the city's system."""

    BOOK = "book"
    CHANGE = "change"
    CANCEL = "cancel"


ENTRY_TEXT: Mapping[Entry, str] = {
    Entry.BOOK: "予約の入力",
    Entry.CHANGE: "変更の入力",
    Entry.CANCEL: "取消の入力",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and when; ``site`` is empty where the city's system says where."""

    site: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChange:
    """Places of one slot taken (above zero) or given back (below)."""

    line: str
    site: str
    starts_at: datetime
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """Places given up that are kept from being offered for a while, against trading."""

    place: Place
    places: int
    returns_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Guided:
    """Proof that the person was told what to bring and where to go (CHIBA-28)."""

    version: str
    means: Means
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the contract's line says of this reservation, as it was when it began."""

    mode: BookingMode
    hold_for: timedelta
    return_after: timedelta
    late_after: timedelta | None
    no_show_after: timedelta
    remind_days_before: int
    remind_at: time
    phone_party: Party
    people_use_places: bool


def terms_of(line: BookingLine) -> Terms:
    """Return what a reservation of ``line`` keeps of it."""
    return Terms(
        mode=line.mode,
        hold_for=timedelta(minutes=line.hold_minutes),
        return_after=timedelta(minutes=line.return_minutes),
        late_after=None if line.late_minutes is None else timedelta(minutes=line.late_minutes),
        no_show_after=timedelta(minutes=line.no_show_minutes),
        remind_days_before=line.reminder.days_before,
        remind_at=line.reminder.at,
        phone_party=line.phone_party,
        people_use_places=line.people_use_places,
    )
