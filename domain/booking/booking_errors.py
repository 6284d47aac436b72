"""Refusals of bookings: forms, links, lines, slots. What ``errors`` says holds here too."""

from dataclasses import dataclass

from domain.errors import DomainError


class UnknownLine(DomainError):
    """The contract names no such line of bookings."""

    title = "この名前の予約の受付はありません"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFault:
    """One wrong field of a form."""

    field: str
    code: str
    """What is wrong, for pages that say it in another language."""

    message: str
    """What is wrong and what to do, in Japanese; it never repeats what was typed."""


class FormRefused(DomainError):
    """A form has wrong fields; all of them are told at once."""

    title = "入力内容を確かめてください"

    def __init__(self, *faults: FieldFault) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


class LinkUnknown(DomainError):
    """The address of a booking was changed on its way, or was never one of ours."""

    title = "この予約の確認用リンクは正しくありません"


class LinkExpired(DomainError):
    """The booking was moved since this link was given, or its visit is over."""

    title = "この予約の確認用リンクは使えなくなりました"


class NotBookable(DomainError):
    """The line takes no bookings: visitors come without one, or nobody said who keeps them."""

    title = "予約を受け付けていない窓口です"


class OutsideBookingWindow(DomainError):
    """The time cannot be booked yet, or no longer."""

    title = "予約を受け付ける期間の外です"


class SlotUnknown(DomainError):
    """At that place and time nothing is offered."""

    title = "その会場と時間の枠はありません"


class SlotClosed(DomainError):
    """The place is closed at that time: a storm, maintenance."""

    title = "その時間は休止しています"


class FullyBooked(DomainError):
    """Too few places are left in the slot, or on the day."""

    title = "空きがありません"


class HoldExpired(DomainError):
    """The hold ended before it was confirmed; the places are free for others."""

    title = "仮予約の時間が過ぎました"


class ReissueRefused(DomainError):
    """It is about issuing a card again, which is not done here, or nobody asked."""

    title = "再交付の申請はこの窓口では予約できません"


class ChannelNotOffered(DomainError):
    """The line cannot be booked this way."""

    title = "この方法では予約できません"


class TooManyBookings(DomainError):
    """The same contact has as many open bookings as the line allows."""

    title = "同じ連絡先の予約がすでにあります"


class PartyTooLarge(DomainError):
    """More people than one booking may hold."""

    title = "一度に予約できる人数を超えています"


class NotThatDay(DomainError):
    """Somebody arrives on another day than the booked one."""

    title = "予約の日ではありません"


class ApplicantMissing(DomainError):
    """A booking is to be confirmed of which nobody said who comes."""

    title = "予約する人の情報が足りません"


class VenueDayRefused(DomainError):
    """A place cannot be opened on that day."""

    title = "その日に会場を開けません"


class VenueDaysAhead(DomainError):
    """A venue is to end, and people may still come to it on planned days."""

    title = "この会場には、これから開く日が残っています"


class ReservationNeeded(DomainError):
    """Nobody is served here without a booking for the day; the message offers to make one."""

    title = "この手続には、今日の予約が必要です"


class NoOfficialNamed(DomainError):
    """A day outside was to begin, and nobody of the city is named for it."""

    title = "立ち会う市の職員が決まっていません"


class KitIncomplete(DomainError):
    """A day outside was to begin, and something that people apply with is missing."""

    title = "開設の点検で、そろっていないものがあります"


class VenueNotOpen(DomainError):
    """Nobody is received at a place before its opening was checked, nor after its end."""

    title = "この会場は、今日はまだ始まっていないか、終わっています"
