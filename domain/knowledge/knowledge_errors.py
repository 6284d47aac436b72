"""Refusals of the knowledge base. What a refusal is stands in ``domain.errors``."""

from domain.errors import DomainError


class NothingChanged(DomainError):
    """What is to be kept as new is what there was."""

    title = "変わったところがありません"


class NoKnowledge(DomainError):
    """The contract speaks of no manual and no answers to be kept."""

    title = "この契約にはFAQ・マニュアルの定めがありません"


class ArticleUnknown(DomainError):
    """There is no such article, or it may not be used yet."""

    title = "この記事はありません"
