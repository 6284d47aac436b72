"""Refusals of rosters. What a refusal is stands in ``domain.errors``."""

from domain.errors import DomainError


class SamePersonTwice(DomainError):
    """Two posts that a contract wants held by different persons would be one person's."""

    title = "別の人を置く二つの役割に、同じ人は入れられません"


class DutyOver(DomainError):
    """The day has passed; who was there stays as it was recorded."""

    title = "過ぎた日の当番は変えられません"


class NobodyNeeded(DomainError):
    """No day of those named wants anybody at this post."""

    title = "この期間に、当番の要る日がありません"
