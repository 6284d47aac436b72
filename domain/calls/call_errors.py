"""Refusals of what calls end in. What a refusal is stands in ``domain.errors``."""

from domain.errors import DomainError


class EnteredBySelf(DomainError):
    """Who typed something into a city's system cannot be the one who checks it."""

    title = "入力した本人は確認できません"
