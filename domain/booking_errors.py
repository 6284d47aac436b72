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
