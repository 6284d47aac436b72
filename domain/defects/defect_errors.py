"""Refusals of following up a defect. What a refusal is stands in ``domain.errors``."""

from domain.errors import DomainError


class ContactOutcomeMissing(DomainError):
    """Nobody has recorded how reaching the person ended, so it cannot be settled."""

    title = "連絡の結果が記録されていません"


class NoDefectsHere(DomainError):
    """The contract says nothing of applications that come back."""

    title = "この契約では申請不備の対応を扱いません"


class NotReachableThen(DomainError):
    """At that moment nobody calls, or it is over."""

    title = "その日時には連絡できません"


class RetakeNotBooked(DomainError):
    """There is no such reservation, or nobody comes by it any more."""

    title = "撮り直しの予約が見つかりません"
