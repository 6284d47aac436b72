"""When a reservation moves by itself, and what its people must be told.

Belongs here: the moments at which silence means something, and which message is owed now.
Does not belong here: waiting (``workflows.reservation``), the words of messages
(``report_templates/mail``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Means, Stage
from domain.calendars.hours import at_clock, local


class Due(StrEnum):
    """What the passing of time does to a reservation."""

    LAPSE = "hold_lapsed"
    GIVE_BACK = "places_returned"
    REMIND = "reminder_due"
    NO_SHOW = "no_show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something comes due."""

    at: datetime
    due: Due


class MessageKind(StrEnum):
    """What a message tells."""

    CONFIRMED = "booking_confirmed"
    CHANGED = "booking_changed"
    CANCELLED = "booking_cancelled"
    DISPLACED = "displaced"
    REMINDER = "reminder"


MESSAGE_TEXT: Mapping[MessageKind, str] = {
    MessageKind.CONFIRMED: "予約の確認",
    MessageKind.CHANGED: "日時変更の確認",
    MessageKind.CANCELLED: "取消の確認",
    MessageKind.DISPLACED: "休止のお知らせ",
    MessageKind.REMINDER: "来場前のお知らせ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedMessage:
    """A message that is to be sent once."""

    kind: MessageKind
    key: str
    """What makes it the same message: ``booking_changed/2``."""

    means: Means


def next_moment(reservation: Reservation, now: datetime) -> Moment | None:
    """Return what comes due next; ``None`` if only people can move it.

    What came due before ``now`` and has not been done yet is next. A reminder is not done
    but becomes owed: from then on ``owed_message`` knows of it.
    """
    moments = [Moment(at=f.returns_at, due=Due.GIVE_BACK) for f in reservation.freed]
    if reservation.stage is Stage.HELD:
        assert reservation.held_until is not None
        moments.append(Moment(at=reservation.held_until, due=Due.LAPSE))
    if reservation.stage is Stage.CONFIRMED:
        moments.append(Moment(at=reservation.no_show_at, due=Due.NO_SHOW))
        remind = remind_at(reservation)
        if now < remind and _to_be_reminded(reservation):
            moments.append(Moment(at=remind, due=Due.REMIND))
    return min(moments, key=lambda moment: moment.at, default=None)


def remind_at(reservation: Reservation) -> datetime:
    """Return when the people are reminded, on Tokyo's clock."""
    terms = reservation.terms
    day = local(reservation.place.starts_at).date() - timedelta(days=terms.remind_days_before)
    return at_clock(day, terms.remind_at)


def passed(reservation: Reservation, due: Due, now: datetime) -> Reservation:
    """Return the reservation once ``due`` has come.

    Raises:
        WrongStage: It has not, or somebody was faster.
    """
    match due:
        case Due.LAPSE:
            return reservation.lapse(now)
        case Due.GIVE_BACK:
            return reservation.give_back(now)
        case Due.NO_SHOW:
            return reservation.miss(now)
        case Due.REMIND:
            return reservation


def owed_message(reservation: Reservation, now: datetime) -> OwedMessage | None:
    """Return the message to be sent now, the most important one; ``None`` if there is none.

    Who left no address is told by whoever takes the call. A reminder that comes due after
    the visit began, or for a booking made after the time of its reminder, is not sent.
    """
    means = _means(reservation)
    if means is None:
        return None
    kind = _kind(reservation)
    if kind is not None and not _told(reservation, kind):
        return OwedMessage(kind=kind, key=_key(reservation, kind), means=means)
    over = now >= reservation.place.starts_at
    if _to_be_reminded(reservation) and remind_at(reservation) <= now and not over:
        key = _key(reservation, MessageKind.REMINDER)
        return OwedMessage(kind=MessageKind.REMINDER, key=key, means=means)
    return None


def told(
    reservation: Reservation, message: OwedMessage, *, sent: bool, version: str, now: datetime
) -> Reservation:
    """Return the reservation once a message has left, or was given up.

    Args:
        reservation: As it stands by now; it may have moved on meanwhile.
        message: Which message.
        sent: Whether it left; if not, somebody must phone, as long as it matters.
        version: Of the guidance that it carried; empty if it carried none.
        now: When.
    """
    after = replace(reservation, told=(*reservation.told, message.key))
    if not sent:
        reminds = message.kind is MessageKind.REMINDER
        pointless = reminds or reservation.ended or owed_message(reservation, now) != message
        return after if pointless else replace(after, must_phone=True)
    current = message.key == _key(reservation, message.kind)
    if version and current and reservation.stage is Stage.CONFIRMED:
        return after.guide(version, message.means, now)
    return after


def patience(reservation: Reservation, message: OwedMessage, now: datetime) -> timedelta | None:
    """Return for how long sending a message is worth trying; ``None`` for as long as any.

    What people must know before they come is tried for half of the time that is left: the
    other half is for the one who then has to phone.
    """
    left = max(reservation.place.starts_at - now, timedelta())
    match message.kind:
        case MessageKind.CANCELLED:
            return None
        case MessageKind.REMINDER:
            return left
    return left / 2


def _kind(reservation: Reservation) -> MessageKind | None:
    match reservation.stage:
        case Stage.CONFIRMED:
            first = reservation.generation == 1
            return MessageKind.CONFIRMED if first else MessageKind.CHANGED
        case Stage.CANCELLED if reservation.promised:
            return MessageKind.CANCELLED
        case Stage.DISPLACED:
            return MessageKind.DISPLACED
    return None


def _to_be_reminded(reservation: Reservation) -> bool:
    """Tell whether a reminder is still to come, or was not sent yet.

    Who settled on the time when its reminder had been due already knows it well enough.
    """
    if reservation.stage is not Stage.CONFIRMED or _means(reservation) is None:
        return False
    settled = reservation.placed_at
    if settled is not None and settled >= remind_at(reservation):
        return False
    return not _told(reservation, MessageKind.REMINDER)


def _told(reservation: Reservation, kind: MessageKind) -> bool:
    return _key(reservation, kind) in reservation.told


def _key(reservation: Reservation, kind: MessageKind) -> str:
    return f"{kind}/{reservation.generation}"


def _means(reservation: Reservation) -> Means | None:
    if reservation.mail:
        return Means.MAIL
    return Means.SMS if reservation.sms else None
