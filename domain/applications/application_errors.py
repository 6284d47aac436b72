"""Refusals of applications. What a refusal is stands in ``domain.errors``."""

from domain.errors import DomainError


class ApplicationNotHere(DomainError):
    """The contract does not offer this way to apply, or not for this."""

    title = "この窓口では行わない申請です"


class FormIdRefused(DomainError):
    """What was scanned or typed is not the number of an application form."""

    title = "申請書IDを読み取れません"


class PhotoLikelyRefused(DomainError):
    """The photo would likely come back; the message says what to do about it."""

    title = "写真を撮り直してください"


class NotOverruled(DomainError):
    """A person called good what nobody may: a file that the national site does not take."""

    title = "ファイルの決まりは、判断で変えられません"


class FollowUpOpen(DomainError):
    """A defect is being followed up; that decides how the application goes on."""

    title = "申請不備の対応が終わっていません"
