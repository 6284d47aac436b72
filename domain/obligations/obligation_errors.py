"""Refusals about what a contract promises. See ``domain.errors``."""

from domain.errors import DomainError


class SectionsMissing(DomainError):
    """A document lacks something that the contract wants in it."""

    title = "必要な項目が足りません"


class NotLiveYet(DomainError):
    """A channel is held back until a promise of the contract is kept."""

    title = "まだ始まっていない受付です"
