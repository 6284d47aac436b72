"""Refusals of the city's own records. What a refusal is stands in ``domain.errors``."""

from domain.errors import DomainError


class NotTheCitysHere(DomainError):
    """The contract does not give this to the city, so it is not recorded this way."""

    title = "この契約では、市の記録として扱わないものです"


class CardsUnaccounted(DomainError):
    """What was brought is not what was delivered, returned and explained."""

    title = "カードの枚数が合いません"
